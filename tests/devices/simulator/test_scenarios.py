from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from devices.simulator.homes import Taken, emissions, history
from devices.simulator.kit import BED, DOOR, FALL, HUMIDITY, MOTION, PENDANT, SPO2, TEMPERATURE, WEIGHT
from devices.simulator.scenarios import COURSES, Truth, in_the_cold, stable
from tests.devices.simulator.made import DAY, NOW, home

BEGAN = NOW - 6 * DAY


def readings(course: str, kind: str) -> list[Taken]:
    return [taken for taken in history(home(course, BEGAN), BEGAN - 3 * DAY, NOW) if taken.kind == kind]


def truth(course: str, number: int = 0) -> Truth:
    return COURSES[course](BEGAN).truths[number]


def first(course: str, kind: str, noticed: Callable[[Taken], bool]) -> Taken:
    return next(taken for taken in readings(course, kind) if noticed(taken))


def within(taken: Taken, known: Truth) -> bool:
    return known.earliest <= taken.at <= known.by


def test_every_course_is_known_by_its_name() -> None:
    assert {name: make(NOW).name for name, make in COURSES.items()} == {name: name for name in COURSES}


def test_oxygen_falls_below_the_limit_when_it_should() -> None:
    # 94 % is usual for this person; 90 is the limit a plan might set
    assert within(
        first("slowly_worse_copd", SPO2, lambda taken: taken.value < 90), truth("slowly_worse_copd")
    )


def test_weight_rises_two_kilograms_in_three_days_when_it_should() -> None:
    weighings = readings("heart_failure_weight_gain", WEIGHT)

    def gained(taken: Taken) -> bool:
        window = [w.value for w in weighings if timedelta() <= taken.at - w.at <= timedelta(days=3, hours=2)]
        return taken.value - min(window) > 2

    assert within(next(w for w in weighings if gained(w)), truth("heart_failure_weight_gain"))


def test_a_fall_at_night_is_felt_at_once_and_nobody_moves_until_help_comes() -> None:
    falls = readings("fall_at_night", FALL)
    assert [fall.at for fall in falls] == [BEGAN]
    assert within(falls[0], truth("fall_at_night"))
    assert len(readings("fall_at_night", PENDANT)) == 1
    lying = (BEGAN + timedelta(minutes=1), BEGAN + timedelta(minutes=49))
    moved = [taken for kind in (MOTION, DOOR, BED) for taken in readings("fall_at_night", kind)]
    assert [taken for taken in moved if lying[0] < taken.at < lying[1]] == []


def test_a_home_grows_cold_and_damp_when_it_should() -> None:
    assert within(first("cold_damp_home", TEMPERATURE, lambda t: t.value < 16), truth("cold_damp_home"))
    assert within(first("cold_damp_home", HUMIDITY, lambda t: t.value > 78), truth("cold_damp_home", 1))


def test_the_cold_can_come_with_anything_else() -> None:
    both = in_the_cold(COURSES["slowly_worse_copd"](BEGAN))
    assert both.name == "slowly_worse_copd"
    assert both.fabric_at(NOW).heating < 0.5
    assert len(both.truths) == 3


def test_a_battery_goes_down_and_then_its_kit_is_silent() -> None:
    said = [
        e
        for e in emissions(home("battery_dies", BEGAN), BEGAN - DAY, NOW)
        if e.device_key.endswith("-pendant")
    ]
    dead = COURSES["battery_dies"](BEGAN).dead_from()
    assert dead is not None
    assert max(e.at for e in said) < dead
    assert truth("battery_dies", 1).earliest == dead


def test_a_stable_home_gives_nothing_to_notice() -> None:
    assert stable(BEGAN).truths == ()
    assert min(taken.value for taken in readings("stable", TEMPERATURE)) > 18
    assert max(taken.value for taken in readings("stable", HUMIDITY)) < 70
    assert min(taken.value for taken in readings("stable", SPO2)) >= 91
    weights = [taken.value for taken in readings("stable", WEIGHT)]
    assert max(abs(b - a) for a, b in pairwise(weights)) < 1
    assert readings("stable", FALL) == []


def test_nothing_is_different_before_a_scenario_begins() -> None:
    for course in COURSES:
        before = list(history(home(course, BEGAN), BEGAN - 2 * DAY, BEGAN - timedelta(hours=1)))
        assert before == list(history(home("stable", BEGAN), BEGAN - 2 * DAY, BEGAN - timedelta(hours=1)))


@pytest.mark.parametrize("after", [timedelta(days=4), timedelta(days=40)])
def test_illness_reaches_its_full_extent_and_stays(after: timedelta) -> None:
    course = COURSES["slowly_worse_copd"](BEGAN)
    assert course.shift(SPO2, BEGAN + after) == -8
    assert course.shift(SPO2, BEGAN) == 0
    assert course.shift(WEIGHT, BEGAN + after) == 0
