"""Words on their way to people: queued with the change that causes them, sent outside of it, and retried."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.messages.letter import Answer, Carrier, Letter
from care_plans.messages.wording import Words
from care_plans.models.alerts import Alert
from care_plans.models.messages import Channel, Message, MessageState
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp
from care_plans.severity import Class, Severity
from core.db import Db
from core.errors import Unavailable
from people.models.agencies import Staff, Team, TeamMember
from people.models.people import Person

log = logging.getLogger(__name__)

KEYS = UUID("6f2d1c1e-6a0e-5d0b-9c59-1f4b1e0c7a11")
BATCH = 20
CLAIM = 120.0  # real seconds after which another sender may take over from one that died
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480))
"""Waits before each further attempt; a message that the last one does not deliver has failed (15 minutes)."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A team or a member of staff: exactly one."""

    team_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    channel: Channel
    letter: Letter


Failed = Callable[[Session, Message, datetime], None]


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
) -> bool:
    """Let `words` go to `recipient` once this transaction commits; whether they were not queued before.

    The same `key` for the same recipient is the same message: queued once, sent under one Message-ID.
    """
    queued = session.execute(
        insert(Message)
        .values(
            uuid=uuid5(KEYS, f"{key}|{recipient.team_id}|{recipient.staff_id}"),
            version=1,
            changed_at=now,
            channel=Channel.EMAIL,
            team_id=recipient.team_id,
            staff_id=recipient.staff_id,
            person_id=person_id,
            alert_id=alert_id,
            follow_up_id=follow_up_id,
            referral_id=referral_id,
            subject=words.subject,
            body=words.body,
            queued_at=now,
            send_after=now,
            attempts=0,
            state=MessageState.WAITING,
        )
        .on_conflict_do_nothing(index_elements=[Message.uuid])
        .returning(Message.id)
    )
    return queued.scalar() is not None


def step(db: Db, carriers: Mapping[Channel, Carrier], now: datetime, failed: Failed) -> bool:
    """Send what is due, a batch at most; whether there was anything.

    Claims in one transaction, sends each message in none, and records what came of it in one of its own: a
    sender that dies leaves one at most to be sent twice, under the same Message-ID, and all others to be sent
    once their claim has ended. `carriers` holds at least the page; what has no carrier goes there.
    `failed` is told of each message that will not be tried again, in the recording transaction.
    """
    with db.transaction() as session:
        claimed = _claim(session, carriers, now, timedelta(seconds=CLAIM * max(1.0, db.clock.factor)))
    down: dict[Channel, str] = {}
    for each in claimed:
        answer = _send(each, carriers, down)
        with db.transaction() as session:
            _record(session, each, answer, now, failed)
    return bool(claimed)


def oldest_waiting(session: Session, now: datetime) -> float | None:
    """Domain seconds since the oldest unsent message was queued; None when none waits."""
    at = session.scalar(
        select(Message.queued_at)
        .where(Message.state == MessageState.WAITING, ~_to_family_of_the_dead())
        .order_by(Message.queued_at)
        .limit(1)
    )
    return None if at is None else max(0.0, (now - at).total_seconds())


def _claim(
    session: Session, carriers: Mapping[Channel, Carrier], now: datetime, claim_for: timedelta
) -> list[_Claimed]:
    pressing = or_(Alert.severity == Severity.RED, Alert.class_ == Class.LIFE_SAFETY)
    rows = session.scalars(
        select(Message)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .where(
            Message.state == MessageState.WAITING,
            Message.send_after <= now,
            or_(Message.claimed_until.is_(None), Message.claimed_until < now),
            ~_to_family_of_the_dead(),
        )
        # A press must not wait behind a hundred words about batteries.
        .order_by(case((pressing, 0), else_=1), Message.send_after, Message.id)
        .limit(BATCH)
        .with_for_update(of=Message, skip_locked=True)
    ).all()
    addresses = _addresses(session, rows, now)
    paths = _paths(session, rows)
    for row in rows:
        row.claimed_until = now + claim_for
        row.attempts += 1
    return [
        _Claimed(
            row.id,
            row.channel if row.channel in carriers else Channel.PAGE,
            Letter(row.uuid, addresses[row.id], row.subject, row.body, paths.get(row.id)),
        )
        for row in rows
    ]


def _to_family_of_the_dead() -> ColumnElement[bool]:
    """What is for the family or friends of somebody who died waits, and goes only if that is taken back."""
    died = select(Person.id).where(Person.died_on.is_not(None))
    return and_(Message.contact_id.is_not(None), Message.person_id.in_(died))


def _send(each: _Claimed, carriers: Mapping[Channel, Carrier], down: dict[Channel, str]) -> Answer:
    """What came of one. A channel that is `down` is asked once a batch, and holds up no other channel."""
    if each.channel is Channel.EMAIL and not each.letter.to:
        return Answer("Nobody there has an e-mail address.")
    if each.channel not in down:
        try:
            return carriers[each.channel].send(each.letter)
        except Unavailable as fault:
            log.warning("channel does not answer", extra={"channel": each.channel.value})
            down[each.channel] = str(fault)
    return Answer(down[each.channel], again=True)


def _record(session: Session, each: _Claimed, answer: Answer, now: datetime, failed: Failed) -> None:
    row = session.get_one(Message, each.id, with_for_update=True)
    if row.state is not MessageState.WAITING:
        return
    row.claimed_until = None
    row.channel = each.channel
    row.fault = answer.fault
    if answer.fault is None:
        row.state, row.sent_at = MessageState.SENT, now
    elif answer.again and row.attempts <= len(RETRIES):
        row.send_after = now + RETRIES[row.attempts - 1]
    else:
        row.state = MessageState.FAILED
        log.warning("message failed", extra={"message_id": row.id, "attempts": row.attempts})
        failed(session, row, now)


def _addresses(session: Session, rows: Sequence[Message], now: datetime) -> dict[int, tuple[str, ...]]:
    """Where each message goes: to the person, to the team's mailbox, or to all in a team that has none."""
    staff_ids = {row.staff_id for row in rows if row.staff_id}
    team_ids = {row.team_id for row in rows if row.team_id}
    of_staff = {
        key: (email,)
        for key, email in session.execute(
            select(Staff.id, Staff.email).where(Staff.id.in_(staff_ids), Staff.left_at.is_(None))
        )
    }
    of_team: dict[int, tuple[str, ...]] = {
        key: (email,)
        for key, email in session.execute(select(Team.id, Team.email).where(Team.id.in_(team_ids)))
        if email
    }
    members = session.execute(
        select(TeamMember.team_id, Staff.email)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(
            TeamMember.team_id.in_(team_ids - of_team.keys()),
            TeamMember.period.contains(now),
            Staff.left_at.is_(None),
        )
        .order_by(Staff.email)
    )
    for team_id, email in members.all():
        of_team[team_id] = (*of_team.get(team_id, ()), email)
    return {
        row.id: of_staff.get(row.staff_id, ()) if row.staff_id else of_team.get(row.team_id or 0, ())
        for row in rows
    }


def _paths(session: Session, rows: Sequence[Message]) -> dict[int, str]:
    """The page that each message is about: its referral, its alert, or else its follow-up."""
    found = session.execute(
        select(Message.id, Referral.uuid, Alert.uuid, FollowUp.uuid)
        .outerjoin(Referral, Referral.id == Message.referral_id)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .outerjoin(FollowUp, FollowUp.id == Message.follow_up_id)
        .where(Message.id.in_([row.id for row in rows]))
    )
    paths = {}
    for key, referral, alert, follow_up in found:
        if referral:
            paths[key] = f"/referrals/{referral}"
        elif alert or follow_up:
            paths[key] = f"/alerts/{alert}" if alert else f"/follow-ups/{follow_up}"
    return paths
