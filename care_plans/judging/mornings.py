"""Whether somebody is missed in the morning: no sign of them by the time they are usually about; pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from care_plans.judging.answers import Answer, Held, Moment, Shown, Unclear
from care_plans.judging.conditions import DAY, Routine, Threshold
from care_plans.judging.hours import days_before, local_day, seconds_at
from care_plans.judging.track import NO_POINTS, Points
from care_plans.judging.words import name_within

MORNING = DAY // 2
"""How long (seconds) after its start a first sign still is one of that morning."""
_ALWAYS = float("-inf")


@dataclass(frozen=True, slots=True)
class Morning:
    """When a morning began, when somebody is missed in it, and when they usually are about (or None)."""

    began: float
    due: float
    usual: float | None


def missed(leaf: Routine, moment: Moment) -> Answer:
    """Held while nothing has been a sign since the last morning whose time has passed."""
    now = min(moment.at, moment.now)
    signs = _signs(leaf, moment.points, now)
    if not any(signs.values()):
        return Unclear(f"None of {_named(leaf)} has been heard")
    times = sorted(at for of_kind in signs.values() for at in of_kind)
    today = local_day(now, moment.zone)
    morning = morning_of(leaf, times, today, moment.zone)
    if now < morning.due:
        morning = morning_of(leaf, times, today - timedelta(days=1), moment.zone)
    about = max(times[-1], moment.settled, moment.since if moment.since is not None else _ALWAYS)
    if now < morning.due or about >= morning.began:
        return None
    said = _said(leaf, morning, signs, moment.zone)
    silent = Shown(leaf, (), morning.due, None, now - morning.due, morning.usual, said)
    last = [
        Shown(sign, ((at, value),), at, None, 0.0, said="")
        for sign, at, value in _last(leaf, moment.points, now)
    ]
    return Held((silent, *last))


def ends(leaf: Routine, moment: Moment) -> list[float]:
    """When, while nothing is heard, somebody is missed: today, and tomorrow."""
    now = min(moment.at, moment.now)
    times = sorted(at for of_kind in _signs(leaf, moment.points, now).values() for at in of_kind)
    today = local_day(now, moment.zone)
    return [morning_of(leaf, times, day, moment.zone).due for day in (today, today + timedelta(days=1))]


def dues(leaf: Routine, times: Sequence[float], first: float, last: float, zone: str) -> Iterator[float]:
    """When somebody would be missed on each day from `first` to `last`, by all the signs there were."""
    day = local_day(first, zone) - timedelta(days=1)
    while seconds_at(day, leaf.starts, zone) <= last:
        yield morning_of(leaf, times, day, zone).due
        day += timedelta(days=1)


def signs_of(sign: Threshold, points: Points) -> list[float]:
    """When there was this sign."""
    beyond, limit = sign.test
    return [at for at, value in zip(*points, strict=True) if beyond(value, limit)]


def morning_of(leaf: Routine, times: Sequence[float], day: date, zone: str) -> Morning:
    """The morning of a day, by the first signs of the days before it; `times` are of all signs, sorted."""
    began = seconds_at(day, leaf.starts, zone)
    after = []
    for before in days_before(day, leaf.days):
        start = seconds_at(before, leaf.starts, zone)
        first = bisect_left(times, start)
        if first < len(times) and times[first] < start + MORNING:
            after.append(times[first] - start)
    if len(after) < leaf.mornings:
        return Morning(began, max(seconds_at(day, leaf.by, zone), began), None)
    usual = began + median(after)
    return Morning(began, usual + leaf.later_by, usual)


def _signs(leaf: Routine, points: Mapping[str, Points], now: float) -> dict[Threshold, list[float]]:
    found = {}
    for sign in leaf.signs:
        times = signs_of(sign, points.get(sign.kind, NO_POINTS))
        found[sign] = times[: bisect_right(times, now)]
    return found


def _last(
    leaf: Routine, points: Mapping[str, Points], now: float
) -> Iterator[tuple[Threshold, float, float]]:
    """The last of each sign, with its value."""
    for sign in leaf.signs:
        beyond, limit = sign.test
        rows = [
            (at, value)
            for at, value in zip(*points.get(sign.kind, NO_POINTS), strict=True)
            if at <= now and beyond(value, limit)
        ]
        if rows:
            yield sign, *rows[-1]


def _said(leaf: Routine, morning: Morning, signs: Mapping[Threshold, list[float]], zone: str) -> str:
    """The sentence with its reason: what was heard last, of each."""
    usually = f", usually about by {_clock(morning.usual, zone)}" if morning.usual is not None else ""
    each = ", ".join(
        f"{name_within(sign.kind)} last {_day_and_clock(times[-1], zone)}"
        if times
        else f"{name_within(sign.kind)} not in {leaf.days} days"
        for sign, times in signs.items()
    )
    return f"No sign of the morning by {_clock(morning.due, zone)}{usually}: {each}"


def _named(leaf: Routine) -> str:
    names = list(dict.fromkeys(name_within(sign.kind) for sign in leaf.signs))
    return ", ".join(names)


def _local(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone))


def _clock(at: float, zone: str) -> str:
    return f"{_local(at, zone):%H:%M}"


def _day_and_clock(at: float, zone: str) -> str:
    return f"{_local(at, zone):%a %H:%M}"
