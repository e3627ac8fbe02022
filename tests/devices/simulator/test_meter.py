import itertools
from datetime import UTC, datetime, timedelta

import pytest

from devices.simulator.meter import Supply, cumulative, dial, power

SUPPLY = Supply(seed=4, a_day=8.0, first=12000.0)
START = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_dial_never_falls() -> None:
    shown = [cumulative(SUPPLY, 20_000 + n / 144) for n in range(144 * 60)]
    assert all(later > earlier for earlier, later in itertools.pairwise(shown))


def test_a_day_uses_about_what_it_should() -> None:
    used = dial(SUPPLY, START + timedelta(days=62)) - dial(SUPPLY, START)
    assert used / 62 == pytest.approx(8.0, rel=0.1)


def test_it_uses_more_in_the_evening_than_at_night() -> None:
    assert power(SUPPLY, START + timedelta(hours=18)) > 2 * power(SUPPLY, START + timedelta(hours=3))


def test_power_is_the_pace_of_the_dial() -> None:
    at = START + timedelta(hours=9, minutes=10)
    pace = (dial(SUPPLY, at + timedelta(minutes=6)) - dial(SUPPLY, at)) * 10_000
    assert power(SUPPLY, at) == pytest.approx(pace, rel=0.01)


def test_only_a_share_goes_through_after_a_cut() -> None:
    after = START + timedelta(days=3)
    usual = dial(SUPPLY, after) - dial(SUPPLY, START)
    assert dial(SUPPLY, after, START, 0.2) - dial(SUPPLY, START) == pytest.approx(0.2 * usual)
    assert dial(SUPPLY, START, after, 0.2) == dial(SUPPLY, START)
