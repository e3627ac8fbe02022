"""Is this change more than noise? XmR charts by the rules of NHS Making Data Count.

Centre is the mean; the limits are the mean ± 2.66 × the average moving range; near the limits means beyond
two thirds of that. The four rules, their precedence and the colouring follow NHSRplotthedots 0.2.2 (MIT),
whose published figures the tests reproduce. Nothing here knows what is being counted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

from core.errors import Invalid

LIMIT = 2.66
"""Limits stand this many average moving ranges from the mean (3 / d2, with d2 = 1.128)."""

SCREEN = 3.267
"""A moving range of this many averages or more is left out when screening (D4 for n = 2; Nelson 1982)."""

ENOUGH = 13
"""With fewer points than this the limits are on trial: they still move with every new point."""

FEWEST = 5
"""With fewer points than this no rule can be met, whatever they are.

One of n points lies at most (n − 1)² ÷ n mean moving ranges from the mean: 2.25 of four. Two of four that lie
near a limit, and a third on their side, would be at most 1.5 from it.
"""


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Rule(StrEnum):
    """Why a point is special, in order of precedence."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_IN_THREE = "two_in_three"
    SHIFT = "shift"


class Special(StrEnum):
    """What a point means."""

    COMMON = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"


class Variation(StrEnum):
    """What the chart's last point says about the process."""

    COMMON = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """Whether the process, left as it is, will meet its target."""

    MEETS = "consistent_pass"
    MISSES = "consistent_fail"
    HIT_AND_MISS = "inconsistent"


@dataclass(frozen=True, slots=True)
class Segment:
    """Points start ≤ i < stop share these limits; a lone point has a mean and no limits."""

    start: int
    stop: int
    mean: float
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    based_on: int


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its limits; `relative` is its side of the mean, `side` the way its rule points."""

    value: float
    mean: float
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    relative: int
    flag: Rule | None
    side: int
    special: Special

    @property
    def label(self) -> str:
        """The flag in the words of Making Data Count."""
        high = self.side > 0
        match self.flag:
            case Rule.OUTSIDE:
                return "Above UCL" if high else "Below LCL"
            case Rule.TREND:
                return "Trend, increasing" if high else "Trend, decreasing"
            case Rule.TWO_IN_THREE:
                return "2 in 3 above CL" if high else "2 in 3 below CL"
            case Rule.SHIFT:
                return "Shift above CL" if high else "Shift below CL"
            case None:
                return "Common cause"


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart; `screened` says which way the limits were made, `trial` that they may still move."""

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    variation: Variation
    assurance: Assurance | None
    screened: bool
    trial: bool


def xmr(
    values: Sequence[float],
    *,
    improvement: Direction,
    target: float | None = None,
    run: int = 7,
    screen: bool = False,
    fix_after: int | None = None,
    rebase_at: Sequence[int] = (),
) -> Chart:
    """Chart `values` in time order; limits start anew at each index of `rebase_at`.

    `screen` leaves out extreme moving ranges once, as the R package does and the NHSE Excel tool does not.
    `fix_after` takes each segment's limits from its first so many points. Raises Invalid, by argument.
    """
    _check(values, run, fix_after, rebase_at)
    edges = [0, *rebase_at, len(values)] if values else [0]
    segments = tuple(_segment(values, a, b, screen, fix_after) for a, b in pairwise(edges))
    points = tuple(point for segment in segments for point in _points(values, segment, improvement, run))
    return Chart(
        points=points,
        segments=segments,
        variation=_variation(points[-1]) if points else Variation.COMMON,
        assurance=assurance(segments[-1].lower, segments[-1].upper, target, improvement) if points else None,
        screened=screen,
        trial=any(segment.based_on < ENOUGH for segment in segments),
    )


def assurance(
    lower: float | None, upper: float | None, target: float | None, improvement: Direction
) -> Assurance | None:
    """Where the target lies against the limits; None without a target, a direction or limits."""
    if target is None or improvement is Direction.NEUTRAL or lower is None or upper is None:
        return None
    if lower <= target <= upper:
        return Assurance.HIT_AND_MISS
    beyond_reach = target > upper if improvement is Direction.INCREASE else target < lower
    return Assurance.MISSES if beyond_reach else Assurance.MEETS


def shift_ends(relative: Sequence[int], run: int = 7) -> list[int]:
    """1 where a point is the `run`-th or later in a row on one side of the mean; on the mean breaks it."""
    return [
        int(i + 1 >= run and relative[i] != 0 and len(set(relative[i + 1 - run : i + 1])) == 1)
        for i in range(len(relative))
    ]


def trend_ends(values: Sequence[float], run: int = 7) -> list[int]:
    """1 or −1 where a point ends `run` points that only rise or only fall; an equal value breaks it."""
    steps = [0, *((b > a) - (b < a) for a, b in pairwise(values))]
    return [
        steps[i] if i + 1 >= run and len(set(steps[i + 2 - run : i + 1])) == 1 else 0
        for i in range(len(values))
    ]


def whole_runs(ends: Sequence[int], run: int = 7) -> list[int]:
    """Each point of a run takes the sign of its end, looking back; where two runs share one, the later."""
    return [next((end for end in reversed(ends[i : i + run]) if end), 0) for i in range(len(ends))]


def two_in_three(near: Sequence[int], relative: Sequence[int]) -> list[int]:
    """1 for each point of any three in a row on one side of the mean with at least two near that limit."""
    flags = [0] * len(near)
    for i in range(len(near) - 2):
        if sum(near[i : i + 3]) >= 2 and abs(sum(relative[i : i + 3])) == 3:
            flags[i : i + 3] = [1, 1, 1]
    return flags


def part_of_two_in_three(flags: Sequence[int], near: Sequence[int]) -> list[int]:
    """Of the points in such threes, only those that are themselves near the limit are special."""
    return [int(bool(flag) and bool(close)) for flag, close in zip(flags, near, strict=True)]


def _check(values: Sequence[float], run: int, fix_after: int | None, rebase_at: Sequence[int]) -> None:
    faults: dict[str, str] = {}
    if not all(math.isfinite(value) for value in values):
        faults["values"] = "Every value must be a finite number; leave gaps out."
    if run < 3:
        faults["run"] = "A run needs at least three points."
    if fix_after is not None and fix_after < 2:
        faults["fix_after"] = "Limits need at least two points."
    if any(b <= a for a, b in pairwise([0, *rebase_at, len(values)])) and rebase_at:
        faults["rebase_at"] = "Give increasing positions inside the values, after the first."
    if faults:
        raise Invalid(faults)


def _segment(values: Sequence[float], start: int, stop: int, screen: bool, fix_after: int | None) -> Segment:
    used = values[start : stop if fix_after is None else min(stop, start + fix_after)]
    mean = fmean(used)
    ranges = [abs(b - a) for a, b in pairwise(used)]
    if not ranges:
        return Segment(start, stop, mean, None, None, None, None, len(used))
    average = fmean(ranges)
    if screen and average > 0:
        average = fmean([r for r in ranges if r < SCREEN * average])
    reach, near = LIMIT * average, LIMIT * average * 2 / 3
    return Segment(start, stop, mean, mean - reach, mean + reach, mean - near, mean + near, len(used))


def _beyond(a: float, b: float) -> int:
    """The sign of a − b, taking a difference of rounding alone for none."""
    return 0 if math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12) else (a > b) - (a < b)


def _points(values: Sequence[float], segment: Segment, improvement: Direction, run: int) -> list[Point]:
    own = values[segment.start : segment.stop]
    relative = [_beyond(value, segment.mean) for value in own]
    outside = [_past(value, segment.lower, segment.upper) for value in own]
    near = [
        int(not out and _past(value, segment.near_lower, segment.near_upper) != 0)
        for value, out in zip(own, outside, strict=True)
    ]
    trend = whole_runs(trend_ends(own, run), run)
    twos = part_of_two_in_three(two_in_three(near, relative), near)
    shift = whole_runs(shift_ends(relative, run), run)
    points = []
    for i, value in enumerate(own):
        flag, side = _first_rule(outside[i], trend[i], twos[i] * relative[i], shift[i] * relative[i])
        points.append(
            Point(
                value,
                segment.mean,
                segment.lower,
                segment.upper,
                segment.near_lower,
                segment.near_upper,
                relative[i],
                flag,
                side,
                _special(side, improvement),
            )
        )
    return points


def _past(value: float, lower: float | None, upper: float | None) -> int:
    if lower is None or upper is None:
        return 0
    return 1 if _beyond(value, upper) > 0 else -1 if _beyond(value, lower) < 0 else 0


def _first_rule(outside: int, trend: int, two: int, shift: int) -> tuple[Rule | None, int]:
    for rule, side in (
        (Rule.OUTSIDE, outside),
        (Rule.TREND, trend),
        (Rule.TWO_IN_THREE, two),
        (Rule.SHIFT, shift),
    ):
        if side:
            return rule, side
    return None, 0


def _special(side: int, improvement: Direction) -> Special:
    if side == 0:
        return Special.COMMON
    if improvement is Direction.NEUTRAL:
        return Special.NEUTRAL_HIGH if side > 0 else Special.NEUTRAL_LOW
    return Special.IMPROVEMENT if (side > 0) == (improvement is Direction.INCREASE) else Special.CONCERN


def _variation(last: Point) -> Variation:
    if last.special is Special.COMMON:
        return Variation.COMMON
    if last.special in (Special.NEUTRAL_HIGH, Special.NEUTRAL_LOW):
        return Variation(last.special.removeprefix("special_cause_"))
    ending = "high" if last.side > 0 else "low"
    return Variation(f"{last.special.removeprefix('special_cause_')}_{ending}")
