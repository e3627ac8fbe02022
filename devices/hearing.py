"""How much of the time in which kit should have been heard it was; what was not its fault told apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
"""From a moment to before another."""
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Heard:
    """Time in which kit should have been heard, and how much of it it was not.

    `expected` is without what is excused: unheard while we did not listen, while somebody worked on it, or
    while whoever has it was away.
    """

    expected: timedelta = NONE
    unheard: timedelta = NONE
    deaf: timedelta = NONE
    work: timedelta = NONE
    away: timedelta = NONE

    @property
    def percent(self) -> int | None:
        """Of the time it should have been heard; 100 only where it always was, None where it never should."""
        if self.expected <= NONE:
            return None
        return int((self.expected - self.unheard) / self.expected * 100)

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(
            self.expected + other.expected,
            self.unheard + other.unheard,
            self.deaf + other.deaf,
            self.work + other.work,
            self.away + other.away,
        )


@dataclass(slots=True)
class Times:
    """What is on record of one piece of kit, in any order, overlapping or not.

    `expected` are the times in which it was to be heard, `silent` those in which it was late or missing,
    `work` and `away` those in which that is nobody's concern, `deaf` those in which we did not listen.
    """

    expected: list[Span] = field(default_factory=list)
    silent: list[Span] = field(default_factory=list)
    work: list[Span] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)
    deaf: list[Span] = field(default_factory=list)


def reckon(times: Times, since: datetime, until: datetime) -> Heard:
    """How much of the time from `since` to `until` kit was heard, of that in which it should have been."""
    expected = both(times.expected, [(since, until)])
    left = both(times.silent, expected) if times.silent else []
    if not left:
        return Heard(length(expected))
    excused = []
    for spans in (times.deaf, times.work, times.away):
        excused.append(length(both(left, spans)))
        left = without(left, spans)
    deaf, work, away = excused
    return Heard(length(expected) - deaf - work - away, length(left), deaf, work, away)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same times in order, without overlap."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def both(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The times that are in one and in the other."""
    others = union(others)
    return [
        (max(start, begin), min(end, finish))
        for start, end in union(some)
        for begin, finish in others
        if max(start, begin) < min(end, finish)
    ]


def without(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The times of `some` that are not in `others`."""
    left = union(some)
    for begin, finish in union(others):
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begin)), (max(start, finish), end))
            if part[0] < part[1]
        ]
    return left


def length(spans: Sequence[Span]) -> timedelta:
    """How long they are together; they do not overlap."""
    return sum((end - start for start, end in spans), NONE)


def gaps(listened: Iterable[Span], until: datetime) -> list[Span]:
    """The times between stretches of listening, from the first on and up to `until`."""
    stretches = union(listened)
    return without([(stretches[0][0], until)], stretches) if stretches else []
