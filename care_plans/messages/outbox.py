"""Words on their way to people: queued with the change that causes them, sent outside of it, and retried."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.messages.letter import Answer, Carrier, Letter, Spoken
from care_plans.messages.wording import Words
from care_plans.models.alerts import Alert
from care_plans.models.calls import Call
from care_plans.models.messages import Channel, Message, MessageState
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp
from care_plans.severity import Class, Severity
from core.db import Db
from core.errors import Unavailable
from people import checks
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
    channel: Channel = Channel.EMAIL,
) -> bool:
    """Let `words` go to `recipient` once this transaction commits; whether they were not queued before.

    The same `key` for the same recipient is the same message: queued once, sent under one Message-ID.
    """
    queued = session.execute(
        insert(Message)
        .values(
            uuid=uuid_of(key, recipient),
            version=1,
            changed_at=now,
            channel=channel,
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


def uuid_of(key: str, recipient: Recipient) -> UUID:
    """The id of the message of a key for a recipient, whether it has been queued or not."""
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

    Claims in one transaction, sends each message in none, and records what came of it in one of its own: a
    sender that dies leaves one at most to be sent twice, under the same Message-ID, and all others to be sent
    once their claim has ended. `carriers` holds at least the page; what has no carrier goes there.
    `failed` is told of each message that will not be tried again, and `sent` of each that was taken, in the
    recording transaction. `only` leaves all but these channels to another sender.
    """
    with db.transaction() as session:
        claim_for = timedelta(seconds=CLAIM * max(1.0, db.clock.factor))
        claimed = _claim(session, carriers, now, claim_for, only)
    down: dict[Channel, str] = {}
    for each in claimed:
        answer = _send(each, carriers, down)
        with db.transaction() as session:
            _record(session, each, answer, now, failed, sent)
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
    session: Session,
    carriers: Mapping[Channel, Carrier],
    now: datetime,
    claim_for: timedelta,
    only: Collection[Channel] | None,
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
            Message.channel.in_(only if only is not None else Channel),
        )
        # A press must not wait behind a hundred words about batteries.
        .order_by(case((pressing, 0), else_=1), Message.send_after, Message.id)
        .limit(BATCH)
        .with_for_update(of=Message, skip_locked=True)
    ).all()
    spoken = _spoken(session, rows)
    addresses = _addresses(session, [row for row in rows if row.id not in spoken], now)
    addresses |= _numbers(session, [row for row in rows if row.id in spoken])
    paths = _paths(session, rows)
    for row in rows:
        row.claimed_until = now + claim_for
        row.attempts += 1
    return [
        _Claimed(
            row.id,
            row.channel if row.channel in carriers else Channel.PAGE,
            Letter(row.uuid, addresses[row.id], row.subject, row.body, paths.get(row.id), spoken.get(row.id)),
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
    spoken = each.letter.spoken
    if each.channel is Channel.VOICE and not each.letter.to and not (spoken and spoken.centre):
        return Answer("Nobody there has a telephone number.")
    if each.channel not in down:
        try:
            return carriers[each.channel].send(each.letter)
        except Unavailable as fault:
            log.warning("channel does not answer", extra={"channel": each.channel.value})
            down[each.channel] = str(fault)
    return Answer(down[each.channel], again=True)


def _record(
    session: Session, each: _Claimed, answer: Answer, now: datetime, failed: Told, sent: Told | None
) -> None:
    row = session.get_one(Message, each.id, with_for_update=True)
    if row.state is not MessageState.WAITING:
        return
    row.claimed_until = None
    row.channel = each.channel
    row.fault = answer.fault
    if answer.fault is None:
        row.state, row.sent_at = MessageState.SENT, now
        if sent is not None:
            sent(session, row, now)
    elif answer.again and row.attempts <= len(RETRIES):
        row.send_after = now + RETRIES[row.attempts - 1]
    else:
        row.state = MessageState.FAILED
        log.warning("message failed", extra={"message_id": row.id, "attempts": row.attempts})
        failed(session, row, now)


def _addresses(session: Session, rows: Sequence[Message], now: datetime) -> dict[int, tuple[str, ...]]:
    """Where each message goes: to the person, to the team's mailbox, or to all in it who may be asked."""
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
            checks.not_lapsed(now),
        )
        .order_by(Staff.email)
    )
    for team_id, email in members.all():
        of_team[team_id] = (*of_team.get(team_id, ()), email)
    return {
        row.id: of_staff.get(row.staff_id, ()) if row.staff_id else of_team.get(row.team_id or 0, ())
        for row in rows
    }


def _spoken(session: Session, rows: Sequence[Message]) -> dict[int, Spoken]:
    """What goes with those that are calls."""
    ids = [row.id for row in rows if row.channel is Channel.VOICE]
    if not ids:
        return {}
    found = session.execute(select(Call.message_id, Call.centre, Call.told).where(Call.message_id.in_(ids)))
    return {row.message_id: Spoken(row.centre, row.told) for row in found}


def _numbers(session: Session, rows: Sequence[Message]) -> dict[int, tuple[str, ...]]:
    """The telephone number that each call goes to; none where there is none, or they have left."""
    of_staff = _telephones(session, Staff, {row.staff_id for row in rows}, Staff.left_at.is_(None))
    of_team = _telephones(session, Team, {row.team_id for row in rows}, Team.deleted_at.is_(None))
    return {
        row.id: of_staff.get(row.staff_id, ()) if row.staff_id else of_team.get(row.team_id or 0, ())
        for row in rows
    }


def _telephones(
    session: Session, table: type[Staff | Team], ids: set[int | None], there: ColumnElement[bool]
) -> dict[int, tuple[str, ...]]:
    found = session.execute(select(table.id, table.telephone).where(table.id.in_(ids - {None}), there))
    return {key: (number,) for key, number in found if number}


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
