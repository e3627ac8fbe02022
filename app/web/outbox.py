"""The outbox: messages as people get them, readable whether or not a mail server is set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import call_words
from app.web.pages import PER_PAGE, Chip, address, page, page_number, paging
from app.web.words import clock
from care_plans.messages import sent
from care_plans.messages.sent import Sent
from care_plans.models.messages import MessageState

blueprint = Blueprint("outbox", __name__)

PATH = "/outbox"
STATES: Mapping[MessageState, str] = {
    MessageState.WAITING: "Waiting",
    MessageState.SENT: "Sent",
    MessageState.FAILED: "Failed",
    MessageState.DROPPED: "Not needed",
}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message: see outbox.html."""

    uuid: UUID
    at: datetime
    to: str
    channel: str
    subject: str
    body: str
    state: str
    state_words: str
    wrong: bool
    alert_uuid: UUID | None


@blueprint.get("/outbox")
@needs("outbox:read")
def show_list() -> ResponseReturnValue:
    """Messages in sight, the newest first."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    asked = request.args.get("state", "")
    state = MessageState(asked) if asked in set(MessageState) else None
    counts = sent.count(opened, viewer, now)
    number = page_number()
    found = sent.list_sent(opened, viewer, now, state=state, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    total = counts[state] if state else sum(counts.values())
    return page(
        "outbox.html",
        chips=(
            Chip("All", PATH, on=state is None, number=sum(counts.values())),
            *(
                Chip(words, address(PATH, {"state": each.value}), on=each is state, number=counts[each])
                for each, words in STATES.items()
            ),
        ),
        messages=tuple(_row(each, now, context.installation().time_zone) for each in found),
        paging=paging(PATH, {"state": state.value if state else None}, number, total),
    )


def _row(each: Sent, now: datetime, zone: str) -> OutboxRow:
    return OutboxRow(
        uuid=each.uuid,
        at=each.queued_at,
        to=each.to,
        channel=call_words.CHANNELS[each.channel],
        subject=each.subject,
        body=each.body,
        state=STATES[each.state],
        state_words=words_of(each, now, zone),
        wrong=each.state is MessageState.FAILED or each.call in call_words.WRONG,
        alert_uuid=each.alert_uuid,
    )


def words_of(each: Sent, now: datetime, zone: str) -> str:
    """What came of it, in words."""
    if each.call is not None and each.sent_at is not None:
        return call_words.placed(each.call, centre=each.centre, at=clock(each.sent_at, now, zone))
    if each.state is MessageState.DROPPED:
        return "Not needed any more"
    if each.state is MessageState.FAILED:
        return f"Failed: {each.fault or 'no reason given'}"
    if each.delivered_at is not None:
        return f"Delivered {clock(each.delivered_at, now, zone)}, as the network says"
    if each.sent_at is not None:
        twice = ", perhaps twice: a sender died on the way" if each.maybe_twice else ""
        return f"Sent {clock(each.sent_at, now, zone)}{twice}"
    if each.again_at is not None:
        return f"{each.fault}: trying again {clock(each.again_at, now, zone)}"
    if each.held_until is not None:
        return f"Held until {clock(each.held_until, now, zone)}"
    return "Waiting to be sent"
