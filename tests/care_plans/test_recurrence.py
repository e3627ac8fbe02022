from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.work.recurrence import (
    BankHolidays,
    Recurrence,
    from_document,
    is_working_day,
    moment,
    next_after,
    next_working_day,
    to_document,
    working_days_after,
)
from core.errors import Invalid

LONDON = "Europe/London"
DAILY = Recurrence((time(9),))
# The hour lost is 01:00 to 02:00 on 29 March, the hour that comes twice 01:00 to 02:00 on 25 October.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def coming(recurrence: Recurrence, after: datetime, count: int) -> list[datetime]:
    found = []
    for _ in range(count):
        after = next_after(recurrence, after)
        found.append(after)
    return found


def test_a_time_of_day_comes_next_today_or_tomorrow_and_never_now() -> None:
    assert next_after(DAILY, utc(2026, 11, 22, 8, 59)) == utc(2026, 11, 22, 9)
    assert next_after(DAILY, utc(2026, 11, 22, 9)) == utc(2026, 11, 23, 9)


def test_several_times_of_a_day_come_in_their_order() -> None:
    twice = Recurrence((time(21), time(9)))
    assert coming(twice, utc(2026, 11, 22), 3) == [
        utc(2026, 11, 22, 9),
        utc(2026, 11, 22, 21),
        utc(2026, 11, 23, 9),
    ]


def test_local_times_stay_when_the_clocks_change() -> None:
    assert coming(DAILY, utc(2026, 3, 27, 12), 3) == [
        utc(2026, 3, 28, 9),
        utc(2026, 3, 29, 8),
        utc(2026, 3, 30, 8),
    ]
    assert coming(DAILY, utc(2026, 10, 23, 12), 3) == [
        utc(2026, 10, 24, 8),
        utc(2026, 10, 25, 9),
        utc(2026, 10, 26, 9),
    ]


@pytest.mark.parametrize("local", [time(1), time(1, 30), time(1, 59, 59)])
def test_a_time_that_the_clocks_jump_over_is_the_first_moment_after(local: time) -> None:
    assert moment(SPRING, local, LONDON) == utc(2026, 3, 29, 1)


def test_the_times_around_the_jump_are_their_own() -> None:
    assert moment(SPRING, time(0, 59), LONDON) == utc(2026, 3, 29, 0, 59)
    assert moment(SPRING, time(2), LONDON) == utc(2026, 3, 29, 1)


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert moment(AUTUMN, time(1, 30), LONDON) == utc(2026, 10, 25, 0, 30)
    nightly = Recurrence((time(1, 30),))
    assert coming(nightly, utc(2026, 10, 24, 12), 2) == [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]


def test_a_jumped_over_time_comes_once_that_night() -> None:
    nightly = Recurrence((time(1, 30),))
    assert coming(nightly, utc(2026, 3, 28, 12), 2) == [utc(2026, 3, 29, 1), utc(2026, 3, 30, 0, 30)]


def test_it_comes_on_its_weekdays_only() -> None:
    tuesdays_and_fridays = Recurrence((time(10),), weekdays=(1, 4))
    assert [at.date().isoformat() for at in coming(tuesdays_and_fridays, utc(2026, 11, 22), 3)] == [
        "2026-11-24", "2026-11-27", "2026-12-01",
    ]  # fmt: skip


def test_it_comes_every_so_many_days_from_its_first_day() -> None:
    fortnightly = Recurrence((time(10),), every_days=14, starts=date(2026, 11, 20))
    assert next_after(fortnightly, utc(2026, 1, 1)) == utc(2026, 11, 20, 10)
    assert next_after(fortnightly, utc(2026, 11, 20, 10)) == utc(2026, 12, 4, 10)


def test_an_interval_needs_a_first_day_and_a_recurrence_something_to_come() -> None:
    with pytest.raises(ValueError, match="the date it starts"):
        next_after(Recurrence((time(10),), every_days=14), utc(2026, 11, 22))
    with pytest.raises(ValueError, match="never falls due"):
        next_after(Recurrence((time(10),), weekdays=()), utc(2026, 11, 22))


def test_bank_holidays_are_kept_skipped_or_moved() -> None:
    mondays: dict[str, Any] = {"times": (time(10),), "weekdays": (0,)}
    before = utc(2026, 5, 23)
    assert next_after(Recurrence(**mondays), before).date() == date(2026, 5, 25)
    assert next_after(Recurrence(**mondays, bank_holidays=BankHolidays.SKIP), before).date() == date(
        2026, 6, 1
    )
    moved = Recurrence(**mondays, bank_holidays=BankHolidays.NEXT_WORKING_DAY)
    assert [at.date() for at in coming(moved, before, 2)] == [date(2026, 5, 26), date(2026, 6, 1)]


def test_an_occurrence_moved_over_christmas_is_not_lost() -> None:
    christmas = Recurrence(
        (time(10),), every_days=7, starts=date(2026, 12, 25), bank_holidays=BankHolidays.NEXT_WORKING_DAY
    )
    assert [at.date() for at in coming(christmas, utc(2026, 12, 26), 2)] == [
        date(2026, 12, 29),
        date(2027, 1, 4),
    ]


def test_a_yearly_occurrence_skipped_some_years_running_still_comes() -> None:
    yearly = Recurrence((time(10),), every_days=363, starts=date(2025, 1, 1), bank_holidays=BankHolidays.SKIP)
    assert next_after(yearly, utc(2026, 1, 1)).date() == date(2028, 12, 23)


def test_working_days_leave_out_weekends_and_bank_holidays_of_england() -> None:
    assert not is_working_day(date(2026, 12, 28))
    assert is_working_day(date(2026, 12, 29))
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 29)
    assert next_working_day(date(2026, 12, 29)) == date(2026, 12, 29)
    # A bank holiday of Scotland only.
    assert is_working_day(date(2026, 11, 30))


@pytest.mark.parametrize(
    ("aware", "investigate", "summary", "safe", "weeks_12"),
    [
        (date(2025, 10, 27), date(2025, 11, 10), date(2025, 11, 13), date(2025, 11, 17), date(2026, 2, 2)),
        (date(2025, 12, 22), date(2026, 1, 8), date(2026, 1, 13), date(2026, 1, 15), date(2026, 4, 2)),
        (date(2026, 3, 31), date(2026, 4, 16), date(2026, 4, 21), date(2026, 4, 23), date(2026, 7, 9)),
        (date(2026, 12, 18), date(2027, 1, 6), date(2027, 1, 11), date(2027, 1, 13), date(2027, 3, 31)),
        (date(2026, 12, 19), date(2027, 1, 6), date(2027, 1, 11), date(2027, 1, 13), date(2027, 3, 31)),
    ],
)
def test_the_time_limits_of_si_2025_1042_fall_on_their_days(
    aware: date, investigate: date, summary: date, safe: date, weeks_12: date
) -> None:
    assert working_days_after(aware, 10) == investigate
    assert working_days_after(investigate, 3) == summary
    assert working_days_after(investigate, 5) == safe
    assert investigate + timedelta(weeks=12) == weeks_12


def test_a_recurrence_is_read_back_as_it_was_written() -> None:
    document = {
        "times": ["09:00", "21:30"],
        "weekdays": ["monday", "friday"],
        "every_days": 1,
        "starts": "2026-11-22",
        "bank_holidays": "next_working_day",
        "zone": "Europe/London",
    }
    recurrence = from_document(document)
    assert recurrence.weekdays == (0, 4)
    assert to_document(recurrence) == document
    assert from_document(to_document(DAILY)) == DAILY


def test_every_fault_of_a_recurrence_is_named_at_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        from_document(
            {
                "times": [540],
                "weekdays": ["mon"],
                "every_days": 7,
                "starts": "22/11/2026",
                "zone": "Mars/Base",
                "at": 1,
            }
        )
    assert set(refused.value.fields) == {"times.0", "weekdays.0", "every_days", "starts", "zone", "at"}


recurrences = st.one_of(
    st.builds(
        Recurrence,
        st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=3).map(
            tuple
        ),
        weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        bank_holidays=st.sampled_from(BankHolidays),
        zone=st.sampled_from([LONDON, "Europe/Lisbon", "Australia/Lord_Howe"]),
    ),
    st.builds(
        Recurrence,
        st.just((time(1, 30),)),
        every_days=st.integers(2, 366),
        starts=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
        bank_holidays=st.sampled_from(BankHolidays),
    ),
)


@given(
    recurrences,
    st.integers(0, 516 * 24 * 60).map(lambda minutes: utc(2026, 1, 1) + timedelta(minutes=minutes)),
)
def test_what_comes_next_is_later_and_nothing_comes_between(recurrence: Recurrence, after: datetime) -> None:
    first, second = coming(recurrence, after, 2)
    assert after < first < second
    assert next_after(recurrence, first - timedelta(seconds=1)) == first
    halfway = after + (first - after) / 2
    assert next_after(recurrence, halfway) == first
    if recurrence.bank_holidays is BankHolidays.NEXT_WORKING_DAY:
        assert is_working_day(first.astimezone(ZoneInfo(recurrence.zone)).date())
