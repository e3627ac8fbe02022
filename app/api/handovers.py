"""What one shift tells the next, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, identity, row_version
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans import handovers
from people import teams
from people.faults import LINES
from people.models.agencies import Team

blueprint = Blueprint("handovers", "What one shift of a team tells the next, and who took over by name.")


class HandoverIn(Shape):
    """What the next shift of one of your own teams has to know."""

    team_id = fields.UUID(required=True)
    words = Text(most=LINES, lines=True, required=True)


class HandoverOut(Shape):
    """A handover; nobody has taken over while `taken_at` is null."""

    id = identity()
    version = row_version()
    team_id = fields.UUID()
    words = Text(lines=True)
    open_alerts = fields.Integer(metadata={"description": "How many the team had when it was given."})
    given_at = Moment()
    given_by = Text()
    taken_at = Moment(allow_none=True)
    taken_by = Text(allow_none=True)


class Handovers(Shape):
    """The handovers of the last two days, and those that nobody has taken yet; the latest first."""

    items = fields.List(fields.Nested(HandoverOut), required=True)


@blueprint.get("")
@needs("alerts:read")
@blueprint.answers(Handovers)
def list_handovers() -> Any:
    """List what was handed over in your teams."""
    return {"items": [_told(each) for each in handovers.list_recent(session(), viewer(), now())]}


@blueprint.post("")
@needs("alerts:act")
@blueprint.takes(HandoverIn)
@blueprint.answers(HandoverOut, 201)
def give_handover(given: Given) -> Any:
    """Tell the next shift."""
    team, _agency = teams.get(session(), given["team_id"])
    row = handovers.give(session(), team, given["words"], by=viewer(), now=now())
    return _one(row.uuid)


@blueprint.post("/<uuid:handover_id>/take")
@needs("alerts:act")
@blueprint.answers(HandoverOut)
def take_handover(handover_id: UUID) -> Any:
    """Take over; a conflict says who has already."""
    return _one(handovers.take(session(), handover_id, by=viewer(), now=now()).uuid)


def _one(uuid: UUID) -> dict[str, Any]:
    return _told(handovers.get(session(), uuid, viewer()))


def _told(each: handovers.Told) -> dict[str, Any]:
    names = ("uuid", "version", "words", "open_alerts", "given_at", "taken_at")
    return {name: getattr(each.row, name) for name in names} | {
        "team_id": session().get_one(Team, each.row.team_id).uuid,
        "given_by": each.given_by,
        "taken_by": each.taken_by,
    }
