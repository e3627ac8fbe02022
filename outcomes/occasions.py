"""Which readings a plan expected, and when each would have been heard in time; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from care_plans.work.recurrence import Recurrence, next_after

DAY_BEFORE = timedelta(hours=24)
"""A reading by the calendar counts from so long before it is due: yesterday's is not today's."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watch:
    """What a plan expects to hear, from `start` to `end`: by a calendar or every so often, with its grace."""

    plan_id: int
    person_id: int
    key: str
    kind: str
    about: str
    pathway: str | None
    by: Recurrence | None
    every: timedelta | None
    grace: timedelta
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """One expected reading: heard in time if one was measured after `after` and not later than `until`."""

    watch: Watch
    due: datetime
    after: datetime
    until: datetime


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


def occasions(watches: Iterable[Watch], since: datetime, until: datetime, now: datetime) -> list[Occasion]:
    """What fell due in [since, until) and is decided by `now`, watch by watch."""
    calendars: dict[tuple[Recurrence, timedelta], list[Occasion]] = {}
    found: list[Occasion] = []
    for watch in watches:
        if watch.by is None:
            found += _by_interval(watch, since, until, now)
            continue
        key = watch.by, watch.grace
        if key not in calendars:
            calendars[key] = list(_by_calendar(watch, watch.by, since, min(until, now)))
        found += [
            replace(one, watch=watch)
            for one in calendars[key]
            if watch.start < one.due < watch.end and one.until <= now
        ]
    return found


def _by_calendar(watch: Watch, by: Recurrence, since: datetime, until: datetime) -> Iterator[Occasion]:
    due = next_after(by, since - DAY_BEFORE - watch.grace)
    before: datetime | None = None
    while due < until:
        after = due - DAY_BEFORE
        if before is not None:
            after = max(after, before + watch.grace)
        if due >= since:
            yield Occasion(watch, due, after, due + watch.grace)
        before, due = due, next_after(by, due)


def _by_interval(watch: Watch, since: datetime, until: datetime, now: datetime) -> Iterator[Occasion]:
    """At every whole multiple of the interval, once the watch has lasted long enough for one to be missed."""
    every = watch.every or DAY_BEFORE
    reach = every + watch.grace
    first = max(since, watch.start + reach)
    due = EPOCH + -((EPOCH - first) // every) * every
    while due < min(until, watch.end) and due <= now:
        yield Occasion(watch, due, due - reach, due)
        due += every
