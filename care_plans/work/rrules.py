"""Days that come again by a rule of RFC 5545 (RRULE): read, told in words, and reckoned; pure.

A rule here says days: the times of day stand beside it, in the local time of the home. What RFC 5545 has for
hours, minutes and weeks of the year is refused.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr

from core.errors import Invalid

LOOKED_AHEAD = timedelta(days=366 * 12)
"""How far ahead a day is looked for: 29 February is eight years away at most."""
FREQUENCIES = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "WKST"}
WEEKDAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
PLACES = {
    1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one",
}  # fmt: skip
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, part by part; `days` are (which of the month, 0 for each; weekday such as "TU")."""

    frequency: str
    interval: int = 1
    days: tuple[tuple[int, str], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None


def read(text: str) -> Rule:
    """The rule that a text such as "FREQ=MONTHLY;BYDAY=2TU" says; Invalid with the reason under ""."""
    if len(text) > _LONGEST:
        raise _wrong(f"Give at most {_LONGEST} characters.")
    given = _parts(text)
    rule = Rule(
        frequency=given["FREQ"],
        interval=_number(given, "INTERVAL", 1, 366) or 1,
        days=tuple(_weekday(each, given["FREQ"]) for each in _listed(given, "BYDAY")),
        month_days=tuple(_whole(each, "BYMONTHDAY", -31, 31) for each in _listed(given, "BYMONTHDAY")),
        months=tuple(sorted(_whole(each, "BYMONTH", 1, 12) for each in _listed(given, "BYMONTH"))),
        count=_number(given, "COUNT", 1, 1000),
        until=_date(given["UNTIL"]) if "UNTIL" in given else None,
    )
    _refuse_contradictions(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in text.upper().strip().removeprefix("RRULE:").rstrip(";").split(";"):
        name, found, value = part.partition("=")
        if not found or not value or name in given:
            raise _wrong('Give parts such as "FREQ=MONTHLY;BYDAY=2TU", each once.')
        given[name] = value
    if unknown := sorted(given.keys() - PARTS):
        raise _wrong(f"Leave out {', '.join(unknown)}: give {', '.join(sorted(PARTS))}.")
    if given.get("FREQ") not in FREQUENCIES:
        raise _wrong(f"Begin with FREQ={', '.join(FREQUENCIES)}: what comes more often has times of day.")
    return given


def _refuse_contradictions(rule: Rule) -> None:
    if rule.count is not None and rule.until is not None:
        raise _wrong("Give COUNT or UNTIL, not both.")
    if 0 in rule.month_days:
        raise _wrong("A month has no day 0: give 1 to 31, or -1 for its last.")
    if rule.month_days and rule.frequency in ("DAILY", "WEEKLY"):
        raise _wrong("Days of a month go with FREQ=MONTHLY or FREQ=YEARLY.")
    if rule.frequency == "YEARLY" and (rule.days or rule.month_days) and not rule.months:
        raise _wrong("Say in which month of the year: add BYMONTH.")
    if rule.month_days and any(place for place, _ in rule.days):
        raise _wrong("Give which weekday of the month, or which day of it: not both.")
    if not _reaches(rule, None):
        raise _wrong("No day is ever like this.")


def text_of(rule: Rule) -> str:
    """The rule as a text, its parts in one order, that `read` reads back."""
    days = ",".join(f"{place or ''}{day}" for place, day in rule.days)
    parts = {
        "FREQ": rule.frequency,
        "INTERVAL": str(rule.interval) if rule.interval > 1 else "",
        "BYMONTH": ",".join(map(str, rule.months)),
        "BYMONTHDAY": ",".join(map(str, rule.month_days)),
        "BYDAY": days,
        "COUNT": str(rule.count or ""),
        "UNTIL": f"{rule.until:%Y%m%d}" if rule.until else "",
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def days(text: str, starts: date, first: date) -> Iterator[date]:
    """The days that fall, in order, from `first` on; they are counted from `starts`, which is one if it fits.

    None is further than `LOOKED_AHEAD` from the later of the two.
    """
    rule = read(text)
    if not _reaches(rule, starts):
        return iter(())
    last = max(starts, first) + LOOKED_AHEAD
    if rule.until is not None:
        last = min(last, rule.until)
    # The library would look for a day that never comes until the year 9999: it is given an end of our own.
    bare = text_of(Rule(rule.frequency, rule.interval, rule.days, rule.month_days, rule.months))
    ended = f"{bare};UNTIL={last:%Y%m%d}T000000"
    begins = starts if rule.count is not None else _skipped_to(rule, starts, first)
    found: Iterator[datetime] = iter(rrulestr(ended, dtstart=datetime.combine(begins, time())))
    counted = (at for at, _ in zip(found, range(rule.count), strict=False)) if rule.count else found
    return (at.date() for at in takewhile(lambda at: at.date() <= last, counted) if at.date() >= first)


def words(text: str) -> str:
    """On which days, as people say it: "the second Tuesday of each month", "each year on 3 March"."""
    rule = read(text)
    said = _SAID[rule.frequency](rule)
    if rule.count is not None:
        return f"{said}, {'once' if rule.count == 1 else f'{rule.count} times'}"
    if rule.until is not None:
        return f"{said}, until {rule.until.day} {MONTHS[rule.until.month - 1]} {rule.until.year}"
    return said


def _each(rule: Rule) -> str:
    unit = FREQUENCIES[rule.frequency]
    if rule.interval == 1:
        return f"each {unit}"
    return f"every second {unit}" if rule.interval == 2 else f"every {rule.interval} {unit}s"


def _daily(rule: Rule) -> str:
    said = _each(rule)
    if rule.days:
        said += f" that is a {_or([WEEKDAYS[day] for _, day in rule.days])}"
    return f"{said} in {_and([MONTHS[each - 1] for each in rule.months])}" if rule.months else said


def _weekly(rule: Rule) -> str:
    on = f" on {_and([WEEKDAYS[day] for _, day in rule.days])}" if rule.days else ""
    said = f"{_each(rule)}{on}"
    return f"{said} in {_and([MONTHS[each - 1] for each in rule.months])}" if rule.months else said


def _monthly(rule: Rule) -> str:
    of = _each(rule)
    if rule.months:
        of = _and([MONTHS[each - 1] for each in rule.months])
    return f"{_of_month(rule)} of {of}{_if_weekday(rule)}" if rule.days or rule.month_days else f"once {of}"


def _yearly(rule: Rule) -> str:
    each = _each(rule)
    if not rule.months:
        return each
    if rule.month_days and not rule.days and min(rule.month_days) > 0:
        on = [f"{day} {MONTHS[month - 1]}" for month in rule.months for day in rule.month_days]
        return f"{each} on {_and(on)}"
    in_months = _and([MONTHS[month - 1] for month in rule.months])
    if rule.days or rule.month_days:
        return f"{each}, {_of_month(rule)} of {in_months}{_if_weekday(rule)}"
    return f"{each} in {in_months}"


def _of_month(rule: Rule) -> str:
    """Which days of a month: "the second Tuesday", "the 1st and the 15th"."""
    if rule.month_days:
        return _and([_nth(day) for day in rule.month_days])
    named = [(PLACES.get(place), WEEKDAYS[day]) for place, day in rule.days]
    return _and([f"the {place} {day}" if place else f"each {day}" for place, day in named])


def _if_weekday(rule: Rule) -> str:
    if not rule.days or not rule.month_days:
        return ""
    return f" that is a {_or([WEEKDAYS[day] for _, day in rule.days])}"


def _nth(day: int) -> str:
    if day < 0:
        return "the last day" if day == -1 else f"the {-day}{ending(-day)} day before its end"
    return f"the {day}{ending(day)}"


def ending(number: int) -> str:
    """What follows a number in a date: the 1st, the 22nd, the 13th."""
    if 10 < number % 100 < 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _and(parts: list[str], word: str = "and") -> str:
    *others, last = parts
    return f"{', '.join(others)} {word} {last}" if others else last


def _or(parts: list[str]) -> str:
    return _and(parts, "or")


_SAID = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}


def _skipped_to(rule: Rule, starts: date, first: date) -> date:
    """A later day to count from at the same pace: years of days are not gone through one by one."""
    if first <= starts:
        return starts
    if rule.frequency == "DAILY":
        return starts + timedelta(days=(first - starts).days // rule.interval * rule.interval)
    if rule.frequency == "WEEKLY":
        weeks = (first - starts).days // 7 // rule.interval * rule.interval
        return starts + timedelta(weeks=weeks)
    return starts


def _reaches(rule: Rule, starts: date | None) -> bool:
    """Whether its months and years, counted from `starts` (None: from any day), ever have such a day.

    The library would look for one until the year 9999.
    """
    if rule.frequency not in ("MONTHLY", "YEARLY"):
        return True
    months = set(rule.months or range(1, 13))
    if starts is not None and rule.frequency == "MONTHLY":
        months &= {(starts.month - 1 + step * rule.interval) % 12 + 1 for step in range(12)}
    longest = {month: 29 if month == 2 else monthrange(2023, month)[1] for month in months}
    asked = [abs(day) for day in rule.month_days or (1,)]
    met = [month for month, days in longest.items() if min(asked) <= days]
    if met != [2] or min(asked) < 29:
        return bool(met)
    step = rule.interval if rule.frequency == "YEARLY" else 1
    return starts is None or any(isleap(starts.year + step * number) for number in range(8))


def _listed(given: Mapping[str, str], name: str) -> list[str]:
    return given[name].split(",") if name in given else []


def _weekday(text: str, frequency: str) -> tuple[int, str]:
    place, day = text[:-2], text[-2:]
    if day not in WEEKDAYS:
        raise _wrong(f"Give weekdays as {', '.join(WEEKDAYS)}, or which of the month as in 2TU.")
    if not place:
        return 0, day
    if frequency not in ("MONTHLY", "YEARLY"):
        raise _wrong("Which weekday of a month goes with FREQ=MONTHLY or FREQ=YEARLY.")
    number = _whole(place, "BYDAY", -2, 5)
    if number == 0:
        raise _wrong("Give which weekday of the month: 1 to 5, or -1 for the last.")
    return number, day


def _number(given: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    return _whole(given[name], name, low, high) if name in given else None


def _whole(text: str, name: str, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high or not text.lstrip("+-").isascii():
        raise _wrong(f"Give whole numbers from {low} to {high} for {name}.")
    return number


def _date(text: str) -> date:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day alone
    except ValueError:
        raise _wrong("Give the day until when as UNTIL=20271231.") from None


def _wrong(words: str) -> Invalid:
    return Invalid({"": words})
