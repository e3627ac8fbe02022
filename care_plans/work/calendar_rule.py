"""On which days something recurs by a rule of RFC 5545, such as the second Tuesday of each month; pure."""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

HORIZON = timedelta(days=4000)
"""How far ahead anything is looked for, and how long a rule with COUNT may go on: near eleven years."""
LONGEST, MOST_TIMES, MOST_COUNT = 200, 12, 1000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = (
    "FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "BYHOUR", "BYMINUTE", "WKST",
)  # fmt: skip
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")


class Frequency(StrEnum):
    """What a rule counts by."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


_MOST_INTERVAL = {
    Frequency.DAILY: 366,
    Frequency.WEEKLY: 104,
    Frequency.MONTHLY: 60,
    Frequency.YEARLY: 10,
}


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """A rule for days. `days` are (weekday with 0 for Monday, which of the month or year; 0 for each)."""

    frequency: Frequency
    interval: int = 1
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None

    @property
    def is_begun(self) -> bool:
        """Whether it says its days only together with the day from which it counts."""
        named = self.days or self.month_days or self.frequency is Frequency.DAILY
        return self.interval > 1 or self.count is not None or not named


def read(text: str) -> tuple[CalendarRule, tuple[time, ...]]:
    """The rule in a text such as "FREQ=MONTHLY;BYDAY=2TU", and the times its BYHOUR and BYMINUTE name.

    ValueError with one sentence that says what is wrong with it.
    """
    parts = _split(text)
    wanted = parts.get("FREQ", "")
    if wanted not in list(Frequency):
        raise ValueError("FREQ has to be one of DAILY, WEEKLY, MONTHLY and YEARLY.")
    frequency = Frequency(wanted)
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("Give COUNT or UNTIL, not both.")
    if parts.get("WKST", "MO") != "MO":
        raise ValueError("Weeks begin on Monday here: WKST can only be MO.")
    rule = CalendarRule(
        frequency,
        interval=_one(parts, "INTERVAL", 1, _MOST_INTERVAL[frequency]) or 1,
        days=_days_of(parts.get("BYDAY"), frequency, monthly="BYMONTH" in parts),
        month_days=_numbers(parts, "BYMONTHDAY", 1, 31, either=True),
        months=_numbers(parts, "BYMONTH", 1, 12),
        count=_one(parts, "COUNT", 1, MOST_COUNT),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
    )
    if rule.month_days and frequency is Frequency.WEEKLY:
        raise ValueError("BYMONTHDAY does not go with FREQ=WEEKLY.")
    times = _times(parts)
    if rule.count is not None and len(times) > 1:
        raise ValueError("COUNT goes with one time of day; with several give UNTIL.")
    return rule, times


def text_of(rule: CalendarRule) -> str:
    """The rule as a text that `read` reads back exactly."""
    parts = [f"FREQ={rule.frequency}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.days:
        parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for day, nth in rule.days))
    if rule.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, rule.month_days)))
    if rule.months:
        parts.append("BYMONTH=" + ",".join(map(str, rule.months)))
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={rule.until:%Y%m%d}")
    return ";".join(parts)


def days(rule: CalendarRule, starts: date, since: date) -> Iterator[date]:
    """Its days from `since` on, at most `HORIZON` ahead; those before `starts` are none.

    Each day is looked at by itself, so that no rule can make anybody search beyond the horizon.
    """
    rule = _with_its_days(rule, starts)
    first = max(since, starts) if rule.count is None else starts
    last = min(first + HORIZON, rule.until or date.max)
    found = 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if not _is_one(rule, starts, day):
            continue
        found += 1
        if rule.count is not None and found > rule.count:
            return
        if day >= since:
            yield day


def _is_one(rule: CalendarRule, starts: date, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.interval > 1 and _periods(rule.frequency, starts, day) % rule.interval:
        return False
    if rule.month_days:
        length = monthrange(day.year, day.month)[1]
        if day.day not in rule.month_days and day.day - length - 1 not in rule.month_days:
            return False
    return not rule.days or any(
        weekday == day.weekday() and (nth == 0 or _is_nth(rule, nth, day)) for weekday, nth in rule.days
    )


def _periods(frequency: Frequency, starts: date, day: date) -> int:
    """How many days, weeks, months or years after that of `starts` the day lies."""
    if frequency is Frequency.DAILY:
        return (day - starts).days
    if frequency is Frequency.WEEKLY:
        return (day - starts + timedelta(days=starts.weekday())).days // 7
    if frequency is Frequency.MONTHLY:
        return (day.year - starts.year) * 12 + day.month - starts.month
    return day.year - starts.year


def _is_nth(rule: CalendarRule, nth: int, day: date) -> bool:
    """Whether it is the nth of its weekday in the month, or in the year for a yearly rule without months."""
    if rule.frequency is Frequency.MONTHLY or rule.months:
        place, length = day.day, monthrange(day.year, day.month)[1]
    else:
        place, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return (place - 1) // 7 + 1 == nth if nth > 0 else (length - place) // 7 + 1 == -nth


def _with_its_days(rule: CalendarRule, starts: date) -> CalendarRule:
    """The rule with the days said that it takes from its first."""
    if rule.days or rule.month_days or rule.frequency is Frequency.DAILY:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        return replace(rule, days=((starts.weekday(), 0),))
    months = (starts.month,) if rule.frequency is Frequency.YEARLY and not rule.months else rule.months
    return replace(rule, month_days=(starts.day,), months=months)


def _split(text: str) -> dict[str, str]:
    given = text.strip().upper().removeprefix("RRULE:")
    if len(given) > LONGEST:
        raise ValueError(f"A rule has at most {LONGEST} letters.")
    parts: dict[str, str] = {}
    for each in given.rstrip(";").split(";"):
        name, equals, value = each.partition("=")
        if not equals or not value:
            raise ValueError('Write a rule such as "FREQ=MONTHLY;BYDAY=2TU".')
        if name not in _PARTS:
            raise ValueError(f"Only {', '.join(_PARTS)} can stand in a rule here.")
        if name in parts:
            raise ValueError(f"{name} stands there twice.")
        parts[name] = value
    return parts


def _numbers(
    parts: dict[str, str], name: str, lowest: int, highest: int, *, either: bool = False
) -> tuple[int, ...]:
    if name not in parts:
        return ()
    found = [int(each) if _NUMBER.fullmatch(each) else None for each in parts[name].split(",")]
    good = [n for n in found if n is not None and lowest <= (abs(n) if either else n) <= highest]
    if len(good) < len(found):
        also = f", or from -{highest} to -{lowest}" if either else ""
        raise ValueError(f"{name} takes whole numbers from {lowest} to {highest}{also}.")
    return tuple(sorted(set(good)))


def _one(parts: dict[str, str], name: str, lowest: int, highest: int) -> int | None:
    found = _numbers(parts, name, lowest, highest)
    if len(found) > 1:
        raise ValueError(f"{name} takes one number.")
    return found[0] if found else None


def _days_of(value: str | None, frequency: Frequency, *, monthly: bool) -> tuple[tuple[int, int], ...]:
    if value is None:
        return ()
    most = {Frequency.MONTHLY: 5, Frequency.YEARLY: 5 if monthly else 53}.get(frequency, 0)
    found = set()
    for each in value.split(","):
        read = _DAY.fullmatch(each)
        if read is None:
            raise ValueError("BYDAY takes days such as MO, 2TU (the second) or -1FR (the last).")
        nth = int(read[1]) if read[1] else 0
        if read[1] and not most:
            raise ValueError("BYDAY takes a number, as in 2TU, only with FREQ=MONTHLY or FREQ=YEARLY.")
        if read[1] and not 1 <= abs(nth) <= most:
            raise ValueError(f"The number of a day in BYDAY goes from 1 to {most}, or from -{most} to -1.")
        found.add((WEEKDAYS.index(read[2]), nth))
    return tuple(sorted(found, key=lambda day: (day[1], day[0])))


def _until(value: str) -> date:
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007  a local date
    except ValueError as fault:
        raise ValueError("Give UNTIL as a date such as 20261231; that day is the last.") from fault


def _times(parts: dict[str, str]) -> tuple[time, ...]:
    hours, minutes = _numbers(parts, "BYHOUR", 0, 23), _numbers(parts, "BYMINUTE", 0, 59)
    if minutes and not hours:
        raise ValueError("BYMINUTE needs BYHOUR.")
    if len(hours) * max(1, len(minutes)) > MOST_TIMES:
        raise ValueError(f"At most {MOST_TIMES} times a day.")
    return tuple(time(hour, minute) for hour in hours for minute in minutes or (0,))
