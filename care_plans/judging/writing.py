"""Rules written as the documents that `parse` reads back exactly."""

from collections.abc import Mapping
from typing import Any as Anything

from care_plans.documents import duration_text
from care_plans.judging import hours_terms
from care_plans.judging.conditions import (
    DAY,
    All,
    Any,
    Change,
    Condition,
    Direction,
    Event,
    Mean,
    Missing,
    Routine,
    Rule,
    Threshold,
    Trend,
    Usual,
)
from care_plans.judging.parse import CHANGES, CHANGES_BY_PERCENT, LIMITS, USUALS


def to_document(rule: Rule) -> dict[str, Anything]:
    """The rule as a document that `from_document` reads back exactly."""
    document: dict[str, Anything] = {
        "key": rule.key,
        "name": rule.name,
        "class": rule.class_.value,
        "about": rule.about.value,
        "steps": [{"severity": step.severity.value, "when": _written(step.when)} for step in rule.steps],
        "source": rule.source,
        "pages_within": duration_text(rule.pages_within),
    }
    if rule.clear is not None:
        document["clear"] = _written(rule.clear)
    if rule.words is not None:
        document["words"] = rule.words
    if rule.again_after is not None:
        document["again_after"] = duration_text(rule.again_after)
    return document


def _written(condition: Condition) -> dict[str, Anything]:
    match condition:
        case All():
            return {"all": [_written(part) for part in condition.of]}
        case Any():
            return {"any": [_written(part) for part in condition.of]}
        case Missing():
            floor = {} if condition.at_or_above is None else {"at_or_above": condition.at_or_above}
            return {"kind": condition.kind, "missing_for": duration_text(condition.for_)} | floor
        case Routine():
            return _written_routine(condition)
        case _:
            during = {} if condition.during is None else {"during": hours_terms.to_document(condition.during)}
            return _written_leaf(condition) | during


def _written_leaf(leaf: Threshold | Change | Trend | Usual | Mean | Event) -> dict[str, Anything]:
    match leaf:
        case Event():
            return {"kind": leaf.kind, "happened_within": duration_text(leaf.within)}
        case Change():
            names = CHANGES_BY_PERCENT if leaf.percent else CHANGES
            return {"kind": leaf.kind, _name(names, leaf): leaf.by, "over": duration_text(leaf.over)}
        case Trend():
            spread = {"over": duration_text(leaf.over), "readings": leaf.readings}
            return {"kind": leaf.kind, _name(CHANGES, leaf): leaf.by, "per": duration_text(leaf.per)} | spread
        case Usual():
            return _written_usual(leaf)
        case Mean():
            spread = {"mean_over": duration_text(leaf.over), "readings": leaf.readings}
            return _written_threshold(leaf.limit) | spread
        case Threshold():
            return _written_threshold(leaf)


def _name(names: Mapping[str, Direction], leaf: Change | Trend | Usual) -> str:
    return next(name for name, direction in names.items() if direction is leaf.direction)


def _written_routine(routine: Routine) -> dict[str, Anything]:
    return {
        "no_sign_of": [_written_threshold(sign) for sign in routine.signs],
        "from": f"{routine.starts:%H:%M}",
        "by": f"{routine.by:%H:%M}",
        "later_by": duration_text(routine.later_by),
        "usual_over": duration_text(routine.days * DAY),
        "mornings": routine.mornings,
    }


def _written_usual(usual: Usual) -> dict[str, Anything]:
    document: dict[str, Anything] = {
        "kind": usual.kind,
        _name(USUALS, usual): usual.by,
        "usual_over": duration_text(usual.over),
        "readings": usual.readings,
    }
    if usual.spreads:
        document["spreads"] = usual.spreads
    if usual.hours is not None:
        document["same_hours"] = duration_text(usual.hours)
    return document


def _written_threshold(threshold: Threshold) -> dict[str, Anything]:
    name = next(name for name in LIMITS if getattr(threshold, name) is not None)
    document: dict[str, Anything] = {"kind": threshold.kind, name: threshold.limit}
    if threshold.for_:
        document["for"] = duration_text(threshold.for_)
    if threshold.times > 1:
        document["times"] = threshold.times
    if threshold.within is not None:
        document["within"] = duration_text(threshold.within)
    if threshold.of is not None:
        document["of"] = threshold.of
    if threshold.max_gap is not None:
        document["max_gap"] = duration_text(threshold.max_gap)
    return document
