from dataclasses import replace
from datetime import UTC, datetime

import pytest

from care_plans.judging.rules import Finding
from care_plans.judging.telling import moment_of
from tests.care_plans.making import HOUR, MINUTE, Track, evenly, oxygen, rule, track, verdict


def words(said: object) -> str:
    assert isinstance(said, Finding), said
    return said.words


def test_the_words_of_a_rule_take_the_place_of_the_usual_sentence() -> None:
    by = oxygen(words="Oxygen down to {value} (limit {limit}) for {lasting}")
    assert words(verdict(by, track("spo2", (6 * MINUTE, 84), (0, 83)))) == (
        "Oxygen down to 83 % (limit 85 %) for 6 minutes"
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"kind": "weight", "rises_by": 2, "over": "3 days"}, "81 kg, 2 kg"),
        ({"kind": "weight", "above": 75.5, "mean_over": "3 days", "readings": 2}, "79.5 kg, 75.5 kg"),
        ({"kind": "motion", "missing_for": "1 h"}, ", "),
        ({"kind": "smoke", "happened_within": "1 h"}, "smoke, "),
    ],
)
def test_every_kind_of_condition_fills_in_the_words(condition: dict[str, object], said: str) -> None:
    by = rule(("amber", condition), words="{value}, {limit}")
    tracks = [track("weight", (HOUR, 78), (0, 81)), track("motion", (2 * HOUR, 1)), track("smoke", (60, 1))]
    assert words(verdict(by, *tracks)) == said


def test_a_state_beyond_its_limit_is_told_in_its_own_words() -> None:
    by = rule(("amber", {"kind": "door_open", "at_or_above": 1, "for": "20 min", "max_gap": "10 min"}))
    assert words(verdict(by, evenly("door_open", [1] * 5, 300))) == "Door: open for 20 minutes"


def test_at_and_beyond_a_limit_are_told_apart() -> None:
    by = rule(("amber", {"kind": "systolic", "at_or_below": 90}))
    assert (
        words(verdict(by, track("systolic", (0, 90))))
        == "Systolic blood pressure 90 mmHg, at or below 90 mmHg"
    )


def test_a_kind_not_heard_of_is_told_as_a_reading() -> None:
    by = rule(("amber", {"kind": "weight", "missing_for": "2 days"}))
    assert words(verdict(by, track("weight", (60 * HOUR, 81)))) == "No reading of weight for 2 days"


def test_the_room_comes_first() -> None:
    by = rule(("amber", {"kind": "room_temperature", "below": 16}), words="Cold: {value}", about="home")
    rooms = Track("room_temperature", [verdict_time()], [15], [0], ["Bedroom"])
    assert words(verdict(by, rooms)) == "Bedroom: cold: 15 °C"


def verdict_time() -> float:
    return track("room_temperature", (0, 0)).times[0]


def test_times_are_aware_and_kept_to_the_millisecond() -> None:
    assert moment_of(1795333560.1234567) == datetime(2026, 11, 22, 7, 46, 0, 123000, UTC)


def test_a_distance_from_the_usual_names_both() -> None:
    by = rule(
        ("amber", {"kind": "spo2", "below_usual_by": 3, "usual_over": "7 days", "readings": 6}),
        clear={"kind": "spo2", "at_or_above": 95},
    )
    week = [(day * 86400 + 3600, 96) for day in range(1, 8)]
    assert words(verdict(by, track("spo2", *week, (0, 92)))) == "Oxygen 92 %, 4 % below their usual 96 %"
    told = replace(by, words="{value}, more than {limit} off")
    assert words(verdict(told, track("spo2", *week, (0, 92)))) == "92 %, more than 3 % off"
