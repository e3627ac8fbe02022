from typing import Any

import pytest

from care_plans.judging.answers import Held, Moment, Unclear, stale_after
from care_plans.judging.conditions import Event, Mean, Missing, Threshold
from care_plans.judging.holds import look, missing_from
from care_plans.judging.rules import Finding, Nothing, Rule, Severity, Track, Unknown
from tests.care_plans.making import DAY, HOUR, MINUTE, NOW, ago, evenly, rule, track, verdict

COLD = rule(
    ("amber", {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"}), about="home"
)
GAIN = rule(("amber", {"kind": "weight", "rises_by": 2, "over": "3 days"}))
STILL = rule(("amber", {"kind": "motion", "missing_for": "14 h", "at_or_above": 1}), about="home")
SMOKE = rule(("amber", {"kind": "smoke", "happened_within": "24 h"}), about="home")
PRESSURE = rule(("amber", {"kind": "systolic", "at_or_above": 150, "mean_over": "7 days", "readings": 8}))
BOTH = rule(
    ("red", {"all": [{"kind": "spo2", "below": 92}, {"kind": "pulse", "above": 100}]}),
    ("amber", {"any": [{"kind": "spo2", "below": 88}, {"kind": "pulse", "above": 120}]}),
)
AGAIN = rule(("amber", {"kind": "pulse", "above": 110, "times": 3}))


def words(said: object) -> str:
    assert isinstance(said, Finding | Unknown), said
    return said.words


def test_a_duration_is_held_by_readings_close_enough_together() -> None:
    said = verdict(COLD, evenly("room_temperature", [15.0, 14.1, *[15.5] * 9], 1800))
    assert isinstance(said, Finding)
    assert said.words == "Room temperature 14.1 °C, below 16 °C for 5 hours"
    assert [value for _, _, value in said.evidence] == [15.0, 14.1, 15.5]


def test_a_duration_not_long_enough_is_no_finding() -> None:
    assert verdict(COLD, evenly("room_temperature", [17.0, *[15.5] * 9], 1800)) == Nothing(cleared=False)


def test_one_reading_on_the_other_side_starts_a_duration_anew() -> None:
    values = [15.0] * 8 + [16.0] + [15.0] * 8
    assert verdict(COLD, evenly("room_temperature", values, 1800)) == Nothing(cleared=False)


def test_a_duration_stops_where_the_readings_stop() -> None:
    start = NOW.timestamp()
    times = [start - 8 * HOUR, start - 7.5 * HOUR, *(start - n * 1800 for n in range(6))]
    said = verdict(COLD, Track("room_temperature", times, [15] * 8, [0] * 8))
    assert words(said) == "Room temperature 15 °C, for how long is unknown after a silence of 5 hours"


def test_a_duration_whose_newest_reading_is_old_is_unknown() -> None:
    said = verdict(COLD, evenly("room_temperature", [17.0, *[15.0] * 6], 1800, last=2 * HOUR))
    assert words(said) == "Room temperature 15 °C, then nothing heard for 2 hours"


def test_a_duration_heard_for_too_short_a_time_is_unknown() -> None:
    said = verdict(COLD, evenly("room_temperature", [15.0] * 4, 1800))
    assert words(said) == "Room temperature 15 °C, but heard for too short a time to say for how long"


def test_a_warm_room_not_heard_of_lately_is_unknown() -> None:
    said = verdict(COLD, evenly("room_temperature", [20.0] * 12, 1800, last=3 * HOUR))
    assert words(said) == "No reading of room temperature for 3 hours"


def test_a_duration_that_had_lasted_long_enough_stands_when_the_readings_stop() -> None:
    said = verdict(COLD, evenly("room_temperature", [15.0] * 11, 1800, last=3 * HOUR))
    assert isinstance(said, Finding)
    assert said.latest == ago(3 * HOUR)


def test_the_longest_silence_is_three_times_the_usual_spacing_where_none_is_given() -> None:
    by = rule(("amber", {"kind": "room_temperature", "below": 16, "for": "5 h"}))
    dense = evenly("room_temperature", [15.0] * 61, 300)
    assert isinstance(verdict(by, dense), Finding)
    holes = [n for n in range(61) if n not in (30, 31, 32)]
    holed = Track("room_temperature", [dense.times[n] for n in holes], [15.0] * 58, [0] * 58)
    assert "a silence of 20 minutes" in words(verdict(by, holed))


def test_two_readings_never_prove_a_duration() -> None:
    by = rule(("amber", {"kind": "room_temperature", "below": 16, "for": "5 h"}))
    assert isinstance(verdict(by, track("room_temperature", (6 * HOUR, 15), (0, 15))), Unknown)


def test_so_many_times_in_a_row_allows_no_good_reading_between() -> None:
    assert words(verdict(AGAIN, evenly("pulse", [112, 118, 111], 600))) == (
        "Pulse 118 bpm, above 110 bpm 3 times in a row"
    )
    assert verdict(AGAIN, evenly("pulse", [112, 118, 100, 111], 600)) == Nothing(cleared=False)


def test_so_many_times_within_a_time_allows_good_readings_between() -> None:
    by = rule(("amber", {"kind": "pulse", "above": 110, "times": 3, "within": "1 h"}))
    assert words(verdict(by, evenly("pulse", [112, 118, 100, 111], 600))) == (
        "Pulse 118 bpm, above 110 bpm 3 times in 30 minutes"
    )


def test_a_rise_is_measured_from_the_lowest_reading_of_the_time() -> None:
    said = verdict(GAIN, track("weight", (4 * DAY, 60), (3 * DAY, 80.3), (2 * DAY, 81), (0, 82.6)))
    assert words(said) == "Weight up 2.3 kg in 3 days (limit 2 kg)"


def test_a_rise_of_exactly_the_limit_is_no_finding() -> None:
    assert verdict(GAIN, track("weight", (2 * DAY, 80.3), (0, 82.3))) == Nothing(cleared=True)


def test_a_rise_from_one_reading_is_unknown() -> None:
    assert words(verdict(GAIN, track("weight", (5 * DAY, 70), (0, 82)))) == (
        "Only one reading of weight in 3 days"
    )
    assert words(verdict(GAIN)) == "No reading of weight to judge"


def test_a_fall_and_a_move_either_way_are_seen() -> None:
    falls = rule(("watch", {"kind": "weight", "falls_by": 3, "over": "7 days"}))
    moves = rule(("watch", {"kind": "weight", "moves_by": 3, "over": "7 days"}))
    down = track("weight", (6 * DAY, 84), (0, 80.5))
    up = track("weight", (6 * DAY, 80), (0, 83.5))
    assert words(verdict(falls, down)) == "Weight down 3.5 kg in 6 days (limit 3 kg)"
    assert words(verdict(moves, down)) == "Weight down 3.5 kg in 6 days (limit 3 kg)"
    assert words(verdict(moves, up)) == "Weight up 3.5 kg in 6 days (limit 3 kg)"
    assert verdict(falls, up) == Nothing(cleared=True)


def test_a_mean_counts_every_reading_of_the_time() -> None:
    said = verdict(PRESSURE, evenly("systolic", [140, 160] * 5, DAY / 2))
    assert isinstance(said, Finding)
    assert said.words == "Systolic blood pressure 150 mmHg on average over 7 days, at or above 150 mmHg"
    assert verdict(PRESSURE, evenly("systolic", [140, 158] * 5, DAY / 2)) == Nothing(cleared=True)


def test_a_mean_of_too_few_readings_says_how_many_more_it_needs() -> None:
    said = verdict(PRESSURE, evenly("systolic", [170.0] * 4, DAY / 2))
    assert (
        words(said)
        == "Systolic blood pressure 170 mmHg on average over 7 days, unknown until 4 more readings"
    )


def test_something_missing_counts_from_the_last_reading() -> None:
    said = verdict(STILL, track("motion", (15 * HOUR, 1), (10 * MINUTE, 0)))
    assert isinstance(said, Finding)
    assert (said.words, said.value, said.at) == ("No movement for 15 hours", None, ago(HOUR))
    assert verdict(STILL, track("motion", (13 * HOUR, 1))) == Nothing(cleared=True)


def test_nothing_is_missing_before_the_rule_was_in_force() -> None:
    assert words(verdict(STILL)) == "Movement has not been heard yet"
    assert verdict(STILL, since=ago(13 * HOUR)) == Nothing(cleared=True)
    assert words(verdict(STILL, since=ago(20 * HOUR))) == "No movement for at least 14 hours"


def test_something_settled_is_missing_anew_only_after_its_time_again() -> None:
    asleep = track("motion", (20 * HOUR, 1))
    assert verdict(STILL, asleep, settled=ago(HOUR)) == Nothing(cleared=True)
    assert words(verdict(STILL, asleep, settled=ago(14 * HOUR))) == "No movement for 14 hours"


def test_what_was_missing_counts_from_the_newest_of_reading_rule_and_settling() -> None:
    leaf = Missing("motion", HOUR)
    points = {"motion": track("motion", (3 * HOUR, 1)).firm}
    now = NOW.timestamp()
    assert missing_from(leaf, Moment(points, now, now))[0] == now - 3 * HOUR
    assert missing_from(leaf, Moment(points, now, now, since=now - HOUR))[0] == now - HOUR
    assert missing_from(leaf, Moment({}, now, now)) == (None, ())


def test_a_state_sent_again_and_again_began_once() -> None:
    said = verdict(SMOKE, track("smoke", (4 * HOUR, 0), (3 * HOUR, 1), (2 * HOUR, 1), (HOUR, 1)))
    assert isinstance(said, Finding)
    assert (said.words, said.at, said.latest) == ("Smoke alarm: smoke", ago(3 * HOUR), ago(HOUR))


def test_a_state_that_began_before_the_time_still_counts_while_it_is_sent() -> None:
    said = verdict(SMOKE, track("smoke", (30 * HOUR, 0), (29 * HOUR, 1), (23 * HOUR, 1), (HOUR, 1)))
    assert isinstance(said, Finding)
    assert said.at == ago(23 * HOUR)


def test_each_press_is_an_event_of_its_own() -> None:
    by = rule(("red", {"kind": "pendant", "happened_within": "24 h"}))
    said = verdict(by, track("pendant", (3 * HOUR, 1), (HOUR, 1)))
    assert isinstance(said, Finding)
    assert (said.at, len(said.evidence)) == (ago(HOUR), 2)


def test_all_holds_only_where_every_part_holds() -> None:
    said = verdict(BOTH, track("spo2", (0, 90)), track("pulse", (0, 104)))
    assert isinstance(said, Finding)
    assert (said.severity, said.words) == (
        Severity.RED,
        "Oxygen 90 %, below 92 %, and pulse 104 bpm, above 100 bpm",
    )
    assert verdict(BOTH, track("spo2", (0, 90)), track("pulse", (0, 90))) == Nothing(cleared=True)


def test_all_with_a_part_unknown_is_unknown_unless_another_part_fails() -> None:
    assert words(verdict(BOTH, track("spo2", (0, 90)))) == "No reading of pulse to judge"
    by = rule(("red", {"all": [{"kind": "spo2", "below": 92}, {"kind": "pulse", "above": 100}]}))
    assert verdict(by, track("spo2", (0, 95))) == Nothing(cleared=True)


def test_any_holds_where_one_part_holds_though_another_is_unknown() -> None:
    said = verdict(BOTH, track("pulse", (0, 125)))
    assert isinstance(said, Finding)
    assert (said.severity, said.kind) == (Severity.AMBER, "pulse")


def test_of_two_readings_at_one_time_the_one_beyond_the_limit_counts() -> None:
    two = track("spo2", (60, 95), (60, 84))
    answer = look(Threshold("spo2", below=88), Moment({"spo2": two.firm}, float("inf"), NOW.timestamp()))
    assert isinstance(answer, Held)


def test_how_things_stood_earlier_is_asked_of_what_was_known_then() -> None:
    known = {"spo2": track("spo2", (5 * DAY, 95), (4 * DAY, 84), (0, 95)).firm}
    now = NOW.timestamp()
    low = Threshold("spo2", below=88)
    assert look(low, Moment(known, now - 4.5 * DAY, now)) is None
    assert isinstance(look(low, Moment(known, now - 4 * DAY, now)), Held)
    assert isinstance(look(low, Moment(known, now - 6 * DAY, now)), Unclear)


@pytest.mark.parametrize(
    ("leaf", "seconds"),
    [
        (Threshold("spo2", below=88), 2 * DAY),
        (Threshold("spo2", below=88, max_gap=HOUR), HOUR),
        (Threshold("spo2", below=88, for_=5 * HOUR), 15 * MINUTE),
        (Threshold("spo2", below=88, for_=5 * HOUR, max_gap=HOUR), HOUR),
        (Mean(Threshold("spo2", below=88), DAY, 4), 2 * DAY),
        (Event("pendant"), 2 * DAY),
    ],
)
def test_a_condition_says_when_it_turns_stale(leaf: Threshold | Mean | Event, seconds: int) -> None:
    assert stale_after(leaf, evenly("spo2", [95.0] * 12, 300).firm, 11) == seconds


def test_readings_in_a_row_may_be_days_apart() -> None:
    daily = rule(("amber", {"kind": "pulse", "above": 110, "times": 3}))
    said = verdict(daily, track("pulse", (48 * HOUR, 112), (24 * HOUR, 115), (0, 113)))
    assert words(said) == "Pulse 115 bpm, above 110 bpm 3 times in a row"
    assert not isinstance(
        verdict(daily, track("pulse", (48 * HOUR, 112), (24 * HOUR, 90), (0, 113))), Finding
    )
    apart = track("pulse", (120 * HOUR, 112), (60 * HOUR, 115), (0, 113))
    assert not isinstance(verdict(daily, apart), Finding), "more than two days apart is not in a row"


def test_silence_is_as_new_as_the_look_at_it_however_long_it_has_lasted() -> None:
    said = verdict(STILL, track("motion", (30 * HOUR, 1)), since=ago(9 * DAY))
    assert isinstance(said, Finding)
    assert (said.at, said.latest) == (ago(16 * HOUR), NOW)


USUAL = {"kind": "spo2", "below_usual_by": 3, "usual_over": "7 days", "readings": 6}


def from_usual(**more: Any) -> Rule:
    return rule(("amber", USUAL | more), clear={"kind": "spo2", "at_or_above": 95})


def week(*values: float, first_hour: float = 1) -> list[tuple[float, float]]:
    """One reading a day before the last day, the newest first, as (seconds ago, value)."""
    return [(day * DAY + first_hour * HOUR, value) for day, value in enumerate(values, 1)]


def test_what_is_usual_is_the_persons_own_median_and_exactly_the_distance_is_no_finding() -> None:
    usual = week(90, 90, 91, 90, 89, 90, 70)
    assert (
        words(verdict(from_usual(), track("spo2", *usual, (0, 86))))
        == "Oxygen 86 %, 4 % below their usual 90 %"
    )
    assert not isinstance(verdict(from_usual(), track("spo2", *usual, (0, 87))), Finding)


def test_what_began_within_the_last_day_does_not_become_usual() -> None:
    falling = [(hours * HOUR, 86.0) for hours in range(1, 24)]
    said = verdict(from_usual(), track("spo2", *week(*[90] * 6), *falling, (0, 86)))
    assert words(said) == "Oxygen 86 %, 4 % below their usual 90 %"


def test_a_usual_of_too_few_readings_is_unknown_and_says_how_many_more_it_needs() -> None:
    said = verdict(from_usual(), track("spo2", *week(90, 90, 90, 90), (0, 70)))
    assert words(said) == "Oxygen 70 %, their usual is unknown until 2 more readings"
    assert isinstance(said, Unknown)


def test_whose_readings_vary_by_nature_is_called_by_more_than_that() -> None:
    varied = track("spo2", *week(90, 94, 86, 92, 88, 90, 90), (0, 86))
    assert isinstance(verdict(from_usual(), varied), Finding)
    assert not isinstance(verdict(from_usual(spreads=3), varied), Finding)


def test_a_usual_by_time_of_day_takes_readings_of_about_that_hour() -> None:
    mornings = week(*[90] * 7, first_hour=0)
    nights = week(*[96] * 7, first_hour=12)
    assert isinstance(verdict(from_usual(), track("spo2", *mornings, *nights, *nights[:1], (0, 89))), Finding)
    said = verdict(from_usual(same_hours="2 h"), track("spo2", *mornings, *nights, *nights[:1], (0, 89)))
    assert not isinstance(said, Finding)


def test_a_rise_or_a_move_either_way_from_the_usual_is_seen() -> None:
    usual = week(*[90] * 7)
    up = {name: value for name, value in USUAL.items() if name != "below_usual_by"}
    for name, value, seen in (
        ("above_usual_by", 94, True), ("above_usual_by", 86, False),
        ("off_usual_by", 94, True), ("off_usual_by", 86, True),
    ):  # fmt: skip
        by = rule(("amber", up | {name: 3}), clear={"kind": "spo2", "at_or_above": 95})
        assert isinstance(verdict(by, track("spo2", *usual, (0, value))), Finding) is seen


def test_what_was_far_from_usual_stands_until_it_is_well_by_fixed_limits() -> None:
    usual = week(*[96] * 7)
    assert isinstance(verdict(from_usual(), track("spo2", *usual, (HOUR, 91), (0, 94))), Finding)
    assert verdict(from_usual(), track("spo2", *usual, (HOUR, 91), (0, 95))) == Nothing(cleared=True)
