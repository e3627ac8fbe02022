"""Whether a condition holds as of a moment: held with its readings, not held, or not to be known."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from care_plans.judging.conditions import (
    DAY,
    FRESH,
    LOOK_BACK,
    All,
    Any,
    Change,
    Condition,
    Direction,
    Event,
    Leaf,
    Mean,
    Missing,
    Threshold,
    Usual,
    reach,
)
from care_plans.judging.track import NO_POINTS, Points
from care_plans.judging.words import many_text, name_of, name_within, span_text, value_text
from care_plans.severity import Severity
from devices import kinds

ON = 0.5
"""States and events hold 0 or 1."""
SPREAD = 1.4826
"""The median distance from the median times this is the standard deviation (Rousseeuw and Croux, 1993)."""
SPACINGS = 20
"""How many of the newest gaps the usual spacing is taken from."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known and when we look: `at` may be earlier than `now` to look at how things stood.

    All in unix seconds. Missing readings count from `since` on, the time the rule came into force. What was
    measured up to `settled` has been dealt with and supports nothing new; `dealt_with` says by severity up to
    when as so bad, None where all of it was. Of doubtful points only `proof`, the others, ends anything.
    """

    points: Mapping[str, Points]
    at: float
    now: float
    since: float | None = None
    settled: float = float("-inf")
    proof: Mapping[str, Points] | None = None
    dealt_with: Mapping[Severity, float] | None = None

    def of(self, severity: Severity) -> "Moment":
        """The same for a step of that severity: what was closed as something lesser settles none of it."""
        dealt = self.dealt_with
        return self if dealt is None else replace(self, settled=dealt.get(severity, float("-inf")))

    def outlives(self, newest: float) -> bool:
        """Whether what a reading is compared with may lie further back than is looked."""
        return min(self.at, self.now) - newest >= FRESH

    def seen(self, at: float) -> "Moment":
        """The same, looking at how things stood at another time."""
        return Moment(self.points, at, self.now, self.since, self.settled, self.proof, self.dealt_with)


@dataclass(frozen=True, slots=True)
class Shown:
    """A single condition that holds: the readings that show it, the worst of them, how long they span."""

    leaf: Leaf
    points: tuple[tuple[float, float], ...]
    at: float
    value: float | None
    lasting: float
    usual: float | None = None

    @property
    def newest(self) -> float:
        """When the newest reading of the evidence was measured; silence is as new as the look at it."""
        if isinstance(self.leaf, Missing):
            return self.at - self.leaf.for_ + self.lasting
        return self.points[-1][0]


@dataclass(frozen=True, slots=True)
class Held:
    """The condition holds."""

    parts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """It can't be known whether the condition holds, and why."""

    why: str


Answer = Held | Unclear | None
"""None: it does not hold."""


def look(condition: Condition, moment: Moment) -> Answer:
    """How the condition stands at that moment."""
    match condition:
        case Threshold():
            return _threshold(condition, moment)
        case All():
            return _all(condition, moment)
        case Any():
            return _any(condition, moment)
        case Change():
            return _change(condition, moment)
        case Usual():
            return _usual(condition, moment)
        case Mean():
            return _mean(condition, moment)
        case Missing():
            return _missing(condition, moment)
        case Event():
            return _event(condition, moment)


def met(condition: Condition, moment: Moment) -> bool:
    """Whether the condition holds, without the trouble of saying by which readings."""
    if isinstance(condition, Threshold) and condition.times == 1 and not condition.for_:
        return _newest(moment.points.get(condition.kind, NO_POINTS), condition, moment.at)[1]
    return isinstance(look(condition, moment), Held)


def stale_after(leaf: Leaf, points: Points, newest: int) -> float:
    """Seconds after its newest reading (an index) when a condition that does not hold becomes unclear."""
    if not isinstance(leaf, Threshold):
        return FRESH
    return _gap(leaf, points, newest) if leaf.for_ else leaf.max_gap or FRESH


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
    points = moment.points.get(leaf.kind, NO_POINTS)
    newest, broken = _newest(points, leaf, moment.at)
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if not broken or points.times[newest] <= moment.settled:
        return _silent(leaf, points, newest, moment)
    if leaf.for_:
        return _lasting(leaf, points, newest, moment)
    rows: Sequence[int] = _in_a_row(leaf, points, newest, moment.settled)
    if leaf.within is not None:
        rows = _within(leaf, leaf.within, points, newest, moment.settled)
    return _held(leaf, points, rows) if len(rows) >= leaf.times else None


def _silent(leaf: Leaf, points: Points, newest: int, moment: Moment) -> Unclear | None:
    # How things stood earlier is asked of what was known then.
    age = min(moment.at, moment.now) - points.times[newest]
    if age < stale_after(leaf, points, newest):
        return None
    return Unclear(f"No reading of {name_within(leaf.kind)} for {span_text(age)}")


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


def _gap(leaf: Threshold, points: Points, newest: int) -> float:
    """The longest silence a duration survives; at most half of it, so that two readings prove nothing."""
    if leaf.max_gap is not None:
        return leaf.max_gap
    times = points.times[max(newest - SPACINGS, 0) : newest + 1]
    if len(times) < 2:
        return leaf.for_ / 2
    return min(3 * median(later - earlier for earlier, later in pairwise(times)), leaf.for_ / 2)


def _lasting(leaf: Threshold, points: Points, newest: int, moment: Moment) -> Answer:
    times, values = points
    gap = _gap(leaf, points, newest)
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


def _change(leaf: Change, moment: Moment) -> Answer:
    points = moment.points.get(leaf.kind, NO_POINTS)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return _silent(leaf, points, newest, moment)
    first = bisect_left(times, times[newest] - leaf.over)
    window = values[first : newest + 1]
    if len(window) < 2:
        return Unclear(f"Only one reading of {name_within(leaf.kind)} in {span_text(leaf.over)}")
    low, high = first + window.index(min(window)), first + window.index(max(window))
    rise, fall = values[newest] - values[low], values[high] - values[newest]
    origin, moved = {
        Direction.UP: (low, rise),
        Direction.DOWN: (high, fall),
        Direction.ANY: (low, rise) if rise >= fall else (high, fall),
    }[leaf.direction]
    # Rounded, as 82.3 - 80.3 is a little more than 2 in binary.
    if round(moved, 6) <= leaf.by:
        return _silent(leaf, points, newest, moment)
    evidence = ((times[origin], values[origin]), (times[newest], values[newest]))
    lasting = times[newest] - times[origin]
    return Held((Shown(leaf, evidence, times[newest], values[newest], lasting),))


def _usual(leaf: Usual, moment: Moment) -> Answer:
    points = moment.points.get(leaf.kind, NO_POINTS)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return _silent(leaf, points, newest, moment)
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
        return _silent(leaf, points, newest, moment)
    evidence = ((times[newest], values[newest]),)
    return Held((Shown(leaf, evidence, times[newest], values[newest], 0.0, usual),))


def _same_hours(hours: int, one: float, other: float) -> bool:
    """Whether two times of day are about the same; a clock change in between moves them by an hour."""
    apart = abs(one - other) % DAY
    return min(apart, DAY - apart) <= hours


def _mean(leaf: Mean, moment: Moment) -> Answer:
    points = moment.points.get(leaf.kind, NO_POINTS)
    times, values = points
    newest = bisect_right(times, moment.at) - 1
    if newest < 0:
        return Unclear(f"No reading of {name_within(leaf.kind)} to judge")
    if times[newest] <= moment.settled or moment.outlives(times[newest]):
        return _silent(leaf, points, newest, moment)
    oldest = bisect_left(times, times[newest] - leaf.over)
    counted = values[oldest : newest + 1]
    mean = sum(counted) / len(counted)
    if len(counted) < leaf.readings:
        words = f"{name_of(leaf.kind)} {value_text(leaf.kind, mean)} on average over {span_text(leaf.over)}"
        return Unclear(f"{words}, unknown until {many_text(leaf.readings - len(counted), 'more reading')}")
    beyond, limit = leaf.limit.test
    # Rounded, as a mean of 149.99999999999997 is 150.
    if not beyond(round(mean, 6), limit):
        return _silent(leaf, points, newest, moment)
    evidence = tuple((times[n], values[n]) for n in sorted({oldest, newest}))
    return Held((Shown(leaf, evidence, times[newest], mean, times[newest] - times[oldest]),))


def missing_from(leaf: Missing, moment: Moment) -> tuple[float | None, tuple[tuple[float, float], ...]]:
    """From when nothing has been heard (None: never known), and the last reading before."""
    times, values = moment.points.get(leaf.kind, NO_POINTS)
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
    times, values = moment.points.get(leaf.kind, NO_POINTS)
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
