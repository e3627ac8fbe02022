from random import Random
from statistics import fmean

import pytest

from devices.simulator.kit import BODY_TEMPERATURE, PULSE, SPO2, SYSTOLIC, WEIGHT
from devices.simulator.physiology import RHYTHMS, level, take
from tests.devices.simulator.made import USUAL, profile

DAYS = range(739_000, 739_120)


@pytest.mark.parametrize("kind", list(RHYTHMS))
def test_it_stays_near_what_is_usual_for_the_person(kind: str) -> None:
    levels = [level(profile(), kind, day, hour) for day in DAYS for hour in range(0, 24, 3)]
    reach = RHYTHMS[kind].swing + RHYTHMS[kind].drift
    assert fmean(levels) == pytest.approx(USUAL[kind], abs=reach / 3)
    assert max(abs(value - USUAL[kind]) for value in levels) <= reach


@pytest.mark.parametrize("kind", [PULSE, SYSTOLIC, BODY_TEMPERATURE, SPO2])
def test_it_is_lower_in_the_small_hours_than_by_day(kind: str) -> None:
    assert level(profile(), kind, DAYS[0], 4) < level(profile(), kind, DAYS[0], 15)


def test_it_weighs_people_less_in_the_morning() -> None:
    assert level(profile(), WEIGHT, DAYS[0], 7) < level(profile(), WEIGHT, DAYS[0], 19)


def test_it_drifts_differently_in_different_people() -> None:
    assert level(profile(1), PULSE, DAYS[0], 9) != level(profile(2), PULSE, DAYS[0], 9)


@pytest.mark.parametrize(("shift", "shown"), [(500, 100), (-500, 70)])
def test_it_never_shows_what_no_body_does(shift: float, shown: float) -> None:
    assert take(profile(), SPO2, DAYS[0], 9, shift, Random(1)) == shown


def test_it_rounds_as_devices_do() -> None:
    chance = Random(1)
    assert take(profile(), SPO2, DAYS[0], 9, 0, chance).is_integer()
    weight = take(profile(), WEIGHT, DAYS[0], 9, 0, chance)
    assert weight == round(weight, 1)


def test_illness_moves_what_is_shown() -> None:
    well = [take(profile(), SPO2, day, 9, 0, Random(day)) for day in DAYS]
    ill = [take(profile(), SPO2, day, 9, -6, Random(day)) for day in DAYS]
    assert fmean(well) - fmean(ill) == pytest.approx(6, abs=0.2)
