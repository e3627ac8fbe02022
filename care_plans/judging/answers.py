"""How a condition can stand as of a moment, and what is known then: held, unclear, or not held."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from care_plans.judging.conditions import FRESH, Leaf, Missing, Routine, Threshold
from care_plans.judging.hours import in_hours
from care_plans.judging.track import NO_POINTS, Points
from care_plans.judging.words import name_within, span_text
from care_plans.severity import Severity
from core.zones import UK

ON = 0.5
"""States and events hold 0 or 1."""
SPACINGS = 20
"""How many of the newest gaps the usual spacing is taken from."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known and when we look: `at` may be earlier than `now` to look at how things stood.

    All in unix seconds. Missing readings count from `since` on, the time the rule came into force. What was
    measured up to `settled` has been dealt with and supports nothing new; `dealt_with` says by severity up to
    when as so bad, None where all of it was. Of doubtful points only `proof`, the others, ends anything.
    Days and their hours are those of `zone`.
    """

    points: Mapping[str, Points]
    at: float
    now: float
    since: float | None = None
    settled: float = float("-inf")
    proof: Mapping[str, Points] | None = None
    dealt_with: Mapping[Severity, float] | None = None
    zone: str = UK

    def points_of(self, leaf: Leaf) -> Points:
        """The readings that a condition looks at: of its kind, in its hours."""
        points = self.points.get(leaf.kind, NO_POINTS)
        during = None if isinstance(leaf, Missing | Routine) else leaf.during
        return points if during is None else in_hours(points, during, self.zone)

    def of(self, severity: Severity) -> "Moment":
        """The same for a step of that severity: what was closed as something lesser settles none of it."""
        dealt = self.dealt_with
        return self if dealt is None else replace(self, settled=dealt.get(severity, float("-inf")))

    def outlives(self, newest: float) -> bool:
        """Whether what a reading is compared with may lie further back than is looked."""
        return min(self.at, self.now) - newest >= FRESH

    def seen(self, at: float) -> "Moment":
        """The same, looking at how things stood at another time."""
        return Moment(
            self.points, at, self.now, self.since, self.settled, self.proof, self.dealt_with, self.zone
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A single condition that holds: the readings that show it, the worst of them, how long they span."""

    leaf: Leaf
    points: tuple[tuple[float, float], ...]
    at: float
    value: float | None
    lasting: float
    usual: float | None = None
    said: str | None = None
    """Its words, where they need more than the readings; "" where another part says it."""

    @property
    def newest(self) -> float:
        """When the newest reading of the evidence was measured; silence is as new as the look at it."""
        if isinstance(self.leaf, Missing):
            return self.at - self.leaf.for_ + self.lasting
        if isinstance(self.leaf, Routine):
            return self.at + self.lasting
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


def stale_after(leaf: Leaf, points: Points, newest: int) -> float:
    """Seconds after its newest reading (an index) when a condition that does not hold becomes unclear."""
    if not isinstance(leaf, Threshold):
        return FRESH
    return gap_of(leaf, points, newest) if leaf.for_ else leaf.max_gap or FRESH


def silent(leaf: Leaf, points: Points, newest: int, moment: Moment) -> Unclear | None:
    """What a condition that does not hold comes to: nothing, or unclear once its newest reading is old."""
    # How things stood earlier is asked of what was known then.
    age = min(moment.at, moment.now) - points.times[newest]
    if age < stale_after(leaf, points, newest):
        return None
    return Unclear(f"No reading of {name_within(leaf.kind)} for {span_text(age)}")


def gap_of(leaf: Threshold, points: Points, newest: int) -> float:
    """The longest silence a duration survives; at most half of it, so that two readings prove nothing."""
    if leaf.max_gap is not None:
        return leaf.max_gap
    times = points.times[max(newest - SPACINGS, 0) : newest + 1]
    if len(times) < 2:
        return leaf.for_ / 2
    return min(3 * median(later - earlier for earlier, later in pairwise(times)), leaf.for_ / 2)
