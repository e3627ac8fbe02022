"""Home blood pressure as NICE reckons it: the mean of some days of measuring, without the first; pure.

NICE NG136 (1.2.7): two measurements, morning and evening, for at least 4 and ideally 7 days; what was
measured on the first day is left out, and the rest is averaged.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from care_plans.judging.track import REPLAYED, Points, Track

SYSTOLIC = "systolic"
DIASTOLIC = "diastolic"
MEANS: Mapping[str, str] = {"systolic_home_mean": SYSTOLIC, "diastolic_home_mean": DIASTOLIC}
"""The kinds that are made, and of which measurement each is the mean."""
DAYS = 7
ENOUGH_DAYS = 4
"""Days on which something was measured, the first of them included (NG136, 1.2.7)."""
A_DAY_HAS = 4
"""Measurements a day that NG136 asks for: two in the morning and two in the evening."""
SPAN = (DAYS + 1) * 86400
"""Seconds of readings before a moment that its mean may rest on: a day more, as days are local."""


class Stage(StrEnum):
    """What a home mean comes to (NICE NG136, 1.2.9: stage 1 from 135/85, stage 2 from 150/95 mmHg)."""

    BELOW = "below"
    ONE = "stage 1"
    TWO = "stage 2"


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of measuring: what was measured, in order of time, and whether it counts."""

    day: date
    systolic: tuple[float, ...]
    diastolic: tuple[float, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class HomePressure:
    """The days that were looked at, and the means of those that count (mmHg); None where days are too few."""

    days: tuple[Day, ...]
    systolic: float | None
    diastolic: float | None

    @property
    def complete(self) -> bool:
        """Whether there is a mean of both."""
        return self.systolic is not None and self.diastolic is not None

    @property
    def stage(self) -> Stage | None:
        """What the means come to: the higher stage of the two; None where either is not known."""
        if self.systolic is None or self.diastolic is None:
            return None
        return stage(self.systolic, self.diastolic)

    @property
    def days_short(self) -> int:
        """How many more days of measuring make a mean."""
        return max(0, ENOUGH_DAYS - len(self.days))


def stage(systolic: float, diastolic: float) -> Stage:
    """The stage of a home mean in mmHg, by whichever of the two is worse."""
    if systolic >= 150 or diastolic >= 95:
        return Stage.TWO
    return Stage.ONE if systolic >= 135 or diastolic >= 85 else Stage.BELOW


def at(tracks: Mapping[str, Track], moment: datetime, zone: str) -> HomePressure:
    """What was measured on the last `DAYS` local days up to `moment`, and its means."""
    today = moment.astimezone(ZoneInfo(zone)).date()
    by_kind = {
        kind: _by_day(_until(tracks[kind].firm, moment.timestamp()), zone) if kind in tracks else {}
        for kind in (SYSTOLIC, DIASTOLIC)
    }
    first = today - timedelta(days=DAYS - 1)
    days = sorted({day for found in by_kind.values() for day in found if first <= day <= today})
    return HomePressure(
        days=tuple(
            Day(
                day,
                tuple(by_kind[SYSTOLIC].get(day, ())),
                tuple(by_kind[DIASTOLIC].get(day, ())),
                day != days[0],
            )
            for day in days
        ),
        systolic=_mean(by_kind[SYSTOLIC], today),
        diastolic=_mean(by_kind[DIASTOLIC], today),
    )


def over_time(tracks: Mapping[str, Track], zone: str) -> dict[str, Track]:
    """The means as tracks: a point wherever one was measured and days were enough.

    With what was replayed there are points more, marked so: they may raise and never clear (H2).
    """
    made = {}
    for kind, of in MEANS.items():
        track = tracks.get(of)
        if track is None:
            continue
        rows = [(moment, mean, 0) for moment, mean in _walk(track.firm, zone)]
        if track.shown is not None:
            known = set(track.firm.times)
            rows += [
                (moment, mean, REPLAYED) for moment, mean in _walk(track.shown, zone) if moment not in known
            ]
        if rows:
            rows.sort()
            made[kind] = Track(kind, *map(list, zip(*rows, strict=True)))
    return made


def _walk(points: Points, zone: str) -> Iterator[tuple[float, float]]:
    """Each moment at which something was measured and the mean that stood then."""
    times, values = points
    sums: dict[date, tuple[float, int]] = {}
    number, of_day = 0, _Days(zone)
    while number < len(times):
        moment = times[number]
        day = of_day.of(moment)
        while number < len(times) and times[number] == moment:
            total, count = sums.get(day, (0.0, 0))
            sums[day] = (total + values[number], count + 1)
            number += 1
        window = [sums[each] for each in _window(day) if each in sums]
        if len(window) >= ENOUGH_DAYS:
            counting = window[1:]
            yield moment, sum(total for total, _ in counting) / sum(count for _, count in counting)


def _window(today: date) -> Iterator[date]:
    """The local days that a mean looks at, the earliest first."""
    return (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))


def _mean(by_day: Mapping[date, list[float]], today: date) -> float | None:
    window = [by_day[day] for day in _window(today) if day in by_day]
    if len(window) < ENOUGH_DAYS:
        return None
    counting = [value for values in window[1:] for value in values]
    return sum(counting) / len(counting)


def _until(points: Points, moment: float) -> Points:
    first, last = bisect_left(points.times, moment - SPAN), bisect_right(points.times, moment)
    return Points(points.times[first:last], points.values[first:last])


def _by_day(points: Points, zone: str) -> dict[date, list[float]]:
    of_day, found = _Days(zone), dict[date, list[float]]()
    for moment, value in zip(*points, strict=True):
        found.setdefault(of_day.of(moment), []).append(value)
    return found


class _Days:
    """Local days of moments that mostly follow each other: a day is asked once, not at every reading."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._day = date.min
        self._begins = self._ends = 0.0

    def of(self, moment: float) -> date:
        """The local day of a moment in unix seconds."""
        if not self._begins <= moment < self._ends:
            self._day = datetime.fromtimestamp(moment, UTC).astimezone(self._zone).date()
            self._begins = self._midnight(self._day)
            self._ends = self._midnight(self._day + timedelta(days=1))
        return self._day

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp()
