"""From an inbox into the database, batch by batch: acknowledged when committed, tried again if need be."""

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from threading import Event, Lock
from typing import NamedTuple

from psycopg.errors import CheckViolation
from sqlalchemy import exc

from core.db import Db
from devices import found, heard_ways, last_word, partitions, rejected, storing
from devices.echoes import WITHIN, Echoes
from devices.found import Noticed
from devices.gather import Arrivals, Batch, Refusal, gather
from devices.heard_ways import Ways
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


class Handful(NamedTuple):
    """Messages that were taken from the inbox, and what they say; None when that could not be told yet."""

    messages: list[Message]
    batch: Batch | None


class Line:
    """Stores what comes into one inbox by one or more lanes, for as long as its `work` is called.

    `work` is `take` and then `store`, which may as well be called by two threads, one each: see `ahead`.
    """

    def __init__(
        self, db: Db, inbox: Inbox, overlap: Overlap, *, safety: bool, most: int, linger: float
    ) -> None:
        """`most` messages make a batch, or as many as come within `linger` seconds of the first."""
        self.counts = Counts()
        self.inbox = inbox
        self._safety = safety
        self._in_work: deque[datetime] = deque()
        self._decoding = Lock()
        self._db = db
        self._overlap = overlap
        self._most = most
        self._linger = linger
        self._lanes: dict[int, Lane] = {}
        self._speakers = Speakers()
        self._series: dict[SeriesKey, int] = {}
        self._heard = Heard()
        self._found = Noticed()
        self._ways = Ways()
        self._arrivals = Arrivals()
        self._echoes = Echoes(WITHIN * max(db.clock.factor, 1.0))

    def serve(self, lane: Lane) -> None:
        """Acknowledge to this lane what came by it."""
        self._lanes[lane.number] = lane

    def leave(self, lane: Lane) -> None:
        """Acknowledge no more to this lane: what came by it comes again, by whoever takes over."""
        self._lanes.pop(lane.number, None)

    def oldest_waiting(self) -> datetime | None:
        """When the oldest message came that is not stored yet; None when all are."""
        return min(filter(None, (*self._in_work, self.inbox.oldest_received_at())), default=None)

    def work(self, stop: Event, wait: float) -> bool:
        """Store one batch; whether there was one within `wait` seconds."""
        taken = self.take(wait)
        if taken is not None:
            self.store(taken, stop)
        return taken is not None

    def take(self, wait: float) -> Handful | None:
        """Take messages from the inbox and decode them; None when none came within `wait` seconds.

        What stands in the way of decoding them is left for `store` to meet again, and to deal with.
        """
        messages = self.inbox.take(self._most, self._linger, wait)
        if not messages:
            return None
        self.counts.received += len(messages)
        self._in_work.append(messages[0].received_at)
        settle = self._overlap.settle
        messages = [settle(message, safety=self._safety) for message in messages]
        try:
            return Handful(messages, self._decode(messages))
        except (*PASSING, *POISON):
            return Handful(messages, None)

    def store(self, taken: Handful, stop: Event) -> None:
        """Store what was taken and acknowledge it; while the database is away, wait, unless we are to stop.

        Handfuls are stored in the order they were taken in.
        """
        self._store_in_the_end(taken.messages, taken.batch, stop)
        self._in_work.popleft()

    def _store_in_the_end(self, messages: list[Message], batch: Batch | None, stop: Event) -> None:
        """What can't be stored is found by halving: one bad message costs its neighbours a moment only.

        What is tried again as a whole is not decoded again: what has no time of its own must keep the one it
        was given, in case the commit of which we heard nothing was one.
        """
        failures = 0
        while True:
            try:
                batch = batch or self._decode(messages)
                self._commit(batch)
                self._acknowledge(messages)
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
                    self._store_in_the_end(messages[:middle], None, stop)
                    self._store_in_the_end(messages[middle:], None, stop)
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

    def _decode(self, messages: list[Message]) -> Batch:
        began = time.perf_counter()
        with self._decoding:
            now = self._db.clock.now()
            missing = self._speakers.missing(message.topic for message in messages)
            if missing:
                with self._db.transaction() as session:
                    self._speakers.learn(session, missing, now)
            batch = gather(
                messages, self._speakers.of, self._arrivals, partitions.retention_start(now), self._echoes
            )
        self.counts.decode_seconds += time.perf_counter() - began
        return batch or Batch(messages[0].received_at)

    def _commit(self, batch: Batch) -> None:
        began = time.perf_counter()
        now = self._db.clock.now()
        words = self._heard.worth_writing(batch.words)
        sensors = self._found.worth_writing(batch.found)
        ways = self._ways.worth_writing(batch.ways)
        with self._db.transaction() as session:
            stored = storing.store(session, batch, self._series, now)
            last_word.write(session, words, now)
            found.write(session, sensors, now)
            found.announce(session, batch.announced)
            heard_ways.write(session, ways)
            rejected.keep(session, batch.refusals)
        self._remember(stored.series)
        self._heard.written(words)
        self._found.written(sensors)
        self._ways.written(ways)
        counts = self.counts
        counts.batches += 1
        counts.stored += stored.stored
        counts.duplicates += stored.duplicates + batch.echoes
        counts.conflicts += stored.conflicts
        counts.rejected += len(batch.refusals)
        counts.nothing += batch.nothing
        counts.store_seconds += time.perf_counter() - began

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
        began = time.perf_counter()
        by_lane: dict[int, list[Message]] = {}
        for message in messages:
            by_lane.setdefault(message.lane, []).append(message)
        for number, of_lane in by_lane.items():
            lane = self._lanes.get(number)
            if lane is not None:
                lane.acknowledge(of_lane)
        self.counts.ack_seconds += time.perf_counter() - began
