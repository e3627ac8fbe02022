"""Who has looked at a person's record, as the journal has it: for the person, and for the privacy officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people import merged, scoping
from people.models.agencies import Agency, Staff
from people.models.people import Person
from people.models.sharing import Override
from people.visible import LOOKED


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked, when and at what: the record, an alert, the key safe.

    `reason` is why, where they opened it by breaking the glass; `person_uuid` is the reference of whose.
    """

    at: datetime
    by: str
    agency: str | None
    at_what: str
    reason: str | None
    person_uuid: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which looks; what is None is not asked for. `by` is part of a name; `broken`: only past the glass."""

    person_id: int | None = None
    staff: UUID | None = None
    agency: UUID | None = None
    by: str | None = None
    at_what: str | None = None
    since: datetime | None = None
    broken: bool = False


EVERY = Wanted()
_AT_WHAT = case(
    (JournalEntry.what == LOOKED[1], "key safe"),
    else_=func.coalesce(JournalEntry.details["what"].astext, JournalEntry.subject),
)
_PAST_THE_GLASS = and_(
    Override.person_id == JournalEntry.person_id,
    Override.staff_id == JournalEntry.staff_id,
    Override.at <= JournalEntry.at,
    Override.until > JournalEntry.at,
)


def count_lookers(session: Session, person: Person, since: datetime) -> int:
    """How many members of staff have looked at anything of the person's."""
    return session.scalars(
        select(func.count(func.distinct(JournalEntry.staff_id))).where(
            JournalEntry.person_id.in_(merged.ids(person.id)),
            JournalEntry.what.in_(LOOKED),
            JournalEntry.at >= since,
        )
    ).one()


def list_looks(
    session: Session, person: Person, wanted: Wanted = EVERY, *, limit: int = 50, offset: int = 0
) -> list[Look]:
    """Every look at a person's record that is asked for, the latest first."""
    query = _asked(wanted).where(JournalEntry.person_id.in_(merged.ids(person.id)))
    return _read(session, query.order_by(JournalEntry.id.desc()), limit, offset)


def search(session: Session, wanted: Wanted, *, limit: int = 50, offset: int = 0) -> list[Look]:
    """Looks at anybody's record, those past the glass first, then the latest first.

    Past the database's own limits, as nobody sees everybody: of a person no more leaves than their reference.
    """
    broken = exists().where(_PAST_THE_GLASS)
    query = _asked(wanted).where(JournalEntry.person_id.is_not(None))
    with scoping.lifted(session):
        return _read(session, query.order_by(broken.desc(), JournalEntry.id.desc()), limit, offset)


def kinds_of(session: Session, person: Person) -> list[str]:
    """At what of a person's somebody has ever looked."""
    query = select(_AT_WHAT).where(JournalEntry.person_id == person.id, JournalEntry.what.in_(LOOKED))
    return sorted(set(session.scalars(query.distinct())))


def lookers_of(session: Session, person: Person) -> Sequence[Row[UUID, str]]:
    """The agencies that have looked at anything of a person's: outer id and name."""
    looked = select(Staff.agency_id).join(JournalEntry, JournalEntry.staff_id == Staff.id)
    theirs = looked.where(JournalEntry.person_id == person.id, JournalEntry.what.in_(LOOKED))
    query = select(Agency.uuid, Agency.name).where(Agency.id.in_(theirs)).order_by(Agency.name)
    return session.execute(query).all()


def find_person(session: Session, reference: UUID) -> int | None:
    """Whose reference it is, by inner key, for the privacy officer; nothing of their record is opened."""
    with scoping.lifted(session):
        return session.scalar(select(Person.id).where(Person.uuid == reference))


def _asked(wanted: Wanted) -> Select[JournalEntry, str, str, UUID, str]:
    reason = select(Override.reason).where(_PAST_THE_GLASS).order_by(Override.at.desc()).limit(1)
    query = (
        select(JournalEntry, Agency.name, _AT_WHAT, Person.uuid, reason.scalar_subquery())
        .outerjoin(Staff, Staff.id == JournalEntry.staff_id)
        .outerjoin(Agency, Agency.id == Staff.agency_id)
        .outerjoin(Person, Person.id == JournalEntry.person_id)
        .where(JournalEntry.what.in_(LOOKED))
    )
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (JournalEntry.person_id, wanted.person_id),
        (Staff.uuid, wanted.staff),
        (Agency.uuid, wanted.agency),
        (_AT_WHAT, wanted.at_what),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.by is not None:
        found.append(JournalEntry.by.icontains(wanted.by, autoescape=True))
    if wanted.since is not None:
        found.append(JournalEntry.at >= wanted.since)
    if wanted.broken:
        found.append(exists().where(_PAST_THE_GLASS))
    return found


def _read(session: Session, query: Select[*tuple[Any, ...]], limit: int, offset: int) -> list[Look]:
    return [
        Look(row.at, row.by, agency, at_what, reason, person_uuid)
        for row, agency, at_what, person_uuid, reason in session.execute(query.limit(limit).offset(offset))
    ]


def list_during(session: Session, override: Override) -> list[Look]:
    """What whoever used an override opened of that person while it lasted, first things first."""
    rows = session.execute(
        select(JournalEntry, _AT_WHAT)
        .where(
            JournalEntry.person_id == override.person_id,
            JournalEntry.staff_id == override.staff_id,
            JournalEntry.what.in_(LOOKED),
            JournalEntry.at >= override.at,
            JournalEntry.at < override.until,
        )
        .order_by(JournalEntry.id)
    )
    return [Look(row.at, row.by, None, at_what, override.reason, None) for row, at_what in rows]
