"""A rule in words, before anything is found: what it looks for, when it clears, which limits it holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    kinds_of,
    leaves,
)
from care_plans.judging.hours import Hours
from care_plans.judging.hours_terms import hours_words
from care_plans.judging.words import (
    each_text,
    length_text,
    limit_text,
    name_of,
    name_within,
    times_text,
    value_text,
)
from care_plans.severity import Severity
from devices import kinds

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
        case Missing():
            return _missing(condition)
        case Routine():
            return _routine(condition)
        case _:
            return f"{_leaf(condition)}{_in_hours(condition.during)}"


def _leaf(leaf: Threshold | Change | Trend | Usual | Mean | Event) -> str:
    match leaf:
        case Threshold():
            return _threshold(leaf)
        case Change(kind=kind, by=by, over=over, direction=direction):
            far = f"{by:g} %" if leaf.percent else limit_text(kind, by)
            return f"{name_of(kind)} {_WAYS[direction]} by more than {far} in {length_text(over)}"
        case Trend(kind=kind, by=by, per=per, over=over, direction=direction):
            fast = f"{limit_text(kind, by)} {each_text(per)}"
            return f"{name_of(kind)} going {_WAYS[direction]} by more than {fast} over {length_text(over)}"
        case Usual():
            return _usual(leaf)
        case Mean(limit=limit, over=over):
            return f"{name_of(limit.kind)} on average over {length_text(over)} {side(limit)}"
        case Event(kind=kind):
            return f"{name_of(kind)}: {value_text(kind, 1)}"


def _in_hours(during: Hours | None) -> str:
    """The hours that count: ", from 22:00 to 06:00 on Monday and Friday"; nothing where all do."""
    if during is None:
        return ""
    return f", {hours_words(during)}"


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
            asked = kind in {each for leaf in leaves(part) for each in kinds_of(leaf)}
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
        return f"{words} for {length_text(leaf.for_)}"
    if leaf.times == 1:
        return words
    many = times_text(leaf.times)
    if leaf.of is not None:
        return f"{words} {many} of the newest {leaf.of}"
    return (
        f"{words} {many} in a row"
        if leaf.within is None
        else f"{words} {many} within {length_text(leaf.within)}"
    )


def _usual(leaf: Usual) -> str:
    way = {Direction.UP: "above", Direction.DOWN: "below"}.get(leaf.direction, "away from")
    words = f"{name_of(leaf.kind)} more than {limit_text(leaf.kind, leaf.by)} {way} their usual"
    if leaf.spreads:
        words += f" and {leaf.spreads:g} of their own spreads"
    hours = f", at about the same time of day (within {length_text(leaf.hours)})" if leaf.hours else ""
    return f"{words}: the median of the {length_text(leaf.over)} before the last day{hours}"


def _missing(leaf: Missing) -> str:
    name = name_within(leaf.kind)
    if leaf.at_or_above is not None and not kinds.get(leaf.kind).is_binary:
        name = f"{name} of {limit_text(leaf.kind, leaf.at_or_above)} or more"
    return f"No {name} for {length_text(leaf.for_)}"


def _routine(leaf: Routine) -> str:
    signs = ", ".join(name_within(kind) for kind in kinds_of(leaf))
    later, over = length_text(leaf.later_by), length_text(leaf.days * DAY)
    usually = f"{later} after their usual time of the last {over}"
    return (
        f"No sign of the morning from {leaf.starts:%H:%M} on ({signs}) by {usually}, "
        f"or by {leaf.by:%H:%M} until that is known"
    )


def _joined(parts: Sequence[str], between: str) -> str:
    first, *others = parts
    return between.join([first, *(part[:1].lower() + part[1:] for part in others)])
