from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from care_plans.work import calendar_rule
from care_plans.work.recurrence import (
    BankHolidays,
    Recurrence,
    begun,
    find_next,
    from_document,
    is_working_day,
    moment,
    next_after,
    next_working_day,
    to_document,
    working_days_after,
)
from care_plans.work.recurrence import coming as several
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


SECOND_TUESDAY = {"rule": "FREQ=MONTHLY;BYDAY=2TU", "times": ["10:00"], "bank_holidays": "next_working_day"}


def test_a_rule_falls_due_in_local_time_and_moves_off_bank_holidays() -> None:
    tuesdays = from_document(SECOND_TUESDAY)
    assert several(tuesdays, utc(2026, 9, 1), 3) == (
        utc(2026, 9, 8, 9), utc(2026, 10, 13, 9), utc(2026, 11, 10, 10),
    )  # fmt: skip
    boxing = from_document({"rule": "FREQ=MONTHLY;BYMONTHDAY=26", "times": ["10:00"],
                            "bank_holidays": "next_working_day"})  # fmt: skip
    assert next_after(boxing, utc(2026, 12, 1)) == utc(2026, 12, 29, 10)


def test_the_hours_of_a_rule_are_its_times() -> None:
    read = from_document({"rule": "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=30"})
    assert read.times == (time(8, 30), time(20, 30))
    assert to_document(read)["rule"] == "FREQ=DAILY"
    assert from_document(to_document(read)) == read


def test_a_rule_that_has_come_to_its_end_falls_due_no_more() -> None:
    twice = from_document({"rule": "FREQ=WEEKLY;COUNT=2", "times": ["10:00"], "starts": "2026-11-24"})
    assert several(twice, utc(2026, 11, 1), 5) == (utc(2026, 11, 24, 10), utc(2026, 12, 1, 10))
    assert find_next(twice, utc(2026, 12, 1, 10)) is None
    with pytest.raises(ValueError, match="never falls due"):
        next_after(twice, utc(2026, 12, 1, 10))


def test_a_rule_that_counts_needs_its_first_day_and_takes_the_one_it_is_begun() -> None:
    fortnightly = from_document({"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "times": ["10:00"]})
    with pytest.raises(ValueError, match="needs the date it starts"):
        next_after(fortnightly, utc(2026, 11, 22))
    assert begun(fortnightly, date(2026, 11, 24)).starts == date(2026, 11, 24)
    assert begun(Recurrence((time(10),), every_days=14), date(2026, 11, 24)).starts == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"rule": "FREQ=HOURLY", "times": ["10:00"]}, "rule", "FREQ has to be one of"),
        ({"rule": "FREQ=DAILY;BYHOUR=9", "times": ["10:00"]}, "times", "not both"),
        ({"rule": "FREQ=DAILY"}, "times", "at least one"),
        ({"rule": "FREQ=DAILY", "times": ["10:00"], "weekdays": ["monday"]}, "weekdays", "in the rule"),
        ({"rule": "FREQ=DAILY", "times": ["10:00"], "every_days": 2}, "every_days", "in the rule"),
        ({"rule": "FREQ=DAILY;COUNT=3", "times": ["08:00", "20:00"]}, "rule", "with several give UNTIL"),
        ({"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "times": ["10:00"]}, "rule", "never falls due"),
        ({"rule": "FREQ=DAILY;UNTIL=20261101", "times": ["10:00"], "starts": "2026-11-24"}, "rule", "never"),
        ({"rule": "FREQ=DAILY", "times": ["10:00"], "starts": "0001-01-01"}, "starts", "from 1990-01-01"),
        (
            {"rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "times": ["10:00"], "bank_holidays": "skip"},
            "rule", "never falls due",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused_at_its_field(
    given: dict[str, Any], field: str, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        from_document(given)
    assert told in refused.value.fields[field]


ZONES = {
    "Europe/London": (utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)),
    "America/New_York": (utc(2026, 3, 8, 7), utc(2026, 11, 1, 6)),
    "Australia/Lord_Howe": (utc(2026, 4, 4, 15), utc(2026, 10, 3, 15, 30)),  # by half an hour
}
"""When the clocks change in each zone."""


def naive(recurrence: Recurrence, since: datetime, until: datetime) -> list[datetime]:
    """The same by looking at every minute of the wall clock, with dateutil for the days; slow and plain."""
    zone, rule, first = ZoneInfo(recurrence.zone), recurrence.rule, recurrence.starts
    if rule is None or first is None:
        raise AssertionError("a rule with a first day")
    begins = datetime.combine(first, time())
    last = until.astimezone(zone).replace(tzinfo=None)
    named = rrule.rrulestr(calendar_rule.text_of(rule), dtstart=begins).between(begins, last, inc=True)
    found = set()
    for day in named:
        on = day.date()
        if recurrence.bank_holidays is BankHolidays.SKIP and on in ENGLAND:
            continue
        while recurrence.bank_holidays is BankHolidays.NEXT_WORKING_DAY and (
            on.weekday() > 4 or on in ENGLAND
        ):
            on += timedelta(days=1)
        for local in recurrence.times:
            # The first minute of that day on which a wall clock shows this time or a later one.
            at = datetime.combine(on, time(), zone).astimezone(UTC)
            while (shown := at.astimezone(zone)).date() == on and shown.time() < local:
                at += timedelta(minutes=1)
            found.add(at)
    return sorted(at for at in found if since < at <= until)


ENGLAND = holidays.country_holidays("GB", subdiv="ENG")
ruled = st.builds(
    Recurrence,
    st.lists(
        st.builds(time, st.integers(0, 3) | st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
        min_size=1, max_size=2,
    )
    .map(lambda found: tuple(sorted(set(found)))),
    starts=st.dates(date(2025, 6, 1), date(2026, 3, 1)),
    bank_holidays=st.sampled_from(BankHolidays),
    zone=st.sampled_from(list(ZONES)),
    rule=st.sampled_from(
        [
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=SU,MO", "FREQ=WEEKLY;INTERVAL=2",
            "FREQ=MONTHLY;BYDAY=-1SU,1SU", "FREQ=MONTHLY;BYMONTHDAY=-1,29", "FREQ=MONTHLY;INTERVAL=2",
            "FREQ=YEARLY;BYMONTH=3,4,10,11;BYDAY=1SU,2SU,-1SU", "FREQ=DAILY;COUNT=400",
            "FREQ=WEEKLY;BYDAY=SU;UNTIL=20261025",
        ]
    ).map(lambda text: calendar_rule.read(text)[0]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ruled, st.sampled_from([0, 1]), st.integers(-20 * 24 * 60, -1))
def test_around_both_clock_changes_it_is_what_a_wall_clock_shows(
    recurrence: Recurrence, change: int, minutes: int
) -> None:
    since = ZONES[recurrence.zone][change] + timedelta(minutes=minutes)
    until = since + timedelta(days=30)
    zone = ZoneInfo(recurrence.zone)
    assert since.astimezone(zone).utcoffset() != until.astimezone(zone).utcoffset()
    found, at = [], find_next(recurrence, since)
    while at is not None and at <= until:
        found.append(at)
        at = find_next(recurrence, at)
    assert found == naive(recurrence, since, until)
