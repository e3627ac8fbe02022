"""Reminds whoever has a follow-up that it is due soon; of what nobody has taken, the team that has it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.work import FollowUp, FollowUpEvent
from care_plans.work import part_in_care

BEFORE = timedelta(hours=1)
"""How long before it is due; a default."""
LONG_AHEAD = timedelta(hours=4)
"""What was asked, or moved, later than this before it is due is fresh in mind and needs no reminder."""
SOON = "due within the hour"
NOBODY_YET = f"{SOON}, and nobody has taken it"


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Remind of what falls due within the hour, once of each time that it is due; whether there was any.

    What a plan asks for again and again is worked through from a list: of that only whoever has taken one is
    reminded.
    """
    rows = session.scalars(
        select(FollowUp)
        .where(
            FollowUp.done_at.is_(None),
            FollowUp.deleted_at.is_(None),
            FollowUp.due_at > now,
            FollowUp.due_at <= now + BEFORE,
            FollowUp.reminded_for.is_distinct_from(FollowUp.due_at),
        )
        .order_by(FollowUp.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.reminded_for = row.due_at
        if _since(session, row) <= row.due_at - LONG_AHEAD:
            _remind(session, row, now)
    session.flush()
    return bool(rows)


def _since(session: Session, row: FollowUp) -> datetime:
    """Since when it has been due then: when it was made, or last moved."""
    at = session.scalar(
        select(func.max(FollowUpEvent.at)).where(
            FollowUpEvent.follow_up_id == row.id, FollowUpEvent.what.in_(("made", "rescheduled"))
        )
    )
    return at or row.due_at


def _remind(session: Session, row: FollowUp, now: datetime) -> None:
    if row.staff_id is None and row.schedule_key is not None:
        return
    if not part_in_care.may_know(session, row.team_id, row.person_id, row.home_id, row.alert_id, now):
        return  # once it is missed, whoever leads the care is told
    to = Recipient(staff_id=row.staff_id) if row.staff_id is not None else Recipient(team_id=row.team_id)
    outbox.queue(
        session,
        to,
        _words(session, row, now),
        key=f"follow-up {row.uuid} due {row.due_at.isoformat()}",
        now=now,
        person_id=None if row.restricted else row.person_id,
        follow_up_id=None if row.restricted else row.id,
    )


def _words(session: Session, row: FollowUp, now: datetime) -> Words:
    whom = about.find(session, row.person_id, row.home_id, now)
    if row.restricted:
        return wording.restricted(SOON, due_at=row.due_at, zone=whom.zone)
    why = SOON if row.staff_id is not None else NOBODY_YET
    return wording.follow_up(row.kind.value, whom, why=why, due_at=row.due_at)
