"""Takes what is due for one sender: lets go of what is needless, holds some, makes letters of the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import addresses, bundling
from care_plans.messages.bundling import Recently, Waiting
from care_plans.messages.letter import Carrier, Letter
from care_plans.models.alerts import Alert
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class, Severity
from people.models.people import Person

BATCH = 20
MOST_IN_ONE = 200
"""How many messages one letter holds at most."""
LEAVE_THE_HOUSE = (Channel.EMAIL, Channel.SMS, Channel.PUSH)

Carriers = Mapping[Channel, Carrier]
Way = tuple[Channel, str, int]


@dataclass(frozen=True, slots=True)
class Claimed:
    """One letter to be sent, and the messages that it holds."""

    ids: tuple[int, ...]
    channel: Channel
    letter: Letter


def claim(
    session: Session,
    carriers: Carriers,
    now: datetime,
    claim_for: timedelta,
    only: Collection[Channel] | None = None,
) -> tuple[bool, list[Claimed]]:
    """Whether any message was due, and the letters to send: claimed, so that no other sender takes them."""
    rows = list(session.scalars(_due(now, only).limit(BATCH).with_for_update(of=Message, skip_locked=True)))
    rows += _others_to_the_same(session, rows, now)
    needless = _needless(session, rows, now)
    for row in rows:
        if row.id in needless:
            row.state = MessageState.DROPPED
    wanted = [row for row in rows if row.id not in needless]
    recently = _recently(session, wanted, now)
    goes = []
    for row, each in zip(wanted, _waiting(session, wanted, carriers, now), strict=True):
        until = bundling.held_until(each, recently.get(each.way))
        if until is not None and until > now:
            row.send_after = row.due_at = until
        else:
            row.maybe_twice = row.maybe_twice or row.claimed_until is not None
            row.claimed_until, row.attempts = now + claim_for, row.attempts + 1
            goes.append(each)
    session.flush()
    return bool(rows), [
        Claimed(tuple(each.id for each in parts), parts[0].channel, letter)
        for parts, letter in bundling.letters(goes, recently)
    ]


def to_family_of_the_dead() -> ColumnElement[bool]:
    """What is for the family or friends of somebody who died waits, and goes only if that is taken back."""
    died = select(Person.id).where(Person.died_on.is_not(None))
    return and_(Message.contact_id.is_not(None), Message.person_id.in_(died))


def _due(now: datetime, only: Collection[Channel] | None) -> Select[Message]:
    pressing = or_(Message.important, Alert.severity == Severity.RED, Alert.class_ == Class.LIFE_SAFETY)
    return (
        select(Message)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .where(
            Message.state == MessageState.WAITING,
            Message.send_after <= now,
            or_(Message.claimed_until.is_(None), Message.claimed_until < now),
            ~to_family_of_the_dead(),
            Message.channel.in_(only if only is not None else Channel),
        )
        # A press must not wait behind a hundred words about batteries.
        .order_by(case((pressing, 0), else_=1), Message.send_after, Message.id)
    )


def _others_to_the_same(session: Session, rows: Sequence[Message], now: datetime) -> list[Message]:
    """What else is due to those that ordinary messages of the batch go to: it goes in the same letters."""
    ordinary = [row for row in rows if not row.important and row.channel in LEAVE_THE_HOUSE]
    if not ordinary:
        return []
    same = or_(
        *(
            and_(Message.channel == channel, Message.team_id.is_not_distinct_from(team),
                 Message.staff_id.is_not_distinct_from(staff))
            for channel, team, staff in {(row.channel, row.team_id, row.staff_id) for row in ordinary}
        )
    )  # fmt: skip
    query = _due(now, None).where(
        same, ~Message.important, Message.contact_id.is_(None), Message.id.not_in([row.id for row in rows])
    )
    return list(session.scalars(query.limit(MOST_IN_ONE).with_for_update(of=Message, skip_locked=True)))


def _needless(session: Session, rows: Sequence[Message], now: datetime) -> set[int]:
    """Inner keys of those that ask to see to an alert that is closed by now, or has been seen meanwhile.

    Seen counts only for what repeats the same words by another way. Calls are let go of by who places them.
    """
    asks = [row for row in rows if row.alert_id is not None and row.channel is not Channel.VOICE]
    if not asks:
        return set()
    seen = or_(Alert.contact_at.is_not(None), Alert.emergency_at.is_not(None), Alert.seen_until > now)
    over = and_(Alert.closed_at > Message.queued_at, Message.follow_up_id.is_(None))
    again = [row.id for row in asks if row.after_id is not None and row.attempts == 0]
    query = (
        select(Message.id)
        .join(Alert, Alert.id == Message.alert_id)
        .where(
            Message.id.in_([row.id for row in asks]),
            or_(over, and_(Message.id.in_(again), or_(seen, Alert.closed_at.is_not(None)))),
        )
    )
    return set(session.scalars(query))


def _waiting(session: Session, rows: Sequence[Message], carriers: Carriers, now: datetime) -> list[Waiting]:
    spoken = addresses.spoken(session, rows)
    to = addresses.of(session, rows, now)
    paths = addresses.paths(session, rows)
    return [
        Waiting(
            id=row.id,
            letter=Letter(
                row.uuid,
                to[row.id],
                row.subject,
                row.body,
                paths.get(row.id),
                spoken.get(row.id),
                at=row.queued_at,
                again=row.attempts > 0,
            ),
            channel=_leaves_by(row.channel, carriers),
            to=_recipient(row),
            important=row.important,
            about_alert=row.alert_id is not None,
            tried=row.attempts > 0,
        )
        for row in rows
    ]


def _leaves_by(channel: Channel, carriers: Carriers) -> Channel:
    """The channel that takes it: the page, where no mail server or telephone is set, or no way out at all."""
    if channel in carriers:
        return channel
    nothing_leaves = not any(each in carriers for each in LEAVE_THE_HOUSE)
    return Channel.PAGE if nothing_leaves or channel in (Channel.EMAIL, Channel.VOICE) else channel


def _recipient(row: Message) -> tuple[str, int]:
    if row.team_id is not None:
        return "team", row.team_id
    return ("staff", row.staff_id) if row.staff_id is not None else ("contact", row.contact_id or 0)


def _recently(session: Session, rows: Sequence[Message], now: datetime) -> dict[Way, Recently]:
    """What has gone within the hour to those that these are for."""
    if not rows:
        return {}
    found = session.execute(
        select(
            Message.channel,
            Message.team_id,
            Message.staff_id,
            func.max(Message.sent_at),
            func.count(func.distinct(func.coalesce(Message.sent_in, Message.uuid))),
        )
        .where(
            Message.state == MessageState.SENT,
            Message.sent_at > now - timedelta(hours=1),
            or_(
                Message.team_id.in_({row.team_id for row in rows} - {None}),
                Message.staff_id.in_({row.staff_id for row in rows} - {None}),
            ),
        )
        .group_by(Message.channel, Message.team_id, Message.staff_id)
    )
    return {
        (channel, "team" if team else "staff", team or staff or 0): Recently(last, many)
        for channel, team, staff, last, many in found
        if last is not None
    }
