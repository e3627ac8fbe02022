"""A person's own trigger: what was given of it, read into a rule, and told back to be changed."""

from collections.abc import Mapping
from typing import Any

import yaml

from care_plans.judging import possible
from care_plans.judging.conditions import Change, Direction, Rule, Threshold, conditions, kinds_of
from care_plans.judging.parse import from_document
from care_plans.judging.writing import to_document
from care_plans.models.rules import PlanRule
from care_plans.plan.aims import Given, Values, decimal
from care_plans.severity import Severity
from core.errors import Invalid
from devices import kinds
from devices.kinds import CareClass, Kind
from people.faults import LINES, Reader, number, one_of, read_fields, words

HOUR, MINUTE = 3600, 60
SOURCE = "Set for this person"
CHANGES = {"rises": "rises_by", "falls": "falls_by"}
SIDES = ("below", "above", *CHANGES)
LIMIT_FIELDS = ("kind", "side", "limit", "severity", "times", "within_minutes", "for_minutes", "over_hours")
"""What a rule of one limit is made of; a rule as text has none of these."""
WEIGHT = (CareClass.TECHNICAL, CareClass.HOME_SOCIAL, CareClass.CLINICAL, CareClass.LIFE_SAFETY)
TEXT_FIELDS = frozenset({"steps", "clear", "words", "pages_within", "again_after"})
_LONGEST = 4000


def read(given: Given, key: str, contingency: Reader) -> Values:
    """The trigger that was given: one limit of one kind, or a rule as text; Invalid with each fault."""
    readers: dict[str, Reader] = {
        "contingency": contingency,
        "name": words(),
        "kind": words(),
        "side": words(),
        "limit": decimal,
        "severity": one_of(Severity),
        "times": number(1, 20),
        "within_minutes": number(1, 7 * 24 * 60),
        "for_minutes": number(1, 7 * 24 * 60),
        "over_hours": number(1, 14 * 24),
        "rule": words(_LONGEST),
        "why": words(LINES),
    }
    as_text = bool(str(given.get("rule") or "").strip())
    asked = () if as_text else ("kind", "side", "limit", "severity")
    values = read_fields(given, readers, required=("contingency", "why", *asked), empty={"times": 1})
    rule = _from_text(values, key) if as_text else _from_limit(values, key)
    _refuse_unfit(rule, as_text=as_text)
    return {
        "contingency_key": values["contingency"],
        "class_": rule.class_,
        "about": rule.about.value,
        "document": to_document(rule),
        "set_why": values["why"],
    }


def _refuse_unfit(rule: Rule, *, as_text: bool) -> None:
    unfit = possible.faults(rule)
    if not unfit:
        return
    if as_text:
        raise Invalid({"rule": "; ".join(f"{place}: {told}" for place, told in unfit.items())})
    raise Invalid({"limit": next(iter(unfit.values()))})


def told(row: PlanRule) -> dict[str, Any]:
    """The fields that would make the rule of this trigger as it is; none of a pathway's own."""
    if row.pathway is not None:
        return {}
    fixed = {"name": row.document["name"], "why": row.set_why}
    rule = from_document(row.document)
    when = rule.steps[0].when
    if isinstance(when, Threshold | Change) and _is_simple(rule, when):
        return fixed | {"severity": rule.steps[0].severity.value} | _limit_fields(when)
    return fixed | {"rule": as_text(row.document)}


def threshold_of(row: PlanRule) -> Threshold | None:
    """The one limit of a trigger that was set for this person by its fields; None for any other."""
    if row.pathway is not None:
        return None
    when = from_document(row.document).steps[0].when
    return when if isinstance(when, Threshold) else None


def safe_bounds(kind: str) -> tuple[float, float]:
    """Within which a limit of a simple trigger makes sense: what people and homes usually show."""
    return kinds.get(kind).plausible


def as_text(document: Mapping[str, Any]) -> str:
    """What a rule looks for, as the text that is typed for it."""
    said = {name: document[name] for name in document if name in TEXT_FIELDS}
    text: str = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    return text


def _from_limit(values: Values, key: str) -> Rule:
    kind = kinds.find(values["kind"])
    side, limit, times = values["side"], values["limit"], values.get("times") or 1
    faults = _faults(values, kind)
    if faults or kind is None:
        raise Invalid(faults)
    if side in CHANGES:
        when: dict[str, Any] = {"kind": kind.code, CHANGES[side]: limit, "over": f"{values['over_hours']} h"}
    else:
        when = {"kind": kind.code, side: limit}
    if times > 1:
        when |= {"times": times, "within": f"{values['within_minutes']} min"}
    if values.get("for_minutes"):
        when |= {"for": f"{values['for_minutes']} min"}
    return from_document(
        {
            "key": key,
            "name": values.get("name") or _name(kind, side, limit),
            "class": kind.care_class.value,
            "about": kind.about,
            "steps": [{"severity": values["severity"].value, "when": when}],
            "source": f"{SOURCE}: {values['why']}",
        }
    )


def _faults(values: Values, kind: Kind | None) -> dict[str, str]:
    if values["side"] not in SIDES:
        return {"side": "Choose below, above, rises or falls."}
    moves = values["side"] in CHANGES
    if kind is None or kind.is_binary:
        return {"kind": "Choose a reading that is a number."} | _faults_of_time(values, moves=moves)
    return _faults_of_limit(values["limit"], kind, moves=moves) | _faults_of_time(values, moves=moves)


def _faults_of_limit(limit: float, kind: Kind, *, moves: bool) -> dict[str, str]:
    low, high = safe_bounds(kind.code)
    if moves and kind.made:
        return {"kind": "What is made of readings is held to a limit, not to what it was before."}
    if moves and not 0 < limit <= high - low:
        return {"limit": "Nothing can move by so much, or by so little: choose another."}
    if not moves and not low <= limit <= high:
        return {"limit": f"This limit is not safe: choose from {low:g} to {high:g} {kind.unit_words}."}
    return {}


def _faults_of_time(values: Values, *, moves: bool) -> dict[str, str]:
    times, lasting = values.get("times") or 1, values.get("for_minutes")
    if moves:
        faults = {"times": "What rises or falls does so once: leave this out."} if times > 1 else {}
        faults |= {"for_minutes": "What rises or falls has its hours: leave this out."} if lasting else {}
        return faults if values.get("over_hours") else faults | {"over_hours": "Say in how many hours."}
    faults = {}
    if values.get("over_hours"):
        faults["over_hours"] = "Only what rises or falls does so in some time: leave this empty."
    if times > 1 and not values.get("within_minutes"):
        faults["within_minutes"] = "Say within how many minutes."
    if times > 1 and lasting:
        faults["for_minutes"] = "Ask for several readings or for how long, not for both."
    return faults


def _from_text(values: Values, key: str) -> Rule:
    given = [name for name in LIMIT_FIELDS if values.get(name) is not None and name != "times"]
    if given:
        raise Invalid({"rule": "Give the rule as text, or by its fields above: not both."})
    try:
        content = yaml.safe_load(values["rule"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"Line {mark.line + 1}: w" if mark else "W"
        raise Invalid({"rule": f"{line}rite this as YAML."}) from None
    if not isinstance(content, Mapping) or "steps" not in content:
        raise Invalid({"rule": "Begin with steps, each with a severity and what it looks for (when)."})
    if unknown := sorted(str(name) for name in content if name not in TEXT_FIELDS):
        raise Invalid({"rule": f"Leave out {', '.join(unknown)}: give {', '.join(sorted(TEXT_FIELDS))}."})
    document = {
        **content,
        "key": key,
        "name": values.get("name") or "Set for this person",
        "class": CareClass.HOME_SOCIAL.value,
        "about": "person",
        "source": f"{SOURCE}: {values['why']}",
    }
    try:
        looked_at = _kinds(from_document(document))
        document["class"] = max((kind.care_class for kind in looked_at), key=WEIGHT.index).value
        document["about"] = "home" if all(kind.about == "home" for kind in looked_at) else "person"
        return from_document(document)
    except Invalid as fault:
        said = "; ".join(f"{place}: {told}" if place else told for place, told in fault.fields.items())
        raise Invalid({"rule": said}) from fault


def _kinds(rule: Rule) -> list[Kind]:
    return [kinds.get(code) for leaf in conditions(rule) for code in kinds_of(leaf)]


def _is_simple(rule: Rule, when: Threshold | Change) -> bool:
    """Whether its fields say all of it: what they would make is the same rule."""
    fields = _limit_fields(when)
    if fields.get("kind") is None or kinds.get(when.kind).is_binary:
        return False
    values = {**fields, "severity": rule.steps[0].severity, "name": rule.name, "why": ""}
    try:
        made = _from_limit(values, rule.key)
    except Invalid:
        return False
    return (made.steps, made.clear, made.words, made.pages_within, made.again_after) == (
        rule.steps, rule.clear, rule.words, rule.pages_within, rule.again_after,
    )  # fmt: skip


def _limit_fields(when: Threshold | Change) -> dict[str, Any]:
    if isinstance(when, Change):
        side = "rises" if when.direction is Direction.UP else "falls"
        return {"kind": when.kind, "side": side, "limit": when.by, "over_hours": when.over // HOUR}
    return {
        "kind": when.kind,
        "side": "below" if when.low_side else "above",
        "limit": when.limit,
        "times": when.times,
        "within_minutes": when.within // MINUTE if when.within else None,
        "for_minutes": when.for_ // MINUTE if when.for_ else None,
    }


def _name(kind: Kind, side: str, limit: float) -> str:
    way = {"rises": "up by more than", "falls": "down by more than"}.get(side, side)
    return f"{kind.name} {way} {limit:g} {kind.unit_words}".rstrip()
