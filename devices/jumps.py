"""How far a body can change between two measurements, so that more is asked about on shared kit (H4); pure.

Only weight has a limit. A pressure, a pulse or the oxygen in somebody's blood can truly change so far within
minutes: to doubt it would hide a danger, and two people's lie too near each other to be told apart by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Limit:
    """A change is doubted that is more than `by` (the kind's own unit) and more than `percent`."""

    by: float
    percent: float


LIMITS: Mapping[str, Limit] = MappingProxyType({"weight": Limit(by=5.0, percent=5.0)})
"""Defaults, for a clinical safety officer to set. The heart failure pathway asks to be told of 2 kg in three
days: that stays far inside, so that no change which the plan looks for is doubted."""
LATELY = timedelta(days=14)
"""Over how long before a measurement the person's own say where it should be near."""
FEWEST = 3
"""How many of those it takes: from fewer nothing can be said."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A measurement that is too far from the person's own, and from where those lie."""

    at: datetime
    value: float
    usual: float


def doubts(
    kind: str, own: Iterable[tuple[datetime, float]], asked: Sequence[tuple[datetime, float]]
) -> list[Doubt]:
    """Those of `asked` that are too far both from the median of what was measured of the person before, and
    from the last of it; what was confirmed to be theirs is among `own`, and so ends the doubt.

    `own` and `asked` are times and values in any order, apart from each other; what is not doubted counts as
    their own for those after it.
    """
    limit = LIMITS.get(kind)
    if limit is None:
        return []
    found: list[Doubt] = []
    theirs = sorted(own)
    for at, value in sorted(asked):
        before = [(when, one) for when, one in theirs if at - LATELY <= when < at]
        usual = median(one for _, one in before) if len(before) >= FEWEST else None
        if usual is not None and all(_too_far(limit, value, each) for each in (usual, before[-1][1])):
            found.append(Doubt(at, value, usual))
        else:
            theirs = sorted([*theirs, (at, value)])
    return found


def _too_far(limit: Limit, value: float, near: float) -> bool:
    change = abs(value - near)
    return change > limit.by and change > limit.percent / 100 * near
