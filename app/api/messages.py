"""Messages in the REST API: what was to be said to whom, and what came back."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, page_of
from app.api.ladders import Named
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.auth import needs
from app.context import now, session, viewer
from care_plans.channel import Channel
from care_plans.messages import listing
from care_plans.models.calls import CallState
from care_plans.models.messages import Message, MessageState

blueprint = Blueprint("messages", "What Hearthline says to teams and staff; who and why stays on the alert.")


class MessagesAsked(Cut):
    """Which messages are asked for."""

    state = choice(MessageState, load_default=None)
    alert_id = fields.UUID(load_default=None)


class MessageOut(Shape):
    """A message; delivered is not yet read, and read is not yet accepted."""

    id = fields.UUID(attribute="message.uuid")
    channel = choice(Channel, attribute="message.channel")
    state = choice(MessageState, attribute="message.state")
    call = choice(
        CallState,
        allow_none=True,
        metadata={"description": "How a call stands; only reports of the provider make it answered."},
    )
    team = fields.Nested(Named, allow_none=True)
    staff = fields.Nested(Named, allow_none=True)
    person_id = fields.UUID(attribute="person_uuid", allow_none=True)
    alert_id = fields.UUID(attribute="alert_uuid", allow_none=True)
    follow_up_id = fields.UUID(attribute="follow_up_uuid", allow_none=True)
    subject = Text()
    body = Text(lines=True)
    important = fields.Boolean(
        attribute="message.important", metadata={"description": "Not held for quiet hours; by itself."}
    )
    queued_at = Moment(attribute="message.queued_at")
    send_after = Moment(attribute="message.send_after", metadata={"description": "Tried then, or again."})
    sent_at = Moment(attribute="message.sent_at", allow_none=True)
    sent_in = fields.UUID(
        attribute="message.sent_in",
        allow_none=True,
        metadata={"description": "The letter that it went in, where that was one for several."},
    )
    maybe_twice = fields.Boolean(
        attribute="message.maybe_twice",
        metadata={"description": "A sender died on the way: it was sent again under the same Message-ID."},
    )
    delivered_at = Moment(
        attribute="message.delivered_at",
        allow_none=True,
        metadata={"description": "When a text reached the telephone, as far as the network says."},
    )
    attempts = fields.Integer(attribute="message.attempts")
    fault = Text(
        attribute="message.fault", allow_none=True, metadata={"description": "Why the last try failed."}
    )


def _told(rows: Sequence[Any]) -> list[listing.Listed]:
    return listing.listed(session(), viewer(), rows, now())


@blueprint.get("")
@needs("outbox:read")
@blueprint.takes(MessagesAsked, location="query")
@blueprint.answers(page_of(MessageOut))
def list_messages(asked: Given) -> Page[Any]:
    """List the messages in sight, the newest first."""
    query = listing.listing(viewer(), now(), state=asked["state"], alert=asked["alert_id"])
    return page(session(), query, [Message.queued_at, Message.id], asked, newest_first=True).turned(_told)
