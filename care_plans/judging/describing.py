"""A rule in words, before anything is found: what it looks for, when it clears, which limits it holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from care_plans.judging.conditions import (
    All,
    Any,
    Change,
    Condition,
    Direction,
    Event,
    Mean,
    Missing,
    Rule,
    Threshold,
    Usual,
    leaves,
)
from care_plans.judging.words import limit_text, name_of, name_within, span_text, times_text, value_text
from care_plans.severity import Severity
from devices import kinds

_WAYS = {Direction.UP: "up", Direction.DOWN: "down", Direction.ANY: "up or down"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A value of one kind beyond which a rule finds something, as a line on a chart."""

    value: float
    severity: Severity
    low_side: bool

    @property
    def words(self) -> str:
        """For example "red below 88"; the unit is the kind's own."""
        return f"{self.severity.value} {'below' if self.low_side else 'above'} {self.value:g}"


def condition_words(condition: Condition) -> str:
    """What a condition looks for: "Oxygen below 85 % twice within 10 minutes, or oxygen below 80 %"."""
    match condition:
        case All(of=parts):
            return _joined([condition_words(part) for part in parts], " and ")
        case Any(of=parts):
            return _joined([condition_words(part) for part in parts], ", or ")
        case Threshold():
            return _threshold(condition)
        case Change(kind=kind, by=by, over=over, direction=direction):
            return (
                f"{name_of(kind)} {_WAYS[direction]} by more than {limit_text(kind, by)} in {span_text(over)}"
            )
        case Usual():
            return _usual(condition)
        case Mean(limit=limit, over=over):
            return f"{name_of(limit.kind)} on average over {span_text(over)} {side(limit)}"
        case Missing():
            return _missing(condition)
        case Event(kind=kind):
            return f"{name_of(kind)}: {value_text(kind, 1)}"


def step_words(rule: Rule) -> tuple[tuple[Severity, str], ...]:
    """What gives which severity, the worst first."""
    steps = sorted(rule.steps, key=lambda step: -step.severity.rank)
    return tuple((step.severity, condition_words(step.when)) for step in steps)


def side(threshold: Threshold) -> str:
    """On which side of what: "below 88 %", "at or above 131 bpm"."""
    at = "at or " if threshold.at_or_below is not None or threshold.at_or_above is not None else ""
    way = "below" if threshold.low_side else "above"
    return f"{at}{way} {limit_text(threshold.kind, threshold.limit)}"


def limits(rule: Rule, kind: str) -> tuple[Limit, ...]:
    """The limits that the rule holds for `kind`: of each severity and side the one that is met first.

    One that only counts together with something else is none of them.
    """
    found: dict[tuple[Severity, bool], float] = {}
    for step in rule.steps:
        for part in _alone(step.when):
            threshold = part.limit if isinstance(part, Mean) else part
            if not isinstance(threshold, Threshold) or threshold.kind != kind:
                continue
            if kinds.get(kind).is_binary:
                continue
            place = (step.severity, threshold.low_side)
            nearest = max if threshold.low_side else min
            found[place] = nearest(found.get(place, threshold.limit), threshold.limit)
    return tuple(Limit(value, severity, low_side) for (severity, low_side), value in found.items())


def other_words(rule: Rule, kind: str) -> tuple[tuple[Severity, str], ...]:
    """What of `kind` gives which severity and is no line on a chart: states, events, changes, silence."""
    found: dict[tuple[Severity, str], None] = {}
    for step in rule.steps:
        for part in _alone(step.when):
            asked = kind in {leaf.kind for leaf in leaves(part)}
            drawn = isinstance(part, Threshold | Mean) and not kinds.get(part.kind).is_binary
            if asked and not drawn:
                found[step.severity, condition_words(part)] = None
    return tuple(found)


def _alone(condition: Condition) -> Iterator[Condition]:
    """The parts each of which is enough by itself."""
    if isinstance(condition, Any):
        for part in condition.of:
            yield from _alone(part)
    else:
        yield condition


def _threshold(leaf: Threshold) -> str:
    if kinds.get(leaf.kind).is_binary:
        words = f"{name_of(leaf.kind)}: {value_text(leaf.kind, 1 if not leaf.low_side else 0)}"
    else:
        words = f"{name_of(leaf.kind)} {side(leaf)}"
    if leaf.for_:
        return f"{words} for {span_text(leaf.for_)}"
    if leaf.times == 1:
        return words
    many = times_text(leaf.times)
    return (
        f"{words} {many} in a row"
        if leaf.within is None
        else f"{words} {many} within {span_text(leaf.within)}"
    )


def _usual(leaf: Usual) -> str:
    way = {Direction.UP: "above", Direction.DOWN: "below"}.get(leaf.direction, "away from")
    words = f"{name_of(leaf.kind)} more than {limit_text(leaf.kind, leaf.by)} {way} their usual"
    if leaf.spreads:
        words += f" and {leaf.spreads:g} of their own spreads"
    hours = f", at about the same time of day (within {span_text(leaf.hours)})" if leaf.hours else ""
    return f"{words}: the median of the {span_text(leaf.over)} before the last day{hours}"


def _missing(leaf: Missing) -> str:
    name = name_within(leaf.kind)
    if leaf.at_or_above is not None and not kinds.get(leaf.kind).is_binary:
        name = f"{name} of {limit_text(leaf.kind, leaf.at_or_above)} or more"
    return f"No {name} for {span_text(leaf.for_)}"


def _joined(parts: Sequence[str], between: str) -> str:
    first, *others = parts
    return between.join([first, *(part[:1].lower() + part[1:] for part in others)])
