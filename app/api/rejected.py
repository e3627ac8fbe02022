"""Messages from kit that could not be read, in the REST API: why, and trying again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, identity, page_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.auth import needs
from app.context import actor, now, session, viewer
from devices import masking, not_kept, rejected
from devices.models import Device, Rejected
from people import scoping

blueprint = Blueprint("rejected", "Messages from kit that could not be read, kept until the cause is mended.")


class RejectedAsked(Cut):
    """Which are asked for."""

    code = Text(most=64, load_default=None)


class RejectedOut(Shape):
    """A message that could not be read, and why; what was in it is not told."""

    id = identity()
    received_at = Moment()
    device_id = fields.UUID(allow_none=True)
    device = Text(allow_none=True)
    topic = fields.String(
        metadata={"description": "Which kit spoke and how; what may be a name in it is covered."}
    )
    size = fields.Integer(metadata={"description": "Bytes."})
    retained = fields.Boolean()
    code = Text(metadata={"description": "A stable word for the reason."})
    reason = Text(lines=True)
    where = fields.String(metadata={"description": "Where in the message, like readings[3].at."})
    tries = fields.Integer()
    settled_at = Moment(allow_none=True)
    settled_how = Text(allow_none=True)


class NotKeptOut(Shape):
    """Messages of one kind that were counted and not kept."""

    device = Text(allow_none=True, metadata={"description": "The kit; null where it is none of ours."})
    code = Text()
    messages = fields.Integer()
    last_at = Moment()


class AllNotKept(Shape):
    """What was counted and not kept, the most first."""

    items = fields.List(fields.Nested(NotKeptOut), required=True)


PLAIN = tuple(name for name in RejectedOut._declared_fields if name not in {"id", "device_id", "device"})


def _told(rows: Sequence[tuple[Rejected, UUID | None, str | None]]) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(row, name) for name in ("uuid", *PLAIN)},
            "topic": masking.topic(row.topic),
            "device_id": device_id,
            "device": device,
        }
        for row, device_id, device in rows
    ]


@blueprint.get("")
@needs("rejected:read")
@blueprint.takes(RejectedAsked, location="query")
@blueprint.answers(page_of(RejectedOut))
def list_rejected(asked: Given) -> Page[Any]:
    """List the messages that nobody has settled, the newest first."""
    query = rejected.listing(viewer(), now(), code=asked["code"])
    return page(session(), query, [Rejected.id], asked, newest_first=True).turned(_told)


@blueprint.get("/not-kept")
@needs("rejected:read")
@blueprint.answers(AllNotKept)
def list_not_kept() -> Any:
    """List what unknown kit sent in the last seven days beyond what is kept of it."""
    rows = not_kept.list_not_kept(session(), viewer(), now())
    return {"items": [dict(zip(("device", "code", "messages", "last_at"), row, strict=True)) for row in rows]}


@blueprint.post("/<uuid:rejected_id>/retry")
@needs("rejected:act")
@blueprint.answers(RejectedOut)
def retry(rejected_id: UUID) -> Any:
    """Read a message again, once its cause is mended.

    It is `stored`, or `read` where it holds no reading, or stays with why it could not be.
    """
    found = rejected.get_in_sight(session(), viewer(), rejected_id, now())
    with scoping.lifted(session()):  # whose readings come of it, nobody is shown here
        row = rejected.retry(session(), found.id, now(), actor=actor())
    return _one(row)


@blueprint.post("/<uuid:rejected_id>/set-aside")
@needs("rejected:act")
@blueprint.answers(RejectedOut)
def set_aside(rejected_id: UUID) -> Any:
    """Settle a message that will never be stored."""
    found = rejected.get_in_sight(session(), viewer(), rejected_id, now())
    row = rejected.set_aside(session(), found.id, now(), actor=actor())
    return _one(row)


def _one(row: Rejected) -> dict[str, Any]:
    device = session().get(Device, row.device_id) if row.device_id else None
    return _told([(row, device.uuid if device else None, device.name if device else None)])[0]
