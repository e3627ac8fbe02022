from statistics import linear_regression

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging.beforehand import slope
from care_plans.judging.rules import Finding, Nothing, Rule, Unknown
from core.errors import Invalid
from tests.care_plans.making import DAY, HOUR, NOW, evenly, rule, track, verdict

LOSS = rule(("amber", {"kind": "weight", "falls_by_percent": 5, "over": "14 days"}))
GAIN = rule(("amber", {"kind": "weight", "rises_by": 0.3, "per": "1 day", "over": "6 days", "readings": 5}))
SOME = rule(("amber", {"kind": "pulse", "above": 110, "times": 3, "of": 5}))


def words(said: object) -> str:
    assert isinstance(said, Finding | Unknown), said
    return said.words


def test_a_fall_by_more_than_so_many_per_cent_of_the_highest() -> None:
    said = verdict(LOSS, track("weight", (9 * DAY, 80), (5 * DAY, 77), (0, 75.9)))
    assert words(said) == "Weight down 5.12 % in 9 days (limit 5 %)"
    assert verdict(LOSS, track("weight", (9 * DAY, 80), (0, 76))) == Nothing(cleared=True)
    light = verdict(LOSS, track("weight", (9 * DAY, 40), (0, 37.9)))
    assert isinstance(light, Finding), "two kilograms are more of less"


def test_nothing_is_a_per_cent_of_what_may_lie_below_0() -> None:
    with pytest.raises(Invalid) as fault:
        rule(("amber", {"kind": "room_temperature", "falls_by_percent": 5, "over": "1 day"}))
    assert "steps.0.when.falls_by_percent" in fault.value.fields


def test_a_slope_is_that_of_the_line_nearest_to_all_of_them() -> None:
    rising = [80 + 0.4 * day for day in range(6)]
    said = verdict(GAIN, evenly("weight", rising, DAY))
    assert words(said) == "Weight 82 kg, rising by 0.4 kg each day over 5 days (limit 0.3 kg)"
    one_odd = [80, 80.1, 80, 80.2, 80.1, 82.0]
    assert verdict(GAIN, evenly("weight", one_odd, DAY)) == Nothing(cleared=True)
    falling = [80 - 0.4 * day for day in range(6)]
    assert verdict(GAIN, evenly("weight", falling, DAY)) == Nothing(cleared=True)


def test_with_too_few_readings_or_in_too_short_a_time_it_is_unknown() -> None:
    few = verdict(GAIN, evenly("weight", [80, 81, 82], DAY))
    assert words(few) == "Weight: which way it goes is unknown until 2 more readings"
    bunched = verdict(GAIN, evenly("weight", [80, 81, 82, 83, 84], HOUR))
    assert words(bunched) == "Weight: heard for 4 hours of 6 days, too short a time to say which way it goes"


def test_a_slope_whose_newest_reading_is_old_is_unknown() -> None:
    rising = [80 + 0.4 * day for day in range(6)]
    assert isinstance(verdict(GAIN, evenly("weight", rising, DAY, last=3 * DAY)), Unknown)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(-1000, 1000)), min_size=2, max_size=30))
def test_the_slope_is_the_librarys(rows: list[tuple[int, int]]) -> None:
    times, values = [float(at) for at, _ in rows], [float(value) for _, value in rows]
    if len(set(times)) == 1:
        assert slope(times, values) == 0
    else:
        assert slope(times, values) == pytest.approx(linear_regression(times, values).slope, abs=1e-9)


def test_so_many_of_the_newest_with_good_ones_between() -> None:
    assert words(verdict(SOME, evenly("pulse", [112, 90, 115, 90, 118], HOUR))) == (
        "Pulse 118 bpm, above 110 bpm 3 times of 5"
    )
    assert verdict(SOME, evenly("pulse", [112, 90, 90, 115, 90, 118], HOUR)) == Nothing(cleared=False)
    assert isinstance(verdict(SOME, evenly("pulse", [118, 117, 116], HOUR)), Finding)
    assert verdict(SOME, evenly("pulse", [112, 115, 118, 90], HOUR)) == Nothing(cleared=True)


@pytest.mark.parametrize(
    ("when", "field"),
    [
        ({"kind": "pulse", "above": 110, "times": 5, "of": 5}, "of"),
        ({"kind": "pulse", "above": 110, "of": 5}, "of"),
        ({"kind": "pulse", "above": 110, "times": 2, "of": 5, "within": "1 h"}, "of"),
        ({"kind": "pulse", "rises_by": 3, "per": "1 day", "over": "20 days", "readings": 5}, "over"),
        ({"kind": "pulse", "rises_by": 3, "per": "1 day", "over": "2 days"}, "readings"),
        ({"kind": "motion", "rises_by": 3, "per": "1 day", "over": "2 days", "readings": 5}, "per"),
        ({"kind": "news2", "rises_by": 3, "per": "1 day", "over": "2 days", "readings": 5}, "kind"),
        ({"kind": "pulse", "above": 110, "during": {"from": "22:00", "to": "22:00"}}, "during.to"),
        ({"kind": "pulse", "above": 110, "during": {"from": "22:00"}}, "during.to"),
        ({"kind": "pulse", "above": 9, "during": {"from": "1", "to": "2", "days": ["mo"]}}, "during.days.0"),
        ({"kind": "motion", "missing_for": "2 h", "during": {"from": "07:00", "to": "09:00"}}, "during"),
        ({"no_sign_of": [], "from": "05:00", "by": "11:00", "later_by": "1 h", "usual_over": "2 days"},
         "no_sign_of"),
        (
            {"no_sign_of": [{"kind": "motion", "at_or_above": 1}], "from": "11:00", "by": "05:00",
             "later_by": "1 h", "usual_over": "7 days"},
            "by",
        ),
        (
            {"no_sign_of": [{"kind": "motion", "at_or_above": 1, "times": 2}], "from": "05:00", "by": "11:00",
             "later_by": "1 h", "usual_over": "7 days"},
            "no_sign_of.0",
        ),
        (
            {"no_sign_of": [{"kind": "nonsense", "at_or_above": 1}], "from": "05:00", "by": "11:00",
             "later_by": "1 h", "usual_over": "7 days"},
            "no_sign_of.0.kind",
        ),
    ],
)  # fmt: skip
def test_what_can_mean_nothing_is_refused_at_its_place(when: dict, field: str) -> None:
    with pytest.raises(Invalid) as fault:
        rule(("amber", when))
    assert f"steps.0.when.{field}" in fault.value.fields, fault.value.fields


def test_only_what_was_measured_in_its_hours_counts() -> None:
    night: Rule = rule(
        (
            "amber",
            {"kind": "door_open", "happened_within": "12 h", "during": {"from": "22:00", "to": "06:00"}},
        ),
        about="home",
    )
    assert NOW.hour == 7
    opened_at_3 = track("door_open", (4.7 * HOUR, 1), (4.6 * HOUR, 0))
    assert isinstance(verdict(night, opened_at_3), Finding)
    opened_at_7 = track("door_open", (0.5 * HOUR, 1), (0.4 * HOUR, 0))
    assert verdict(night, opened_at_7) == Nothing(cleared=True)
    assert isinstance(verdict(night, opened_at_7, zone="America/New_York"), Finding), "it is 02:16 there"
