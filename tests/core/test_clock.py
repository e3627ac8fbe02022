"""The one clock."""

from datetime import UTC, datetime, timedelta

from core.clock import Clock, real_time

REAL = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_hour_passes_in_a_minute_at_sixty() -> None:
    clock = Clock(REAL, START, 60.0)
    assert clock.at(REAL + timedelta(minutes=1)) == START + timedelta(hours=1)
    assert clock.real_seconds(3600) == 60


def test_a_factor_of_nought_stands_still() -> None:
    clock = Clock(REAL, START, 0.0)
    assert clock.at(REAL + timedelta(days=3)) == START == clock.now()


def test_real_time_runs_with_the_wall_clock() -> None:
    clock = real_time()
    first = clock.now()
    assert timedelta(0) <= clock.now() - first < timedelta(seconds=5)
    assert first.tzinfo is UTC
