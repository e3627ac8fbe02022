from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.work import hazard_clocks
from care_plans.work.hazard_clocks import Duty, Hazard

LONDON = ZoneInfo("Europe/London")


def days_of(aware: date, concluded: date) -> list[date]:
    clocks = hazard_clocks.of_a_significant_one(at_ten(aware), at_ten(concluded))
    by = {clock.duty: clock.by.astimezone(LONDON).date() for clock in clocks}
    assert by[Duty.BEGIN_WORKS] == by[Duty.MAKE_SAFE]
    return [by[duty] for duty in (Duty.INVESTIGATE, Duty.SUMMARY, Duty.MAKE_SAFE, Duty.BEGIN_WORKS_AT_LATEST)]


def at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("aware", "expected"),
    [
        ("2025-10-27", ["2025-11-10", "2025-11-13", "2025-11-17", "2026-02-02"]),
        ("2025-12-22", ["2026-01-08", "2026-01-13", "2026-01-15", "2026-04-02"]),
        ("2026-03-31", ["2026-04-16", "2026-04-21", "2026-04-23", "2026-07-09"]),
        ("2026-12-18", ["2027-01-06", "2027-01-11", "2027-01-13", "2027-03-31"]),
        ("2026-12-19", ["2027-01-06", "2027-01-11", "2027-01-13", "2027-03-31"]),
    ],
)
def test_days_over_christmas_easter_and_weekends_where_it_is_concluded_on_the_last(
    aware: str, expected: list[str]
) -> None:
    days = [date.fromisoformat(each) for each in expected]
    assert days_of(date.fromisoformat(aware), days[0]) == days


def test_an_emergency_has_24_hours_by_the_clock_on_the_wall_of_nobody() -> None:
    before_the_change = datetime(2026, 10, 24, 20, 0, tzinfo=LONDON)
    investigate, make_safe = hazard_clocks.of_an_emergency(before_the_change)
    assert investigate.by == before_the_change.astimezone(UTC) + timedelta(hours=24)
    assert investigate.by.astimezone(LONDON).hour == 19
    assert make_safe.by == investigate.by


def test_both_readings_of_regulation_5_are_kept_and_the_stricter_comes_first() -> None:
    aware = datetime(2026, 12, 25, 3, tzinfo=UTC)
    clocks = hazard_clocks.of_an_emergency(aware, aware + timedelta(hours=20))
    assert [(clock.duty, clock.by - aware) for clock in clocks[1:]] == [
        (Duty.MAKE_SAFE, timedelta(hours=24)),
        (Duty.MAKE_SAFE_FROM_FINDING, timedelta(hours=44)),
    ]


def test_until_it_is_concluded_only_the_investigation_has_a_day() -> None:
    clocks = hazard_clocks.of_a_significant_one(datetime(2026, 6, 1, tzinfo=UTC))
    assert [clock.duty for clock in clocks] == [Duty.INVESTIGATE]


def test_late_in_the_evening_in_london_the_day_is_that_of_london() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # half past midnight on Tuesday there
    (clock,) = hazard_clocks.of_a_significant_one(late)
    assert clock.by.astimezone(LONDON).date() == date(2026, 6, 16)
    assert clock.by.astimezone(LONDON).hour == 23


@given(st.integers(0, 7 * 365 * 24))
def test_between_there_are_just_so_many_days_that_are_no_holiday_nor_weekend(hours: int) -> None:
    aware = datetime(2025, 10, 27, tzinfo=LONDON) + timedelta(hours=hours)
    (clock,) = hazard_clocks.of_a_significant_one(aware)
    england, day, count = holidays.country_holidays("GB", subdiv="ENG"), aware.date(), 0
    while day < clock.by.astimezone(LONDON).date():
        day += timedelta(days=1)
        count += day.weekday() < 5 and day not in england
    assert count == 10
    assert day.weekday() < 5


@pytest.mark.parametrize(
    ("hazard", "aware_on", "emergency", "covered"),
    [
        (Hazard.DAMP_AND_MOULD, date(2025, 10, 27), False, True),
        (Hazard.DAMP_AND_MOULD, date(2025, 10, 26), False, False),
        (Hazard.FIRE, date(2025, 10, 27), True, True),
        (Hazard.FIRE, date(2025, 10, 26), True, False),
        (Hazard.FIRE, date(2026, 11, 27), False, False),
        (Hazard.CROWDING, date(2026, 11, 27), True, False),
    ],
)
def test_a_phase_covers_what_became_known_since_it_is_in_force(
    hazard: Hazard, aware_on: date, emergency: bool, covered: bool
) -> None:
    assert hazard_clocks.covered(hazard, aware_on, emergency=emergency) is covered


def test_every_hazard_but_overcrowding_stands_in_just_one_phase() -> None:
    named = [hazard for phase in hazard_clocks.PHASES for hazard in phase.hazards]
    assert sorted(named) == sorted(set(Hazard) - {Hazard.CROWDING})
