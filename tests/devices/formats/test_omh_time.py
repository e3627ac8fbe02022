"""When: each form of a time frame, and no time that nobody told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import omh_time
from devices.formats.wire import Arrival
from devices.measurement import Flags, Undecodable

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LONDON = Arrival(datetime(2026, 11, 22, 10, tzinfo=UTC), retained=False, zone="Europe/London", models={})
START, END = "2026-11-22T07:30:00Z", "2026-11-22T08:00:00Z"
HALF_AN_HOUR = {"value": 30, "unit": "min"}


def interval(**said: Any) -> dict[str, Any]:
    return {"time_interval": said}


def last(start: str, end: str, zone: str = "Europe/London") -> datetime | None:
    arrival = Arrival(LONDON.received_at, retained=False, zone=zone, models={})
    return omh_time.frame(interval(start_date_time=start, end_date_time=end), arrival, "").last_of_day


@pytest.mark.parametrize(
    "said",
    [
        {"date_time": "2026-11-22T08:00:00Z"},
        {"date_time": "2026-11-22T09:00:00+01:00"},
        interval(start_date_time=START, end_date_time=END),
        interval(start_date_time=START, duration=HALF_AN_HOUR),
        interval(start_date_time=START, duration={"value": 0.5, "unit": "h"}),
        interval(end_date_time=END, duration=HALF_AN_HOUR),
    ],
)
def test_the_end_of_each_form_is_the_time(said: dict[str, Any]) -> None:
    assert omh_time.frame(said, LONDON, "") == omh_time.Frame(AT)


def test_a_time_without_a_zone_is_the_homes() -> None:
    found = omh_time.frame({"date_time": "2026-06-22T09:00:00"}, LONDON, "")

    assert (found.at, found.flags) == (datetime(2026, 6, 22, 8, tzinfo=UTC), Flags.CLOCK_CORRECTED)


def test_what_is_not_told_is_no_time() -> None:
    assert omh_time.frame(None, LONDON, "").at is None
    assert omh_time.frame(interval(date="2026-11-22", part_of_day="morning"), LONDON, "").at is None


@pytest.mark.parametrize(
    "said",
    [
        "now",
        {},
        {"date_time": 17},
        {"date_time": "2026-11-22"},
        interval(date="2026-11-21", part_of_day="morning"),
        interval(start_date_time=START),
        interval(end_date_time=END),
        interval(duration=HALF_AN_HOUR),
        interval(start_date_time=START, duration={"value": 1, "unit": "fortnight"}),
        interval(start_date_time=START, duration={"value": -1, "unit": "min"}),
        interval(start_date_time=START, duration={"value": 1e300, "unit": "wk"}),
        interval(start_date_time="9999-12-31T00:00:00Z", duration={"value": 9, "unit": "wk"}),
    ],
)
def test_a_time_that_is_told_and_unreadable_is_refused(said: object) -> None:
    with pytest.raises(Undecodable) as caught:
        omh_time.frame(said, LONDON, "frame")
    assert caught.value.code == "bad_time"


def test_a_whole_day_is_one_of_the_homes_calendar() -> None:
    end_of_day = datetime(2026, 6, 21, 22, 59, 59, 999_000, tzinfo=UTC)

    assert last("2026-06-21T00:00:00+01:00", "2026-06-22T00:00:00+01:00") == end_of_day
    assert last("2026-06-20T23:00:00Z", "2026-06-21T23:00:00Z") == end_of_day
    assert last("2026-06-21T00:00:00Z", "2026-06-22T00:00:00Z") is None
    assert last("2026-06-21T00:00:00+01:00", "2026-06-21T20:00:00+01:00") is None
    assert last("2026-06-21T00:00:00+01:00", "2026-06-23T00:00:00+01:00") is None


def test_the_day_the_clocks_change_is_whole_too() -> None:
    assert last("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z") is not None
    assert last("2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z") is not None


def test_the_ends_of_the_calendar_are_no_days() -> None:
    assert last("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z") is None
    assert last("9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z", zone="Pacific/Auckland") is None
