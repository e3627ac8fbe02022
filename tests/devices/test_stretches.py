"""Where the points of charts begin."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.stretches import beginnings, cut_hours, of_use

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = 365 * DAY
ZONES = ("Europe/London", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo")


def local_days(zone: str) -> list[timedelta]:
    """How long the days of a year are, the first and the last left out."""
    days = beginnings(NOW - YEAR, NOW, 400, zone)[1:]
    return [later - earlier for earlier, later in pairwise(days)]


def test_a_short_time_is_cut_into_equal_parts() -> None:
    assert beginnings(NOW - HOUR, NOW, 4, "UTC") == tuple(NOW - HOUR + n * HOUR / 4 for n in range(4))


@pytest.mark.parametrize(("days", "most", "hours"), [(11, 400, 1), (30, 400, 2), (30, 100, 8)])
def test_a_month_has_points_of_whole_hours(days: int, most: int, hours: int) -> None:
    first, *rest = beginnings(NOW - days * DAY, NOW, most, "Europe/London")
    assert first == NOW - days * DAY
    assert {each.hour % hours for each in rest} == {0}
    assert {later - earlier for earlier, later in pairwise(rest)} == {hours * HOUR}


def test_a_year_has_a_point_for_each_day_by_the_homes_own_calendar() -> None:
    found = [
        each.astimezone(ZoneInfo("Europe/London"))
        for each in beginnings(NOW - YEAR, NOW, 400, "Europe/London")
    ]
    assert {(each.hour, each.minute) for each in found[1:]} == {(0, 0)}
    assert len(found) == 366


def test_the_day_when_the_clocks_change_has_23_or_25_hours() -> None:
    lengths = local_days("Europe/London")
    assert (lengths.count(23 * HOUR), lengths.count(24 * HOUR), lengths.count(25 * HOUR)) == (1, 362, 1)


def test_a_zone_whose_clocks_go_by_half_an_hour_has_days_of_that_length() -> None:
    assert set(local_days("Australia/Lord_Howe")) == {DAY - HOUR / 2, DAY, DAY + HOUR / 2}


def test_only_where_a_day_begins_on_the_half_hour_do_two_days_share_an_hour() -> None:
    for zone, shared in (("Europe/London", 0), ("Asia/Kolkata", 365)):
        assert len(cut_hours(beginnings(NOW - YEAR, NOW, 400, zone))) == shared


@given(
    minutes=st.integers(1, 700 * 24 * 60),
    hours=st.integers(-100_000, 100_000),
    most=st.sampled_from((20, 100, 400)),
    zone=st.sampled_from(ZONES),
)
def test_stretches_are_in_order_inside_the_time_and_no_more_than_asked(
    minutes: int, hours: int, most: int, zone: str
) -> None:
    start = NOW + hours * HOUR
    end = start + timedelta(minutes=minutes)
    found = beginnings(start, end, most, zone)
    assert found[0] == start
    assert all(earlier < later for earlier, later in pairwise(found))
    assert found[-1] < end
    assert len(found) <= most


def test_use_is_told_by_the_hour_of_a_day_and_by_the_local_day_of_a_week() -> None:
    hours = of_use(NOW - DAY, NOW, 100, "Europe/London")
    assert {each.minute for each in hours[1:]} == {0}
    assert len(hours) == 25
    days = of_use(NOW - 7 * DAY, NOW, 100, "Asia/Kolkata")
    assert {(each.hour, each.minute) for each in days[1:]} == {(18, 30)}
    assert len(days) == 8
