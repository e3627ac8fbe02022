"""The worker between broker and database: takes messages in on separate lanes and loses none."""

import gc
import itertools
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from devices import assignments, fast_lane, partitions, silences
from devices.ahead import Ahead
from devices.inbox import Inbox
from devices.lanes import Lane, MqttAddress
from devices.line import PASSING, Line
from devices.models import Device, Route
from devices.overlap import Overlap
from devices.seats import SAFETY, Seats
from devices.share import ALONE, EVERYTHING, Share
from devices.speakers import Speakers
from devices.ways import Way

log = logging.getLogger(__name__)

ORDINARY = EVERYTHING

MOST, LINGER = 500, 0.05
"""Half of what NATS hands out unacknowledged: one batch is decoded while another is stored."""
WAIT = 0.5
COLLECT_AFTER = 100_000
"""New objects after which Python looks for cycles among them. A batch makes tens of thousands and no cycle;
at Python's own 700, a quarter of intake's time goes into looking."""
SWITCH_EVERY = 0.0005
"""Seconds a thread may keep Python to itself. At Python's own 0.005 whoever has the database's answer waits
longer for its turn than it waited for the answer."""
BEAT_EVERY, LOOK_EVERY, MAKE_MONTHS_EVERY = 5.0, 10.0, 3600.0
SIT_EVERY = 1.0
"""Seconds between two looks at which seats are ours: how long nobody has those of a worker that died."""
BOTH_WAYS_WITHIN = timedelta(seconds=10)
DEAF_AFTER = timedelta(seconds=60)
"""How long intake may hear nothing of the broker before kit's silence is ours; it looks every LOOK_EVERY."""
STILL_OPEN = timedelta(seconds=60)
"""How long a transaction that assigns kit may stay open and its subject still be woken after it."""

Heartbeat = Callable[[float | None, Mapping[str, float]], None]


class Intake:
    """One intake worker. `name` is its identity at the broker: two workers must not share one.

    Unless they share the load: then all have one name, the sessions at the broker are seats, and each seat is
    one worker's at a time. Whose worker dies, or is stopped, is taken over by another within seconds.

    Life-safety has connections, a thread and a database connection to itself, so that a flood of ordinary
    messages does not hold up a press. Both ways store by the same rules.
    """

    def __init__(
        self,
        db: Db,
        mqtt: MqttAddress,
        name: str = "hearth-intake",
        *,
        most: int = MOST,
        linger: float = LINGER,
        share: Share = ALONE,
    ) -> None:
        """A batch is `most` messages, or those that come within `linger` seconds of its first."""
        self._db = db
        self._mqtt = mqtt
        self._name = name
        self._share = share
        self._seats = Seats(db.engine, share.seats) if share.is_shared else None
        overlap = Overlap(BOTH_WAYS_WITHIN * max(db.clock.factor, 1.0))
        self._ordinary = Line(db, Inbox(), overlap, safety=False, most=most, linger=linger)
        self._safety = Line(db, Inbox(), overlap, safety=True, most=most, linger=0.0)
        self._ways: dict[int, Way] = {}
        self._numbers = itertools.count(1)
        self._routes: list[str] = []
        self._protect: list[str] = []
        self._routes_of_safety: Sequence[str] = ()
        self._speakers = Speakers()
        self._failure: Exception | None = None
        self._ended = Event()
        self._looked_at = self._beat_at = self._months_at = self._sat_at = float("-inf")
        self._was_listening = False
        self._woken_until = db.clock.now()

    @property
    def seats(self) -> frozenset[int]:
        """Which seats this worker has: SAFETY for the life-safety lane, the others from 1."""
        return frozenset(self._ways)

    @property
    def connected(self) -> bool:
        """Whether every lane stands."""
        ways = list(self._ways.values())
        return bool(ways) and all(way.lanes and all(lane.connected for lane in way.lanes) for way in ways)

    @property
    def listening(self) -> bool:
        """Whether every lane hears what it asked for: from then on no message is lost.

        A broker that refuses the topic of one piece of kit is told of in the log; one that refuses what all
        kit speaks on lets us hear nothing. Who stands by for other workers hears nothing either.
        """
        ways = list(self._ways.items())
        lanes = [lane for _, way in ways for lane in way.lanes]
        refused = {topic for lane in lanes for topic in lane.refused}
        needed = {topic for seat, _ in ways for topic in self._needed(seat)}
        return (
            bool(ways)
            and all(way.lanes for _, way in ways)
            and all(lane.listening for lane in lanes)
            and refused.isdisjoint(needed)
        )

    def run(self, stop: Event, heartbeat: Heartbeat | None = None) -> None:
        """Take messages in until `stop` is set; then store and acknowledge what was taken, and take leave.

        `heartbeat` is called every few seconds with the real age in seconds of the oldest message that is
        not stored (None without any) and the counts. An error that is no message's fault ends the worker and
        loses nothing: what was not acknowledged comes again.
        """
        collected_every, switched_every = gc.get_threshold(), sys.getswitchinterval()
        gc.set_threshold(COLLECT_AFTER, *collected_every[1:])
        sys.setswitchinterval(SWITCH_EVERY)
        if self._seats is None:
            self._open(SAFETY)
            self._open(1)
        safety = Thread(target=self._keep_safe, args=(stop,), name="life-safety", daemon=True)
        safety.start()
        ahead = Ahead(self._ordinary, stop, "storing")
        try:
            while not (stop.is_set() or self._ended.is_set()):
                self._refuse_deafness()
                self._tend(heartbeat)
                ahead.work(WAIT)
            self._ordinary.inbox.close()
            while ahead.work(0.0):
                continue
            ahead.close()
        finally:
            self._ended.set()
            ahead.end()
            safety.join()
            for seat in self.seats:
                self._close(seat)
            if self._seats is not None:
                self._seats.close()
            gc.set_threshold(*collected_every)
            sys.setswitchinterval(switched_every)
        if self._failure is not None:
            raise self._failure

    def _refuse_deafness(self) -> None:
        """Raise what ended a lane, if one has ended: intake begins anew rather than miss what it brings."""
        for way in self._ways.values():
            for lane in way.lanes:
                if lane.failure is not None:
                    raise lane.failure

    def _keep_safe(self, stop: Event) -> None:
        try:
            while not (stop.is_set() or self._ended.is_set()):
                self._safety.work(stop, WAIT)
            self._safety.inbox.close()
            while self._safety.work(stop, 0.0):
                continue
        except Exception as fault:
            # Raised again by `run`: a worker whose life-safety lane has ended must not go on without it.
            self._failure = fault
            log.exception("the life-safety lane ended")
        finally:
            self._ended.set()

    def _open(self, seat: int) -> None:
        """Connect as this seat's session, and ask for what it is there to hear."""
        name = "safety" if seat == SAFETY else "ordinary" if self._seats is None else f"seat-{seat}"
        line = self._safety if seat == SAFETY else self._ordinary

        def make(client_id: str, topics: frozenset[str]) -> Lane:
            number = next(self._numbers)
            return Lane(number, self._mqtt, client_id, topics, line.inbox, self._db.clock.now)

        self._ways[seat] = Way(f"{self._name}-{name}", line, make)
        self._widen(seat)

    def _close(self, seat: int) -> None:
        self._ways.pop(seat).close()

    def _widen(self, seat: int) -> None:
        self._ways[seat].widen(
            [*self._share.safety(self._protect), *self._routes_of_safety]
            if seat == SAFETY
            else [*self._share.ordinary(seat), *(self._routes if seat == 1 else ())]
        )

    def _needed(self, seat: int) -> list[str]:
        """What a seat can't do without."""
        return self._share.safety([]) if seat == SAFETY else self._share.ordinary(seat)

    def _sit(self, seats: Seats) -> None:
        """Leave seats that are not ours any more, or that others wait for, and take those that are free."""
        surplus = seats.surplus()
        for seat in {*surplus, *(self.seats - seats.held)}:
            self._close(seat)
        seats.give(surplus)
        for seat in seats.take():
            log.info("seat taken", extra={"seat": seat})
            self._open(seat)

    def _tend(self, heartbeat: Heartbeat | None) -> None:
        """What has to be done now and then; while the database is away, it is done later."""
        moment = time.monotonic()
        try:
            if self._seats is not None and moment - self._sat_at >= SIT_EVERY:
                self._sit(self._seats)
                self._sat_at = moment
            if moment - self._months_at >= MAKE_MONTHS_EVERY:
                with self._db.transaction() as session:
                    partitions.make_ahead(session, self._db.clock.now())
                self._months_at = moment
            if moment - self._looked_at >= LOOK_EVERY:
                self._look()
                self._looked_at = moment
            turned = self.listening != self._was_listening
            if heartbeat is not None and (turned or moment - self._beat_at >= BEAT_EVERY):
                heartbeat(self.oldest_waiting(), self.counts())
                self._beat_at, self._was_listening = moment, self.listening
        except PASSING as fault:
            log.warning("the database is away", extra={"error": type(fault).__name__})

    def _look(self) -> None:
        """Take in what was registered or assigned since the last look."""
        now = self._db.clock.now()
        with self._db.transaction() as session:
            self._routes = _route_filters(session)
            self._protect = fast_lane.topics(session, self._speakers)
            self._routes_of_safety = fast_lane.routes(session)
            if self.listening:
                silences.listen(session, now, DEAF_AFTER * max(self._db.clock.factor, 1.0))
            since = self._woken_until - STILL_OPEN * max(self._db.clock.factor, 1.0)
            assignments.wake_changed(session, since, now)
        self._woken_until = now
        for seat in self.seats:
            self._widen(seat)

    def oldest_waiting(self) -> float | None:
        """Real seconds since the oldest message came that is not stored; None when all are."""
        waiting = (line.oldest_waiting() for line in (self._ordinary, self._safety))
        oldest = min(filter(None, waiting), default=None)
        if oldest is None:
            return None
        return (self._db.clock.now() - oldest).total_seconds() / max(self._db.clock.factor, 1.0)

    def counts(self) -> dict[str, float]:
        """What was done since the start, by name; `urgent` is what came by the life-safety lanes."""
        ordinary, safety = self._ordinary.counts, self._safety.counts
        return {**(ordinary + safety).said(), "urgent": safety.received}


def _route_filters(session: Session) -> list[str]:
    return list(
        session.scalars(
            select(Route.topic_filter)
            .join(Device, Device.id == Route.device_id)
            .where(Device.deleted_at.is_(None))
            .order_by(Route.id)
        )
    )
