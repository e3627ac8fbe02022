"""The simulated homes begin where the story stands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.running.simulate import caught_up_from

SEEDED = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("factor", [1.0, 60.0, 240.0, 3600.0])
def test_what_happened_while_a_place_started_is_said_however_fast_its_clock_goes(factor: float) -> None:
    assert caught_up_from(SEEDED, SEEDED + 1.5 * MINUTE * factor, factor) == SEEDED


def test_a_place_that_was_down_for_long_says_the_last_hour_only() -> None:
    later = SEEDED + timedelta(days=3)
    assert caught_up_from(SEEDED, later, 1.0) == later - timedelta(hours=1)
