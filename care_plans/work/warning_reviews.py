"""Asks the team that answers for a warning about a visit to look at it again when that is due (H22)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups
from people.models.identity import VisitWarning

TEXT = "Review the warning about visits here: does it hold still?"
WITHIN = timedelta(days=2)


def step(session: Session, now: datetime, limit: int = 50) -> bool:
    """Ask for the reviews that are due, once each; whether there were any."""
    rows = session.scalars(
        select(VisitWarning)
        .where(
            VisitWarning.review_on <= now.date(),
            VisitWarning.ended_at.is_(None),
            VisitWarning.review_asked_at.is_(None),
            VisitWarning.deleted_at.is_(None),
        )
        .order_by(VisitWarning.review_on)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        follow_ups.make(
            session, kind=FollowUpKind.REVIEW, text=TEXT, team_id=row.owner_team_id, due_at=now + WITHIN,
            now=now, person_id=row.person_id, home_id=row.home_id,
        )  # fmt: skip
        row.review_asked_at = now
    session.flush()
    return bool(rows)
