"""Somebody who did not answer is rung again: whoever rang is told when nobody has by then."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.ringing import ContactAttempt
from care_plans.models.work import FollowUp

GRACE = timedelta(minutes=10)
"""How long after it would count the next call may be made before the team is told; a default to confirm."""
WHY = "nobody answered, and nobody has rung again"


def expect(session: Session, attempt: ContactAttempt, again_at: datetime | None) -> None:
    """Let nothing be waited for of the person but the next call after this attempt, if one is needed."""
    session.flush()
    session.execute(
        update(ContactAttempt)
        .where(ContactAttempt.person_id == attempt.person_id, ContactAttempt.remind_at.is_not(None))
        .values(remind_at=None)
    )
    attempt.remind_at = again_at + GRACE if again_at is not None else None


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Tell the teams of calls that were tried and then left, once each; whether there were any."""
    rows = session.execute(
        select(ContactAttempt, FollowUp)
        .join(FollowUp, FollowUp.id == ContactAttempt.follow_up_id)
        .where(ContactAttempt.remind_at <= now)
        .order_by(ContactAttempt.remind_at)
        .limit(limit)
        .with_for_update(of=ContactAttempt, skip_locked=True)
    ).all()
    for attempt, row in rows:
        attempt.remind_at = None
        if row.done_at is not None or row.deleted_at is not None or attempt.undone_at is not None:
            continue
        whom = about.find(session, row.person_id, row.home_id, now)
        words = wording.follow_up(row.kind.value, whom, why=WHY, due_at=row.due_at)
        taken = [Recipient(staff_id=row.staff_id)] if row.staff_id is not None else []
        for each in (Recipient(team_id=row.team_id), *taken):
            outbox.queue(
                session, each, words, key=f"attempt {attempt.id}", now=now, person_id=row.person_id,
                follow_up_id=row.id, can_wait=False,
            )  # fmt: skip
    session.flush()
    return bool(rows)
