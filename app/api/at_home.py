"""What is made of readings at home, in the REST API: the mean of a blood pressure, and how damp walls are."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans.evaluating import at_home
from care_plans.judging.home_pressure import Stage
from core.errors import NotAllowed
from core.zones import UK
from people import households, unseen
from people.access import RecordClass
from people.models.people import Person

blueprint = Blueprint(
    "at_home",
    "What is made of readings at home: a mean blood pressure by NICE, and the humidity at cold walls.",
    prefix=f"{PREFIX}/people/<uuid:person_id>",
)


class DayOut(Shape):
    """One local day of measuring, in mmHg; the first day does not count."""

    day = fields.Date()
    systolic = fields.List(fields.Float())
    diastolic = fields.List(fields.Float())
    counts = fields.Boolean()


class HomePressureOut(Shape):
    """The means of four to seven days without the first (NICE NG136); null where days are too few."""

    systolic = fields.Float(allow_none=True, metadata={"description": "mmHg"})
    diastolic = fields.Float(allow_none=True, metadata={"description": "mmHg"})
    stage = choice(Stage, allow_none=True)
    days_short = fields.Integer(metadata={"description": "Days of measuring that a mean still needs."})
    irregular_pulse_at = Moment(
        allow_none=True, metadata={"description": "When a cuff noticed one in these days: measure by hand."}
    )
    days = fields.List(fields.Nested(DayOut), required=True)


class RoomOut(Shape):
    """One room. Both the wall and the index prompt an inspection; they prove and clear nothing."""

    name = Text(metadata={"description": "Empty where rooms are not told apart."})
    temperature = fields.Float(allow_none=True, metadata={"description": "°C, of the last three hours."})
    humidity = fields.Float(allow_none=True, metadata={"description": "%, of the last three hours."})
    wall_humidity = fields.Float(
        allow_none=True,
        metadata={"description": "% at the coldest surface, mean of three days; null where it is not known."},
    )
    wall_measured = fields.Boolean(
        metadata={"description": "A sensor is on the wall; else it is reckoned for fRsi 0.75."}
    )
    mould_index = fields.Float(
        allow_none=True, metadata={"description": "VTT index of 90 days, 0 to 6, sensitive material."}
    )
    heard_at = Moment(allow_none=True)


class Rooms(Shape):
    """The rooms of the person's home, dampest walls first."""

    items = fields.List(fields.Nested(RoomOut), required=True)


@blueprint.get("/home-pressure")
@needs("readings:read")
@blueprint.answers(HomePressureOut)
def show_home_pressure(person_id: UUID) -> Any:
    """Tell the home blood pressure as it stands."""
    person = _opened(person_id, "home blood pressure", RecordClass.VITALS, "Vital signs are")
    home = households.of(session(), viewer(), person.id, now()).home
    stands = at_home.pressure_of(session(), person.id, home.time_zone if home else UK, now())
    return {
        "systolic": stands.home.systolic,
        "diastolic": stands.home.diastolic,
        "stage": stands.home.stage,
        "days_short": stands.home.days_short,
        "irregular_pulse_at": stands.irregular_at,
        "days": stands.home.days,
    }


@blueprint.get("/rooms")
@needs("readings:read")
@blueprint.answers(Rooms)
def show_rooms(person_id: UUID) -> Any:
    """Tell how damp the walls of the person's rooms are."""
    person = _opened(person_id, "rooms", RecordClass.HOME_ENVIRONMENT, "The climate of homes is")
    found = households.of(session(), viewer(), person.id, now())
    rooms = at_home.rooms_of(session(), found.home.id, found.since, now()) if found.home else ()
    return {
        "items": [
            {
                "name": room.name,
                "temperature": room.temperature,
                "humidity": room.humidity,
                "wall_humidity": room.wall,
                "wall_measured": room.measured,
                "mould_index": room.index,
                "heard_at": room.at,
            }
            for room in rooms
        ]
    }


def _opened(person_id: UUID, what: str, record_class: RecordClass, named: str) -> Person:
    person = opened_person(person_id, what)
    if not unseen.shown(session(), viewer(), person, record_class, now()):
        raise NotAllowed(f"{named} not shared with {viewer().agency or 'your agency'}.")
    return person
