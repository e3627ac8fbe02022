"""Recalls of a model or a lot in the REST API, and who has such kit."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import actor, now, session, viewer
from care_plans.protecting import recalls
from care_plans.protecting.recalls import Piece
from care_plans.protection_states import Ended
from devices import kit_life
from devices.kit_life import Affected
from devices.protecting import Urgency

blueprint = Blueprint("recalls", "Kit that makers and authorities call back.")


class RecallIn(Shape):
    """What is called back: a model, or one lot of it."""

    model = Text(required=True)
    lot = Text(load_default=None, allow_none=True)
    reason = Text(required=True)
    reference = Text(
        load_default=None, allow_none=True, metadata={"description": "The number of the notice."}
    )
    urgency = choice(
        Urgency,
        load_default=Urgency.WEEK,
        metadata={"description": "Within what time each piece that somebody has is dealt with."},
    )


class RecallOut(RecallIn):
    """A recall."""

    id = identity()
    started_at = Moment()
    ended_at = Moment(allow_none=True)


class Recalls(Shape):
    """Those that stand first, then the latest first."""

    items = fields.List(fields.Nested(RecallOut), required=True)


class AffectedOut(Shape):
    """A piece of kit that is called back, and who in sight has it."""

    device_id = fields.UUID()
    name = Text()
    lot = Text(allow_none=True)
    life_safety = fields.Boolean()
    person_id = fields.UUID(allow_none=True)
    home_id = fields.UUID(allow_none=True)
    lives_alone = fields.Boolean()
    follow_up_id = fields.UUID(
        allow_none=True, metadata={"description": "What somebody is asked about it; null for nothing yet."}
    )
    due_at = Moment(allow_none=True)
    ended = choice(Ended, allow_none=True, metadata={"description": "How that ended; null while it has not."})


class AllAffected(Shape):
    """Kit in sight that is called back, the riskiest first."""

    items = fields.List(fields.Nested(AffectedOut), required=True)


@blueprint.get("")
@needs("kit:read")
@blueprint.answers(Recalls)
def list_recalls() -> Any:
    """List what is or was called back."""
    return {"items": kit_life.list_recalls(session())}


@blueprint.post("")
@needs("kit:write")
@blueprint.takes(RecallIn)
@blueprint.answers(RecallOut, 201)
def recall(given: Given) -> Any:
    """Call back a model, or one lot of it."""
    return kit_life.recall(session(), now=now(), actor=actor(), **given)


@blueprint.post("/<uuid:recall_id>/end")
@needs("kit:write")
@blueprint.answers(RecallOut)
def end_recall(recall_id: UUID) -> Any:
    """Say that a recall is over."""
    called = kit_life.get_recall(session(), recall_id)
    kit_life.end_recall(session(), called, now=now(), actor=actor())
    return called


@blueprint.get("/<uuid:recall_id>/devices")
@needs("kit:read")
@blueprint.answers(AllAffected)
def list_recalled(recall_id: UUID) -> Any:
    """List the kit in sight that is called back: life-safety first, of those who live alone before others."""
    called = kit_life.get_recall(session(), recall_id)
    pieces = {each.device_id: each for each in recalls.list_pieces(session(), called)}
    found = kit_life.list_affected(session(), viewer(), called, now())
    return {"items": [_told(each, pieces.get(each.device.id)) for each in found]}


def _told(each: Affected, piece: Piece | None) -> dict[str, Any]:
    return {
        "device_id": each.device.uuid,
        "name": each.device.name,
        "lot": each.device.lot,
        "life_safety": each.device.life_safety,
        "person_id": each.person.uuid if each.person else None,
        "home_id": each.home.uuid if each.home else None,
        "lives_alone": each.alone,
        "follow_up_id": piece.follow_up.uuid if piece else None,
        "due_at": piece.follow_up.due_at if piece else None,
        "ended": piece.ended if piece else None,
    }
