"""The register of who is protected and how, in the REST API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import actor, now, session, viewer
from care_plans.protecting import lines
from care_plans.protecting.lines import Asked
from devices import alarm_lines, protecting
from devices import visible as kit
from devices.alarm_lines import Protected
from devices.models import AlarmLine
from devices.protecting import LineType
from people import visible

blueprint = Blueprint("protection", "Who can call for help, by which line, and what is amiss with it.")


class LineIn(Shape):
    """How the alarms of a home call; what is left out stays."""

    line = choice(LineType, allow_none=True)
    provider = Text(allow_none=True)
    centre = Text(allow_none=True, metadata={"description": "The alarm receiving centre that answers."})
    migrates_on = fields.Date(
        allow_none=True, metadata={"description": "When the line is, or was, moved to a digital one."}
    )
    tested_on = fields.Date(
        allow_none=True, metadata={"description": "Last tried from the button to a voice."}
    )
    battery_hours = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 1000))


class ProtectedKit(Shape):
    """Life-safety kit in a home."""

    device_id = fields.UUID()
    name = Text()
    last_test_press_at = Moment(allow_none=True)


class AskedOut(Shape):
    """What a team is asked about one thing that is amiss."""

    amiss = choice(protecting.Amiss)
    follow_up_id = fields.UUID()
    team = Text()
    due_at = Moment()
    done_at = Moment(
        allow_none=True, metadata={"description": "When it was said to be done, though it is still amiss."}
    )


class ProtectedOut(Shape):
    """A home in which somebody is protected."""

    home_id = fields.UUID()
    person_ids = fields.List(fields.UUID())
    lives_alone = fields.Boolean()
    line = fields.Nested(LineIn, allow_none=True)
    kit = fields.List(fields.Nested(ProtectedKit))
    amiss = fields.List(
        choice(protecting.Amiss),
        metadata={"description": "What is amiss, the gravest first; [] for nothing."},
    )
    asked = fields.List(fields.Nested(AskedOut))


class Register(Shape):
    """Homes with life-safety kit, the most amiss first."""

    items = fields.List(fields.Nested(ProtectedOut), required=True)


@blueprint.get("")
@needs("kit:read")
@blueprint.answers(Register)
def list_protected() -> Any:
    """List the homes in sight with life-safety kit: the most amiss first."""
    rows = alarm_lines.list_protected(session(), viewer(), now(), now().date())
    asked = lines.list_open(session(), [each.home.id for each in rows])
    return {"items": [_told(each, [one for one in asked if one.home_id == each.home.id]) for each in rows]}


@blueprint.post("/homes/<uuid:home_id>/line")
@needs("kit:write")
@blueprint.takes(LineIn)
@blueprint.answers(LineIn)
def set_line(given: Given, home_id: UUID) -> AlarmLine:
    """Write down how the alarms of a home call."""
    home = visible.get_home(session(), viewer(), home_id, now())
    return alarm_lines.set_line(session(), home, given, now=now(), actor=actor())


@blueprint.post("/devices/<uuid:device_id>/test-press")
@needs("kit:write")
@blueprint.answers(ProtectedKit)
def note_test_press(device_id: UUID) -> Any:
    """Write down that life-safety kit was pressed as a test, and reached whoever answers."""
    device = kit.get(session(), viewer(), device_id, now())
    alarm_lines.note_test_press(session(), device, now=now(), actor=actor())
    return {"device_id": device.uuid, "name": device.name, "last_test_press_at": device.last_test_press_at}


def _told(each: Protected, asked: Sequence[Asked]) -> dict[str, Any]:
    return {
        "home_id": each.home.uuid,
        "person_ids": [person.uuid for person in each.people],
        "lives_alone": each.alone,
        "line": each.line,
        "kit": [
            {"device_id": one.uuid, "name": one.name, "last_test_press_at": one.last_test_press_at}
            for one in each.kit
        ],
        "amiss": list(each.amiss),
        "asked": [
            {
                "amiss": one.amiss,
                "follow_up_id": one.follow_up.uuid,
                "team": one.team,
                "due_at": one.follow_up.due_at,
                "done_at": one.follow_up.done_at,
            }
            for one in asked
        ],
    }
