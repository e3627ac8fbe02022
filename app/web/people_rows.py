"""A person as the list shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.web import essentials
from app.web.alert_words import shown_severity
from care_plans.plan.cared_for import CaredFor
from care_plans.plan.watched import NOBODY, Extent

SHORT = {Extent.ALL: "Watched", Extent.SOME: "Watched in part", Extent.NONE: NOBODY}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person on one line: see people.html."""

    uuid: UUID
    name: str
    age: int | None
    born: date | None
    where: str
    severities: tuple[str, ...]
    plans: tuple[str, ...]
    last_at: datetime | None
    late: bool
    watched_words: str
    watched_now: bool


def row(told: CaredFor, now: datetime, zone: str) -> PersonRow:
    """The line of one person."""
    person = told.person
    return PersonRow(
        uuid=person.uuid,
        name=essentials.name_of(person),
        age=essentials.age_of(person.date_of_birth, now, zone),
        born=person.date_of_birth,
        where=essentials.address_of(told.home) or "No home recorded",
        severities=tuple(shown_severity(severity, class_) for severity, class_ in told.open),
        plans=told.plans if told.plan_shown else tuple("A plan" for _ in told.plans[:1]),
        last_at=told.last_heard_at,
        late=told.late,
        watched_words=SHORT[told.watched.extent],
        watched_now=told.watched.extent is not Extent.NONE,
    )
