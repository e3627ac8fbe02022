"""How a desk copes with the alerts put before it: how many at a time, and how soon they are taken up; pure.

What counts as too many follows ANSI/ISA-18.2 and EEMUA 191 (alarm systems); how soon, the standards of
telecare (MASCOT performance report; Camden Careline response service).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from care_plans.alerts import on_the_floor
from care_plans.alerts.events import What
from care_plans.models.alerts import Cause, ContactKind
from care_plans.severity import Class, Severity

TEN = timedelta(minutes=10)
MANAGEABLE = 2.0
"""Alerts in ten minutes that one person can still manage, on average (ISA-18.2; 1 is good)."""
FLOOD, FLOOD_OVER = 10, 5
"""A flood begins with ten alerts in ten minutes for one person, and is over at fewer than five (ISA-18.2)."""
MIX = {Severity.RED: 0.05, Severity.AMBER: 0.15, Severity.WATCH: 0.80}
"""About how alerts divide where red still means red (EEMUA 191: 5 % high, 15 % medium, 80 % low)."""
STANDING = timedelta(hours=24)
CHATTERS, CHATTERS_WITHIN = 3, timedelta(hours=24)
"""How often something may come back: ISA-18.2 says thrice a minute, of machines; a day is ours, of people."""
TAKEN_UP = ((timedelta(seconds=60), 0.975), (timedelta(seconds=180), 0.99))
ATTENDED = ((timedelta(minutes=45), 0.90), (timedelta(minutes=60), 1.0))
LAIN = ((on_the_floor.LONG_LIE, 1.0),)
ASKS = (What.RAISED, What.WORSE, What.REOPENED)
TAKES_UP = (
    What.ACKNOWLEDGED, What.ASSIGNED, What.HANDED_OVER, What.GOING, What.CONTACT, What.EMERGENCY, What.CLOSED,
)  # fmt: skip
THERE = (ContactKind.SAW, ContactKind.WITH_THEM_NOW)


@dataclass(frozen=True, slots=True)
class Told:
    """One event of an alert, and of the alert what it rests on, since when, and what was behind it.

    `thing` is the same for all alerts of one subject and rule.
    """

    alert_id: int
    thing: str
    what: str
    at: datetime
    severity: Severity
    class_: Class
    team_id: int | None = None
    by_staff: bool = False
    repeats: bool = False
    contact: str | None = None
    kind: str | None = None
    began_at: datetime | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What was put before one team; `flooded` is how long it was under a flood."""

    presented: int
    per_ten: float
    busiest: int
    busiest_at: datetime | None
    floods: int
    flooded: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of those that could be told were within a limit, and what share ought to be."""

    within: timedelta
    met: int
    of: int
    target: float

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there was nothing to tell."""
        return self.met / self.of if self.of else None


def loads(events: Iterable[Told], start: datetime, end: datetime) -> Mapping[int, Load]:
    """By team, each step of a ladder that asked it anew (a repetition is no new alert), from start to end."""
    times: dict[int, list[datetime]] = {}
    for event in events:
        if event.what == What.STEP and event.team_id is not None and not event.repeats:
            times.setdefault(event.team_id, []).append(event.at)
    return {team: load(of_team, start, end) for team, of_team in times.items()}


def load(times: Sequence[datetime], start: datetime, end: datetime) -> Load:
    """What was put before somebody at these times, counted in tens of minutes from `start`."""
    tens = Counter((at - start) // TEN for at in times)
    busiest = max(tens, key=lambda ten: (tens[ten], -ten), default=None)
    floods, flooded, last = 0, 0, -2
    for ten in sorted(tens):
        goes_on = last == ten - 1 and tens[ten] >= FLOOD_OVER
        if goes_on or tens[ten] >= FLOOD:
            floods += not goes_on
            flooded += 1
            last = ten
    return Load(
        presented=len(times),
        per_ten=len(times) / max(1, -((start - end) // TEN)),
        busiest=tens[busiest] if busiest is not None else 0,
        busiest_at=start + busiest * TEN if busiest is not None else None,
        floods=floods,
        flooded=flooded * TEN,
    )


def mix(events: Iterable[Told]) -> Mapping[Severity, float]:
    """How the alerts raised divide by severity, from 0 to 1; nothing where none was raised."""
    raised = Counter(event.severity for event in events if event.what == What.RAISED)
    total = raised.total()
    return {severity: raised[severity] / total for severity in MIX} if total else {}


def chattering(events: Iterable[Told]) -> int:
    """How many things were raised or came back so often within a day that nobody looks any more."""
    times: dict[str, list[datetime]] = {}
    for event in events:
        if event.what in (What.RAISED, What.REOPENED):
            times.setdefault(event.thing, []).append(event.at)
    return sum(
        any(last - first <= CHATTERS_WITHIN for first, last in _spans(sorted(of_thing)))
        for of_thing in times.values()
    )


def _spans(times: Sequence[datetime]) -> Iterable[tuple[datetime, datetime]]:
    return zip(times, times[CHATTERS - 1 :], strict=False)


def taken_up(events: Iterable[Told], now: datetime, class_: Class | None = None) -> list[Kept]:
    """How soon somebody did anything on the screen about what asked, red or amber, of a class if given.

    That is not an answer: only telephony can say that a call was answered. What is still within the limit
    is left out.
    """
    waits = []
    for of_alert in _by_alert(events, class_).values():
        asked = [e.at for e in of_alert if e.what in ASKS and e.severity is not Severity.WATCH]
        took = [e.at for e in of_alert if e.what in TAKES_UP and e.by_staff]
        waits += [(at, next((each for each in took if each >= at), None)) for at in asked]
    return _kept(waits, TAKEN_UP, now)


def attended(events: Iterable[Told], now: datetime) -> list[Kept]:
    """How soon somebody was there after they said that they were going."""
    waits = []
    for of_alert in _by_alert(events, None).values():
        there = [e.at for e in of_alert if e.what == What.CONTACT and e.contact in THERE]
        goes = [e.at for e in of_alert if e.what == What.GOING]
        waits += [(at, next((each for each in there if each >= at), None)) for at in goes]
    return _kept(waits, ATTENDED, now)


def lain(events: Iterable[Told], now: datetime) -> list[Kept]:
    """How soon somebody was with whoever had fallen, from the fall's own time; false alarms are no falls."""
    waits = []
    for of_alert in _by_alert(events, None).values():
        first = of_alert[0]
        contacts = ((each.at, each.contact) for each in of_alert if each.what == What.CONTACT)
        floor = on_the_floor.time_of(first.kind, first.began_at or first.at, contacts, first.cause)
        if floor is not None and any(each.what == What.RAISED for each in of_alert):
            waits.append((floor.since, floor.until))
    return _kept(waits, LAIN, now)


def _by_alert(events: Iterable[Told], class_: Class | None) -> Mapping[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    for event in sorted(events, key=lambda one: one.at):
        if class_ in (None, event.class_):
            found.setdefault(event.alert_id, []).append(event)
    return found


def _kept(
    waits: Sequence[tuple[datetime, datetime | None]],
    limits: Sequence[tuple[timedelta, float]],
    now: datetime,
) -> list[Kept]:
    found = []
    for within, target in limits:
        decided = [(at, end) for at, end in waits if end is not None or now - at > within]
        met = sum(end is not None and end - at <= within for at, end in decided)
        found.append(Kept(within, met, len(decided), target))
    return found
