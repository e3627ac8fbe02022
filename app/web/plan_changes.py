"""What a draft, or a version, changes against the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from care_plans.plan import read
from care_plans.plan.read import PlanRead, RuleRead


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One change of a draft: see plan.html."""

    words: str
    before: str
    after: str
    by: str
    at: datetime
    why: str


def of_draft(before: PlanRead, draft: PlanRead) -> tuple[PlanChange, ...]:
    """Every change of the draft, limits with who set them and why."""
    then = {rule.rule.key: rule for rule in _rules(before)}
    at = draft.version.changed_at
    found = [
        change
        for rule in _rules(draft)
        if rule.rule.key in then
        for change in _limits(then[rule.rule.key], rule, at)
    ]
    others = [words for words in read.differences(before, draft) if words.startswith(("New ", "No longer"))]
    return (*found, *(PlanChange(words, "", "", "In the draft", at, "") for words in others))


def _rules(plan: PlanRead) -> Iterator[RuleRead]:
    for contingency in plan.contingencies:
        yield from contingency.rules


def _limits(before: RuleRead, after: RuleRead, at: datetime) -> list[PlanChange]:
    then = {limit.personal.name: limit.at for limit in before.limits}
    return [
        PlanChange(
            words=limit.personal.label,
            before=f"{then[limit.personal.name]:g} {limit.personal.unit}",
            after=f"{limit.at:g} {limit.personal.unit}",
            by=after.set_by or "Somebody",
            at=after.rule.set_at or at,
            why=after.rule.set_why or "",
        )
        for limit in after.limits
        if limit.personal.name in then and then[limit.personal.name] != limit.at
    ]
