"""A simulated week lived through by the product's own code, minute by minute, without waiting."""

import gc
import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from bench.week_desk import Desk
from bench.week_homes import DAY, Place
from bench.week_laying import Laid, stand
from bench.week_truth import Claim, Knower, Worth, kinds_of
from care_plans.alerts import auditor, escalation, undelivered
from care_plans.channel import Channel
from care_plans.evaluating import protection, unread
from care_plans.evaluating.evaluate import Evaluator
from care_plans.messages import outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.models.alerts import Alert
from care_plans.plan import expecting
from care_plans.work import follow_ups, scheduled
from core.db import Db
from devices import silence, subjects
from devices.inbox import Inbox, Message
from devices.intake import BOTH_WAYS_WITHIN, COLLECT_AFTER, MOST
from devices.line import Line
from devices.overlap import Overlap
from devices.simulator import payloads
from devices.simulator.homes import emissions
from devices.simulator.house import Home, outages
from devices.simulator.kit import Format

MINUTE = timedelta(minutes=1)
STEP = 2 * MINUTE
"""How often what is ordinary is taken in and judged; what is life-safety is at once."""
AT_ONCE = timedelta(seconds=1)
"""How long after it came a message on the life-safety way is judged: a press waits for no minute."""
LAST_WILL = timedelta(seconds=90)
"""After how long a broker tells that a client is gone which said no goodbye: one and a half keep-alives."""


@dataclass
class Lived:
    """What is to be told of the run besides what stands in the database."""

    messages: int = 0
    readings: int = 0
    duplicates: int = 0
    rejected: int = 0
    judged: int = 0
    failed: int = 0
    stuck: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    shifts: set[tuple[int, datetime]] = field(default_factory=set)


def live(
    db: Db,
    laid: Sequence[Laid],
    knowers: Sequence[Knower],
    seed: int,
    start: datetime,
    end: datetime,
    tell: Callable[[datetime], None] = lambda _day: None,
) -> Lived:
    """Live from `start` to `end`: what kit says, who is judged, ladders, silences, and whoever answers.

    `tell` is called at the end of each day.
    """
    gc.set_threshold(COLLECT_AFTER)
    week = _Week(db, laid, knowers, seed)
    waiting = heapq.merge(*(_said(one.place, start, end) for one in laid), key=_came)
    following = next(waiting, None)
    minute = start
    while minute < end:
        until = minute + STEP
        came: list[Message] = []
        while following is not None and following.received_at < until:
            came.append(following)
            if following.topic.endswith("/urgent"):
                stand(db, min(following.received_at + AT_ONCE, until))
                week.take_in(came)
                week.judge()
                came = []
            following = next(waiting, None)
        stand(db, until)
        week.take_in(came)
        week.tick()
        if (until - start) % DAY == timedelta(0):
            tell(minute)
        minute = until
    return week.lived()


class _Week:
    """The workers of one installation, each given its turn."""

    def __init__(self, db: Db, laid: Sequence[Laid], knowers: Sequence[Knower], seed: int) -> None:
        self._db = db
        overlap = Overlap(BOTH_WAYS_WITHIN)
        self._ordinary = Line(db, Inbox(), overlap, safety=False, most=MOST, linger=0.0)
        self._safety = Line(db, Inbox(), overlap, safety=True, most=MOST, linger=0.0)
        self._evaluator = Evaluator(db)
        self._stop = Event()
        self._judge = Judge(laid, knowers)
        self._desk = Desk(seed, self._judge.worth)
        self._stuck: set[object] = set()

    def take_in(self, messages: Sequence[Message]) -> None:
        """What the broker hands over, by both ways as it does."""
        urgent = [message for message in messages if message.topic.endswith("/urgent")]
        for line, came in ((self._safety, urgent), (self._ordinary, messages)):
            line.inbox.put(came)
            while line.work(self._stop, 0.0):
                pass

    def judge(self) -> None:
        """Judge whoever waits: one claim takes all of so few."""
        self._evaluator.step()

    def tick(self) -> None:
        """One turn of the timetable; what looks at more than what is due has one every six minutes."""
        db, now = self._db, self._db.clock.now()
        with db.transaction() as session:
            silence.step(session, now, next_window=expecting.next_window)
            unread.wake_due(session, now)
        self.judge()
        with db.transaction() as session:
            while escalation.step(session, now):
                pass
            self._desk.work(session, now)
        if now.minute % 6 == 0:
            with db.transaction() as session:
                protection.step(session, now)
                scheduled.step(session, now)
                follow_ups.miss_due(session, now)
                self._desk.follow_up(session, now)
        if now.minute % 20 == 0:
            while outbox.step(db, {Channel.PAGE: PageCarrier()}, now, undelivered.note):
                pass
            with db.transaction() as session:
                self._stuck |= {fault.alert_uuid for fault in auditor.audit(session, now)}

    def lived(self) -> Lived:
        """What has been done."""
        counts = self._ordinary.counts + self._safety.counts
        return Lived(
            messages=self._ordinary.counts.received,
            readings=counts.stored,
            duplicates=counts.duplicates,
            rejected=counts.rejected,
            judged=self._evaluator.counts.judged,
            failed=self._evaluator.counts.failed,
            stuck=len(self._stuck),
            refused=dict(self._desk.refused),
            shifts=self._desk.worked,
        )


class Judge:
    """Tells what an alert was worth, by the home it is about."""

    def __init__(self, laid: Sequence[Laid], knowers: Sequence[Knower]) -> None:
        self._by_subject: dict[int, Knower] = {}
        self._suffixes: dict[int, str] = {}
        for one, knower in zip(laid, knowers, strict=True):
            self._by_subject[subjects.person(one.person_id).number] = knower
            self._by_subject[subjects.home(one.home_id).number] = knower
            for device, spec in zip(one.devices, one.place.home.kit, strict=True):
                self._suffixes[device] = spec.key_suffix

    def claim(self, alert: Alert) -> Claim:
        """What it says."""
        suffix = self._suffixes.get(alert.device_id) if alert.device_id is not None else None
        return Claim(alert.rule_key, kinds_of(alert.kind, alert.evidence), alert.raised_at, suffix)

    def knower(self, alert: Alert) -> Knower:
        """Who knows of the home that it is about."""
        return self._by_subject[alert.subject]

    def worth(self, alert: Alert) -> Worth:
        """What it was worth."""
        return self.knower(alert).worth(self.claim(alert))


def _said(place: Place, start: datetime, end: datetime) -> Iterator[Message]:
    """What the broker hands over of a home: its kit's messages, and last wills when a line goes down."""
    spoken = (Message(each.topic, each.payload, False, each.at) for each in emissions(place.home, start, end))
    wills = sorted(
        (each for each in _wills(place.home) if start <= each.received_at < end),
        key=_came,
    )
    return heapq.merge(spoken, wills, key=_came)


def _came(message: Message) -> datetime:
    return message.received_at


def _wills(home: Home) -> Iterator[Message]:
    speaks = {home.device_key(spec) for spec in home.kit if spec.hub is None and spec.format is Format.OWN}
    for outage in outages(home):
        if outage.device_key not in speaks:
            continue
        topic, birth = payloads.status(outage.device_key, None)
        yield Message(topic, b'{"state":"offline"}', False, outage.start + LAST_WILL)
        if outage.end is not None:
            yield Message(topic, birth, False, outage.end)
