"""Whether a condition holds as of a moment: held with its readings, not held, or not to be known."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from care_plans.judging import beforehand, mornings
from care_plans.judging.answers import ON, Answer, Held, Moment, Shown, Unclear, gap_of, silent
from care_plans.judging.conditions import (
    FRESH,
    LOOK_BACK,
    All,
    Any,
    Change,
    Condition,
    Event,
    Leaf,
    Mean,
    Missing,
    Routine,
    Threshold,
    Trend,
    Usual,
    reach,
)
from care_plans.judging.track import Points
from care_plans.judging.words import name_of, name_within, span_text, value_text
from devices import kinds


def look(condition: Condition, moment: Moment) -> Answer:
    """How the condition stands at that moment."""
    if isinstance(condition, All):
        return _all(condition, moment)
    if isinstance(condition, Any):
        return _any(condition, moment)
    return _leaf(condition, moment)


def _leaf(condition: Leaf, moment: Moment) -> Answer:
    match condition:
        case Threshold():
            return _threshold(condition, moment)
        case Change():
            return beforehand.change(condition, moment)
        case Trend():
            return beforehand.trend(condition, moment)
        case Usual():
            return beforehand.usual(condition, moment)
        case Mean():
            return beforehand.mean(condition, moment)
        case Missing():
            return _missing(condition, moment)
        case Event():
            return _event(condition, moment)
        case Routine():
            return mornings.missed(condition, moment)


def met(condition: Condition, moment: Moment) -> bool:
    """Whether the condition holds, without the trouble of saying by which readings."""
    if isinstance(condition, Threshold) and condition.times == 1 and not condition.for_:
        return _newest(moment.points_of(condition), condition, moment.at)[1]
    return isinstance(look(condition, moment), Held)


def _all(condition: All, moment: Moment) -> Answer:
    answers = [look(part, moment) for part in condition.of]
    if None in answers:
        return None
    unclear = next((answer for answer in answers if isinstance(answer, Unclear)), None)
    return unclear or Held(
        tuple(part for answer in answers if isinstance(answer, Held) for part in answer.parts)
    )


def _any(condition: Any, moment: Moment) -> Answer:
    unclear: Unclear | None = None
    for part in condition.of:
        answer = look(part, moment)
        if isinstance(answer, Held):
            return answer
        unclear = unclear or answer
    return unclear


def _newest(points: Points, leaf: Threshold, at: float) -> tuple[int, bool]:
    """Index of the newest reading up to `at` (-1 for none), and whether it is beyond the limit.

    Of several readings at that same time it is one beyond the limit.
    """
    times, values = points
    beyond, limit = leaf.test
    newest = bisect_right(times, at) - 1
    if newest < 0 or beyond(values[newest], limit):
        return newest, newest >= 0
    other = newest
    while other > 0 and times[other - 1] == times[newest]:
        other -= 1
        if beyond(values[other], limit):
            return other, True
    return newest, False


def _threshold(leaf: Threshold, moment: Moment) -> Answer:
    points = moment.points_of(leaf)
    newest, broken = _newest(points, leaf, moment.at)
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if not broken or points.times[newest] <= moment.settled:
        return silent(leaf, points, newest, moment)
    if leaf.for_:
        return _lasting(leaf, points, newest, moment)
    rows: Sequence[int] = _in_a_row(leaf, points, newest, moment.settled)
    if leaf.within is not None:
        rows = _within(leaf, leaf.within, points, newest, moment.settled)
    elif leaf.of is not None:
        rows = _of_the_newest(leaf, leaf.of, points, newest, moment.settled)
    return _held(leaf, points, rows) if len(rows) >= leaf.times else None


def _run(leaf: Threshold, points: Points, newest: int, after: float, gap: float = float("inf")) -> int:
    """Index of the oldest of the readings beyond the limit that follow each other up to the newest."""
    times, values = points
    beyond, limit = leaf.test
    oldest = newest
    while (
        oldest > 0
        and beyond(values[oldest - 1], limit)
        and times[oldest - 1] > after
        and times[oldest] - times[oldest - 1] <= gap
    ):
        oldest -= 1
    return oldest


def _in_a_row(leaf: Threshold, points: Points, newest: int, settled: float) -> range:
    """The readings beyond the limit up to the newest: those of its last day, or as many as are asked for."""
    a_day_before = points.times[newest] - LOOK_BACK
    if leaf.times == 1:
        return range(_run(leaf, points, newest, max(settled, a_day_before)), newest + 1)
    oldest = _run(leaf, points, newest, settled, leaf.max_gap or FRESH)
    enough = min(newest - leaf.times + 1, bisect_right(points.times, a_day_before))
    return range(max(oldest, enough), newest + 1)


def _within(leaf: Threshold, within: int, points: Points, newest: int, settled: float) -> list[int]:
    """Indices, ascending, of the readings beyond the limit in the time before the newest."""
    times, values = points
    beyond, limit = leaf.test
    first = max(bisect_left(times, times[newest] - within), bisect_right(times, settled))
    return [n for n in range(first, newest + 1) if beyond(values[n], limit)]


def _of_the_newest(leaf: Threshold, of: int, points: Points, newest: int, settled: float) -> list[int]:
    """Indices, ascending, of those beyond the limit among the newest `of`, no two too far apart."""
    times, values = points
    beyond, limit = leaf.test
    oldest, gap = newest, leaf.max_gap or FRESH
    while oldest > 0 and newest - oldest + 1 < of and times[oldest] - times[oldest - 1] <= gap:
        oldest -= 1
    first = max(oldest, bisect_right(times, settled))
    return [n for n in range(first, newest + 1) if beyond(values[n], limit)]


def _lasting(leaf: Threshold, points: Points, newest: int, moment: Moment) -> Answer:
    times, values = points
    gap = gap_of(leaf, points, newest)
    oldest = _run(leaf, points, newest, moment.settled, gap)
    lasted = times[newest] - times[oldest]
    if lasted >= leaf.for_:
        return _held(leaf, points, range(oldest, newest + 1))
    value = f"{name_of(leaf.kind)} {value_text(leaf.kind, values[newest])}"
    if moment.at >= moment.now and moment.now - times[newest] >= gap:
        return Unclear(f"{value}, then nothing heard for {span_text(moment.now - times[newest])}")
    beyond, limit = leaf.test
    if oldest == 0:
        return Unclear(f"{value}, but heard for too short a time to say for how long")
    if beyond(values[oldest - 1], limit) and times[oldest - 1] > moment.settled:
        silence = span_text(times[oldest] - times[oldest - 1])
        return Unclear(f"{value}, for how long is unknown after a silence of {silence}")
    return None


def _held(leaf: Threshold, points: Points, rows: Sequence[int]) -> Held:
    """Held by these readings; a long run is shown by its first, worst and newest reading."""
    times, values = points
    sign = -1 if leaf.low_side else 1
    worst = max(rows, key=lambda n: (sign * values[n], n))
    shown = rows if leaf.within is not None or leaf.times > 1 else sorted({rows[0], worst, rows[-1]})
    evidence = tuple((times[n], values[n]) for n in shown)
    return Held((Shown(leaf, evidence, times[worst], values[worst], times[rows[-1]] - times[rows[0]]),))


def missing_from(leaf: Missing, moment: Moment) -> tuple[float | None, tuple[tuple[float, float], ...]]:
    """From when nothing has been heard (None: never known), and the last reading before."""
    times, values = moment.points_of(leaf)
    newest = bisect_right(times, moment.at) - 1
    while newest >= 0 and leaf.at_or_above is not None and values[newest] < leaf.at_or_above:
        newest -= 1
    last = ((times[newest], values[newest]),) if newest >= 0 else ()
    starts = [start for start in (*(at for at, _ in last), moment.since) if start is not None]
    if not starts:
        return None, ()
    # Without a reading as far back as was looked, no more is known than that there was none there.
    looked_from = float("-inf") if last else moment.now - reach(leaf)
    return max(*starts, moment.settled, looked_from), last


def _missing(leaf: Missing, moment: Moment) -> Answer:
    if moment.at < moment.now:
        return None
    start, last = missing_from(leaf, moment)
    if start is None:
        return Unclear(f"{name_of(leaf.kind)} has not been heard yet")
    if moment.now - start < leaf.for_:
        return None
    return Held((Shown(leaf, last, start + leaf.for_, None, moment.now - start),))


def _event(leaf: Event, moment: Moment) -> Answer:
    times, values = moment.points_of(leaf)
    newest = bisect_right(times, moment.at) - 1
    first = bisect_right(times, max(moment.now - leaf.within, moment.settled))
    on = [n for n in range(first, newest + 1) if values[n] >= ON]
    if not on:
        return None
    if kinds.get(leaf.kind).shape is kinds.Shape.STATE:
        # A state that is sent again and again began once; one that began before the window counts from there.
        began = [n for n in on if n == 0 or values[n - 1] < ON] or on[:1]
        evidence = tuple((times[n], values[n]) for n in sorted({*began, on[-1]}))
        return Held((Shown(leaf, evidence, times[began[-1]], 1.0, moment.now - times[began[-1]]),))
    evidence = tuple((times[n], values[n]) for n in on)
    return Held((Shown(leaf, evidence, times[on[-1]], 1.0, moment.now - times[on[-1]]),))
