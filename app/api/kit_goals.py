"""Kit that serves no goal, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.work import kit_reviews
from care_plans.work.kit_reviews import Goalless, Why
from devices import visible

blueprint = Blueprint("kit-without-goal", "Kit that somebody has and no goal of a plan asks for.")


class GoallessOut(Shape):
    """A piece of kit that no goal asks for."""

    device_id = fields.UUID()
    name = Text()
    model = Text()
    person_id = fields.UUID(allow_none=True)
    home_id = fields.UUID(allow_none=True)
    assignment_id = fields.UUID()
    why = choice(Why)
    since = Moment(allow_none=True)
    due_back_on = fields.Date(allow_none=True)
    follow_up_id = fields.UUID(
        allow_none=True, metadata={"description": "The review that is asked for; null for none."}
    )


class AllGoalless(Shape):
    """The longest without a goal first."""

    items = fields.List(fields.Nested(GoallessOut), required=True)


class ServedIn(Shape):
    """Which goal a piece of kit serves."""

    goal_key = Text(required=True)


class ServedOut(ServedIn):
    """The same, with the assignment it was set for."""

    assignment_id = fields.UUID()


@blueprint.get("")
@needs("kit:read")
@blueprint.answers(AllGoalless)
def list_goalless() -> Any:
    """List kit in sight that somebody has and no goal asks for; never life-safety kit."""
    return {"items": [_told(each) for each in kit_reviews.list_goalless(session(), viewer(), now())]}


@blueprint.post("/<uuid:device_id>/assignments/<uuid:assignment_id>/goal")
@needs("kit:write")
@blueprint.takes(ServedIn)
@blueprint.answers(ServedOut)
def set_goal(given: Given, device_id: UUID, assignment_id: UUID) -> Any:
    """Say which goal of the plan in force a piece of kit serves."""
    device = visible.get(session(), viewer(), device_id, now())
    held = visible.get_assignment(session(), viewer(), device, assignment_id, now())
    kit_reviews.set_goal(session(), held, given["goal_key"], by=viewer(), now=now())
    return {"goal_key": held.goal_key, "assignment_id": held.uuid}


def _told(each: Goalless) -> dict[str, Any]:
    return {
        "device_id": each.device.uuid,
        "name": each.device.name,
        "model": each.device.model,
        "person_id": each.person.uuid if each.person else None,
        "home_id": each.home.uuid if each.home else None,
        "assignment_id": each.assignment.uuid,
        "why": each.why,
        "since": each.since,
        "due_back_on": each.device.due_back_on,
        "follow_up_id": each.asked.uuid if each.asked else None,
    }
