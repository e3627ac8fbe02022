from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging.conditions import (
    About,
    All,
    Change,
    Class,
    Direction,
    Event,
    Mean,
    Missing,
    Rule,
    Severity,
    Step,
    Threshold,
    Usual,
)
from care_plans.judging.conditions import (
    Any as AnyOf,
)
from care_plans.judging.parse import from_document
from care_plans.judging.writing import to_document
from core.errors import Invalid
from tests.care_plans.making import OXYGEN

NO_LIMIT = (
    "Give one limit (below, above, at_or_below or at_or_above), or a change (rises_by, falls_by or "
    "moves_by), a distance from their usual (below_usual_by, above_usual_by or off_usual_by), "
    "missing_for or happened_within."
)


def faults(**changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        from_document({**OXYGEN, **changes})
    return refused.value.fields


def fault_of(condition: Any) -> dict[str, str]:
    return faults(steps=[{"severity": "amber", "when": condition}])


def test_a_document_becomes_a_rule_and_the_same_document_again() -> None:
    rule = from_document(OXYGEN)
    assert rule.steps == (
        Step(Severity.RED, Threshold("spo2", below=85, times=2, within=600)),
        Step(Severity.AMBER, Threshold("spo2", below=88)),
    )
    assert (rule.clear, rule.pages_within) == (Threshold("spo2", at_or_above=90), 3600)
    assert to_document(rule) == OXYGEN


seconds = st.integers(1, 10**7)
limits = st.integers(35, 100).map(float)
thresholds = st.one_of(
    st.builds(Threshold, st.just("spo2"), below=limits, times=st.integers(2, 100), within=seconds),
    st.builds(Threshold, st.just("spo2"), above=limits, times=st.integers(1, 100)),
    st.builds(Threshold, st.just("spo2"), at_or_below=limits, for_=st.integers(2, 10**6), max_gap=st.just(1)),
    st.builds(Threshold, st.just("spo2"), at_or_above=limits, max_gap=seconds),
)
leaves = st.one_of(
    thresholds,
    st.builds(Change, st.just("weight"), st.floats(0.1, 9), seconds, st.sampled_from(Direction)),
    st.builds(Mean, st.builds(Threshold, st.just("spo2"), below=limits), seconds, st.integers(2, 1000)),
    st.builds(Missing, st.just("motion"), seconds, st.none() | st.just(1.0)),
    st.builds(Event, st.just("pendant"), seconds),
)
wholes = st.recursive(
    leaves,
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3)
        .map(tuple)
        .flatmap(lambda of: st.sampled_from([All(of), AnyOf(of)]))
    ),
    max_leaves=6,
)

steps = st.lists(
    st.builds(Step, st.sampled_from(Severity), wholes), min_size=1, max_size=3, unique_by=lambda s: s.severity
).map(tuple)


@given(
    st.builds(
        Rule,
        key=st.just("copd.oxygen_low"),
        name=st.just("Oxygen low"),
        class_=st.sampled_from([one for one in Class if one is not Class.LIFE_SAFETY]),
        about=st.sampled_from(About),
        steps=steps,
        source=st.just("A test."),
        clear=st.none() | wholes,
        pages_within=seconds,
        words=st.none() | st.just("{value} below {limit} for {lasting}"),
        again_after=st.none() | st.integers(1, 8 * 86400),
    )
)
def test_every_rule_is_read_back_as_it_was_written(rule: Rule) -> None:
    document = to_document(rule)
    assert from_document(document) == rule
    assert to_document(from_document(document)) == document


@given(
    st.builds(
        Usual,
        st.just("spo2"),
        st.floats(0.1, 9),
        st.integers(86400, 14 * 86400),
        st.integers(3, 1000),
        st.sampled_from(Direction),
        st.just(0.0) | st.floats(0.1, 9),
        st.none() | st.integers(900, 43199),
    )
)
def test_a_distance_from_the_usual_is_read_back_as_it_was_written(usual: Usual) -> None:
    rule = replace(from_document(OXYGEN), steps=(Step(Severity.AMBER, usual),))
    assert from_document(to_document(rule)) == rule


FROM_USUAL = {"kind": "spo2", "below_usual_by": 3, "usual_over": "7 days", "readings": 6}


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"below_usual_by": 0}, "below_usual_by"),
        ({"usual_over": "15 days"}, "usual_over"),
        ({"usual_over": "1 h"}, "usual_over"),
        ({"readings": 2}, "readings"),
        ({"spreads": 0}, "spreads"),
        ({"same_hours": "12 h"}, "same_hours"),
        ({"kind": "on_oxygen"}, "kind"),
    ],
)
def test_a_usual_has_enough_behind_it(changed: dict[str, Any], place: str) -> None:
    assert fault_of(FROM_USUAL | changed).keys() == {f"steps.0.when.{place}"}


def test_what_moves_with_somebody_clears_nothing() -> None:
    steps = [{"severity": "amber", "when": FROM_USUAL}]
    assert faults(steps=steps, clear=None).keys() == {"clear"}
    assert faults(steps=steps, clear={**FROM_USUAL, "below_usual_by": 1}).keys() == {"clear"}
    assert from_document({**OXYGEN, "steps": steps}).clear is not None


def test_every_fault_is_named_at_its_place() -> None:
    found = faults(
        key="Oxygen low",
        **{"class": "urgent"},
        source="",
        colour="red",
        steps=[
            {"severity": "amber", "when": {"kind": "spo3", "below": 88}},
            {"severity": "red", "when": {"any": [{"kind": "spo2"}, {"kind": "spo2", "belw": 88}]}, "then": 1},
        ],
    )
    assert found == {
        "key": "Use small letters, digits and underscores, beginning with a letter.",
        "class": "Choose one of life_safety, clinical, home_social, technical.",
        "source": "Write a text here.",
        "colour": "There is no such field here.",
        "steps.0.when.kind": "There is no such kind of reading.",
        "steps.1.when.any.0": NO_LIMIT,
        "steps.1.when.any.1": NO_LIMIT,
        "steps.1.when.any.1.belw": "There is no such field here.",
        "steps.1.then": "There is no such field here.",
    }


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"kind": "spo2", "below": 88, "above": 90}, "steps.0.when"),
        ({"kind": "spo2", "below": "88"}, "steps.0.when.below"),
        ({"kind": "spo2", "below": True}, "steps.0.when.below"),
        ({"kind": "spo2", "below": float("nan")}, "steps.0.when.below"),
        ({"kind": "spo2", "below": float("inf")}, "steps.0.when.below"),
        ({"kind": "spo2", "below": 140}, "steps.0.when.below"),
        ({"kind": "spo2", "below": 88, "for": "5 hours"}, "steps.0.when.for"),
        ({"kind": "spo2", "below": 88, "for": "1 h", "times": 2}, "steps.0.when.times"),
        ({"kind": "spo2", "below": 88, "for": "1 h", "max_gap": "1 h"}, "steps.0.when.max_gap"),
        ({"kind": "spo2", "below": 88, "within": "1 h"}, "steps.0.when.within"),
        ({"kind": "spo2", "below": 88, "times": 0}, "steps.0.when.times"),
        ({"kind": "spo2", "below": 88, "mean_over": "1 day", "readings": 1}, "steps.0.when.readings"),
        (
            {"kind": "spo2", "below": 88, "mean_over": "1 day", "readings": 4, "times": 2},
            "steps.0.when.times",
        ),
        ({"kind": "weight", "rises_by": 0, "over": "3 days"}, "steps.0.when.rises_by"),
        ({"kind": "weight", "rises_by": 2}, "steps.0.when.over"),
        ({"kind": "weight", "happened_within": "24 h"}, "steps.0.when.happened_within"),
        ({"kind": "motion", "missing_for": -5}, "steps.0.when.missing_for"),
        (
            {"kind": "news2", "at_or_above": 5, "mean_over": "1 day", "readings": 4},
            "steps.0.when.kind",
        ),
        ({"kind": "news2", "rises_by": 2, "over": "1 day"}, "steps.0.when.kind"),
        (
            {"kind": "news2", "above_usual_by": 2, "usual_over": "7 days", "readings": 5},
            "steps.0.when.kind",
        ),
        ({"all": []}, "steps.0.when.all"),
        ({"all": [{"kind": "spo2", "below": 88}], "any": []}, "steps.0.when.any"),
        ("spo2 < 88", "steps.0.when"),
        (None, "steps.0.when"),
    ],
)
def test_a_wrong_condition_is_refused_at_its_place(condition: Any, place: str) -> None:
    assert place in fault_of(condition)


def test_a_severity_stands_once_and_life_safety_never_clears_by_itself() -> None:
    step = OXYGEN["steps"][1]
    assert set(faults(steps=[step, step])) == {"steps"}
    assert set(faults(**{"class": "life_safety"})) == {"clear"}


@pytest.mark.parametrize("words", ["{value!r} {name}", "{}", "{value"])
def test_words_can_only_be_filled_in_with_what_is_known(words: str) -> None:
    assert set(faults(words=words)) == {"words"}


def test_what_was_dealt_with_rests_no_longer_than_closed_alerts_are_looked_at_and_never_in_life_safety() -> (
    None
):
    assert faults(again_after="9 days")["again_after"] == "Give at most 8 days."
    assert "never rests" in faults(**{"class": "life_safety"}, again_after="1 day")["again_after"]
