from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest

from devices.simulator.climate import STEP, Air, Fabric, Room, Weather, between_steps, outdoors, rooms_between
from tests.devices.simulator.made import LONDON

START = datetime(2026, 11, 16, tzinfo=UTC)
DAY = timedelta(days=1)
WEATHER = Weather(seed=3, mean=5.0)
BEDROOM = Room("bedroom", comfort=19.0)
WELL, BROKEN = Fabric(), Fabric(heating=0.2, moisture=1.3, changes=0.7)


def bedroom(start: datetime, days: int = 1, fabric: Fabric = WELL, **given: float) -> tuple[Air, ...]:
    room = Room("bedroom", **{"comfort": 19.0, **given})
    return rooms_between((room,), WEATHER, start, start + days * DAY, LONDON, lambda _at: fabric)["bedroom"]


def test_the_weather_has_warmer_days_than_nights_and_stays_in_season() -> None:
    air = [outdoors(WEATHER, START + timedelta(hours=n)) for n in range(24 * 60)]
    assert fmean(one.temperature for one in air[14::24]) > fmean(one.temperature for one in air[3::24]) + 2
    assert -2 < min(one.temperature for one in air) < max(one.temperature for one in air) < 12
    assert all(50 < one.humidity <= 99 for one in air)


def test_a_heated_room_keeps_its_comfort_and_is_dry() -> None:
    air = bedroom(START, 3)
    assert min(one.temperature for one in air) >= 18.3
    assert max(one.temperature for one in air) <= 19.5
    assert all(30 < one.humidity < 68 for one in air)


def test_a_room_without_heating_cools_below_16_and_dampens() -> None:
    air = bedroom(START, 3, BROKEN)
    assert fmean(one.temperature for one in air) < 16
    assert fmean(one.humidity for one in air) > 75


def test_a_leaky_room_loses_its_heat_sooner() -> None:
    def failing(at: datetime) -> Fabric:
        return BROKEN if at >= START else WELL

    leaky, tight = (
        rooms_between((Room("r", memory=hours),), WEATHER, START, START + DAY, LONDON, failing)["r"]
        for hours in (10, 40)
    )
    assert leaky[24].temperature < tight[24].temperature - 1


def test_a_day_follows_on_from_the_day_before() -> None:
    last, first = bedroom(START)[-2], bedroom(START + DAY)[0]
    assert last.temperature == pytest.approx(first.temperature, abs=0.15)
    assert last.humidity == pytest.approx(first.humidity, abs=1.5)


def test_it_goes_straight_between_two_steps() -> None:
    course = (Air(18.0, 50.0), Air(20.0, 60.0), Air(20.0, 60.0))
    assert between_steps(course, START, START + STEP / 4) == Air(18.5, 52.5)
    assert between_steps(course, START, START + STEP) == Air(20.0, 60.0)
