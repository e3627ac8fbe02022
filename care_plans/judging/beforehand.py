"""Values held against what they were before: a change, a trend, a mean, and what is usual for somebody."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import median

from care_plans.judging.answers import Answer, Held, Moment, Shown, Unclear, silent
from care_plans.judging.conditions import DAY, Change, Direction, Mean, Trend, Usual
from care_plans.judging.words import many_text, name_of, name_within, span_text, value_text

SPREAD = 1.4826
"""The median distance from the median times this is the standard deviation (Rousseeuw and Croux, 1993)."""


def change(leaf: Change, moment: Moment) -> Answer:
    """How far the newest has moved from the lowest or highest of the time before it."""
    points = moment.points_of(leaf)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return silent(leaf, points, newest, moment)
    first = bisect_left(times, times[newest] - leaf.over)
    window = values[first : newest + 1]
    if len(window) < 2:
        return Unclear(f"Only one reading of {name_within(leaf.kind)} in {span_text(leaf.over)}")
    low, high = first + window.index(min(window)), first + window.index(max(window))
    rise, fall = values[newest] - values[low], values[high] - values[newest]
    if leaf.percent:
        rise, fall = _percent(rise, values[low]), _percent(fall, values[high])
    origin, moved = {
        Direction.UP: (low, rise),
        Direction.DOWN: (high, fall),
        Direction.ANY: (low, rise) if rise >= fall else (high, fall),
    }[leaf.direction]
    # Rounded, as 82.3 - 80.3 is a little more than 2 in binary.
    if round(moved, 6) <= leaf.by:
        return silent(leaf, points, newest, moment)
    evidence = ((times[origin], values[origin]), (times[newest], values[newest]))
    lasting = times[newest] - times[origin]
    return Held((Shown(leaf, evidence, times[newest], values[newest], lasting),))


def _percent(moved: float, of: float) -> float:
    """How many per cent that is; nothing has no per cent."""
    return 100 * moved / of if of > 0 else 0.0


def trend(leaf: Trend, moment: Moment) -> Answer:
    """How fast values move, by the straight line nearest to them."""
    points = moment.points_of(leaf)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return silent(leaf, points, newest, moment)
    oldest = bisect_left(times, times[newest] - leaf.over)
    lasting, count = times[newest] - times[oldest], newest - oldest + 1
    if count < leaf.readings:
        more = many_text(leaf.readings - count, "more reading")
        return Unclear(f"{name_of(leaf.kind)}: which way it goes is unknown until {more}")
    if lasting < leaf.over / 2:
        heard = f"heard for {span_text(lasting)} of {span_text(leaf.over)}"
        return Unclear(f"{name_of(leaf.kind)}: {heard}, too short a time to say which way it goes")
    moved = slope(times[oldest : newest + 1], values[oldest : newest + 1]) * leaf.per
    away = {Direction.UP: moved, Direction.DOWN: -moved}.get(leaf.direction, abs(moved))
    if round(away, 6) <= leaf.by:
        return silent(leaf, points, newest, moment)
    evidence = ((times[oldest], values[oldest]), (times[newest], values[newest]))
    return Held((Shown(leaf, evidence, times[newest], values[newest], lasting, usual=moved),))


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Of the straight line nearest to these (least squares), in units a second; 0 for one time alone."""
    origin, mean = sum(times) / len(times), sum(values) / len(values)
    spread = sum((at - origin) ** 2 for at in times)
    if not spread:
        return 0.0
    return sum((at - origin) * (value - mean) for at, value in zip(times, values, strict=True)) / spread


def usual(leaf: Usual, moment: Moment) -> Answer:
    """How far the newest is from somebody's own median."""
    points = moment.points_of(leaf)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return silent(leaf, points, newest, moment)
    until = times[newest] - DAY
    before = range(bisect_left(times, until - leaf.over), bisect_right(times, until))
    counted = values[before.start : before.stop]
    if leaf.hours is not None:
        counted = [values[n] for n in before if _same_hours(leaf.hours, times[n], times[newest])]
    if len(counted) < leaf.readings:
        more = many_text(leaf.readings - len(counted), "more reading")
        value = value_text(leaf.kind, values[newest])
        return Unclear(f"{name_of(leaf.kind)} {value}, their usual is unknown until {more}")
    usual = median(counted)
    away = {Direction.UP: 1, Direction.DOWN: -1}.get(leaf.direction, 0) * (values[newest] - usual)
    if leaf.direction is Direction.ANY:
        away = abs(values[newest] - usual)
    least = leaf.by
    if leaf.spreads:
        least = max(least, leaf.spreads * SPREAD * median(abs(value - usual) for value in counted))
    # Rounded, as 97.3 - 94.3 is a little less than 3 in binary.
    if round(away, 6) <= least:
        return silent(leaf, points, newest, moment)
    evidence = ((times[newest], values[newest]),)
    return Held((Shown(leaf, evidence, times[newest], values[newest], 0.0, usual),))


def _same_hours(hours: int, one: float, other: float) -> bool:
    """Whether two times of day are about the same; a clock change in between moves them by an hour."""
    apart = abs(one - other) % DAY
    return min(apart, DAY - apart) <= hours


def mean(leaf: Mean, moment: Moment) -> Answer:
    """The mean of the readings of a time."""
    points = moment.points_of(leaf)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return silent(leaf, points, newest, moment)
    oldest = bisect_left(times, times[newest] - leaf.over)
    counted = values[oldest : newest + 1]
    mean = sum(counted) / len(counted)
    if len(counted) < leaf.readings:
        words = f"{name_of(leaf.kind)} {value_text(leaf.kind, mean)} on average over {span_text(leaf.over)}"
        return Unclear(f"{words}, unknown until {many_text(leaf.readings - len(counted), 'more reading')}")
    beyond, limit = leaf.limit.test
    # Rounded, as a mean of 149.99999999999997 is 150.
    if not beyond(round(mean, 6), limit):
        return silent(leaf, points, newest, moment)
    evidence = tuple((times[n], values[n]) for n in sorted({oldest, newest}))
    return Held((Shown(leaf, evidence, times[newest], mean, times[newest] - times[oldest]),))
