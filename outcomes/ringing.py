"""How calls to people go: how many were due and made, who was reached at once, who was looked for; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from care_plans.models.work import FollowUpOutcome
from care_plans.reached import ANSWERED, Came, Found


@dataclass(frozen=True, slots=True)
class CallDue:
    """One call that was due: when, what became of it, and what came of each attempt, oldest first."""

    due_at: datetime
    done_at: datetime | None
    outcome: FollowUpOutcome | None
    missed: bool
    moved: int
    came: tuple[Came, ...]


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Once that somebody was looked for: from when to when, and how they were found."""

    began_at: datetime
    ended_at: datetime | None
    ended: Found | None


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of some weeks. A call is made once somebody has rung, or has completed it.

    `tried` are those with an attempt on record, `at_once` how many of them were answered at the first one.
    """

    due: int
    made: int
    in_time: int
    missed: int
    moved: int
    tried: int
    at_once: int
    answered: int
    attempts: int
    came: Mapping[Came, int]
    outcomes: Mapping[FollowUpOutcome, int]


@dataclass(frozen=True, slots=True)
class Searches:
    """How often somebody was looked for, how it ended, and how long half of them took at most (minutes)."""

    begun: int
    open: int
    ended: Mapping[Found, int]
    half_within: float | None


def calls(due: Iterable[CallDue]) -> Calls:
    """What became of these calls."""
    some = list(due)
    tried = [each for each in some if each.came]
    return Calls(
        due=len(some),
        made=sum(bool(each.came) or each.done_at is not None for each in some),
        in_time=sum(each.done_at is not None and each.done_at <= each.due_at for each in some),
        missed=sum(each.missed for each in some),
        moved=sum(each.moved > 0 for each in some),
        tried=len(tried),
        at_once=sum(each.came[0] in ANSWERED for each in tried),
        answered=sum(any(one in ANSWERED for one in each.came) for each in tried),
        attempts=sum(len(each.came) for each in tried),
        came=Counter(one for each in tried for one in each.came),
        outcomes=Counter(each.outcome for each in some if each.outcome is not None),
    )


def searches(some: Iterable[LookedFor]) -> Searches:
    """How these ended; one that was a double of another is left out."""
    counted = [each for each in some if each.ended is not Found.DUPLICATE]
    took = sorted(
        (each.ended_at - each.began_at).total_seconds() / 60 for each in counted if each.ended_at is not None
    )
    return Searches(
        begun=len(counted),
        open=sum(each.ended_at is None for each in counted),
        ended=Counter(each.ended for each in counted if each.ended is not None),
        half_within=took[(len(took) - 1) // 2] if took else None,
    )
