"""What a rule would have raised of the recorded past, by the judge that judges live; pure.

It is judged as if each reading had come when it was measured, and as if nobody had closed anything before it
was well again. Until something is found only moments are looked at when a condition may begin to hold; from
then on every reading is, until all is well.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil

from care_plans.judging import mornings
from care_plans.judging.answers import ON
from care_plans.judging.conditions import (
    Change,
    Direction,
    Event,
    Leaf,
    Mean,
    Missing,
    Routine,
    Rule,
    Threshold,
    Trend,
    Usual,
    leaves,
)
from care_plans.judging.hours import in_hours
from care_plans.judging.rules import judge, needed
from care_plans.judging.telling import moment_of
from care_plans.judging.track import Points, Track, sources_of
from care_plans.judging.verdicts import Finding, Judged, Nothing, Verdict
from care_plans.severity import Class, Severity
from core.zones import UK

DEALT_WITH = 3600
"""After how long (seconds) a finding that never clears by itself, and all that was heard by then, counts as
dealt with here: an assumption."""
_ROUNDED = 1e-5
"""More than what rounding can move a change or a mean, which the judge rounds to six places."""


@dataclass(frozen=True, slots=True)
class Episode:
    """What would have been raised once: when, how bad it got and from when it was that bad, until when.

    `found` is what would have been said at its worst. `until` is when it was well again, or None where the
    past ends before.
    """

    began: datetime
    severity: Severity
    worst_at: datetime
    until: datetime | None
    found: Finding


def replay(
    rule: Rule,
    tracks: Mapping[str, Track],
    start: datetime,
    end: datetime,
    *,
    since: datetime | None = None,
    zone: str = UK,
) -> list[Episode]:
    """The episodes from `start` to `end`, in order; what stands at `start` begins then.

    `tracks` should reach as far back from `start` as `needed` says. What is not heard counts as missing since
    `since`, or else since `start`.
    """
    past = _Past(rule, tracks, since or start, zone)
    last = end.timestamp()
    beginnings = [start.timestamp(), *past.beginnings(start.timestamp(), last)]
    episodes: list[Episode] = []
    position = 0
    while position < len(beginnings):
        at = beginnings[position]
        judged = past.judged(at)
        if isinstance(judged.verdict, Finding):
            episode, over = past.follow(at, judged, judged.verdict, last)
            episodes.append(episode)
            position = bisect_right(beginnings, over)
        else:
            position += 1
    return episodes


class _Past:
    """The readings that one rule judges, and how it stood at any time."""

    def __init__(self, rule: Rule, tracks: Mapping[str, Track], since: datetime, zone: str) -> None:
        self._rule = rule
        self._zone = zone
        self._spans = needed(rule)
        self._tracks = {kind: tracks[kind] for kind in self._spans if kind in tracks}
        self._since = since
        self._settled: datetime | None = None
        self._times: Sequence[float] = ()

    def judged(self, at: float) -> Judged:
        """What the judge says at that time of what it would have been given then."""
        known = {kind: track.between(at - self._spans[kind], at) for kind, track in self._tracks.items()}
        heard = {kind: track for kind, track in known.items() if track.times}
        return judge(
            self._rule, heard, moment_of(at), since=self._since, settled=self._settled, zone=self._zone
        )

    def beginnings(self, first: float, last: float) -> list[float]:
        """The only times after `first`, up to `last`, at which a step may begin to hold."""
        since = self._since.timestamp()
        found = {
            at
            for step in self._rule.steps
            for leaf in leaves(step.when)
            for at in self._may_hold(leaf, since, last)
        }
        return sorted(at for at in found if first < at <= last)

    def _may_hold(self, leaf: Leaf, since: float, last: float) -> Iterable[float]:
        if isinstance(leaf, Routine):
            return _missed(leaf, self._tracks, min(since, last), last, self._zone)
        return _may_hold(leaf, self._tracks.get(leaf.kind), since, self._zone)

    def follow(self, began: float, judged: Judged, found: Finding, last: float) -> tuple[Episode, float]:
        """The episode of what was found then, and from when on the next may begin."""
        passes = self._rule.class_ is not Class.LIFE_SAFETY
        stop = last if passes else min(last, began + DEALT_WITH)
        worst, worst_at = found, began
        until: float | None = None
        for look, verdict in self._looks(began, judged, stop):
            if isinstance(verdict, Finding) and verdict.severity.rank > worst.severity.rank:
                worst, worst_at = verdict, look
            elif isinstance(verdict, Nothing) and verdict.cleared:
                until = look
                break
        if not passes:
            self._settled = moment_of(stop)
            until = stop if stop < last else None
        ended = None if until is None else moment_of(until)
        return Episode(moment_of(began), worst.severity, moment_of(worst_at), ended, worst), until or stop

    def _looks(self, at: float, judged: Judged, stop: float) -> Iterator[tuple[float, Verdict]]:
        """Every look after `at`: at each reading, and whenever time alone may change how the rule stands."""
        if not self._times:
            self._times = sorted({at for track in self._tracks.values() for at in track.times})
        while True:
            after = bisect_right(self._times, at)
            soonest = [self._times[after]] if after < len(self._times) else []
            if judged.judge_at is not None:
                soonest.append(judged.judge_at.timestamp())
            at = min(soonest, default=stop + 1)
            if at > stop:
                return
            judged = self.judged(at)
            yield at, judged.verdict


def _missed(
    leaf: Routine, tracks: Mapping[str, Track], first: float, last: float, zone: str
) -> Iterator[float]:
    """When somebody would be missed, by what is firm, and by that with what is doubtful."""
    for points_of in (
        {kind: track.firm for kind, track in tracks.items()},
        {kind: track.shown or track.least or track.firm for kind, track in tracks.items()},
    ):
        times = sorted(
            at
            for sign in leaf.signs
            if sign.kind in points_of
            for at in mornings.signs_of(sign, points_of[sign.kind])
        )
        yield from (ceil(due) for due in mornings.dues(leaf, times, first, last, zone))


def _may_hold(leaf: Leaf, track: Track | None, since: float, zone: str) -> Iterable[float]:
    """At least every time at which the condition may begin to hold."""
    if isinstance(leaf, Missing):
        return _gone_missing(leaf, track, since)
    if track is None:
        return ()
    found: set[float] = set()
    during = None if isinstance(leaf, Routine) else leaf.during
    for line in _lines(track):
        points = line if during is None else in_hours(line, during, zone)
        match leaf:
            case Threshold():
                beyond, limit = leaf.test
                found.update(at for at, value in zip(*points, strict=True) if beyond(value, limit))
            case Event():
                found.update(at for at, value in zip(*points, strict=True) if value >= ON)
            case Change():
                found.update(_moved(leaf, points))
            case Mean():
                found.update(_beyond_in_the_mean(leaf, points))
            case Trend() | Usual():
                found.update(points.times)
    return found


def _lines(track: Track) -> Iterator[Points]:
    """What is judged together: of each source, what is firm, and that with what is doubtful."""
    for source in sources_of([track]) or [""]:
        one = track.of_source(source)
        yield one.firm
        yield from (points for points in (one.least, one.shown) if points is not None)


def _gone_missing(leaf: Missing, track: Track | None, since: float) -> Iterator[float]:
    """Since whichever source was heard last; of one that was heard in doubt only, both may be."""
    yield ceil(since + leaf.for_)
    for points in (track.firm, track.least, track.shown) if track else ():
        if points is not None:
            least = leaf.at_or_above
            heard = [at for at, value in zip(*points, strict=True) if least is None or value >= least]
            yield from (ceil(max(at, since) + leaf.for_) for at in heard)


def _moved(leaf: Change, points: Points) -> Iterator[float]:
    """Where a value has moved from the lowest (highest) of the time before it."""
    if leaf.percent:
        yield from points.times
        return
    by, (times, values) = leaf.by - _ROUNDED, points
    if leaf.direction is not Direction.DOWN:
        yield from _risen(times, values, by, leaf.over)
    if leaf.direction is not Direction.UP:
        yield from _risen(times, [-value for value in values], by, leaf.over)


def _risen(times: Sequence[float], values: Sequence[float], by: float, over: int) -> Iterator[float]:
    """Where a value lies by more than `by` above the lowest of the time before it."""
    lowest: deque[tuple[float, float]] = deque()  # ascending in time and value
    for at, value in zip(times, values, strict=True):
        while lowest and lowest[-1][1] >= value:
            lowest.pop()
        lowest.append((at, value))
        while lowest[0][0] < at - over:
            lowest.popleft()
        if value - lowest[0][1] > by:
            yield at


def _beyond_in_the_mean(leaf: Mean, points: Points) -> Iterator[float]:
    times, values = points
    sums = [0.0, *accumulate(values)]
    beyond, limit = leaf.limit.test
    slack = -_ROUNDED if leaf.limit.low_side else _ROUNDED
    oldest = 0
    for newest, at in enumerate(times):
        while times[oldest] < at - leaf.over:
            oldest += 1
        number = newest + 1 - oldest
        if number >= leaf.readings and beyond((sums[newest + 1] - sums[oldest]) / number + slack, limit):
            yield at
