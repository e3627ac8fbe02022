"""Rules as documents (YAML in pathways, JSON in plans): read with every fault named, and written."""

from collections.abc import Mapping
from dataclasses import replace
from string import Formatter
from typing import Any as Anything

from care_plans.documents import Part, duration_text
from care_plans.judging import news2
from care_plans.judging.conditions import (
    DAY,
    About,
    All,
    Any,
    Change,
    Condition,
    Direction,
    Event,
    Leaf,
    Mean,
    Missing,
    Routine,
    Rule,
    Step,
    Threshold,
    Trend,
    Usual,
    leaves,
)
from care_plans.judging.hours_terms import read_hours
from care_plans.severity import Class, Severity
from devices import kinds

LIMITS = ("below", "above", "at_or_below", "at_or_above")
CHANGES = {"rises_by": Direction.UP, "falls_by": Direction.DOWN, "moves_by": Direction.ANY}
CHANGES_BY_PERCENT = {f"{name}_percent": direction for name, direction in CHANGES.items()}
USUALS = {
    "above_usual_by": Direction.UP,
    "below_usual_by": Direction.DOWN,
    "off_usual_by": Direction.ANY,
}
MOST_LATER = 6 * 3600
MOST_USUAL = 14 * DAY
"""The longest (seconds) that somebody's usual is taken from: all its readings are read at each judging."""
FILLINGS = {"value", "limit", "lasting"}

PAGES_WITHIN = 6 * 3600
"""How old (seconds) a finding may be and still call somebody, where the rule does not say."""
MOST_AGAIN_AFTER = 8 * DAY
"""The longest (seconds) that what was dealt with may rest: closed alerts are looked at for nine days."""


def from_document(document: Mapping[str, Anything]) -> Rule:
    """The rule a document says; raises Invalid with each fault at its dotted field."""
    part = Part(document)
    rule = read_rule(part)
    part.refuse_faults("This rule is not right.")
    return rule


def read_rule(part: Part) -> Rule:
    """Read a rule, noting faults on `part`."""
    rule = Rule(
        key=part.key("key"),
        name=part.text("name"),
        class_=part.choice("class", Class),
        about=part.choice("about", About),
        steps=tuple(_read_step(step) for step in part.parts("steps")),
        source=part.text("source"),
        clear=_read_condition(part, "clear") if part.has("clear") else None,
        pages_within=part.duration("pages_within") if part.has("pages_within") else PAGES_WITHIN,
        words=part.maybe_text("words"),
        again_after=part.maybe_duration("again_after"),
    )
    part.no_more()
    _check_rule(part, rule)
    return rule


def _read_step(part: Part) -> Step:
    step = Step(part.choice("severity", Severity), _read_condition(part, "when"))
    part.no_more()
    return step


def _check_rule(part: Part, rule: Rule) -> None:
    given = [step.get("severity") for step in part.listed("steps") if isinstance(step, Mapping)]
    if any(given.count(severity) > 1 for severity in Severity):
        part.fault("steps", 'Give each severity once; join conditions with "any".')
    if part.raw("class") == Class.LIFE_SAFETY and rule.clear is not None:
        part.fault("clear", "A life-safety finding never clears by itself; leave this out.")
    if any(isinstance(leaf, Usual) for step in rule.steps for leaf in leaves(step.when)) and (
        rule.clear is None or any(isinstance(leaf, Usual) for leaf in leaves(rule.clear))
    ):
        part.fault(
            "clear", "Say by fixed limits when all is well: what is usual moves with whoever gets worse."
        )
    if rule.again_after is not None and rule.class_ is Class.LIFE_SAFETY:
        part.fault("again_after", "A life-safety finding never rests; leave this out.")
    if rule.again_after is not None and rule.again_after > MOST_AGAIN_AFTER:
        part.fault("again_after", f"Give at most {duration_text(MOST_AGAIN_AFTER)}.")
    try:
        fields = {name for _, name, _, _ in Formatter().parse(rule.words or "") if name is not None}
    except ValueError:
        fields = {""}
    if fields - FILLINGS:
        part.fault("words", "Only {value}, {limit} and {lasting} can be filled in.")


def _read_condition(part: Part, field: str) -> Condition:
    given = part.part(field)
    if not given.content:
        return Any(())
    if given.has("all") or given.has("any"):
        name = "all" if given.has("all") else "any"
        # Each entry is read as if it stood under its number.
        inner = Part({str(n): one for n, one in enumerate(given.listed(name))}, given.at(name), given.faults)
        joined = tuple(_read_condition(inner, number) for number in inner.content)
        given.no_more()
        return All(joined) if name == "all" else Any(joined)
    condition = _read_routine(given) if given.has("no_sign_of") else _in_hours(given, _read_leaf(given))
    _refuse_before(given, condition)
    given.no_more()
    return condition


def _in_hours(part: Part, leaf: Leaf) -> Leaf:
    """The condition on what was measured in the hours that are given with it."""
    if not part.has("during"):
        return leaf
    hours = read_hours(part.part("during"))
    if isinstance(leaf, Missing | Routine):
        part.fault("during", "Silence in some hours of the day is a routine: ask for no_sign_of.")
        return leaf
    return replace(leaf, during=hours)


def _read_routine(part: Part) -> Routine:
    inner = Part(
        {str(n): one for n, one in enumerate(part.listed("no_sign_of"))}, part.at("no_sign_of"), part.faults
    )
    signs = tuple(_read_sign(inner.part(number)) for number in inner.content)
    if not signs:
        part.fault("no_sign_of", "Name what is a sign of somebody, such as {kind: motion, at_or_above: 1}.")
        signs = (Threshold("motion", at_or_above=1),)
    days = part.duration("usual_over") // DAY
    if not 1 <= days <= MOST_USUAL // DAY:
        part.fault("usual_over", "Give 1 to 14 days.")
    starts, by = part.clock("from"), part.clock("by")
    if by <= starts:
        part.fault("by", "Give a time later in the day than that from which signs count.")
    later_by = part.duration("later_by")
    if later_by > MOST_LATER:
        part.fault("later_by", "Give at most 6 hours.")
    return Routine(signs, starts, by, later_by, days, part.whole("mornings", 1, 14, default=min(4, days)))


def _read_sign(part: Part) -> Threshold:
    kind = part.text("kind")
    found = kinds.find_measured(kind)
    if found is None:
        part.fault("kind", "There is no such kind of reading.")
    sign = _read_threshold(part, kind, found)
    part.no_more()
    if sign != replace(sign, for_=0, times=1, within=None, max_gap=None, of=None):
        part.fault(None, "A sign is one reading: leave out how often and for how long.")
    return sign


def _read_leaf(part: Part) -> Leaf:
    kind = part.text("kind")
    found = kinds.find(kind)
    if found is None:
        part.fault("kind", "There is no such kind of reading.")
    if part.has("mean_over"):
        over, readings = part.duration("mean_over"), part.whole("readings", 2, 1000)
        return Mean(_read_threshold(part, kind, found), over, readings)
    if part.has("missing_for"):
        return Missing(kind, part.duration("missing_for"), part.maybe_number("at_or_above"))
    if part.has("happened_within"):
        if found is not None and not found.is_binary:
            part.fault("happened_within", "Only an event or a state can happen; give a limit instead.")
        return Event(kind, part.duration("happened_within"))
    for name, direction in (CHANGES | CHANGES_BY_PERCENT).items():
        if part.has(name):
            return _read_change(part, kind, found, name, direction)
    for name, direction in USUALS.items():
        if part.has(name):
            return _read_usual(part, kind, found, name, direction)
    return _read_threshold(part, kind, found)


def _refuse_before(part: Part, condition: Condition) -> None:
    """A score of which some is not known may be anything above: it is no measure of what comes after."""
    if isinstance(condition, Change | Trend | Usual | Mean) and condition.kind in news2.MADE:
        part.fault("kind", "A score may be known in part: hold it to a limit, not to what it was before.")


def _read_change(
    part: Part, kind: str, found: kinds.Kind | None, name: str, direction: Direction
) -> Change | Trend:
    by, over = part.number(name), part.duration("over")
    percent = name in CHANGES_BY_PERCENT
    if by <= 0:
        part.fault(name, "Give a number above 0.")
    if percent and found is not None and (found.is_binary or found.absolute[0] < 0):
        part.fault(name, "Nothing is so many per cent of what may lie below 0; give the change itself.")
    if not part.has("per"):
        return Change(kind, by, over, direction, percent)
    per = part.duration("per")
    if percent or (found is not None and found.is_binary):
        part.fault("per", "Only numbers have a slope, in their own unit.")
    if over > MOST_USUAL:
        part.fault("over", "Give at most 14 days.")
    return Trend(kind, by, per, over, part.whole("readings", 3, 1000), direction)


def _read_usual(part: Part, kind: str, found: kinds.Kind | None, name: str, direction: Direction) -> Usual:
    by, over = part.number(name), part.duration("usual_over")
    spreads = part.maybe_number("spreads")
    hours = part.maybe_duration("same_hours")
    if found is not None and found.is_binary:
        part.fault("kind", "Only numbers have a usual.")
    if by <= 0:
        part.fault(name, "Give a number above 0.")
    if not DAY <= over <= MOST_USUAL:
        part.fault("usual_over", "Give 1 to 14 days.")
    if spreads is not None and spreads <= 0:
        part.fault("spreads", "Give a number above 0.")
    if hours is not None and not 900 <= hours < DAY // 2:
        part.fault("same_hours", "Give 15 minutes to 12 hours.")
    return Usual(kind, by, over, part.whole("readings", 3, 1000), direction, spreads or 0.0, hours)


def _read_threshold(part: Part, kind: str, found: kinds.Kind | None) -> Threshold:
    limits = {name: part.number(name) for name in LIMITS if part.has(name)}
    if len(limits) != 1:
        part.fault(
            None,
            "Give one limit (below, above, at_or_below or at_or_above), or a change (rises_by, falls_by or "
            "moves_by), a distance from their usual (below_usual_by, above_usual_by or off_usual_by), "
            "missing_for or happened_within.",
        )
        limits = {"below": found.absolute[0] if found else 0.0}
    name, limit = next(iter(limits.items()))
    low, high = found.absolute if found else (limit, limit)
    if not low <= limit <= high:
        part.fault(
            name, f"No reading of this kind can be beyond {limit:g}; give a limit from {low:g} to {high:g}."
        )
    threshold = Threshold(
        kind,
        below=limits.get("below"),
        above=limits.get("above"),
        at_or_below=limits.get("at_or_below"),
        at_or_above=limits.get("at_or_above"),
    )
    if part.has("mean_over"):
        return threshold
    threshold = replace(
        threshold,
        for_=part.duration("for") if part.has("for") else 0,
        times=part.whole("times", 1, 100, default=1),
        within=part.maybe_duration("within"),
        max_gap=part.maybe_duration("max_gap"),
        of=part.whole("of", 2, 100) if part.has("of") else None,
    )
    if threshold.of is not None and not 1 < threshold.times < threshold.of:
        part.fault("of", 'Ask for some ("times", 2 or more) of more readings than that.')
    if threshold.of is not None and threshold.within is not None:
        part.fault("of", 'Ask for so many of the newest readings ("of") or of a time ("within"), not both.')
    if threshold.for_ and threshold.times > 1:
        part.fault("times", 'Ask for a duration ("for") or for repetition ("times"), not for both.')
    if threshold.within is not None and threshold.times == 1:
        part.fault("within", "Say how many times (2 or more) within this time.")
    if threshold.for_ and threshold.max_gap is not None and threshold.max_gap >= threshold.for_:
        part.fault("max_gap", 'Give a silence shorter than the duration ("for").')
    return threshold
