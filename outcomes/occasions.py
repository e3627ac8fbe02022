"""Which readings a plan expected, and when each would have been heard in time; pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from care_plans.work.recurrence import Recurrence, next_after

DAY = timedelta(hours=24)
"""A reading by the clock counts from so long before it is due: yesterday's is not today's."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """What a plan expects to hear, from `start` to `end`: by the clock or every so often, with its grace."""

    plan_id: int
    person_id: int
    key: str
    kind: str
    about: str
    pathway: str | None
    by: Recurrence | None
    every: timedelta
    grace: timedelta
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """So many readings in a row, the first due at `due`, then one each `watch.every`.

    The first is heard in time if one was measured in the `reach` that ends at `until` (and includes it); the
    next in the same one interval later.
    """

    watch: Watch
    due: datetime
    until: datetime
    reach: timedelta
    times: int = 1

    @property
    def last_until(self) -> datetime:
        """Until when the last of them would have been heard in time."""
        return self.until + (self.times - 1) * self.watch.every

    def untils(self) -> list[datetime]:
        """Until when each of them would have been heard in time."""
        return [self.until + number * self.watch.every for number in range(self.times)]


def without(watch: Watch, spans: Iterable[tuple[datetime, datetime]]) -> list[Watch]:
    """The watch in the parts that are left when these spans (in order) are taken out of its time."""
    found, start = [], watch.start
    for since, until in spans:
        if since > start:
            found.append(replace(watch, start=start, end=min(since, watch.end)))
        start = max(start, until)
    if start < watch.end:
        found.append(replace(watch, start=start))
    return [part for part in found if part.start < part.end]


def joined(watches: Iterable[Watch]) -> list[Watch]:
    """The watches with those made one that differ only in time and follow on each other.

    A new version of a plan that expects the same does not start the clock again.
    """
    found: list[Watch] = []
    last: dict[Watch, int] = {}
    for watch in sorted(watches, key=lambda one: one.start):
        same = replace(watch, start=EPOCH, end=EPOCH)
        before = last.get(same)
        if before is not None and found[before].end == watch.start:
            found[before] = replace(found[before], end=watch.end)
        else:
            last[same] = len(found)
            found.append(watch)
    return found


def expected(
    watches: Iterable[Watch], cuts: Callable[[Watch], Sequence[datetime]], now: datetime
) -> list[Expected]:
    """What fell due and is decided by `now`, watch by watch.

    `cuts` are moments in order: asked for is what is due from the first on and before the last, and readings
    in a row never lie on both sides of one between.
    """
    calendars: dict[tuple[Recurrence, timedelta, datetime, datetime], list[Expected]] = {}
    found: list[Expected] = []
    for watch in watches:
        moments = cuts(watch)
        if watch.by is None:
            found += _at_intervals(watch, moments, now)
            continue
        key = watch.by, watch.grace, moments[0], moments[-1]
        if key not in calendars:
            calendars[key] = list(_by_the_clock(watch, watch.by, moments[0], min(moments[-1], now)))
        found += [
            Expected(watch, one.due, one.until, one.reach)
            for one in calendars[key]
            if watch.start < one.due < watch.end and one.until <= now
        ]
    return found


def pieces(one: Expected, cuts: Sequence[datetime]) -> Iterator[Expected]:
    """The readings in a row, cut at these moments (in order) too."""
    done = 0
    for cut in [cut for cut in cuts if one.due < cut] if one.times > 1 else ():
        before = min(one.times, -((one.due - cut) // one.watch.every))
        if before > done:
            yield _part_of(one, done, before - done)
            done = before
        if done == one.times:
            return
    yield _part_of(one, done, one.times - done)


def _part_of(one: Expected, first: int, times: int) -> Expected:
    later = first * one.watch.every
    return Expected(one.watch, one.due + later, one.until + later, one.reach, times)


def _by_the_clock(watch: Watch, by: Recurrence, since: datetime, until: datetime) -> Iterator[Expected]:
    due = next_after(by, since - DAY - watch.grace)
    before: datetime | None = None
    while due < until:
        after = due - DAY
        if before is not None:
            after = max(after, before + watch.grace)
        if due >= since:
            yield Expected(watch, due, due + watch.grace, due + watch.grace - after)
        before, due = due, next_after(by, due)


def _at_intervals(watch: Watch, cuts: Sequence[datetime], now: datetime) -> Iterator[Expected]:
    """At every whole multiple of the interval, once the watch has lasted long enough to miss one."""
    reach = watch.every + watch.grace
    first, last = watch.start + reach, min(watch.end, now + TICK)
    for one, next_one in pairwise(cuts):
        due = _multiple_from(watch.every, max(one, first))
        times = -((due - min(next_one, last)) // watch.every)
        if times > 0:
            yield Expected(watch, due, due, reach, times)


def _multiple_from(every: timedelta, at: datetime) -> datetime:
    """The first whole multiple of the interval, counted from 1970, that is not before `at`."""
    return EPOCH + -((EPOCH - at) // every) * every
