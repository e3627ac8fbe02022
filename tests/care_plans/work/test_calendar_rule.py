"""Rules of calendars: what is read, what is refused, and their days against a library of its own."""

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil import rrule
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from care_plans.work import calendar_rule
from care_plans.work.calendar_rule import HORIZON, WEEKDAYS, CalendarRule, Frequency

STARTS = date(2026, 11, 24)  # a Tuesday


def days(text: str, count: int, since: date = STARTS, starts: date = STARTS) -> list[str]:
    found = calendar_rule.days(calendar_rule.read(text)[0], starts, since)
    return [day.isoformat() for day in islice(found, count)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", ["2026-12-08", "2027-01-12", "2027-02-09"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-11-30", "2026-12-31", "2027-01-31"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", ["2026-11-26", "2026-12-07", "2026-12-10"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", ["2027-03-01", "2028-03-06", "2029-03-05"]),
        ("FREQ=YEARLY", ["2026-11-24", "2027-11-24", "2028-11-24"]),
        ("RRULE:freq=daily;count=2", ["2026-11-24", "2026-11-25"]),
        ("FREQ=DAILY;UNTIL=20261125", ["2026-11-24", "2026-11-25"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ["2027-08-13", "2028-10-13", "2029-04-13"]),
        ("FREQ=YEARLY;BYDAY=53TH", ["2026-12-31", "2032-12-30"]),
    ],
)
def test_a_rule_names_its_days(text: str, found: list[str]) -> None:
    assert days(text, 3, since=STARTS) == found


def test_count_is_counted_from_the_first_day_wherever_it_is_looked_at() -> None:
    assert days("FREQ=WEEKLY;COUNT=3", 9, since=date(2026, 12, 1)) == ["2026-12-01", "2026-12-08"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Write a rule such as"),
        ("every Tuesday", "Write a rule such as"),
        ("FREQ=HOURLY", "FREQ has to be one of DAILY, WEEKLY, MONTHLY and YEARLY"),
        ("FREQ=MINUTELY", "FREQ has to be"),
        ("FREQ=SECONDLY", "FREQ has to be"),
        ("BYDAY=MO", "FREQ has to be"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "COUNT or UNTIL, not both"),
        ("FREQ=DAILY;BYSETPOS=1", "Only FREQ, INTERVAL"),
        ("FREQ=DAILY;FREQ=WEEKLY", "FREQ stands there twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL takes whole numbers from 1 to 366"),
        ("FREQ=DAILY;INTERVAL=999999999999", "INTERVAL takes whole numbers"),
        ("FREQ=YEARLY;INTERVAL=11", "from 1 to 10"),
        ("FREQ=WEEKLY;BYDAY=2TU", "only with FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYDAY=6TU", "from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=0TU", "from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=TUESDAY", "BYDAY takes days such as"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "from 1 to 31, or from -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=²", "BYMONTHDAY takes whole numbers"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "does not go with FREQ=WEEKLY"),
        ("FREQ=YEARLY;BYMONTH=13", "from 1 to 12"),
        ("FREQ=DAILY;UNTIL=20261231T120000Z", "Give UNTIL as a date"),
        ("FREQ=DAILY;UNTIL=20260231", "Give UNTIL as a date"),
        ("FREQ=DAILY;COUNT=1001", "COUNT takes whole numbers from 1 to 1000"),
        ("FREQ=DAILY;COUNT=1,2", "COUNT takes one number"),
        ("FREQ=DAILY;WKST=SU", "WKST can only be MO"),
        ("FREQ=DAILY;BYMINUTE=30", "BYMINUTE needs BYHOUR"),
        ("FREQ=DAILY;BYHOUR=24", "from 0 to 23"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4;BYMINUTE=1,2,3,4", "At most 12 times a day"),
        ("FREQ=DAILY;COUNT=2;BYHOUR=8,20", "COUNT goes with one time of day"),
        ("FREQ=DAILY;BYDAY=" + "MO," * 100, "at most 200 letters"),
    ],
)
def test_a_bad_rule_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        calendar_rule.read(text)


@given(st.text(max_size=60) | st.text("FREQ=DAILYWKMONTH;BYU0123456789-+,:", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rule, _ = calendar_rule.read(text)
    except ValueError as fault:
        assert str(fault).endswith(".")  # noqa: PT017
    else:
        assert calendar_rule.read(calendar_rule.text_of(rule))[0] == rule


numbered = st.tuples(st.integers(0, 6), st.sampled_from([1, 2, 5, -1, -2]))
plain_days = st.tuples(st.integers(0, 6), st.just(0))
months = st.sets(st.integers(1, 12), max_size=3).map(lambda found: tuple(sorted(found)))
month_days = st.sets(st.integers(1, 31) | st.integers(-31, -1), max_size=3).map(lambda n: tuple(sorted(n)))


def _rules(frequency: Frequency) -> st.SearchStrategy[CalendarRule]:
    numbers = frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    return st.builds(
        CalendarRule,
        st.just(frequency),
        interval=st.integers(1, 10),
        # Not "Fridays and the first Monday": dateutil finds only days that are both.
        days=(st.sets(plain_days, max_size=3) | st.sets(numbered if numbers else plain_days, max_size=3)).map(
            lambda found: tuple(sorted(found, key=lambda day: (day[1], day[0])))
        ),
        month_days=st.just(()) if frequency is Frequency.WEEKLY else month_days,
        months=months,
        count=st.none(),
        until=st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    )


rules = st.sampled_from(Frequency).flatmap(_rules)


PHASES = (Phase.explicit, Phase.generate)  # dateutil is slow where few days match: no shrinking
counts = st.none() | st.integers(1, 20)
first_days = st.dates(date(2024, 1, 1), date(2027, 1, 1))


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(rules, counts, first_days, st.integers(0, 700))
def test_its_days_are_those_that_dateutil_finds(
    rule: CalendarRule, count: int | None, starts: date, later: int
) -> None:
    if count is not None:
        rule = replace(rule, count=count, until=None)
    since, end = starts + timedelta(days=later), starts + timedelta(days=1400)
    text = calendar_rule.text_of(rule)
    assert calendar_rule.read(text)[0] == rule
    # dateutil looks as far as the year 9999 for a day that never comes: it is given an end.
    last = min(end, rule.until or end)
    plain = calendar_rule.text_of(replace(rule, count=None, until=last))
    other = rrule.rrulestr(plain, dtstart=datetime.combine(starts, datetime.min.time()))
    expected = [at.date() for at in list(other)[: rule.count] if at.date() >= since]
    found = calendar_rule.days(rule, starts, since)
    assert list(takewhile(lambda day: day <= end, found)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;INTERVAL=104;COUNT=1000",
        f"FREQ=YEARLY;BYDAY={','.join(f'{n}{day}' for n in (-3, -2, -1) for day in WEEKDAYS)};BYMONTHDAY=1",
        "FREQ=DAILY;COUNT=1000;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
    ],
)
def test_no_rule_makes_anybody_search_for_long(text: str) -> None:
    rule, _ = calendar_rule.read(text)
    begun = time.process_time()
    found = list(calendar_rule.days(rule, STARTS, STARTS))
    assert time.process_time() - begun < 0.05
    assert len(found) <= HORIZON.days + 1


def test_a_rule_says_whether_it_needs_a_first_day() -> None:
    begun = {text: calendar_rule.read(text)[0].is_begun for text in ("FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=2")}
    assert begun == {"FREQ=WEEKLY": True, "FREQ=DAILY;INTERVAL=2": True}
    assert not calendar_rule.read("FREQ=MONTHLY;BYDAY=2TU")[0].is_begun
