"""A rule of a pathway as somebody would have it: with other limits, or in another text."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from care_plans.judging import possible
from care_plans.judging.rules import Rule, from_document
from care_plans.pathways import limits, reading
from care_plans.pathways.shape import Personal, Trigger
from core.errors import Invalid, NotFound

RULE = "rule"
"""The field of a rule's own text."""


def trigger_of(pathway: str, rule_key: str) -> Trigger:
    """The rule as the newest version of its pathway has it; NotFound where there is none."""
    for contingency in reading.get(pathway).contingencies:
        for trigger in contingency.triggers:
            if trigger.rule.key == rule_key:
                return trigger
    raise NotFound


def proposed(trigger: Trigger, wanted: Mapping[str, str], text: str | None) -> dict[str, Any]:
    """The rule as a text of its own says it, or else with the limits that were typed.

    Invalid with each fault at its field, and where nothing would be otherwise.
    """
    if text is not None:
        return from_text(text, trigger.rule)
    document = with_limits(trigger.document, trigger.personal, wanted)
    refuse_other(document, trigger.rule)
    return document


def with_limits(
    document: Mapping[str, Any], personal: Sequence[Personal], wanted: Mapping[str, str]
) -> dict[str, Any]:
    """The rule's document with the limits that were typed; Invalid with each fault at its field."""
    changed, faults = dict(document), dict[str, str]()
    for each in personal:
        try:
            value = float(wanted.get(each.name, "").replace(",", "."))
            _, changed = limits.with_limit(changed, each, value)
        except ValueError:
            faults[each.name] = "Give a number."
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(faults)
    return changed


def from_text(text: str, usual: Rule) -> dict[str, Any]:
    """The rule that a YAML text says; Invalid on `RULE` with every fault, or where it is another rule."""
    try:
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Invalid({RULE: f"Line {line}: write this as YAML."}) from None
    if not isinstance(content, Mapping):
        raise Invalid({RULE: "Write the whole rule: key, name, class, about, steps and source."})
    try:
        refuse_other(content, usual)
    except Invalid as fault:
        said = "; ".join(f"{place}: {words}" if place else words for place, words in fault.fields.items())
        raise Invalid({RULE: said}) from fault
    return dict(content)


def refuse_other(document: Mapping[str, Any], usual: Rule) -> None:
    """Invalid, with each fault at its place, for what is no rule, another rule, or the same as it is."""
    rule = from_document(document)
    if (rule.key, rule.about, rule.class_) != (usual.key, usual.about, usual.class_):
        raise Invalid({"": "Key, class and about stay as they are."})
    if rule == usual:
        raise Invalid({"": "This is what the rule is already."})
    unfit = possible.faults(rule)
    if unfit:
        raise Invalid(unfit)
