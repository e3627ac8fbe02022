"""Rules in words."""

import pytest

from care_plans.judging.describing import condition_words, limits, other_words, step_words
from care_plans.judging.rules import from_document
from care_plans.pathways import reading
from care_plans.severity import Severity


def rule(*steps: dict[str, object], key: str = "test.rule") -> dict[str, object]:
    return {
        "key": key,
        "name": "A rule",
        "class": "clinical",
        "about": "person",
        "steps": list(steps),
        "source": "A source.",
    }


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"kind": "spo2", "below": 88}, "Oxygen below 88 %"),
        (
            {
                "any": [
                    {"kind": "spo2", "below": 85, "times": 2, "within": "10 min"},
                    {"kind": "spo2", "below": 80},
                ]
            },
            "Oxygen below 85 % twice within 10 minutes, or oxygen below 80 %",
        ),
        ({"kind": "pulse", "at_or_above": 131, "times": 3}, "Pulse at or above 131 bpm 3 times in a row"),
        (
            {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"},
            "Room temperature below 16 °C for 5 hours",
        ),
        ({"kind": "weight", "rises_by": 2, "over": "3 days"}, "Weight up by more than 2 kg in 3 days"),
        ({"kind": "motion", "missing_for": "14 h"}, "No movement for 14 hours"),
        (
            {
                "no_sign_of": [{"kind": "motion", "at_or_above": 1}],
                "from": "05:00",
                "by": "11:00",
                "later_by": "90 min",
                "usual_over": "14 days",
            },
            "No sign of the morning from 05:00 on (movement) by 90 minutes after their usual time of "
            "the last 14 days, or by 11:00 until that is known",
        ),
    ],
)
def test_a_condition_is_said_as_a_colleague_would(when: dict[str, object], words: str) -> None:
    read = from_document(rule({"severity": "red", "when": when}))
    assert condition_words(read.steps[0].when) == words


def test_the_worst_step_is_said_first() -> None:
    read = from_document(
        rule(
            {"severity": "amber", "when": {"kind": "spo2", "below": 88}},
            {"severity": "red", "when": {"kind": "spo2", "below": 80}},
        )
    )
    assert [severity for severity, _ in step_words(read)] == [Severity.RED, Severity.AMBER]


def test_of_several_limits_on_one_side_the_one_met_first_is_drawn() -> None:
    read = from_document(
        rule(
            {
                "severity": "red",
                "when": {
                    "any": [{"kind": "spo2", "below": 85, "times": 2}, {"kind": "spo2", "below": 80}],
                },
            },
            {"severity": "amber", "when": {"kind": "spo2", "below": 88}},
        )
    )
    assert [(limit.value, limit.words) for limit in limits(read, "spo2")] == [
        (85, "red below 85"),
        (88, "amber below 88"),
    ]
    assert limits(read, "pulse") == ()


def test_a_limit_that_counts_only_with_another_is_no_line_on_a_chart() -> None:
    both = {"all": [{"kind": "body_temperature", "above": 38}, {"kind": "pulse", "above": 100}]}
    read = from_document(rule({"severity": "amber", "when": both}))
    assert limits(read, "pulse") == ()
    assert other_words(read, "pulse") == (
        (Severity.AMBER, "Temperature above 38 °C and pulse above 100 bpm"),
    )


def test_what_is_no_line_on_a_chart_is_said() -> None:
    read = from_document(
        rule(
            {"severity": "red", "when": {"kind": "pendant", "happened_within": "24 h"}},
            {"severity": "amber", "when": {"kind": "weight", "rises_by": 2, "over": "3 days"}},
        )
    )
    assert other_words(read, "pendant") == ((Severity.RED, "Pendant: pressed"),)
    assert other_words(read, "weight") == ((Severity.AMBER, "Weight up by more than 2 kg in 3 days"),)
    assert other_words(read, "spo2") == ()


@pytest.mark.parametrize("code", sorted(reading.all_pathways()))
def test_every_rule_of_every_pathway_can_be_said(code: str) -> None:
    for contingency in reading.get(code).contingencies:
        for trigger in contingency.triggers:
            assert all(words and "None" not in words for _, words in step_words(trigger.rule))


def test_a_distance_from_the_usual_says_what_usual_is() -> None:
    usual = {"kind": "spo2", "below_usual_by": 3, "usual_over": "7 days", "readings": 6}
    read = from_document(
        rule(
            {"severity": "red", "when": usual | {"spreads": 3, "same_hours": "3 h"}},
            {"severity": "amber", "when": usual},
        )
        | {"clear": {"kind": "spo2", "at_or_above": 95}}
    )
    assert [words for _, words in step_words(read)] == [
        "Oxygen more than 3 % below their usual and 3 of their own spreads: the median of the 7 days "
        "before the last day, at about the same time of day (within 3 hours)",
        "Oxygen more than 3 % below their usual: the median of the 7 days before the last day",
    ]
