"""From an inbox into the database, batch by batch: acknowledged when committed, tried again if need be."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from threading import Event

from psycopg.errors import CheckViolation
from sqlalchemy import exc

from core.db import Db
from devices import found, last_word, partitions, rejected, storing
from devices.found import Noticed
from devices.gather import Arrivals, Batch, Refusal, gather
from devices.inbox import Inbox, Message
from devices.lanes import Lane
from devices.last_word import Heard
from devices.overlap import Overlap
from devices.series import SeriesKey
from devices.speakers import Speakers
from devices.storing import POISON

log = logging.getLogger(__name__)

MOST_SERIES = 200_000
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

PASSING = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError)
"""The database is away, full, standing by or in a deadlock: nothing is wrong with the messages."""


@dataclass(slots=True)
class Counts:
    """What a line has done since it started; seconds are spent by all messages together."""

    received: int = 0
    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    nothing: int = 0
    batches: int = 0
    retried: int = 0
    decode_seconds: float = 0.0
    store_seconds: float = 0.0
    ack_seconds: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def said(self) -> dict[str, float]:
        """The counts by name, with the time of each stage as microseconds a message."""
        counts: dict[str, float] = {each.name: getattr(self, each.name) for each in fields(self)}
        for stage in ("decode", "store", "ack"):
            spent = counts.pop(f"{stage}_seconds")
            counts[f"{stage}_us"] = round(spent * 1e6 / max(self.received, 1), 1)
        return counts


class Line:
    """Stores what comes into one inbox by one or more lanes, for as long as its `work` is called."""

    def __init__(
        self, db: Db, inbox: Inbox, overlap: Overlap, *, safety: bool, most: int, linger: float
    ) -> None:
        """`most` messages make a batch, or as many as come within `linger` seconds of the first."""
        self.counts = Counts()
        self.inbox = inbox
        self._safety = safety
        self._in_work: datetime | None = None
        self._db = db
        self._overlap = overlap
        self._most = most
        self._linger = linger
        self._lanes: dict[int, Lane] = {}
        self._speakers = Speakers()
        self._series: dict[SeriesKey, int] = {}
        self._heard = Heard()
        self._found = Noticed()
        self._arrivals = Arrivals()

    def serve(self, lane: Lane) -> None:
        """Acknowledge to this lane what came by it."""
        self._lanes[lane.number] = lane

    def oldest_waiting(self) -> datetime | None:
        """When the oldest message came that is not stored yet; None when all are."""
        return min(filter(None, (self._in_work, self.inbox.oldest_received_at())), default=None)

    def work(self, stop: Event, wait: float) -> bool:
        """Store one batch; whether there was one within `wait` seconds."""
        messages = self.inbox.take(self._most, self._linger, wait)
        if not messages:
            return False
        self.counts.received += len(messages)
        self._in_work = messages[0].received_at
        settle = self._overlap.settle
        self._store_in_the_end([settle(message, safety=self._safety) for message in messages], stop)
        self._in_work = None
        return True

    def _store_in_the_end(self, messages: list[Message], stop: Event) -> None:
        """Store and acknowledge; while the database is away, wait for it, unless we are to stop.

        What can't be stored is found by halving, so that one bad message costs its neighbours a moment only.
        """
        failures = 0
        while True:
            try:
                self._store(messages)
            except PASSING as fault:
                failures += 1
                self.counts.retried += 1
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
                log.warning(
                    "storing failed, trying again",
                    extra={"safety": self._safety, "error": type(fault).__name__, "pause": pause},
                )
                if stop.wait(pause):
                    return
            except POISON as fault:
                if self._made_room_for(fault):
                    continue
                if len(messages) == 1:
                    self._reject(messages[0], fault, stop)
                else:
                    middle = len(messages) // 2
                    self._store_in_the_end(messages[:middle], stop)
                    self._store_in_the_end(messages[middle:], stop)
                return
            else:
                return

    def _made_room_for(self, fault: Exception) -> bool:
        """Whether the month of a reading was missing, after a leap of our clock, and is there now."""
        if not (isinstance(fault, exc.IntegrityError) and isinstance(fault.orig, CheckViolation)):
            return False
        try:
            with self._db.transaction() as session:
                return partitions.make_ahead(session, self._db.clock.now()) > 0
        except PASSING:
            return True  # away again: the message is as good as before

    def _store(self, messages: list[Message]) -> None:
        began = time.perf_counter()
        now = self._db.clock.now()
        missing = self._speakers.missing(message.topic for message in messages)
        if missing:
            with self._db.transaction() as session:
                self._speakers.learn(session, missing, now)
        batch = gather(messages, self._speakers.of, self._arrivals, partitions.retention_start(now))
        if batch is None:
            return
        decoded = time.perf_counter()
        self._commit(batch)
        stored = time.perf_counter()
        self._acknowledge(messages)
        self.counts.decode_seconds += decoded - began
        self.counts.store_seconds += stored - decoded
        self.counts.ack_seconds += time.perf_counter() - stored

    def _commit(self, batch: Batch) -> None:
        now = self._db.clock.now()
        words = self._heard.worth_writing(batch.words)
        sensors = self._found.worth_writing(batch.found)
        with self._db.transaction() as session:
            stored = storing.store(session, batch, self._series, now)
            last_word.write(session, words, now)
            found.write(session, sensors, now)
            found.announce(session, batch.announced)
            rejected.keep(session, batch.refusals)
        self._remember(stored.series)
        self._heard.written(words)
        self._found.written(sensors)
        counts = self.counts
        counts.batches += 1
        counts.stored += stored.stored
        counts.duplicates += stored.duplicates
        counts.conflicts += stored.conflicts
        counts.rejected += len(batch.refusals)
        counts.nothing += batch.nothing

    def _remember(self, fresh: Mapping[SeriesKey, int]) -> None:
        if len(self._series) > MOST_SERIES:
            self._series.clear()
        self._series.update(fresh)

    def _reject(self, message: Message, fault: Exception, stop: Event) -> None:
        """Keep a message that can't be stored however it is tried."""
        log.warning("a message can't be stored", extra={"error": type(fault).__name__})
        refusal = Refusal(message, None, storing.UNSTORABLE, storing.WHY_UNSTORABLE)
        batch = Batch(message.received_at, refusals=[refusal])
        failures = 0
        while True:
            try:
                self._commit(batch)
            except PASSING:
                failures += 1
                if stop.wait(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))):
                    return
            else:
                self._acknowledge([message])
                return

    def _acknowledge(self, messages: list[Message]) -> None:
        by_lane: dict[int, list[Message]] = {}
        for message in messages:
            by_lane.setdefault(message.lane, []).append(message)
        for number, of_lane in by_lane.items():
            lane = self._lanes.get(number)
            if lane is not None:
                lane.acknowledge(of_lane)
