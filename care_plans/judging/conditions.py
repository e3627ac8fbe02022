"""What a rule says: its class, its steps by severity, and the conditions they are made of."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from functools import lru_cache

from care_plans.judging.hours import Hours
from care_plans.severity import Class, Severity

DAY = 86400
FRESH = 2 * DAY
"""A plain threshold trusts its newest reading for this long (seconds): daily readings may slip by a day."""
LOOK_BACK = DAY
"""How far back what has not been cleared still counts (seconds): late reds page while under 24 h old (H1)."""
REMEMBERED = 20_000


class About(StrEnum):
    """Whose readings a rule judges, and whom its alert is about."""

    PERSON = "person"
    HOME = "home"


class Direction(StrEnum):
    """Which way a value has moved."""

    UP = "up"
    DOWN = "down"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value beyond one limit: at once, `times` times, or for_ seconds long.

    So many times is in a row, `within` seconds, or of the newest `of` readings. `during`: only what was
    measured in these hours counts, here and of every other condition that has it.

    Exactly one of the four limits is given, in the kind's own unit. `max_gap` (seconds) is the longest
    silence between readings that a duration, or so many in a row, survives, and for a plain threshold how
    long the newest reading can be trusted. Left out, a duration takes three times the usual spacing of its
    readings (never more than half of `for_`); so many in a row, and trust in the newest, take `FRESH`.
    """

    kind: str
    below: float | None = None
    above: float | None = None
    at_or_below: float | None = None
    at_or_above: float | None = None
    for_: int = 0
    times: int = 1
    within: int | None = None
    max_gap: int | None = None
    of: int | None = None
    during: Hours | None = None

    @property
    def limit(self) -> float:
        """The limit, whichever side it is on."""
        given = (self.below, self.above, self.at_or_below, self.at_or_above)
        return next(limit for limit in given if limit is not None)

    @property
    def low_side(self) -> bool:
        """Whether lower is worse."""
        return self.below is not None or self.at_or_below is not None

    @property
    def test(self) -> tuple[Callable[[float, float], bool], float]:
        """The comparison and the limit: a value is beyond it when `comparison(value, limit)`."""
        if self.below is not None:
            return operator.lt, self.below
        if self.above is not None:
            return operator.gt, self.above
        if self.at_or_below is not None:
            return operator.le, self.at_or_below
        return operator.ge, self.limit


@dataclass(frozen=True, slots=True)
class Change:
    """A value that has moved by more than `by` against the lowest (highest) of the last `over` seconds.

    With `percent` it is by more than so many per cent of that lowest (highest).
    """

    kind: str
    by: float
    over: int
    direction: Direction = Direction.UP
    percent: bool = False
    during: Hours | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """Values that move by more than `by` every `per` seconds: the slope of the last `over` seconds.

    The slope is that of the straight line nearest to all of them (least squares), of at least so many
    `readings` that span half of that time.
    """

    kind: str
    by: float
    per: int
    over: int
    readings: int
    direction: Direction
    during: Hours | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """A value further than `by` from what is usual for this person: their own median over `over` seconds.

    The last day before the newest reading is left out, so that what begins does not become usual at once, and
    at least so many `readings` have to remain. With `spreads` the value has to be so many of their own
    spreads away as well; with `hours` (seconds) only readings of about that time of day make the usual.
    """

    kind: str
    by: float
    over: int
    readings: int
    direction: Direction
    spreads: float = 0.0
    hours: int | None = None
    during: Hours | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean beyond a limit, over the last `over` seconds and from at least so many readings."""

    limit: Threshold
    over: int
    readings: int
    during: Hours | None = None

    @property
    def kind(self) -> str:
        """The kind whose mean it is."""
        return self.limit.kind


@dataclass(frozen=True, slots=True)
class Missing:
    """No reading (or, with `at_or_above`, none of at least that) for `for_` seconds."""

    kind: str
    for_: int
    at_or_above: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event, or the moment a state began, within the last `within` seconds."""

    kind: str
    within: int = DAY
    during: Hours | None = None


@dataclass(frozen=True, slots=True)
class Routine:
    """No sign of somebody's morning by the time they are usually about: by any of `signs`, from `starts` on.

    The usual time is the median of the first signs of the last `days` mornings, of which so many `mornings`
    must be known; `later_by` seconds after it they are missed. Until it is known they are missed at `by`.
    Both are local times. A sign is one reading beyond the limit of its threshold.
    """

    signs: tuple[Threshold, ...]
    starts: time
    by: time
    later_by: int
    days: int
    mornings: int

    @property
    def kind(self) -> str:
        """The kind of the first of the signs."""
        return self.signs[0].kind


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these at the same time."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these."""

    of: tuple["Condition", ...]


Leaf = Threshold | Change | Trend | Usual | Mean | Missing | Event | Routine
Condition = Leaf | All | Any


@dataclass(frozen=True, slots=True)
class Step:
    """The severity that a condition gives."""

    severity: Severity
    when: Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger of a contingency plan.

    `key` is unique over all pathways ("copd.oxygen_low") and survives versions. A finding whose newest
    reading is older than `pages_within` seconds opens quietly (life-safety and red clinical ones page for
    24 h). `words` replaces the sentence made from the condition; it may use {value}, {limit} and {lasting}.
    `source` says where the limits come from. What lasts for days and was dealt with is raised again only
    `again_after` seconds later, unless it is worse, red, or was well in between.
    """

    key: str
    name: str
    class_: Class
    about: About
    steps: tuple[Step, ...]
    source: str
    clear: Condition | None = None
    pages_within: int = 6 * 3600
    words: str | None = None
    again_after: int | None = None


def kinds_of(leaf: Leaf) -> tuple[str, ...]:
    """The kinds of reading that a single condition looks at, each once."""
    return (
        tuple(dict.fromkeys(sign.kind for sign in leaf.signs)) if isinstance(leaf, Routine) else (leaf.kind,)
    )


def is_silence(leaf: Leaf) -> bool:
    """Whether it holds while nothing is heard: no room is missing by itself, but all of them together."""
    return isinstance(leaf, Missing | Routine)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The single conditions that a condition is made of."""
    if isinstance(condition, All | Any):
        for part in condition.of:
            yield from leaves(part)
    else:
        yield condition


@lru_cache(REMEMBERED)
def at_once(condition: Condition) -> Condition:
    """The same condition without its durations and repetitions: what the newest readings alone meet.

    It equals the condition where that has none of these.
    """
    match condition:
        case All():
            return All(tuple(at_once(part) for part in condition.of))
        case Any():
            return Any(tuple(at_once(part) for part in condition.of))
        case Threshold() if condition.for_ or condition.times > 1 or condition.within is not None:
            return replace(condition, for_=0, times=1, within=None, of=None)
        case _:
            return condition


def conditions(rule: Rule) -> Iterator[Leaf]:
    """Every single condition of a rule: of its steps and of its clearing."""
    for step in rule.steps:
        yield from leaves(step.when)
    if rule.clear is not None:
        yield from leaves(rule.clear)


def by_the_clock(rule: Rule) -> bool:
    """Whether a rule asks for local days or hours, so that it has to be known where the home is."""
    return any(
        isinstance(leaf, Routine) or (not isinstance(leaf, Missing) and leaf.during is not None)
        for leaf in conditions(rule)
    )


def reach(leaf: Leaf) -> int:
    """Seconds of readings before now that a condition needs."""
    match leaf:
        case Threshold():
            in_a_row = (leaf.of or leaf.times) - 1 if leaf.within is None else 0
            span = max(leaf.for_ + (leaf.max_gap or 0), leaf.within or 0, in_a_row * (leaf.max_gap or FRESH))
            return max(span + LOOK_BACK, 0 if leaf.for_ else leaf.max_gap or FRESH)
        case Change() | Mean() | Trend():
            return leaf.over + FRESH
        case Usual():
            return leaf.over + DAY + FRESH
        case Missing():
            return leaf.for_ + LOOK_BACK
        case Event():
            return leaf.within + LOOK_BACK
        case Routine():
            return (leaf.days + 2) * DAY
