"""From rows to figures: whole numbers are summed and divided once, so that nothing is lost; pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from outcomes.measures import DEFINITIONS, Beside, Measure
from outcomes.weeks import Week, place


@dataclass(frozen=True, slots=True)
class Part:
    """What one row (an alert, an expected reading, a goal, time under a plan) adds to a figure.

    `met` goes to the numerator and `of` to the denominator, both whole. `people` (inner keys) are those it is
    about. `extra` makes the number beside the figure. `without`: the row has no answer (no contact, no
    progress). `source` is the row itself, for whoever opens the figure.
    """

    at: datetime
    people: tuple[int, ...]
    pathways: tuple[str, ...]
    agency_id: int | None
    met: int
    of: int
    extra: float | None = None
    without: bool = False
    class_: str | None = None
    cause: str | None = None
    source: object = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Which parts count; None is all. `class_` and `cause` ("open" for none yet) are those of alerts."""

    pathway: str | None = None
    agency_id: int | None = None
    class_: str | None = None
    cause: str | None = None

    def takes(self, part: Part) -> bool:
        """Whether a part counts. One that has no class or cause at all (time, a goal) goes with any."""
        return (
            (self.pathway is None or self.pathway in part.pathways)
            and (self.agency_id is None or self.agency_id == part.agency_id)
            and (self.class_ is None or part.class_ in (None, self.class_))
            and (self.cause is None or part.cause in (None, self.cause))
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in one period.

    `value` is in the measure's unit, None where there was nothing to count; `beside` is the second number and
    `without` how many rows had no answer (see its definition). `suppressed`: it is about too few people, and
    every number is None. `partial`: the period is not over.
    """

    measure: Measure
    start: datetime
    end: datetime
    numerator: int | None
    denominator: float | None
    value: float | None
    beside: float | None
    without: int | None
    suppressed: bool = False
    partial: bool = False


def figures(
    measure: Measure,
    parts: Iterable[Part],
    weeks: tuple[Week, ...],
    breakdown: Breakdown,
    now: datetime,
    *,
    few: int = 0,
) -> list[Figure]:
    """The measure week by week, oldest first; `few` is the least number of people that may be shown."""
    taken = by_week((part for part in parts if breakdown.takes(part)), weeks)
    return [
        figure(measure, own, week.start, week.end, now, few=few)
        for week, own in zip(weeks, taken, strict=True)
    ]


def by_week(parts: Iterable[Part], weeks: tuple[Week, ...]) -> list[list[Part]]:
    """The parts of each week, in their order."""
    found: list[list[Part]] = [[] for _ in weeks]
    for part in parts:
        if (at := place(weeks, part.at)) is not None:
            found[at].append(part)
    return found


def figure(
    measure: Measure, parts: Sequence[Part], start: datetime, end: datetime, now: datetime, *, few: int = 0
) -> Figure:
    """The measure over these parts, all of them.

    Suppressed when there is something to count and the people in the denominator are fewer than `few`.
    """
    defined, partial = DEFINITIONS[measure], end > now
    if parts and len({one for part in parts if part.of for one in part.people}) < few:
        return Figure(measure, start, end, None, None, None, None, None, suppressed=True, partial=partial)
    met, of = sum(part.met for part in parts), sum(part.of for part in parts)
    return Figure(
        measure,
        start,
        end,
        numerator=met,
        denominator=of / defined.scale,
        value=defined.factor * defined.scale * met / of if of else None,
        beside=_beside(defined.beside, [part.extra for part in parts if part.extra is not None]),
        without=sum(part.without for part in parts) if defined.without else None,
        partial=partial,
    )


def _beside(beside: Beside | None, extras: Sequence[float]) -> float | None:
    """The median where what has no answer lasts for ever (None if that is the median), or so many to 100."""
    if beside is None or not extras:
        return None
    if beside is Beside.STEPS:
        return 100 * sum(extras) / len(extras)
    middle = median(extras)
    return middle if math.isfinite(middle) else None
