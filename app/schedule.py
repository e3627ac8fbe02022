"""The timetable: a few fixed ticks, held by one process at a time; deadlines themselves are columns."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core import heartbeats
from core.db import Db

log = logging.getLogger(__name__)
# A tick that is still at work is simply not begun again: that is meant, and no news.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)

TIMETABLE_LOCK = 4_711_002
LOOK_EVERY = 1.0
"""Seconds between two looks at whether we hold, or could hold, the timetable."""
MOST_AT_ONCE = 50
"""How often one tick may repeat a step that still finds work before it lets the others have their turn."""
LATE_ROUNDS = 3
"""A tick is late when it has not gone well for so many rounds and as long as a step may take; a default."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done every so many real seconds, and again at once while it finds work.

    A step that takes longer than `may_take` seconds (a default to be confirmed) counts as one that hangs.
    `waiting` says how many domain seconds the oldest thing has waited for it, where that is told apart.
    """

    name: str
    seconds: float
    step: Callable[[], bool]
    may_take: float = 60.0
    waiting: Callable[[], float | None] | None = None

    @property
    def late_after(self) -> float:
        """Seconds without a step that went well after which something is wrong."""
        return LATE_ROUNDS * self.seconds + self.may_take


class Timetable:
    """Runs the ticks while it holds the lock; with several processes the others stand by."""

    def __init__(self, db: Db, ticks: list[Tick], waiting: Callable[[], float | None]) -> None:
        """`waiting` says how many domain seconds the oldest thing has waited that ticks should have done."""
        self._db = db
        self._ticks = ticks
        self._waiting = waiting
        self._counts: dict[str, int] = {tick.name: 0 for tick in ticks} | {"failed": 0}
        self._well_at: dict[str, float] = {}

    def run(self, stop: Event) -> None:
        """Until `stop` is set: wait for the lock, tick, and stand down if the database connection is lost."""
        while not stop.is_set():
            try:
                with self._db.engine.connect() as connection:
                    if self._hold(connection):
                        self._tick_while_held(connection, stop)
            except (OperationalError, DBAPIError) as fault:
                log.warning("the timetable lost its database", extra={"error": type(fault).__name__})
            stop.wait(LOOK_EVERY)

    def _hold(self, connection: Connection) -> bool:
        held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": TIMETABLE_LOCK})
        connection.commit()
        return bool(held)

    def _tick_while_held(self, connection: Connection, stop: Event) -> None:
        # A thread for each tick: a mail server that is slow to answer keeps no ladder from climbing.
        threads = ThreadPoolExecutor(len(self._ticks))
        scheduler = BackgroundScheduler(executors={"default": threads}, timezone="UTC")
        self._well_at = {tick.name: monotonic() for tick in self._ticks}
        for tick in self._ticks:
            scheduler.add_job(
                self._take,
                "interval",
                args=(tick, stop),
                seconds=tick.seconds,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        log.info("the timetable is ours")
        try:
            while not stop.wait(LOOK_EVERY):
                connection.execute(text("SELECT 1"))
                connection.commit()
                counts = {**self._counts, heartbeats.TICKS: self._said_of_ticks()}
                heartbeats.beat(self._db, "schedule", self._waiting(), counts)
        finally:
            scheduler.shutdown(wait=True)
            connection.invalidate()

    def _said_of_ticks(self) -> dict[str, dict[str, float]]:
        """How long ago each tick went well, when that is too long, and what waits for it."""
        now = monotonic()
        said = {
            tick.name: {heartbeats.WELL: now - self._well_at[tick.name], heartbeats.LATE: tick.late_after}
            for tick in self._ticks
        }
        for tick in self._ticks:
            if tick.waiting is not None:
                said[tick.name][heartbeats.WAITS] = tick.waiting() or 0.0
        return said

    def _take(self, tick: Tick, stop: Event) -> None:
        try:
            for _ in range(MOST_AT_ONCE):
                self._counts[tick.name] += 1
                found_work = tick.step()
                self._well_at[tick.name] = monotonic()
                if not found_work or stop.is_set():
                    break
        except OperationalError as fault:
            self._counts["failed"] += 1
            log.warning(
                "a tick will be tried again", extra={"tick": tick.name, "error": type(fault).__name__}
            )
        except Exception:
            # One tick's fault must not end the timetable for the others; it is counted, logged and shown.
            self._counts["failed"] += 1
            log.exception("a tick failed", extra={"tick": tick.name})
