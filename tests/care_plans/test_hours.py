from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging.hours import EVERY_DAY, Hours, days_before, in_hours, local_day, seconds_at
from care_plans.judging.track import Points

NIGHT = Hours(time(22), time(6), (0, 4))  # Monday and Friday nights


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-11-23T21:59", False), ("2026-11-23T22:00", True), ("2026-11-24T05:59", True),
        ("2026-11-24T06:00", False), ("2026-11-24T23:00", False), ("2026-11-28T01:00", True),
        ("2026-11-23T02:00", False),
    ],
)  # fmt: skip
def test_a_night_belongs_to_the_day_on_which_it_begins(at: str, holds: bool) -> None:
    assert NIGHT.holds(datetime.fromisoformat(at)) is holds


def test_by_day_it_is_from_the_first_to_before_the_last() -> None:
    day = Hours(time(8), time(20))
    found = [day.holds(datetime(2026, 11, 27, hour, tzinfo=UTC)) for hour in (7, 8, 19, 20)]
    assert found == [False, True, True, False]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
@given(st.integers(0, 365 * 24 * 4), st.integers(0, 23), st.integers(0, 23))
def test_it_is_the_clock_on_the_wall_that_counts_all_year(
    zone: str, quarter: int, begins: int, ends: int
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC).timestamp() + quarter * 900
    hour = datetime.fromtimestamp(at, ZoneInfo(zone)).hour
    inside = begins <= hour < ends if begins < ends else hour >= begins or hour < ends
    points = Points([at], [1.0])
    assert bool(in_hours(points, Hours(time(begins), time(ends)), zone).times) is (inside or begins == ends)


def test_days_and_seconds_are_local() -> None:
    at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC).timestamp()
    assert local_day(at, "Europe/London") == date(2026, 6, 2)
    assert seconds_at(date(2026, 6, 2), time(0, 30), "Europe/London") == at
    assert list(days_before(date(2026, 3, 2), 2)) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert len(EVERY_DAY) == 7
