from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care_plans.judging.rules import (
    Finding,
    Nothing,
    Severity,
    Track,
    Unknown,
    disbelief,
    judge,
    needed,
)
from devices import kinds
from devices.measurement import Flags
from tests.care_plans.making import DAY, HOUR, MINUTE, NOW, ago, evenly, oxygen, rule, track, verdict

PENDANT = rule(
    ("red", {"kind": "pendant", "happened_within": "24 h"}),
    key="frailty_falls.pendant",
    words="Pendant pressed",
    **{"class": "life_safety"},
)


def found(said: object) -> Finding:
    assert isinstance(said, Finding), said
    return said


def test_one_low_reading_is_amber_with_its_value_and_time() -> None:
    finding = found(verdict(oxygen(), track("spo2", (HOUR, 93), (MINUTE, 84))))
    assert finding.severity is Severity.AMBER
    assert (finding.words, finding.value, finding.unit) == ("Oxygen 84 %, below 88 %", 84, "%")
    assert finding.at == finding.latest == ago(MINUTE)
    assert finding.evidence == (("spo2", ago(MINUTE), 84),)


def test_the_same_low_value_twice_within_the_time_is_red() -> None:
    finding = found(verdict(oxygen(), track("spo2", (7 * MINUTE, 84), (MINUTE, 84))))
    assert finding.severity is Severity.RED
    assert finding.words == "Oxygen 84 %, below 85 % twice in 6 minutes"
    assert [at for _, at, _ in finding.evidence] == [ago(7 * MINUTE), ago(MINUTE)]


def test_two_low_values_further_apart_than_the_time_are_amber() -> None:
    assert found(verdict(oxygen(), track("spo2", (12 * MINUTE, 84), (MINUTE, 84)))).severity is Severity.AMBER


def test_the_same_reading_sent_again_does_not_count_twice() -> None:
    assert found(verdict(oxygen(), track("spo2", (MINUTE, 84), (MINUTE, 84)))).severity is Severity.AMBER


def test_a_newest_reading_that_meets_the_clear_condition_clears() -> None:
    assert verdict(oxygen(), track("spo2", (HOUR, 80), (MINUTE, 90))) == Nothing(cleared=True)


def test_between_limit_and_clear_condition_what_was_found_stands() -> None:
    finding = found(verdict(oxygen(), track("spo2", (HOUR, 84), (MINUTE, 89))))
    assert (finding.severity, finding.value, finding.latest) == (Severity.AMBER, 84, ago(HOUR))


def test_between_limit_and_clear_condition_nothing_new_is_found() -> None:
    assert verdict(oxygen(), track("spo2", (HOUR, 95), (MINUTE, 89))) == Nothing(cleared=False)


def test_without_a_clear_condition_a_reading_that_meets_no_step_clears() -> None:
    by = rule(("amber", {"kind": "spo2", "below": 88}))
    assert verdict(by, track("spo2", (HOUR, 84), (MINUTE, 88))) == Nothing(cleared=True)


def test_without_a_clear_condition_a_reading_still_beyond_a_limit_does_not_clear() -> None:
    by = rule(("red", {"kind": "spo2", "below": 88, "times": 2, "within": "10 min"}))
    assert verdict(by, track("spo2", (HOUR, 95), (0, 84))) == Nothing(cleared=False)
    assert verdict(by, track("spo2", (HOUR, 84), (0, 88))) == Nothing(cleared=True)


def test_an_upload_of_hours_gives_one_finding_with_its_worst_reading_at_its_time() -> None:
    upload = track("spo2", (120 * MINUTE, 87), (80 * MINUTE, 81), (40 * MINUTE, 86), (20 * MINUTE, 87))
    finding = found(verdict(oxygen(), upload))
    assert (finding.severity, finding.value, finding.at) == (Severity.AMBER, 81, ago(80 * MINUTE))
    assert finding.latest == ago(20 * MINUTE)


def test_an_upload_with_a_red_pair_not_cleared_since_is_red() -> None:
    upload = track("spo2", (100 * MINUTE, 83), (95 * MINUTE, 84), (40 * MINUTE, 86))
    finding = found(verdict(oxygen(), upload))
    assert (finding.severity, finding.value, finding.latest) == (Severity.RED, 83, ago(40 * MINUTE))


def test_an_upload_with_a_red_pair_cleared_since_is_not_red() -> None:
    upload = track("spo2", (100 * MINUTE, 83), (95 * MINUTE, 84), (60 * MINUTE, 95), (40 * MINUTE, 86))
    assert found(verdict(oxygen(), upload)).severity is Severity.AMBER


def test_a_red_pair_is_not_looked_for_beyond_a_day() -> None:
    days_of = track("spo2", (30 * HOUR, 83), (30 * HOUR - MINUTE, 83), (MINUTE, 86))
    assert found(verdict(oxygen(), days_of)).severity is Severity.AMBER


def test_no_reading_is_unknown_and_never_fine() -> None:
    assert verdict(oxygen()) == Unknown("No reading of oxygen to judge")
    assert verdict(oxygen(), Track("spo2", [], [], [])) == Unknown("No reading of oxygen to judge")


def test_a_good_reading_of_days_ago_is_unknown_and_never_fine() -> None:
    assert verdict(oxygen(), track("spo2", (3 * DAY, 96))) == Unknown("No reading of oxygen for 3 days")


def test_a_bad_reading_of_days_ago_still_stands() -> None:
    assert found(verdict(oxygen(), track("spo2", (3 * DAY, 84)))).at == ago(3 * DAY)


@pytest.mark.parametrize("flag", [Flags.BEYOND_ABSOLUTE, Flags.TEST, Flags.ENTERED_IN_ERROR])
def test_a_reading_that_must_not_be_judged_is_passed_over(flag: Flags) -> None:
    start = NOW.timestamp()
    mixed = Track("spo2", [start - 60, start], [95, 12], [0, int(flag)])
    assert verdict(oxygen(), mixed) == Nothing(cleared=True)


@pytest.mark.parametrize("flag", [Flags.IMPLAUSIBLE, Flags.LATE, Flags.CLOCK_CORRECTED, Flags.SELF_REPORTED])
def test_a_reading_with_another_flag_is_judged(flag: Flags) -> None:
    assert found(verdict(oxygen(), track("spo2", (60, 84), flags=int(flag)))).severity is Severity.AMBER


def test_danger_that_only_a_replayed_reading_shows_is_unconfirmed() -> None:
    start = NOW.timestamp()
    mixed = Track("spo2", [start - HOUR, start - 60], [95, 84], [0, int(Flags.REPLAYED)])
    finding = found(verdict(oxygen(), mixed))
    assert finding.unconfirmed
    assert finding.severity is Severity.AMBER


def test_a_replayed_reading_never_clears() -> None:
    start = NOW.timestamp()
    mixed = Track("spo2", [start - HOUR, start - 60], [84, 97], [0, int(Flags.REPLAYED)])
    finding = found(verdict(oxygen(), mixed))
    assert not finding.unconfirmed
    assert isinstance(verdict(oxygen(), track("spo2", (60, 97), flags=int(Flags.REPLAYED))), Unknown)


def test_a_finding_rests_on_readings_after_the_last_alert_was_settled() -> None:
    low = track("spo2", (2 * HOUR, 84), (HOUR, 84))
    assert isinstance(verdict(oxygen(), low, settled=ago(HOUR)), Nothing)
    assert isinstance(verdict(oxygen(), low, settled=ago(90 * MINUTE)), Finding)


def test_a_settled_reading_does_not_count_towards_a_pair() -> None:
    low = track("spo2", (5 * MINUTE, 84), (MINUTE, 84))
    assert found(verdict(oxygen(), low, settled=ago(2 * MINUTE))).severity is Severity.AMBER


def test_each_room_is_judged_by_itself_and_the_worst_counts() -> None:
    by = rule(
        ("amber", {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"}), about="home"
    )
    start = NOW.timestamp()
    times = [start - n * 1800 for n in range(12)]
    both = Track(
        "room_temperature",
        times + [at + 1 for at in times],
        [15.2] * 12 + [21.0] * 12,
        [0] * 24,
        ["Bedroom"] * 12 + ["Living room"] * 12,
    )
    finding = found(verdict(by, both))
    assert finding.words == "Bedroom: room temperature 15.2 °C, below 16 °C for 6 hours"
    assert finding.source == "Bedroom"


def test_a_room_that_fell_silent_keeps_the_home_from_being_cleared() -> None:
    by = rule(
        ("amber", {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"}), about="home"
    )
    start = NOW.timestamp()
    rooms = Track("room_temperature", [start, start - 6 * HOUR], [21, 21], [0, 0], ["Kitchen", "Bedroom"])
    assert isinstance(verdict(by, rooms), Unknown)


def test_a_pendant_pressed_within_a_day_is_found_however_late_it_reached_us() -> None:
    finding = found(verdict(PENDANT, track("pendant", (23 * HOUR, 1))))
    assert (finding.words, finding.at, finding.unit) == ("Pendant pressed", ago(23 * HOUR), None)
    assert finding.latest == ago(23 * HOUR)


def test_a_pendant_pressed_longer_ago_is_over_but_never_cleared() -> None:
    assert verdict(PENDANT, track("pendant", (25 * HOUR, 1))) == Nothing(cleared=False)


def test_a_second_press_after_the_first_was_settled_is_found_again() -> None:
    presses = track("pendant", (5 * HOUR, 1), (HOUR, 1))
    assert found(verdict(PENDANT, presses, settled=ago(5 * HOUR))).at == ago(HOUR)


def test_a_life_safety_value_back_to_normal_is_neither_cleared_nor_forgotten() -> None:
    by = rule(("red", {"kind": "carbon_monoxide", "above": 50}), about="home", **{"class": "life_safety"})
    finding = found(verdict(by, track("carbon_monoxide", (3 * HOUR, 120), (HOUR, 0))))
    assert (finding.value, finding.at) == (120, ago(3 * HOUR))
    assert verdict(by, track("carbon_monoxide", (HOUR, 0))) == Nothing(cleared=False)


def test_judging_is_due_again_when_a_good_reading_turns_stale() -> None:
    judged = judge(oxygen(), {"spo2": track("spo2", (HOUR, 96))}, NOW)
    assert judged.judge_at == ago(HOUR) + timedelta(days=2)
    later = judge(oxygen(), {"spo2": track("spo2", (HOUR, 96))}, judged.judge_at)
    assert isinstance(later.verdict, Unknown)
    assert later.judge_at is None


def test_judging_is_due_again_when_a_kind_goes_missing() -> None:
    by = rule(("amber", {"kind": "motion", "missing_for": "14 h"}))
    tracks = {"motion": track("motion", (4 * HOUR, 1))}
    judged = judge(by, tracks, NOW)
    assert judged.verdict == Nothing(cleared=True)
    assert judged.judge_at == NOW + timedelta(hours=10)
    assert found(judge(by, tracks, judged.judge_at).verdict).words == "No movement for 14 hours"


def test_judging_is_due_again_when_an_event_leaves_its_window() -> None:
    judged = judge(PENDANT, {"pendant": track("pendant", (HOUR, 1))}, NOW)
    assert judged.judge_at == NOW + timedelta(hours=23)
    assert judge(PENDANT, {"pendant": track("pendant", (HOUR, 1))}, judged.judge_at).verdict == Nothing(False)


def test_it_says_how_far_back_each_kind_must_reach() -> None:
    by = rule(
        (
            "red",
            {"all": [{"kind": "weight", "rises_by": 2, "over": "3 days"}, {"kind": "spo2", "below": 92}]},
        ),
        ("amber", {"kind": "motion", "missing_for": "14 h"}),
    )
    assert needed(by) == {"weight": 6 * DAY, "spo2": 3 * DAY, "motion": 62 * HOUR}


@pytest.mark.parametrize(("value", "said"), [(12, "12 %"), (0, "0 %")])
def test_a_reading_beyond_absolute_limits_is_a_finding_of_its_own(value: float, said: str) -> None:
    start = NOW.timestamp()
    mixed = Track("spo2", [start - 60, start], [95, value], [0, int(Flags.BEYOND_ABSOLUTE)])
    finding = found(disbelief(mixed, kinds.get("spo2"), NOW))
    assert finding.words == (
        f"Reading cannot be believed: oxygen {said}. Repeat within 15 minutes, else check on the person"
    )
    assert (finding.severity, finding.at) == (Severity.AMBER, NOW)


def test_a_later_reading_that_can_be_believed_ends_the_disbelief() -> None:
    start = NOW.timestamp()
    mixed = Track("spo2", [start - 60, start], [12, 84], [int(Flags.BEYOND_ABSOLUTE), 0])
    assert disbelief(mixed, kinds.get("spo2"), NOW) == Nothing(cleared=True)


def test_a_replayed_or_mistaken_reading_does_not_end_the_disbelief() -> None:
    start = NOW.timestamp()
    replayed = Track("spo2", [start - 60, start], [12, 95], [int(Flags.BEYOND_ABSOLUTE), int(Flags.REPLAYED)])
    mistaken = replace(replayed, flags=[int(Flags.BEYOND_ABSOLUTE), int(Flags.ENTERED_IN_ERROR)])
    assert found(disbelief(replayed, kinds.get("spo2"), NOW)).value == 12
    assert isinstance(disbelief(mistaken, kinds.get("spo2"), NOW), Finding)
    assert disbelief(Track("spo2", [], [], []), kinds.get("spo2"), NOW) == Nothing(cleared=False)


def test_what_the_kitchen_says_proves_nothing_of_a_bedroom_that_cannot_be_believed() -> None:
    rooms = track("room_temperature", (60, 120), (0, 20), sources=("Bedroom", "Kitchen"))
    rooms = replace(rooms, flags=[int(Flags.BEYOND_ABSOLUTE), 0])
    finding = found(disbelief(rooms, kinds.get("room_temperature"), NOW))
    assert finding.words.startswith("Bedroom: reading cannot be believed: room temperature 120 °C.")
    assert finding.source == "Bedroom"


def test_what_was_dealt_with_and_then_fell_silent_is_unknown_and_never_fine() -> None:
    cold = rule(("amber", {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"}))
    rooms = evenly("room_temperature", [14.0] * 40, 15 * MINUTE, last=3 * HOUR)
    said = verdict(cold, rooms, settled=ago(2 * HOUR))
    assert isinstance(said, Unknown)
    assert said.words == "No reading of room temperature for 3 hours"


RULES = {
    "spo2": oxygen(),
    "room_temperature": rule(
        ("red", {"kind": "room_temperature", "below": 12, "for": "2 h"}),
        ("amber", {"kind": "room_temperature", "below": 16, "for": "5 h", "max_gap": "1 h"}),
        clear={"kind": "room_temperature", "at_or_above": 18},
    ),
    "weight": rule(("amber", {"kind": "weight", "rises_by": 2, "over": "3 days"})),
    "room_humidity": rule(
        ("amber", {"kind": "room_humidity", "above": 75, "mean_over": "1 day", "readings": 3})
    ),
    "pulse": rule(
        ("red", {"kind": "pulse", "at_or_above": 131, "times": 2, "within": "15 min"}),
        ("amber", {"any": [{"kind": "pulse", "above": 110, "times": 3}, {"kind": "pulse", "above": 125}]}),
        clear={"kind": "pulse", "at_or_below": 105},
    ),
    "pendant": PENDANT,
    "respiratory_rate": rule(
        (
            "amber",
            {
                "kind": "respiratory_rate",
                "above_usual_by": 4,
                "usual_over": "1 day",
                "readings": 3,
                "spreads": 1,
            },
        ),
        clear={"kind": "respiratory_rate", "at_or_below": 16},
    ),
}
HIGHER_IS_WORSE = {"weight", "room_humidity", "pulse", "pendant", "respiratory_rate"}
VALUES = {
    "spo2": (78, 98),
    "room_temperature": (8, 22),
    "weight": (70, 76),
    "room_humidity": (60, 90),
    "pulse": (90, 140),
    "pendant": (0, 1),
    "respiratory_rate": (12, 30),
}


@st.composite
def readings(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, int]]]:
    """A kind, and readings of it as (minutes ago, value, flags)."""
    kind = draw(st.sampled_from(sorted(VALUES)))
    ages = st.integers(0, 3 * 24 * 12).map(lambda steps: steps * 5)
    flags = st.sampled_from([0, 0, 0, int(Flags.LATE), int(Flags.REPLAYED), int(Flags.TEST)])
    rows = draw(st.lists(st.tuples(ages, st.integers(*VALUES[kind]), flags), max_size=40))
    return kind, rows


def judged_by_age(kind: str, rows: list[tuple[int, int, int]]) -> object:
    start = NOW.timestamp()
    one = Track(
        kind, [start - 60 * old for old, _, _ in rows], [v for _, v, _ in rows], [f for _, _, f in rows]
    )
    return judge(RULES[kind], {kind: one}, NOW)


@settings(max_examples=200, deadline=None)
@given(readings(), st.randoms())
def test_neither_order_nor_repetition_of_readings_matters(
    given_readings: tuple[str, list[tuple[int, int, int]]], chance: Random
) -> None:
    kind, rows = given_readings
    again = rows + [row for row in rows if chance.random() < 0.5]
    chance.shuffle(again)
    assert judged_by_age(kind, again) == judged_by_age(kind, rows)


def rank(judged: object) -> int:
    said = getattr(judged, "verdict", None)
    return said.severity.rank if isinstance(said, Finding) else 0


@settings(max_examples=300, deadline=None)
@given(readings(), st.integers(0, 10))
def test_a_worse_newest_value_never_gives_a_lesser_verdict(
    given_readings: tuple[str, list[tuple[int, int, int]]], worse: int
) -> None:
    kind, rows = given_readings
    firm = {old: (value, flags) for old, value, flags in rows if flags != Flags.REPLAYED}
    if not firm:
        return
    sign = 1 if kind in HIGHER_IS_WORSE else -1
    value, flags = firm[min(firm)]
    worst = 1 if kind == "pendant" and worse else value + sign * worse
    before = [(old, *rest) for old, rest in firm.items()]
    after = [(old, *rest) if old != min(firm) else (old, worst, flags) for old, rest in firm.items()]
    assert rank(judged_by_age(kind, after)) >= rank(judged_by_age(kind, before))


def test_a_steady_fall_only_ever_gets_worse() -> None:
    ranks = [
        rank(judge(oxygen(), {"spo2": evenly("spo2", [float(v) for v in range(95, low, -1)], 120)}, NOW))
        for low in range(93, 70, -1)
    ]
    assert ranks == sorted(ranks)
    assert ranks[-1] == Severity.RED.rank


def test_a_room_that_nobody_enters_is_not_missing_while_another_is_lived_in() -> None:
    still = rule(("amber", {"kind": "motion", "missing_for": "14 h", "at_or_above": 1}))
    at = NOW.timestamp()
    hall = [at - 3600 * hours for hours in range(30, 0, -1)]
    rooms = Track("motion", [at - 30 * 3600, *hall], [1.0] * 31, [0] * 31, ["kitchen"] + ["hall"] * 30)
    since = NOW - timedelta(days=13)
    assert not isinstance(judge(still, {"motion": rooms}, NOW, since=since).verdict, Finding)
    silent = judge(still, {}, NOW, since=since).verdict
    assert isinstance(silent, Finding)
    assert "at least 14 hours" in silent.words, "no more is claimed than was looked at"
