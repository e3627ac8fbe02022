"""On which days a rule of a calendar falls, in plain words; pure."""

from collections.abc import Iterable
from datetime import date

from care_plans.work.calendar_rule import CalendarRule, Frequency

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second last"}
_SPANS = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}


def said(rule: CalendarRule, starts: date | None) -> str:
    """For example "the second Tuesday of every month", "every 2 weeks on Mondays, until 31 March 2027"."""
    words = _days(rule, starts)
    if rule.months and rule.frequency is not Frequency.YEARLY:
        words = f"{words}, in {_months(rule)} only"
    if rule.count is not None:
        words = f"{words}, {'once' if rule.count == 1 else f'{rule.count} times'}"
    if rule.until is not None:
        words = f"{words}, until {_date(rule.until)}"
    if starts is not None and (rule.interval > 1 or rule.count is not None):
        words = f"{words}, counted from {_date(starts)}"
    return words


def _days(rule: CalendarRule, starts: date | None) -> str:
    every = f"every {_span(rule)}"
    by_itself = rule.frequency in (Frequency.DAILY, Frequency.WEEKLY)
    if rule.month_days:
        days = listed(_month_day(each) for each in rule.month_days)
        return f"{f'{every} that is' if by_itself else 'on'} {days}{_of(rule)}{_that_is(rule)}"
    if rule.days and rule.frequency is Frequency.WEEKLY:
        return f"{every} on {listed(f'{DAYS[day]}s' for day, _ in rule.days)}"
    if rule.days and by_itself:
        return f"{every}{_that_is(rule).replace(' when that is', ' that is')}"
    if rule.days:
        return f"{listed(_weekday(day, nth) for day, nth in rule.days)}{_of(rule)}"
    if rule.frequency is Frequency.DAILY:
        return every
    if starts is None:
        return f"{every}{f' in {_months(rule)}' if rule.months else ''}, on the day it was begun"
    if rule.frequency is Frequency.WEEKLY:
        return f"{every} on {DAYS[starts.weekday()]}s"
    month = MONTHS[starts.month - 1]
    if rule.frequency is Frequency.YEARLY and not rule.months:
        return f"on {_month_day(starts.day)} of {month} {every}"
    return f"on {_month_day(starts.day)}{_of(rule)}"


def _of(rule: CalendarRule) -> str:
    if rule.frequency is Frequency.MONTHLY:
        return f" of every {_span(rule)}"
    if rule.frequency is not Frequency.YEARLY:
        return " of a month"
    if rule.months:
        return f" of {_months(rule)} every {_span(rule)}"
    return f" of every month, every {_span(rule)}" if rule.month_days else f" of every {_span(rule)}"


def _span(rule: CalendarRule) -> str:
    span = _SPANS[rule.frequency]
    return span if rule.interval == 1 else f"{rule.interval} {span}s"


def _that_is(rule: CalendarRule) -> str:
    if not rule.days:
        return ""
    return f" when that is {listed((_weekday(day, nth) for day, nth in rule.days), 'or')}"


def _months(rule: CalendarRule) -> str:
    return listed(MONTHS[each - 1] for each in rule.months)


def _weekday(day: int, nth: int) -> str:
    if nth == 0:
        return f"a {DAYS[day]}"
    number = _NTH.get(nth) or (_ordinal(nth) if nth > 0 else f"{_ordinal(-nth)} last")
    return f"the {number} {DAYS[day]}"


def _month_day(day: int) -> str:
    if day > 0:
        return f"the {_ordinal(day)}"
    return "the last day" if day == -1 else f"the {_ordinal(-day)} last day"


def _ordinal(number: int) -> str:
    teen = 10 < number % 100 < 14
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Several in a row: "Mondays, Tuesdays and Fridays"."""
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
