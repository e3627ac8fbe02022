"""What a version changes against another, as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from care_plans.plan import compare
from care_plans.plan.compare import Change, What
from care_plans.plan.whole import PlanRead


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One change: see plan.html."""

    part: str
    words: str
    what: str
    before: str
    after: str
    by: str
    why: str


def between(before: PlanRead | None, after: PlanRead) -> tuple[PlanChange, ...]:
    """Every change, a row for each field; () where there is nothing to compare with."""
    if before is None:
        return ()
    return tuple(row for change in compare.differences(before, after) for row in _rows(change))


def _rows(change: Change) -> Sequence[PlanChange]:
    by, why = change.by or "", change.why or ""
    if change.what is What.ADDED:
        return [PlanChange(change.part, change.title, "Added", "", change.title, by, why)]
    if change.what is What.REMOVED:
        return [PlanChange(change.part, change.title, "Removed", change.title, "", by, why)]
    return [
        PlanChange(change.part, f"{change.title}: {each.name}", "Changed", each.before, each.after, by, why)
        for each in change.fields
    ]
