from calendar import monthrange
from datetime import date, timedelta
from itertools import islice
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.work import rrules
from care_plans.work.rrules import Rule
from core.errors import Invalid

FRIDAY = date(2026, 11, 27)


def coming(text: str, count: int = 3, starts: date = FRIDAY, first: date = FRIDAY) -> list[str]:
    return [day.isoformat() for day in islice(rrules.days(text, starts, first), count)]


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("FREQ=DAILY", ["2026-11-27", "2026-11-28", "2026-11-29"], "each day"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=SA,SU", ["2026-11-29", "2026-12-05", "2026-12-13"],
         "every second day that is a Saturday or Sunday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", ["2026-12-08", "2026-12-10", "2026-12-22"],
         "every second week on Tuesday and Thursday"),
        ("FREQ=MONTHLY;BYDAY=2TU", ["2026-12-08", "2027-01-12", "2027-02-09"],
         "the second Tuesday of each month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", ["2026-11-27", "2027-02-26", "2027-05-28"],
         "the last Friday of every 3 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", ["2026-12-01", "2026-12-15", "2027-01-01"],
         "the 1st and the 15th of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-11-30", "2026-12-31", "2027-01-31"],
         "the last day of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-31", "2027-01-31", "2027-03-31"], "the 31st of each month"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ["2027-08-13", "2028-10-13", "2029-04-13"],
         "the 13th of each month that is a Friday"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"],
         "each year on 29 February"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=-1SU", ["2026-11-29", "2027-11-28", "2028-11-26"],
         "each year, the last Sunday of November"),
        ("FREQ=YEARLY", ["2026-11-27", "2027-11-27", "2028-11-27"], "each year"),
        ("FREQ=DAILY;COUNT=2", ["2026-11-27", "2026-11-28"], "each day, 2 times"),
        ("RRULE:freq=monthly;bymonthday=1;until=20270101", ["2026-12-01", "2027-01-01"],
         "the 1st of each month, until 1 January 2027"),
    ],
)  # fmt: skip
def test_days_and_words(text: str, days: list[str], words: str) -> None:
    assert coming(text) == days
    assert rrules.words(text) == words


def test_they_are_counted_from_the_start_however_late_one_asks() -> None:
    later = date(2031, 5, 20)
    assert (
        coming("FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", 2, first=later)
        == [
            day.isoformat()
            for day in islice((FRIDAY + timedelta(weeks=3 * n) for n in range(300)), 300)
            if day >= later
        ][:2]
    )
    assert coming("FREQ=DAILY;COUNT=10", first=later) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Give parts such as"),
        ("every day", "Give parts such as"),
        ("FREQ=DAILY;FREQ=DAILY", "each once"),
        ("FREQ=HOURLY", "Begin with FREQ"),
        ("INTERVAL=2", "Begin with FREQ"),
        ("FREQ=DAILY;BYHOUR=9", "Leave out BYHOUR"),
        ("FREQ=DAILY;INTERVAL=0", "from 1 to 366 for INTERVAL"),
        ("FREQ=DAILY;INTERVAL=two", "from 1 to 366 for INTERVAL"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT or UNTIL"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL=20271231"),
        ("FREQ=WEEKLY;BYDAY=2TU", "FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYDAY=TUESDAY", "Give weekdays as"),
        ("FREQ=MONTHLY;BYDAY=0TU", "1 to 5"),
        ("FREQ=MONTHLY;BYDAY=9TU", "for BYDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "no day 0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "for BYMONTHDAY"),
        ("FREQ=MONTHLY;BYDAY=2TU;BYMONTHDAY=1", "not both"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "add BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "No day is ever like this."),
        ("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", "No day is ever like this."),
        ("FREQ=DAILY;" + "X" * 300, "at most 200"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        rrules.read(text)
    assert said in refused.value.fields[""]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=3;BYMONTHDAY=1", date(2026, 11, 1)),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", date(2027, 1, 1)),
    ],
)
def test_what_its_pace_never_reaches_is_no_day_and_takes_no_time(text: str, starts: date) -> None:
    begun = perf_counter()
    assert coming(text, starts=starts, first=starts) == []
    assert perf_counter() - begun < 5, "the library by itself looks on until the year 9999"


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    weekdays = st.lists(st.sampled_from(list(rrules.WEEKDAYS)), max_size=3, unique=True)
    days: list[tuple[int, str]] = [(0, day) for day in draw(weekdays)]
    month_days: list[int] = []
    if frequency == "MONTHLY":
        if draw(st.booleans()):
            days = [(draw(st.sampled_from([1, 2, 3, 4, -1])), day) for _, day in days]
        else:
            month_days = draw(st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True))
            days = []
    return Rule(frequency, draw(st.integers(1, 4)), tuple(days), tuple(sorted(month_days)))


def naive(rule: Rule, starts: date, day: date) -> bool:
    """Whether a day is one, by looking at that day alone."""
    weekday = list(rrules.WEEKDAYS)[day.weekday()]
    if day < starts:
        return False
    if rule.frequency == "DAILY":
        fits = (day - starts).days % rule.interval == 0
        return fits and (not rule.days or (0, weekday) in rule.days)
    if rule.frequency == "WEEKLY":
        monday, first = (each - timedelta(days=each.weekday()) for each in (day, starts))
        wanted = [name for _, name in rule.days] or [list(rrules.WEEKDAYS)[starts.weekday()]]
        return (monday - first).days // 7 % rule.interval == 0 and weekday in wanted
    months = (day.year - starts.year) * 12 + day.month - starts.month
    if months % rule.interval:
        return False
    if rule.month_days:
        return day.day in rule.month_days
    if not rule.days:
        return day.day == starts.day
    from_end = (monthrange(day.year, day.month)[1] - day.day) // 7 + 1
    places = {0, (day.day - 1) // 7 + 1, -from_end}
    return any(name == weekday and place in places for place, name in rule.days)


@given(rules(), st.integers(0, 900), st.integers(0, 500))
def test_as_looking_at_each_day_alone_finds_them(rule: Rule, begun: int, later: int) -> None:
    starts = date(2026, 1, 1) + timedelta(days=begun)
    first = starts + timedelta(days=later)
    text = rrules.text_of(rule)
    assert rrules.read(text) == rule
    until = first + timedelta(days=200)
    found = [day for day in islice(rrules.days(text, starts, first), 250) if day < until]
    asked = (first + timedelta(days=number) for number in range(200))
    assert found == [day for day in asked if naive(rule, starts, day)]
