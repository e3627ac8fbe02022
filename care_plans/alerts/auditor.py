"""Our own silence is an alarm: proves that every open alert has a next step that is not overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.visits import Visit
from core.clock import real_time
from core.db import clock_of
from core.models import Heartbeat

NAME = "auditor"
OVERDUE = 60.0
"""Real seconds by which a next step may be late: two rounds of a slow escalator."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An open alert that nothing is about to happen to; `since` when it should have, None if never.

    Or a visit whose leave-by time passed without an alert about whoever went: then it is the visit's uuid.
    """

    alert_uuid: UUID
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Audit:
    """What the auditor last found; `at` in real time."""

    at: datetime
    open: int
    faults: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: how many alerts are open, and which of them nothing is about to happen to."""

    open: int
    faults: list[Fault]


def audit(session: Session, now: datetime) -> list[Fault]:
    """Every open alert without a next step, or with one overdue, and every visit that nobody looks out for.

    That it has looked is put on record.
    """
    looked = look(session, now)
    note(session, looked)
    return looked.faults


def look(session: Session, now: datetime) -> Looked:
    """The same; nothing is written."""
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
    unseen = session.execute(
        select(Visit.uuid, Visit.leave_by)
        .where(Visit.ended_at.is_(None), Visit.overdue_at.is_(None), Visit.leave_by < late)
        .order_by(Visit.leave_by)
    )
    faults += [Fault(*row) for row in unseen]
    open_ = session.scalar(select(func.count()).select_from(Alert).where(Alert.closed_at.is_(None))) or 0
    return Looked(open_, faults)


def note(session: Session, looked: Looked) -> None:
    """Put on record that we have looked, and what was found."""
    said = {
        "at": real_time().now(),
        "oldest_waiting_seconds": None,
        "counts": {"open": looked.open, "faults": len(looked.faults)},
    }
    session.execute(
        insert(Heartbeat)
        .values(name=NAME, **said)
        .on_conflict_do_update(index_elements=[Heartbeat.name], set_=said)
    )


def find_last(session: Session) -> Audit | None:
    """What the auditor said last; None if it has never looked."""
    row = session.get(Heartbeat, NAME, populate_existing=True)
    return None if row is None else Audit(row.at, row.counts["open"], row.counts["faults"])
