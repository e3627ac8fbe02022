import itertools
from collections import Counter
from datetime import date, timedelta

from devices.simulator.kit import ELECTRICITY, GAS, SPO2, TEMPERATURE
from devices.simulator.measuring import gas, sayings
from devices.simulator.routines import local
from tests.devices.simulator.made import DAY, LONDON, NOW, home

TODAY = date(2026, 11, 21)


def test_a_day_has_a_believable_number_of_readings_of_each_kind() -> None:
    made = home()
    count = Counter(kind for saying in sayings(made, TODAY) for kind, _ in saying.values)
    assert count[TEMPERATURE] == 72 + 48
    assert count[ELECTRICITY] == count[GAS] == 48
    assert 1 <= count[SPO2] <= 4
    assert 300 < count.total() < 900


def test_every_saying_is_of_kit_that_measures_that_kind() -> None:
    made = home("fall_at_night", local(TODAY, 200, LONDON))
    for saying in sayings(made, TODAY):
        assert {kind for kind, _ in saying.values} <= set(made.kit[saying.kit].kinds)


def test_a_day_of_25_hours_is_measured_through() -> None:
    times = sorted(s.at for s in sayings(home(), date(2026, 10, 25)) if s.values[0][0] == ELECTRICITY)
    assert len(times) == 50
    assert all(b - a == timedelta(minutes=30) for a, b in itertools.pairwise(times))


def test_kit_with_an_empty_battery_measures_nothing() -> None:
    dead = home("battery_dies", NOW - 5 * DAY)
    assert [s for s in sayings(dead, TODAY) if dead.kit[s.kit].key_suffix == "pendant"] == []


def test_the_gas_dial_all_but_stops_in_a_cold_home() -> None:
    cold, warm = home("cold_damp_home", NOW - DAY), home("stable", NOW - DAY)
    assert cold.gas is not None
    used = [gas(made, cold.gas, NOW) - gas(made, cold.gas, NOW - DAY) for made in (cold, warm)]
    assert used[0] < used[1] / 3
