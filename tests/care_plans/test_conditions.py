import pytest

from care_plans.judging.conditions import (
    All,
    Any,
    Event,
    Mean,
    Missing,
    Severity,
    Threshold,
    at_once,
    conditions,
    leaves,
    reach,
)
from tests.care_plans.making import DAY, HOUR, oxygen


def test_red_is_worse_than_amber_and_amber_than_watch() -> None:
    assert sorted(Severity, key=lambda one: one.rank) == [Severity.WATCH, Severity.AMBER, Severity.RED]


@pytest.mark.parametrize(
    ("threshold", "beyond", "low_side"),
    [
        (Threshold("spo2", below=88), {87}, True),
        (Threshold("spo2", above=88), {89}, False),
        (Threshold("spo2", at_or_below=88), {87, 88}, True),
        (Threshold("spo2", at_or_above=88), {88, 89}, False),
        (Threshold("spo2", above=0), {87, 88, 89}, False),
    ],
)
def test_a_limit_has_a_side_and_may_be_met_or_passed(
    threshold: Threshold, beyond: set[float], low_side: bool
) -> None:
    compare, limit = threshold.test
    assert {value for value in (87, 88, 89) if compare(value, limit)} == beyond
    assert (threshold.limit, threshold.low_side) == (limit, low_side)


def test_every_single_condition_of_a_rule_is_found() -> None:
    rule = oxygen()
    assert [leaf.kind for leaf in conditions(rule)] == ["spo2"] * 3
    assert list(leaves(rule.steps[1].when)) == [rule.steps[1].when]


def test_a_condition_at_once_has_no_durations_or_repetitions() -> None:
    cold = Threshold("room_temperature", below=16, for_=5 * HOUR, max_gap=HOUR)
    low = Threshold("spo2", below=88, times=2, within=600)
    event = Event("pendant")
    assert at_once(All((cold, Any((low, event))))) == All(
        (Threshold("room_temperature", below=16, max_gap=HOUR), Any((Threshold("spo2", below=88), event)))
    )


@pytest.mark.parametrize(
    ("leaf", "seconds"),
    [
        (Threshold("spo2", below=88), 2 * DAY),
        (Threshold("spo2", below=88, max_gap=7 * DAY), 8 * DAY),
        (Threshold("spo2", below=88, times=2, within=3 * DAY), 4 * DAY),
        (Threshold("spo2", below=88, for_=5 * HOUR, max_gap=HOUR), 30 * HOUR),
        (Mean(Threshold("spo2", below=88), 2 * DAY, 4), 4 * DAY),
        (Missing("spo2", 3 * DAY), 4 * DAY),
        (Event("pendant"), 2 * DAY),
    ],
)
def test_a_condition_says_how_far_back_it_needs_readings(
    leaf: Threshold | Mean | Missing | Event, seconds: int
) -> None:
    assert reach(leaf) == seconds


def test_what_asks_for_nothing_but_the_newest_reading_is_the_same_at_once() -> None:
    low, high = Threshold("spo2", below=88), Threshold("pulse", above=120)
    for condition in (low, All((low, high)), Any((low, All((high,)))), Mean(low, DAY, 3)):
        assert at_once(condition) == condition
    assert at_once(Threshold("spo2", below=88, times=2, within=DAY)) == low
    assert at_once(Threshold("spo2", below=88, for_=HOUR)) == low
