"""How often a follow-up comes, as whoever plans it says it without knowing rules of calendars; pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from care_plans.work import calendar_rule
from care_plans.work.calendar_rule import CalendarRule, Frequency
from care_plans.work.recurrence import WEEKDAYS
from core.errors import Invalid

SHORT = calendar_rule.WEEKDAYS
FIELDS = frozenset({"repeats", "interval", "which", "month_day", "until", "rule"})
DAYS = frozenset({"weekdays", "every_days"})


class Repeats(StrEnum):
    """How it comes again, other than on the days ticked of each week or every so many days."""

    WEEKS = "weeks"
    MONTH_WEEKDAY = "month_weekday"
    MONTH_DAY = "month_day"
    OTHER = "other"


class Which(StrEnum):
    """Which of a weekday in a month."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    LAST = "last"


NUMBERS = {Which.FIRST: 1, Which.SECOND: 2, Which.THIRD: 3, Which.FOURTH: 4, Which.LAST: -1}


def rule_of(values: Mapping[str, Any], weekdays: list[str]) -> str | None:
    """The rule that was meant; None where days of the week or an interval in days say all.

    Invalid where a field is missing that goes with how it repeats, or one stands there that does not.
    """
    repeats = values.get("repeats") or (Repeats.OTHER if values.get("rule") else None)
    _refuse_strays(repeats, values, weekdays)
    every, until = values.get("interval") or 1, values.get("until")
    days = ",".join(SHORT[WEEKDAYS.index(day)] for day in weekdays if day in WEEKDAYS)
    if repeats == Repeats.OTHER:
        return str(values["rule"])
    if repeats == Repeats.WEEKS:
        rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY={days}"
    elif repeats == Repeats.MONTH_WEEKDAY:
        number = NUMBERS[values["which"]]
        nth = ",".join(f"{number}{day}" for day in days.split(","))
        rule = f"FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}"
    elif repeats == Repeats.MONTH_DAY:
        rule = f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={values['month_day']}"
    elif until is None:
        return None
    elif days:
        rule = f"FREQ=WEEKLY;BYDAY={days}"
    else:
        rule = f"FREQ=DAILY;INTERVAL={values.get('every_days') or 1}"
    return f"{rule};UNTIL={until:%Y%m%d}" if until else rule


NEEDS: Mapping[Repeats, tuple[tuple[str, str], ...]] = {
    Repeats.WEEKS: (("weekdays", "Tick the days of the week."),),
    Repeats.MONTH_WEEKDAY: (
        ("weekdays", "Tick the day of the week."),
        ("which", "Say which of the month: the first, the second, or the last?"),
    ),
    Repeats.MONTH_DAY: (("month_day", "Say on which day of the month."),),
    Repeats.OTHER: (("rule", "Write the rule."),),
}
GOES_WITH: Mapping[Repeats | None, frozenset[str]] = {
    None: frozenset({"weekdays", "every_days", "until"}),
    Repeats.WEEKS: frozenset({"weekdays", "interval", "until"}),
    Repeats.MONTH_WEEKDAY: frozenset({"weekdays", "interval", "which", "until"}),
    Repeats.MONTH_DAY: frozenset({"month_day", "interval", "until"}),
    Repeats.OTHER: frozenset({"rule"}),
}


def _refuse_strays(repeats: Repeats | None, values: Mapping[str, Any], weekdays: list[str]) -> None:
    given = {name for name in (FIELDS | DAYS) - {"repeats", "weekdays"} if values.get(name)}
    given |= {"weekdays"} if weekdays else set()
    given -= {"every_days"} if values.get("every_days") == 1 else set()
    faults = {}
    if repeats is not None:
        faults = {name: told for name, told in NEEDS[repeats] if name not in given}
    for stray in sorted(given - GOES_WITH[repeats]):
        faults[stray] = "This does not go with how often it comes: leave it empty, or choose differently."
    if repeats is None and {"weekdays", "every_days"} <= given:
        faults["every_days"] = "Give weekdays or an interval in days, not both."
    if faults:
        raise Invalid(faults)


def fields_of(text: str) -> dict[str, Any]:
    """The fields in which this rule can be said; the rule as it is where only that says it."""
    rule, _times = calendar_rule.read(text)
    found = None if rule.months or rule.count else _plain(rule)
    if found is None:
        return {"repeats": Repeats.OTHER, "rule": text}
    return {**found, "until": rule.until}


def _plain(rule: CalendarRule) -> dict[str, Any] | None:
    numbers = {nth for _, nth in rule.days}
    weekdays = [WEEKDAYS[day] for day, _ in rule.days]
    every = {"interval": rule.interval}
    if rule.frequency is Frequency.DAILY and rule.until and not (rule.days or rule.month_days):
        return {"every_days": rule.interval}
    if rule.frequency is Frequency.WEEKLY and weekdays:
        return {"repeats": Repeats.WEEKS, "weekdays": weekdays, **every}
    if rule.frequency is not Frequency.MONTHLY or (rule.days and rule.month_days):
        return None
    if len(numbers) == 1 and numbers <= set(NUMBERS.values()):
        which = next(each for each, number in NUMBERS.items() if number in numbers)
        return {"repeats": Repeats.MONTH_WEEKDAY, "which": which, "weekdays": weekdays, **every}
    if len(rule.month_days) == 1 and rule.month_days[0] >= -1:
        return {"repeats": Repeats.MONTH_DAY, "month_day": rule.month_days[0], **every}
    return None


def day_of_month(value: Any) -> int:
    """A day of the month, 1 to 31, or -1 for the last."""
    try:
        day = int(str(value))
    except ValueError:
        day = 0
    if day != -1 and not 1 <= day <= 31:
        raise Invalid({"": "Give a day of the month from 1 to 31, or -1 for the last."})
    return day


def last_day(value: Any) -> date:
    """The date after which it no longer comes."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as fault:
        raise Invalid({"": "Give a date such as 2026-11-22."}) from fault
