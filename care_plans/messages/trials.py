"""A test message to oneself, by one way: so that nobody learns in the night that a number is wrong."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import outbox
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import NO_REPLY, Words

WORDS = Words(
    "A test from Hearthline",
    f"You asked for it: this is how a message reaches you by this way. Nothing has happened. {NO_REPLY}",
)


def send(session: Session, staff_id: int, channel: Channel, now: datetime) -> bool:
    """Queue a test to somebody by that way alone; whether none was queued within this minute."""
    key = f"test by {channel} at {now:%Y-%m-%dT%H:%M}"
    to = Recipient(staff_id=staff_id)
    return outbox.queue(session, to, WORDS, key=key, now=now, channel=channel, important=True)
