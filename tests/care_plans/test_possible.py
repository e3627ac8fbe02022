"""Whether a rule could fire never, or always, or clear while it fires."""

import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging import possible
from care_plans.judging.conditions import All, Condition, Threshold, leaves
from care_plans.judging.conditions import Any as AnyOf
from care_plans.judging.rules import from_document
from care_plans.pathways import reading
from devices import kinds

PLAUSIBLE = kinds.get("spo2").plausible


AT_LEAST = {"kind": "spo2", "at_or_above": 85}


def faults(*steps: dict[str, Any], clear: dict[str, Any] | None = None) -> dict[str, str]:
    severities = ("red", "amber", "watch")
    document = {
        "key": "test.rule",
        "name": "A rule",
        "class": "clinical",
        "about": "person",
        "steps": [
            {"severity": severity, "when": when} for severity, when in zip(severities, steps, strict=False)
        ],
        "source": "A source.",
    }
    return possible.faults(from_document(document | ({"clear": clear} if clear else {})))


@pytest.mark.parametrize(
    "when",
    [
        {"all": [{"kind": "spo2", "below": 80}, {"kind": "spo2", "above": 90}]},
        {"all": [{"kind": "spo2", "below": 85}, {"any": [AT_LEAST, {"kind": "spo2", "above": 95}]}]},
        {"kind": "spo2", "below": 35},
        {"all": [{"kind": "door_open", "at_or_above": 1}, {"kind": "door_open", "below": 1}]},
    ],
)  # fmt: skip
def test_what_no_reading_can_be_is_refused(when: dict[str, Any]) -> None:
    assert faults(when) == {"steps.0.when": possible.NEVER}


@pytest.mark.parametrize(
    "when",
    [
        {"any": [{"kind": "spo2", "below": 95}, {"kind": "spo2", "at_or_above": 90}]},
        {"kind": "pulse", "above": 20},
        {"kind": "pulse", "above": 20, "times": 3},
        {"kind": "spo2", "at_or_below": 100, "for": "1 h"},
        {"any": [{"kind": "weight", "rises_by": 2, "over": "3 days"}, {"kind": "weight", "above": 15}]},
    ],
)
def test_what_every_usual_reading_would_raise_is_refused(when: dict[str, Any]) -> None:
    assert faults(when) == {"steps.0.when": possible.ALWAYS}


@pytest.mark.parametrize(
    "when",
    [
        {"kind": "spo2", "below": 88},
        {"all": [{"kind": "spo2", "below": 92}, {"kind": "spo2", "above": 85}]},
        {"all": [{"kind": "spo2", "below": 80, "times": 2}, {"kind": "spo2", "above": 90}]},
        {"all": [{"kind": "spo2", "below": 88}, {"kind": "room_temperature", "below": 16}]},
        {"kind": "motion", "missing_for": "14 h"},
        {"kind": "pendant", "happened_within": "1 day"},
    ],
)
def test_what_may_be_and_may_not_be_is_fit(when: dict[str, Any]) -> None:
    assert faults(when) == {}


def test_each_step_is_told_by_itself() -> None:
    never = {"all": [{"kind": "spo2", "below": 80}, {"kind": "spo2", "above": 90}]}
    assert faults({"kind": "spo2", "below": 80}, never) == {"steps.1.when": possible.NEVER}


@pytest.mark.parametrize(
    ("clear", "fault"),
    [
        ({"kind": "spo2", "at_or_above": 90}, None),
        ({"kind": "spo2", "at_or_above": 88}, None),
        ({"kind": "spo2", "at_or_above": 85}, possible.FIGHTS.format(value=85)),
        ({"kind": "spo2", "below": 80}, possible.FIGHTS.format(value=35)),
        ({"all": [{"kind": "spo2", "above": 95}, {"kind": "spo2", "below": 90}]}, possible.NEVER),
        ({"kind": "pulse", "below": 100}, None),
    ],
)
def test_what_clears_may_not_fight_with_what_raises(clear: dict[str, Any], fault: str | None) -> None:
    assert faults({"kind": "spo2", "below": 88}, clear=clear) == ({"clear": fault} if fault else {})


@pytest.mark.parametrize("code", sorted(reading.all_pathways()))
def test_every_rule_of_every_pathway_is_fit(code: str) -> None:
    for contingency in reading.get(code).contingencies:
        for trigger in contingency.triggers:
            assert possible.faults(trigger.rule) == {}


limits = st.integers(50, 100).map(float)
sides = ("below", "above", "at_or_below", "at_or_above")
plain = st.one_of(*(st.builds(Threshold, st.just("spo2"), **{side: limits}) for side in sides))
wholes = st.recursive(
    plain, lambda parts: st.lists(parts, min_size=1, max_size=3).map(tuple).flatmap(
        lambda of: st.sampled_from([All(of), AnyOf(of)])
    ), max_leaves=6,
)  # fmt: skip


def meets(condition: Condition, value: float) -> bool:
    """The same by plain reckoning: what one value meets."""
    if isinstance(condition, All):
        return all(meets(part, value) for part in condition.of)
    if isinstance(condition, AnyOf):
        return any(meets(part, value) for part in condition.of)
    (leaf,) = leaves(condition)
    assert isinstance(leaf, Threshold)
    beyond, limit = leaf.test
    return bool(beyond(value, limit))


@given(wholes)
def test_of_limits_on_one_kind_it_is_found_exactly(when: Condition) -> None:
    """Held against trying every hundredth from the lowest value to the highest."""
    low, high = kinds.get("spo2").absolute
    every = [low + n / 20 for n in range(round((high - low) * 20) + 1)]
    found = {value: meets(when, value) for value in every}
    usual = [found[value] for value in every if PLAUSIBLE[0] <= value <= PLAUSIBLE[1]]
    expected = possible.NEVER if not any(found.values()) else possible.ALWAYS if all(usual) else None
    assert possible.why_not(when) == expected
    assert operator.is_(possible.why_not(when), None) is (expected is None)
