"""A check of somebody that has lapsed, or holds still."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from people.models.agencies import Staff
from people.models.checks import StaffCheck


def lapse(session: Session, staff: Staff, now: datetime, *, days: int = 1) -> StaffCheck:
    """Their lone-worker induction ended `days` ago; below zero, it ends in as many."""
    row = StaffCheck(
        staff_id=staff.id, name="Lone-worker induction", done_on=now.date() - timedelta(days=400),
        valid_until=now.date() - timedelta(days=days), recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
