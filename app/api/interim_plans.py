"""How somebody gets by until their life-safety kit protects them again, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.protecting import interims
from care_plans.protection_states import Lack
from core.errors import Conflict
from people import visible
from people.models.people import Person

blueprint = Blueprint(
    "people",
    "Whom we care for.",
    part="interim-plans",
    prefix=f"{PREFIX}/people/<uuid:person_id>/interim-plans",
)


class Agreed(Shape):
    """What was agreed with somebody who is without protection."""

    call_times = fields.List(
        Text(),
        required=True,
        metadata={"description": "Local times of day, 10:00; [] for no calls, because somebody is there."},
    )
    agreed = Text(required=True, metadata={"description": "What was agreed, and with whom."})


class InterimOut(Shape):
    """An interim plan."""

    lack = choice(Lack, metadata={"description": "Whether kit is down, or called back and may fail."})
    kit = Text(metadata={"description": "What does not protect, by name."})
    since = Moment()
    lives_alone = fields.Boolean(attribute="alone")
    call_times = fields.List(Text())
    next_call_at = Moment(allow_none=True)
    replace_by = Moment(allow_none=True)
    agreed = Text(allow_none=True)
    agreed_at = Moment(allow_none=True)
    began_at = Moment()
    ended_at = Moment(allow_none=True)


class Interims(Shape):
    """The latest first."""

    items = fields.List(fields.Nested(InterimOut), required=True)


@blueprint.get("")
@needs("people:read")
@blueprint.answers(Interims)
def list_interim_plans(person_id: UUID) -> Any:
    """List how somebody gets or got by without protection, the latest first: one that has not ended runs."""
    return {"items": interims.list_plans(session(), _person(person_id))}


@blueprint.post("/agree")
@needs("alerts:act")
@blueprint.takes(Agreed)
@blueprint.answers(InterimOut)
def agree_interim_plan(given: Given, person_id: UUID) -> Any:
    """Write down what was agreed: when they are rung until they are protected again."""
    plan = interims.find(session(), _person(person_id).id)
    if plan is None:
        raise Conflict(interims.OVER)
    interims.agree(session(), plan, given["call_times"], given["agreed"], by=viewer(), now=now())
    return plan


def _person(person_id: UUID) -> Person:
    person = visible.get_person(session(), viewer(), person_id, now())
    visible.record_look(session(), viewer(), person, at_what="interim plan")
    return person
