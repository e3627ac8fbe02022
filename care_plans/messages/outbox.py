"""Words on their way to people: queued with the change that causes them, sent outside of it, and retried."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import claiming, telling, ways
from care_plans.messages.claiming import Claimed
from care_plans.messages.letter import Answer, Carrier
from care_plans.messages.telling import Sending
from care_plans.messages.wording import Words
from care_plans.models.messages import Message, MessageState
from core.db import Db
from core.errors import Unavailable

log = logging.getLogger(__name__)

KEYS = UUID("6f2d1c1e-6a0e-5d0b-9c59-1f4b1e0c7a11")
CLAIM = 120.0  # real seconds after which another sender may take over from one that died
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480))
"""Waits before each further attempt; a message that the last one does not deliver has failed (15 minutes)."""
REACHED = (MessageState.SENT, MessageState.DROPPED)
"""A way that was taken, or that nobody needed any more when its turn came: nobody has to be rung for that."""
NOWHERE: Mapping[Channel, str] = {
    Channel.EMAIL: "Nobody there has an e-mail address.",
    Channel.SMS: "They have no telephone number.",
    Channel.PUSH: "No browser of theirs takes messages.",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A team or a member of staff: exactly one."""

    team_id: int | None = None
    staff_id: int | None = None


Told = Callable[[Session, Message, datetime], None]


def queue(
    session: Session,
    recipient: Recipient,
    words: Words,
    *,
    key: str,
    now: datetime,
    person_id: int | None = None,
    alert_id: int | None = None,
    follow_up_id: int | None = None,
    referral_id: int | None = None,
    channel: Channel | None = None,
    important: bool = False,
    can_wait: bool = True,
) -> bool:
    """Let `words` go to `recipient` once this transaction commits; whether they were not queued before.

    The same `key` for the same recipient is the same message: queued once, under one Message-ID. Staff get it
    by their own ways (see `telling`), each of which is a row; a `channel` that is named overrules them. What
    is `important` is not held for quiet hours, and goes by itself.
    """
    about = {
        "person_id": person_id,
        "alert_id": alert_id,
        "follow_up_id": follow_up_id,
        "referral_id": referral_id,
    }
    sendings = _sendings(session, recipient, channel, now, important=important, can_wait=can_wait)
    first = _insert(session, uuid_of(key, recipient), recipient, words, sendings[0], about, now, important)
    before = first
    for each in sendings[1:] if first is not None else ():
        uuid = _by(uuid_of(key, recipient), each.channel)
        before = _insert(session, uuid, recipient, words, each, about, now, important, after=before)
    return first is not None


def uuid_of(key: str, recipient: Recipient) -> UUID:
    """The id of the message of a key for a recipient by their first way, whether it is queued or not."""
    return uuid5(KEYS, f"{key}|{recipient.team_id}|{recipient.staff_id}")


def step(
    db: Db,
    carriers: Mapping[Channel, Carrier],
    now: datetime,
    failed: Told,
    *,
    sent: Told | None = None,
    only: Collection[Channel] | None = None,
) -> bool:
    """Send what is due, a batch at most; whether there was anything.

    Claims in one transaction, sends each letter in none, and records what came of it in one of its own: a
    sender that dies leaves one at most to be sent twice, under the same Message-ID, and all others to be sent
    once their claim has ended. `carriers` holds at least the page, which takes all where nothing leaves the
    house. `failed` is told of each message that reached its recipient by no way, and `sent` of each that was
    taken, in the recording transaction. `only` leaves all but these channels to other senders.
    """
    with db.transaction() as session:
        claim_for = timedelta(seconds=CLAIM * max(1.0, db.clock.factor))
        found, letters = claiming.claim(session, carriers, now, claim_for, only)
    down: dict[Channel, str] = {}
    for each in letters:
        answer = _send(each, carriers, down)
        with db.transaction() as session:
            for message_id in each.ids:
                _record(session, message_id, each, answer, now, failed, sent)
    return found


def oldest_waiting(session: Session, now: datetime) -> float | None:
    """Domain seconds since the oldest unsent message was to go; None when none waits.

    What is held, for quiet hours or for others to go with it, is not waiting for its sender.
    """
    due_at = func.coalesce(Message.due_at, Message.queued_at)
    at = session.scalar(
        select(func.min(due_at)).where(
            Message.state == MessageState.WAITING, due_at <= now, ~claiming.to_family_of_the_dead()
        )
    )
    return None if at is None else max(0.0, (now - at).total_seconds())


def no_longer_reached(session: Session, row: Message, fault: str, now: datetime, failed: Told) -> None:
    """Record that a message did not arrive after all; the next way of its recipient takes its place."""
    row.state, row.fault = MessageState.FAILED, fault
    _go_on(session, row, now, failed)


def _sendings(
    session: Session,
    recipient: Recipient,
    channel: Channel | None,
    now: datetime,
    *,
    important: bool,
    can_wait: bool,
) -> tuple[Sending, ...]:
    if channel is not None:
        return (Sending(channel, now),)
    if recipient.staff_id is None:
        return (Sending(Channel.EMAIL, now),)
    theirs = ways.of(session, recipient.staff_id)
    return telling.sendings(theirs, now, important=important, can_wait=can_wait)


def _insert(
    session: Session,
    uuid: UUID,
    recipient: Recipient,
    words: Words,
    sending: Sending,
    about: Mapping[str, int | None],
    now: datetime,
    important: bool,
    after: int | None = None,
) -> int | None:
    """The inner key of the new row; None where it is there already."""
    return session.scalar(
        insert(Message)
        .values(
            uuid=uuid,
            version=1,
            changed_at=now,
            channel=sending.channel,
            team_id=recipient.team_id,
            staff_id=recipient.staff_id,
            **about,
            important=important,
            after_id=after,
            subject=words.subject,
            body=words.body,
            queued_at=now,
            due_at=sending.at,
            send_after=sending.at,
            attempts=0,
            state=MessageState.WAITING,
        )
        .on_conflict_do_nothing(index_elements=[Message.uuid])
        .returning(Message.id)
    )


def _by(uuid: UUID, channel: Channel) -> UUID:
    """The id of the same message by another way."""
    return uuid5(uuid, channel.value)


def _send(each: Claimed, carriers: Mapping[Channel, Carrier], down: dict[Channel, str]) -> Answer:
    """What came of one. A channel that is `down` is asked once a batch, and holds up no other channel."""
    spoken = each.letter.spoken
    if each.channel in NOWHERE and not each.letter.to:
        return Answer(NOWHERE[each.channel])
    if each.channel is Channel.VOICE and not each.letter.to and not (spoken and spoken.centre):
        return Answer("Nobody there has a telephone number.")
    if each.channel not in carriers:
        return Answer("This way is not set up here.")
    if each.channel not in down:
        try:
            return carriers[each.channel].send(each.letter)
        except Unavailable as fault:
            log.warning("channel does not answer", extra={"channel": each.channel.value})
            down[each.channel] = str(fault)
    return Answer(down[each.channel], again=True)


def _record(
    session: Session,
    message_id: int,
    each: Claimed,
    answer: Answer,
    now: datetime,
    failed: Told,
    sent: Told | None,
) -> None:
    row = session.get_one(Message, message_id, with_for_update=True)
    if row.state is not MessageState.WAITING:
        return
    row.claimed_until = None
    row.channel = each.channel
    row.fault = answer.fault
    if answer.fault is None:
        row.state, row.sent_at = MessageState.SENT, now
        row.sent_in = each.letter.uuid if each.letter.parts else None
        if sent is not None:
            sent(session, row, now)
    elif answer.again and row.attempts <= len(RETRIES):
        row.send_after = now + RETRIES[row.attempts - 1]
    else:
        row.state = MessageState.FAILED
        log.warning("message failed", extra={"message_id": row.id, "attempts": row.attempts})
        _go_on(session, row, now, failed)


def _go_on(session: Session, row: Message, now: datetime, failed: Told) -> None:
    """Bring the next way forward, or make it; where none is left, and none has worked, say so."""
    chain = _before(session, row)
    next_one = session.scalars(select(Message).where(Message.after_id == row.id).with_for_update()).first()
    if next_one is not None and next_one.state is MessageState.WAITING:
        next_one.send_after = min(next_one.send_after, now)
        return
    if any(each.state in REACHED for each in (*chain, *([next_one] if next_one else []))):
        return
    channel = _another(session, row, [each.channel for each in chain]) if next_one is None else None
    if channel is None:
        failed(session, chain[0], now)
        return
    about = {name: getattr(row, name) for name in ("person_id", "alert_id", "follow_up_id", "referral_id")}
    to = Recipient(staff_id=row.staff_id)
    words = Words(row.subject, row.body)
    uuid = _by(chain[0].uuid, channel)
    _insert(session, uuid, to, words, Sending(channel, now), about, now, row.important, after=row.id)


def _before(session: Session, row: Message) -> list[Message]:
    """The ways that a message was sent by so far, the first one first."""
    chain = [row]
    while chain[0].after_id is not None:
        chain.insert(0, session.get_one(Message, chain[0].after_id))
    return chain


def _another(session: Session, row: Message, tried: list[Channel]) -> Channel | None:
    """A further way to a member of staff; teams have their mailbox, and a call has its ladder."""
    if row.staff_id is None or row.channel in (Channel.VOICE, Channel.PAGE):
        return None
    return telling.next_after(ways.of(session, row.staff_id), tried, important=row.important)
