"""What the clock does to referrals: notes arrivals, takes back what nobody answered, says what is late."""

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message, MessageState
from care_plans.models.referrals import Referral
from care_plans.referral_states import ReferralKind, ReferralState
from care_plans.referrals import answering, clocks, events, sending
from care_plans.referrals.moves import Move, why_not
from care_plans.work.hours import by_working_hours
from core.errors import HearthlineError
from core.models import JournalEntry
from people.models.agencies import Team, TeamMember

log = logging.getLogger(__name__)

LATE_STATES = (ReferralState.ACCEPTED, ReferralState.UNDER_WAY)


def note_arrivals(session: Session, now: datetime, limit: int = 100) -> bool:
    """Note of each referral that it reached its team: by its message, or because one of them opened it.

    Opening a page changes nothing by itself (H8); what it left in the journal is read here.
    """
    rows = session.scalars(
        select(Referral)
        .where(
            Referral.state == ReferralState.SENT,
            Referral.delivered_at.is_(None),
            Referral.to_team_id.is_not(None),
            _message_arrived() | _opened(),
        )
        .order_by(Referral.sent_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        opened_at = session.scalar(
            select(JournalEntry.at).where(_look(row)).order_by(JournalEntry.id).limit(1)
        )
        sent_at = session.scalar(
            select(Message.sent_at).where(
                Message.referral_id == row.id, Message.team_id == row.to_team_id, Message.sent_at.is_not(None)
            )
        )
        first = min(each for each in (opened_at, sent_at, now) if each is not None)
        how = "Opened by their team." if first == opened_at else "Its message was delivered."
        answering.reached(session, row, first, now, how=how)
    return bool(rows)


def time_out(session: Session, now: datetime, limit: int = 50) -> bool:
    """Take back what nobody answered in time: it is the asking team's, and a third team's that they named.

    One that can't be seen to holds up no other. What somebody asks for themselves never ends by the clock:
    both teams are asked again.
    """
    rows = session.scalars(
        select(Referral)
        .where(Referral.state == ReferralState.SENT, Referral.respond_by <= now)
        .order_by(Referral.respond_by)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    seen_to = 0
    for row in rows:
        try:
            with session.begin_nested():
                _time_out(session, row, now)
            seen_to += 1
        except HearthlineError as fault:
            log.exception(
                "referral could not be taken back",
                extra={"referral_id": row.id, "error": type(fault).__name__},
            )
    return seen_to > 0


def note_late(session: Session, now: datetime, limit: int = 50) -> bool:
    """Tell both teams, once, of what was accepted and is not done by its time; it stays whose it is."""
    rows = session.scalars(
        select(Referral)
        .where(Referral.state.in_(LATE_STATES), Referral.due_at <= now, Referral.late_at.is_(None))
        .order_by(Referral.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.late_at = now
        event = events.write(session, row, "late", now, team_id=row.to_team_id)
        for team_id in (row.to_team_id, row.from_team_id):
            events.tell(session, row, event, team_id, "it is not done by the time that was said", now)
    return bool(rows)


def step(session: Session, now: datetime) -> bool:
    """All of it; whether there was any work."""
    found = [note_arrivals(session, now), time_out(session, now), note_late(session, now)]
    return any(found)


def _time_out(session: Session, row: Referral, now: datetime) -> None:
    if why_not(Move.TIME_OUT, events.standing(row)) is not None:
        return
    if row.kind is ReferralKind.SELF_REFERRAL:
        row.respond_by = by_working_hours(now, sending.zone_of(session, row.person_id, now))
        row.next_at = row.respond_by
        event = events.write(session, row, "still waiting", now, team_id=row.to_team_id)
        for team_id in {row.to_team_id, row.from_team_id}:
            events.tell(
                session, row, event, team_id, "nobody has taken it yet", now, answer_by=row.respond_by
            )
        return
    row.state, row.ended_at, row.told_at = ReferralState.TIMED_OUT, now, now
    row.waited_for_result = int((now - row.sent_at).total_seconds())
    event = events.write(session, row, "not answered", now, team_id=row.to_team_id)
    answering.come_back(session, row, "Not answered in time: the need is yours still.", now)
    why = "it was not answered in time, and is still yours"
    fallback = session.get(Team, row.fallback_team_id) if row.fallback_team_id is not None else None
    if fallback is not None and fallback.deleted_at is None:
        sent_on = sending.send_on(session, row, fallback, now)
        if sent_on is not None:
            row.next_at = clocks.back_by(row.urgency, now, sending.zone_of(session, row.person_id, now))
            why = (
                f"it was not answered in time; {fallback.name} is asked, and until they take it, it is yours"
            )
    events.tell(session, row, event, row.from_team_id, why, now)
    events.tell(session, row, event, row.to_team_id, "it was taken back: nobody answered in time", now)
    session.flush()


def _message_arrived() -> ColumnElement[bool]:
    return exists().where(
        Message.person_id == Referral.person_id,
        Message.referral_id == Referral.id,
        Message.team_id == Referral.to_team_id,
        Message.state == MessageState.SENT,
    )


def _opened() -> ColumnElement[bool]:
    in_team = select(TeamMember.staff_id).where(
        TeamMember.team_id == Referral.to_team_id, TeamMember.period.contains(JournalEntry.at)
    )
    return exists().where(
        JournalEntry.person_id == Referral.person_id,
        JournalEntry.subject_uuid == Referral.uuid,
        JournalEntry.what == "looked at",
        JournalEntry.staff_id.in_(in_team),
    )


def _look(row: Referral) -> ColumnElement[bool]:
    in_team = select(TeamMember.staff_id).where(
        TeamMember.team_id == row.to_team_id, TeamMember.period.contains(JournalEntry.at)
    )
    return (
        (JournalEntry.person_id == row.person_id)
        & (JournalEntry.subject_uuid == row.uuid)
        & (JournalEntry.what == "looked at")
        & JournalEntry.staff_id.in_(in_team)
    )
