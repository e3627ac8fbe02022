"""The months of readings: made ahead of time, so that no reading ever finds its month missing."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

KEPT = timedelta(days=425)
"""How far back a reading may be dated: fourteen months, which a year beside the year before needs."""
AHEAD = timedelta(days=92)

_ENSURE = text("SELECT ensure_readings_partitions(CAST(:first AS date), CAST(:last AS date))")


def retention_start(now: datetime) -> datetime:
    """The earliest time a reading is stored by at `now`; an earlier one is a wrong clock."""
    return now - KEPT


def make_ahead(session: Session, now: datetime) -> int:
    """Make the months from the start of retention to three months ahead; return how many were missing."""
    first, last = retention_start(now).date(), (now + AHEAD).date()
    made: int = session.execute(_ENSURE, {"first": first, "last": last}).scalar_one()
    return made
