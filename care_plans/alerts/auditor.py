"""Our own silence is an alarm: proves that every open alert has a next step that is not overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from core.clock import real_time
from core.db import clock_of
from core.models import Heartbeat

NAME = "auditor"
OVERDUE = 120.0
"""Real seconds by which a next step may be late: two rounds of a slow escalator."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An open alert that nothing is about to happen to; `since` when it should have, None if never."""

    alert_uuid: UUID
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Audit:
    """What the auditor last found; `at` in real time."""

    at: datetime
    open: int
    faults: int


def audit(session: Session, now: datetime) -> list[Fault]:
    """Every open alert without a next step, or with one overdue; that it has looked is put on record."""
    late = now - timedelta(seconds=OVERDUE * max(1.0, clock_of(session).factor))
    rows = session.execute(
        select(Alert.uuid, Alert.escalate_after)
        .where(
            Alert.closed_at.is_(None),
            or_(Alert.escalate_after.is_(None), Alert.escalate_after < late),
        )
        .order_by(Alert.escalate_after.nulls_first(), Alert.id)
    )
    faults = [Fault(*row) for row in rows]
    open_ = session.scalar(select(func.count()).select_from(Alert).where(Alert.closed_at.is_(None))) or 0
    said = {
        "at": real_time().now(),
        "oldest_waiting_seconds": None,
        "counts": {"open": open_, "faults": len(faults)},
    }
    session.execute(
        insert(Heartbeat)
        .values(name=NAME, **said)
        .on_conflict_do_update(index_elements=[Heartbeat.name], set_=said)
    )
    return faults


def find_last(session: Session) -> Audit | None:
    """What the auditor said last; None if it has never looked."""
    row = session.get(Heartbeat, NAME, populate_existing=True)
    return None if row is None else Audit(row.at, row.counts["open"], row.counts["faults"])
