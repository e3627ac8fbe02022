"""What each worker says of itself, kept where a screen and a metrics page can see it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import real_time
from core.db import Db
from core.models import Heartbeat

LISTENING = "listening"
"""A count that is 1 while a worker hears what it is there to hear, and 0 while it lives and hears nothing."""
SEATS = "seats"
"""A count of how many shares of the load a worker has, where several have all of them together."""
TICKS = "ticks"
"""Among a timetable's counts: for each tick, by its name, how many seconds before the heartbeat it last went
WELL, and from how many on it is LATE."""
WELL, LATE = "well", "late"
WAITS = "waits"
"""And how many domain seconds the oldest thing has waited for it, where the tick can tell."""


def beat(db: Db, name: str, oldest_waiting_seconds: float | None, counts: Mapping[str, Any]) -> None:
    """Write down that the worker `name` lives, in a transaction of its own; times are real.

    `oldest_waiting_seconds` is the age of the oldest thing that waits for it, None when nothing does;
    `counts` is what it has counted since it started.
    """
    said = {
        "at": real_time().real_start,
        "oldest_waiting_seconds": oldest_waiting_seconds,
        "counts": dict(counts),
    }
    row = insert(Heartbeat).values(name=name, **said)
    with db.transaction() as session:
        session.execute(row.on_conflict_do_update(index_elements=[Heartbeat.name], set_=said))


def list_all(session: Session) -> list[Heartbeat]:
    """Every worker's last heartbeat, by name."""
    return list(session.scalars(select(Heartbeat).order_by(Heartbeat.name)))
