"""The worker between broker and database: takes messages in on separate lanes and loses none."""

import gc
import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.db import Db
from devices import assignments, partitions
from devices.ahead import Ahead
from devices.inbox import Inbox
from devices.lanes import Lane, MqttAddress
from devices.line import PASSING, Line
from devices.models import Device, Route
from devices.overlap import Overlap

log = logging.getLogger(__name__)

ORDINARY = "hearth/v1/+/+/#"
URGENT = "hearth/v1/+/urgent"
TOPICS_A_LANE = 30
"""A broker holds back only so many unacknowledged messages a session, shared out among its filters: NATS
refuses a 64th filter of 1,024 each, and counts one that ends in # twice."""

MOST, LINGER = 500, 0.05
WAIT = 0.5
COLLECT_AFTER = 100_000
"""New objects after which Python looks for cycles among them. A batch makes tens of thousands and no cycle;
at Python's own 700, a quarter of intake's time goes into looking."""
SWITCH_EVERY = 0.0005
"""Seconds a thread may keep Python to itself. At Python's own 0.005 whoever has the database's answer waits
longer for its turn than it waited for the answer."""
BEAT_EVERY, LOOK_EVERY, MAKE_MONTHS_EVERY = 5.0, 10.0, 3600.0
BOTH_WAYS_WITHIN = timedelta(seconds=10)
STILL_OPEN = timedelta(seconds=60)
"""How long a transaction that assigns kit may stay open and its subject still be woken after it."""

Heartbeat = Callable[[float | None, Mapping[str, float]], None]


@dataclass(slots=True)
class _Way:
    """One of the two ways in: a line that stores, and the lanes that feed it."""

    name: str
    line: Line
    make: Callable[[str, int, frozenset[str]], Lane]
    lanes: list[Lane] = field(default_factory=list)

    def widen(self, wanted: Iterable[str]) -> None:
        """Subscribe to these filters in all, each on the lane it is on already; new ones where there is room.

        A filter never moves: what the broker still keeps for it on its lane would be lost.
        """
        ordered = list(dict.fromkeys(wanted))
        taken = [[topic for topic in ordered if topic in lane.topics] for lane in self.lanes]
        fresh = [topic for topic in ordered if not any(topic in of_one for of_one in taken)]
        for lane, of_one in zip(self.lanes, taken, strict=True):
            space = max(0, TOPICS_A_LANE - len(of_one))
            lane.subscribe([*of_one, *fresh[:space]])
            fresh = fresh[space:]
        while fresh:
            number = len(self.lanes) + 1
            lane = self.make(f"{self.name}-{number}", number, frozenset(fresh[:TOPICS_A_LANE]))
            self.lanes.append(lane)
            self.line.serve(lane)
            lane.start()
            fresh = fresh[TOPICS_A_LANE:]


class Intake:
    """One intake worker. `name` is its identity at the broker: two workers must not share one.

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
    ) -> None:
        """A batch is `most` messages, or those that come within `linger` seconds of its first."""
        self._db = db
        self._mqtt = mqtt
        overlap = Overlap(BOTH_WAYS_WITHIN * max(db.clock.factor, 1.0))
        self._ordinary = self._way(f"{name}-ordinary", overlap, safety=False, most=most, linger=linger)
        self._safety = self._way(f"{name}-safety", overlap, safety=True, most=most, linger=0.0)
        self._ways = (self._ordinary, self._safety)
        self._failure: Exception | None = None
        self._ended = Event()
        self._looked_at = self._beat_at = self._months_at = float("-inf")
        self._was_listening = False
        self._woken_until = db.clock.now()

    @property
    def connected(self) -> bool:
        """Whether every lane stands."""
        return all(way.lanes and all(lane.connected for lane in way.lanes) for way in self._ways)

    @property
    def listening(self) -> bool:
        """Whether every lane hears what it asked for: from then on no message is lost.

        A broker that refuses the topic of one piece of kit is told of in the log; one that refuses what all
        kit speaks on lets us hear nothing.
        """
        lanes = [lane for way in self._ways for lane in way.lanes]
        refused = {topic for lane in lanes for topic in lane.refused}
        return (
            all(way.lanes for way in self._ways)
            and all(lane.listening for lane in lanes)
            and refused.isdisjoint({ORDINARY, URGENT})
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
        self._ordinary.widen([ORDINARY])
        self._safety.widen([URGENT])
        safety = Thread(target=self._keep_safe, args=(stop,), name="life-safety", daemon=True)
        safety.start()
        ahead = Ahead(self._ordinary.line, stop, "storing")
        try:
            while not (stop.is_set() or self._ended.is_set()):
                self._refuse_deafness()
                self._tend(heartbeat)
                ahead.work(WAIT)
            self._ordinary.line.inbox.close()
            while ahead.work(0.0):
                continue
            ahead.close()
        finally:
            self._ended.set()
            safety.join()
            for lane in (*self._ordinary.lanes, *self._safety.lanes):
                lane.stop()
            gc.set_threshold(*collected_every)
            sys.setswitchinterval(switched_every)
        if self._failure is not None:
            raise self._failure

    def _refuse_deafness(self) -> None:
        """Raise what ended a lane, if one has ended: intake begins anew rather than miss what it brings."""
        for lane in (*self._ordinary.lanes, *self._safety.lanes):
            if lane.failure is not None:
                raise lane.failure

    def _keep_safe(self, stop: Event) -> None:
        try:
            while not (stop.is_set() or self._ended.is_set()):
                self._safety.line.work(stop, WAIT)
            self._safety.line.inbox.close()
            while self._safety.line.work(stop, 0.0):
                continue
        except Exception as fault:
            # Raised again by `run`: a worker whose life-safety lane has ended must not go on without it.
            self._failure = fault
            log.exception("the life-safety lane ended")
        finally:
            self._ended.set()

    def _way(self, name: str, overlap: Overlap, *, safety: bool, most: int, linger: float) -> _Way:
        inbox = Inbox()

        def make(client_id: str, number: int, topics: frozenset[str]) -> Lane:
            return Lane(number, self._mqtt, client_id, topics, inbox, self._db.clock.now)

        return _Way(name, Line(self._db, inbox, overlap, safety=safety, most=most, linger=linger), make)

    def _tend(self, heartbeat: Heartbeat | None) -> None:
        """What has to be done now and then; while the database is away, it is done later."""
        moment = time.monotonic()
        try:
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
            routes, sensors = _route_filters(session), _safety_filters(session)
            since = self._woken_until - STILL_OPEN * max(self._db.clock.factor, 1.0)
            assignments.wake_changed(session, since, now)
        self._woken_until = now
        self._ordinary.widen([ORDINARY, *routes])
        self._safety.widen([URGENT, *sensors])

    def oldest_waiting(self) -> float | None:
        """Real seconds since the oldest message came that is not stored; None when all are."""
        oldest = min(filter(None, (way.line.oldest_waiting() for way in self._ways)), default=None)
        if oldest is None:
            return None
        return (self._db.clock.now() - oldest).total_seconds() / max(self._db.clock.factor, 1.0)

    def counts(self) -> dict[str, float]:
        """What was done since the start, by name; `urgent` is what came by the life-safety lanes."""
        ordinary, safety = self._ordinary.line.counts, self._safety.line.counts
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


def _safety_filters(session: Session) -> list[str]:
    """The exact topics of life-safety sensors behind hubs, in any format, in the order of registration."""
    hub = aliased(Device)
    rows = session.execute(
        select(hub.key, Device.address)
        .join(hub, hub.id == Device.hub_id)
        .where(Device.life_safety, Device.deleted_at.is_(None), Device.revoked_at.is_(None))
        .order_by(Device.id)
    )
    return [f"hearth/v1/{key}/+/{address}" for key, address in rows]
