"""The page of homes whose kit runs on its battery or lost a line: outages first, then each home (H5)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import context
from app.auth import needs
from app.web import essentials
from app.web.pages import page
from care_plans.evaluating import lost
from care_plans.evaluating.lost import Standing
from care_plans.judging import outages
from care_plans.judging.outages import Outage, What
from devices import subjects
from people import scoping, visible
from people.models.homes import Residency
from people.models.people import Person

blueprint = Blueprint("outages", __name__)

WHAT: Mapping[What, str] = {
    What.MAINS: "Mains power",
    What.LINE: "Line",
    What.BACKUP_LINE: "Backup line",
}


class Living(NamedTuple):
    """Those in sight who live in a home, and whether somebody does alone."""

    people: tuple[Person, ...]
    alone: bool


NOBODY = Living((), alone=False)


@dataclass(frozen=True, slots=True)
class LostRow:
    """One home that lost something: see kit_outages.html."""

    people: tuple[tuple[UUID, str], ...]
    alone: bool
    where: str
    kit: str
    what: str
    since: datetime
    protects: bool
    until: datetime | None
    assumed: bool
    pressing: bool


@dataclass(frozen=True, slots=True)
class OutageShown:
    """Homes of one place that lost the same together, the riskiest first: see kit_outages.html."""

    title: str
    since: datetime
    rows: tuple[LostRow, ...]


@blueprint.get("/kit/outages")
@needs("kit:read")
def show() -> ResponseReturnValue:
    """What was lost in sight, and who lives there."""
    now = context.now()
    standing = lost.list_in_sight(context.session(), context.viewer(), now)
    there = _there(standing, now)
    together: dict[Outage, list[Standing]] = {}
    for each in standing:
        if each.outage is not None:
            together.setdefault(each.outage, []).append(each)
    return page(
        "kit_outages.html",
        outages=tuple(_outage(one, homes, there, now) for one, homes in together.items()),
        alone=_rows((each for each in standing if each.outage is None), there, now),
    )


def _outage(
    one: Outage, homes: Iterable[Standing], there: Mapping[int, Living], now: datetime
) -> OutageShown:
    return OutageShown(f"{WHAT[one.what]}, {one.place}", one.homes[0].since, _rows(homes, there, now))


def _rows(standing: Iterable[Standing], there: Mapping[int, Living], now: datetime) -> tuple[LostRow, ...]:
    """The soonest to be without protection first, whoever lives alone before others."""
    found = sorted(standing, key=lambda each: _risk(each, there))
    return tuple(_row(each, there.get(each.lost.subject, NOBODY), now) for each in found)


def _risk(each: Standing, there: Mapping[int, Living]) -> tuple[object, ...]:
    mains = each.lost.what is What.MAINS
    alone = there.get(each.lost.subject, NOBODY).alone
    return not each.lost.protects, not mains, each.lost.ends if mains else each.lost.since, not alone


def _row(each: Standing, living: Living, now: datetime) -> LostRow:
    on_battery = each.lost.what is What.MAINS and each.lost.protects
    return LostRow(
        people=tuple((person.uuid, essentials.name_of(person)) for person in living.people),
        alone=living.alone,
        where=essentials.address_of(each.home) or "",
        kit=", ".join(each.lost.kit),
        what=WHAT[each.lost.what],
        since=each.lost.since,
        protects=each.lost.protects,
        until=each.lost.ends if on_battery else None,
        assumed=on_battery and each.lost.battery_hours is None,
        pressing=outages.is_pressing(each.lost, now),
    )


def _there(standing: Iterable[Standing], now: datetime) -> dict[int, Living]:
    """Those in sight who live there, by subject, and whether anybody does alone."""
    opened, viewer = context.session(), context.viewer()
    seen = Person.id.in_(visible.person_ids(viewer, now))
    people: dict[int, list[Person]] = {}
    homes = [each.home.id for each in standing if each.home is not None]
    living = select(Residency.home_id).where(Residency.home_id.in_(homes), Residency.period.contains(now))
    with scoping.lifted(opened):  # how many live there tells of nobody
        count = Counter(opened.scalars(living))
    rows = opened.execute(
        living.add_columns(Person)
        .join(Person, Person.id == Residency.person_id)
        .where(seen)
        .order_by(Person.family_name, Person.given_name)
    )
    for home_id, person in rows:
        people.setdefault(home_id, []).append(person)
    found = {
        subjects.home(home_id).number: Living(tuple(those), count[home_id] == 1)
        for home_id, those in people.items()
    }
    without = [subjects.of_number(each.lost.subject).id for each in standing if each.home is None]
    for person in opened.scalars(select(Person).where(Person.id.in_(without), seen)):
        found[subjects.person(person.id).number] = Living((person,), alone=False)
    return found
