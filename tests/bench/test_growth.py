"""What `growth` reckons by itself: months, shares, and words for whether a promise was kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bench.growth_asking import Asked
from bench.growth_filling import Month, months
from bench.growth_place import usual_readings
from bench.growth_report import (
    Page,
    Round,
    flat,
    said_of_intake,
    said_of_pages,
    said_of_size,
    said_of_statements,
)

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def rounds(*rates: float) -> list[Round]:
    return [Round(rate, 10_000, 200) for rate in rates]


def asked(*seconds: float) -> list[Asked]:
    return [Asked(each * 2, (("devices/readings.span", each),), each / 2) for each in seconds]


def page(full: Sequence[Asked]) -> Page:
    return Page("the page", 0.1, asked(0.01, 0.02), full)


def test_a_span_is_cut_where_months_begin_in_utc() -> None:
    since, until = NEW_YEAR - timedelta(days=3), NEW_YEAR + timedelta(days=40)
    february = datetime(2026, 2, 1, tzinfo=UTC)
    assert list(months(since, until)) == [
        Month(since, NEW_YEAR),
        Month(NEW_YEAR, february),
        Month(february, until),
    ]


def test_a_month_goes_into_its_own_table() -> None:
    assert Month(NEW_YEAR, NEW_YEAR + timedelta(days=1)).table == "readings_2026_01"


def test_five_thousand_people_make_about_a_hundred_million_readings_in_thirteen_months() -> None:
    assert usual_readings(5_000, 395) == pytest.approx(100e6, rel=0.03)


def test_intake_is_as_flat_as_the_middle_one_of_the_rounds() -> None:
    assert flat(rounds(6_000, 5_000, 4_000), rounds(3_000, 4_500, 4_000)) == 0.9


def test_the_rounds_say_whether_intake_kept_its_promise() -> None:
    assert "0.90 of the empty place's (kept" in said_of_intake(rounds(5_000), rounds(4_500))
    assert "0.80 of the empty place's (missed" in said_of_intake(rounds(5_000), rounds(4_000))


def test_a_page_keeps_its_promise_by_what_its_statements_take_together() -> None:
    assert page(asked(0.09, 0.05)).kept
    assert not page(asked(0.11, 0.05)).kept


def test_a_page_is_told_in_milliseconds_at_both_places() -> None:
    told = said_of_pages([page(asked(0.05, 0.11))])
    assert "20.0" in told
    assert "110.0" in told
    assert "missed: 100" in told


def test_statements_are_told_by_the_function_whose_they_are() -> None:
    spent = (("people/homes.get", 0.01), ("devices/readings.span", 0.02), ("people/homes.get", 0.03))
    twice = [Asked(0.1, spent, 0.05)]
    assert said_of_statements(twice).splitlines()[1].split() == ["people/homes.get", "40.0"]


def test_bytes_are_told_for_each_reading() -> None:
    told = said_of_size(1_000, {"rows": 70_000, "indexes": 30_000}, 50_000_000)
    assert told.startswith("100 bytes a reading (rows 70, indexes 30); 0.0 GB in all; 50 MB")
