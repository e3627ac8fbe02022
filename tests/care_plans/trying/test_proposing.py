"""A rule as somebody would have it."""

from typing import Any

import pytest
import yaml

from care_plans.judging.rules import Severity, from_document
from care_plans.pathways.limits import limit_of
from care_plans.trying import proposing
from core.errors import Invalid, NotFound

OXYGEN = proposing.trigger_of("copd", "copd.oxygen_low")


def faults(*given: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        proposing.proposed(OXYGEN, *given)
    return dict(refused.value.fields)


def test_other_limits_move_all_its_steps() -> None:
    document = proposing.proposed(OXYGEN, {"oxygen": "86"}, None)
    usual = {step.severity: step.when for step in OXYGEN.rule.steps}
    other = {step.severity: step.when for step in from_document(document).steps}
    assert limit_of(document, OXYGEN.personal[0]) == 86
    assert usual.keys() == other.keys()
    assert usual[Severity.RED] != other[Severity.RED]


def test_a_text_of_its_own_counts_instead_of_the_limits() -> None:
    changed = {**OXYGEN.document, "clear": {"kind": "spo2", "at_or_above": 92}}
    assert proposing.proposed(OXYGEN, {"oxygen": "50"}, yaml.safe_dump(changed)) == changed


def test_what_is_wrong_is_said_at_its_field() -> None:
    assert faults({"oxygen": "50"}, None)["oxygen"].endswith("choose from 82 to 94 %.")
    assert faults({"oxygen": "low"}, None) == {"oxygen": "Give a number."}
    assert faults({"oxygen": "88"}, None) == {"": "This is what the rule is already."}
    assert faults({}, "steps: [\n") == {"rule": "Line 2: write this as YAML."}
    assert "Write the whole rule" in faults({}, "88")["rule"]
    assert "steps.0.when.kind" in faults({}, yaml.safe_dump(_of_aura()))["rule"]
    assert "stay as they are" in faults({}, yaml.safe_dump({**OXYGEN.document, "key": "copd.other"}))["rule"]


def test_there_is_no_rule_of_another_name() -> None:
    with pytest.raises(NotFound):
        proposing.trigger_of("copd", "copd.nothing")


def _of_aura() -> dict[str, Any]:
    return {**OXYGEN.document, "steps": [{"severity": "red", "when": {"kind": "aura", "below": 3}}]}
