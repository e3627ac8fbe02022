"""The pages on what is made of readings at home: the mean of a blood pressure, and how damp walls are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, planning
from app.web.pages import page
from care_plans.evaluating import at_home
from care_plans.evaluating.at_home import RoomShown
from care_plans.judging import damp, home_pressure
from care_plans.judging.home_pressure import Day, Stage
from care_plans.judging.words import number_text
from people import households, unseen, visible
from people.access import RecordClass
from people.models.people import Person

blueprint = Blueprint("at_home", __name__)

LOOKS = {Stage.BELOW: "kit", Stage.ONE: "watch", Stage.TWO: "amber"}
STAGES = {
    Stage.BELOW: "below 135/85",
    Stage.ONE: "stage 1: 135/85 or more",
    Stage.TWO: "stage 2: 150/95 or more",
}


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of measuring: what was measured as "142/86, 140/84", and whether it counts."""

    day: date
    values: str
    count: int
    counts: bool


@dataclass(frozen=True, slots=True)
class WallShown:
    """One room in words: see rooms.html."""

    name: str
    air: str
    wall: str | None
    look: str
    mould: str | None
    how: str
    at: datetime | None


@blueprint.get("/people/<uuid:person_id>/home-pressure")
@needs("readings:read")
def show_home_pressure(person_id: UUID) -> ResponseReturnValue:
    """The mean by NICE with the days it is made of; that somebody looked is written down."""
    person = planning.person_of(person_id)
    opened, now, zone = context.session(), context.now(), planning.zone_of(person)
    visible.record_look(opened, context.viewer(), person, at_what="home blood pressure")
    seen = unseen.shown(opened, context.viewer(), person, RecordClass.VITALS, now)
    stands = at_home.pressure_of(opened, person.id, zone, now) if seen else None
    stage = stands.home.stage if stands else None
    return page(
        "home_pressure.html",
        person=_named(person),
        seen=seen,
        agency=context.viewer().agency,
        mean=_mean(stands.home) if stands else None,
        stage=STAGES[stage] if stage else None,
        look=LOOKS[stage] if stage else None,
        short=stands.home.days_short if stands else 0,
        days=tuple(_day(each) for each in stands.home.days) if stands else (),
        asked_a_day=home_pressure.A_DAY_HAS,
        irregular_at=stands.irregular_at if stands else None,
        zone=zone,
    )


@blueprint.get("/people/<uuid:person_id>/rooms")
@needs("readings:read")
def show_rooms(person_id: UUID) -> ResponseReturnValue:
    """How damp the walls of somebody's rooms are; that somebody looked is written down."""
    person = planning.person_of(person_id)
    opened, now, zone = context.session(), context.now(), planning.zone_of(person)
    visible.record_look(opened, context.viewer(), person, at_what="rooms")
    seen = unseen.shown(opened, context.viewer(), person, RecordClass.HOME_ENVIRONMENT, now)
    found = households.of(opened, context.viewer(), person.id, now)
    rooms = at_home.rooms_of(opened, found.home.id, found.since, now) if seen and found.home else ()
    return page(
        "rooms.html",
        person=_named(person),
        seen=seen,
        agency=context.viewer().agency,
        rooms=tuple(_wall(each) for each in rooms),
        zone=zone,
    )


def _named(person: Person) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "name": essentials.name_of(person),
        "first_name": essentials.first_name(person),
    }


def _mean(home: home_pressure.HomePressure) -> str | None:
    if home.systolic is None or home.diastolic is None:
        return None
    return f"{home.systolic:.0f}/{home.diastolic:.0f} mmHg"


def _day(one: Day) -> DayShown:
    pairs = zip(one.systolic, one.diastolic, strict=False)
    values = ", ".join(f"{systolic:.0f}/{diastolic:.0f}" for systolic, diastolic in pairs)
    return DayShown(one.day, values, max(len(one.systolic), len(one.diastolic)), one.counts)


def _wall(room: RoomShown) -> WallShown:
    air = [
        f"{number_text(damp.TEMPERATURE, room.temperature)} °C" if room.temperature is not None else None,
        f"{number_text(damp.HUMIDITY, room.humidity)} %" if room.humidity is not None else None,
    ]
    damp_wall = room.wall is not None and room.wall > damp.DAMP
    return WallShown(
        name=room.name[:1].upper() + room.name[1:] or "The home",
        air=", ".join(filter(None, air)) or "Not heard lately",
        wall=f"{room.wall:.0f} %" if room.wall is not None else None,
        look="amber" if damp_wall else "kit",
        mould=_mould(room.index),
        how="measured on the wall" if room.measured else "reckoned from the temperature outside",
        at=room.at,
    )


def _mould(index: float | None) -> str | None:
    if index is None:
        return None
    if index >= damp.VISIBLE:
        return f"{index:.1f} of 6: could be there to be seen"
    return (
        f"{index:.1f} of 6: {'could have begun' if index >= damp.MICROSCOPIC else 'could hardly have begun'}"
    )
