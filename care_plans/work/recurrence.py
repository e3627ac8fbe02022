"""When something falls due again and again, in local time and working days; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from care_plans.documents import Part
from care_plans.work import calendar_rule
from care_plans.work.calendar_rule import CalendarRule
from core.zones import UK

_SEARCHED = 4000
"""Days ahead that are searched: a yearly occurrence may meet Christmas, and be skipped, for years."""
_MOVED_BY = 10
"""Days by which an occurrence can move at most: the longest run without a working day, with room."""

_LEAP_YEAR = date(2024, 1, 1)
"""From when a rule without a first day is looked at, to see whether it ever falls due."""
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)
MOST_WINDOW = timedelta(days=14)
_A_DAY = timedelta(days=1)


class BankHolidays(StrEnum):
    """What becomes of an occurrence on a bank holiday in England."""

    KEEP = "keep"
    SKIP = "skip"
    NEXT_WORKING_DAY = "next_working_day"
    """Moved to the next working day, and from a Saturday or Sunday too."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Local times of day, on some weekdays (0 is Monday), every so many days, or by a rule."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    every_days: int = 1
    starts: date | None = None
    bank_holidays: BankHolidays = BankHolidays.KEEP
    zone: str = UK
    rule: CalendarRule | None = None
    opens_before: int = 0
    """Seconds before each time from which what is asked for may be done; 0 where at any time."""
    due_within: int = 0
    """Seconds after each time by which it is due."""


@cache
def _england() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Not a Saturday, a Sunday or a bank holiday in England (as SI 2025/1042 counts working days)."""
    return day.weekday() < 5 and day not in _england()


def working_days_after(start: date, count: int) -> date:
    """The date `count` working days after `start`, which is day 0 whatever day it is."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the next one."""
    return day if is_working_day(day) else working_days_after(day, 1)


def moment(day: date, local: time, zone: str) -> datetime:
    """The UTC moment of a local time.

    A time that the clocks jump over is the first moment after the jump; one that comes twice is the first.
    """
    wall = datetime.combine(day, local, ZoneInfo(zone))
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        return first
    # In a gap the two readings lie either side of the jump: find it between them, to the second.
    before, after = second, first
    offset = before.astimezone(wall.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(wall.tzinfo).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def next_after(recurrence: Recurrence, after: datetime) -> datetime:
    """The next moment (aware UTC) that it falls due, later than `after` (aware).

    ValueError where it never does, or where an interval in days has no first date to count from.
    """
    found = find_next(recurrence, after)
    if found is None:
        raise ValueError("a recurrence without weekdays or times never falls due")
    return found


def find_next(recurrence: Recurrence, after: datetime) -> datetime | None:
    """As `next_after`; None where a rule has come to its end, or nothing comes for ten years."""
    if recurrence.every_days > 1 and recurrence.starts is None:
        raise ValueError("an interval in days needs the date it starts")
    today = after.astimezone(ZoneInfo(recurrence.zone)).date()
    soonest: datetime | None = None
    moves = recurrence.bank_holidays is BankHolidays.NEXT_WORKING_DAY
    for day in _days_from(recurrence, today - timedelta(days=_MOVED_BY if moves else 0)):
        if soonest is not None and soonest.astimezone(ZoneInfo(recurrence.zone)).date() < day:
            break
        due_on = _falls_on(recurrence, day)
        if due_on is None:
            continue
        for local in recurrence.times:
            at = moment(due_on, local, recurrence.zone)
            if at > after and (soonest is None or at < soonest):
                soonest = at
    return soonest


def coming(recurrence: Recurrence, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next moments that it falls due, at most `count`; fewer where a rule comes to its end before."""
    found: list[datetime] = []
    at = find_next(recurrence, after)
    while at is not None and len(found) < count:
        found.append(at)
        at = find_next(recurrence, at)
    return tuple(found)


def begun(recurrence: Recurrence, today: date) -> Recurrence:
    """As it counts when begun today, unless it says itself: the first a whole interval from today."""
    wait = recurrence.every_days if recurrence.every_days > 1 else 0
    return replace(recurrence, starts=recurrence.starts or today + timedelta(days=wait))


def _days_from(recurrence: Recurrence, since: date) -> Iterator[date]:
    """The days it names, before what becomes of them on a bank holiday."""
    if recurrence.rule is not None:
        if recurrence.rule.is_begun and recurrence.starts is None:
            raise ValueError("this rule needs the date it starts")
        yield from calendar_rule.days(recurrence.rule, recurrence.starts or since, since)
        return
    for number in range(_SEARCHED + _MOVED_BY):
        day = since + timedelta(days=number)
        if day.weekday() not in recurrence.weekdays:
            continue
        apart = (day - (recurrence.starts or day)).days
        if apart >= 0 and apart % recurrence.every_days == 0:
            yield day


def _falls_on(recurrence: Recurrence, day: date) -> date | None:
    """The date on which the occurrence of this day falls due; None where it is left out."""
    if recurrence.bank_holidays is BankHolidays.SKIP and day in _england():
        return None
    return next_working_day(day) if recurrence.bank_holidays is BankHolidays.NEXT_WORKING_DAY else day


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def from_document(document: Mapping[str, Any]) -> Recurrence:
    """The recurrence a document says; raises Invalid with each fault at its dotted field."""
    part = Part(document)
    recurrence = read_recurrence(part)
    part.refuse_faults("This recurrence is not right.")
    return recurrence


def read_recurrence(part: Part, *, rules: bool = True) -> Recurrence:
    """Read a recurrence, noting faults on `part`; what is expected of a series goes by no rule.

    A pathway gives `every_days`, or a rule, without `starts`: the day on which it is laid fills it in.
    """
    ruled = rules and part.has("rule")
    rule, times = _read_rule(part) if ruled else (None, ())
    recurrence = Recurrence(
        times=times or part.clocks("times"),
        weekdays=read_weekdays(part),
        every_days=part.whole("every_days", 1, 366, default=1),
        starts=read_date(part, "starts") if part.has("starts") else None,
        bank_holidays=part.choice("bank_holidays", BankHolidays, default=BankHolidays.KEEP),
        zone=part.maybe_text("zone") or UK,
        rule=rule,
        opens_before=_read_window(part, "opens_before") if rules else 0,
        due_within=_read_window(part, "due_within") if rules else 0,
    )
    if recurrence.every_days > 1 and len(recurrence.weekdays) < 7:
        part.fault("every_days", "Give weekdays or an interval in days, not both.")
    try:
        ZoneInfo(recurrence.zone)
    except (ZoneInfoNotFoundError, ValueError):
        part.fault("zone", 'Give a time zone such as "Europe/London".')
    if ruled:
        _check_rule(part, recurrence, both=bool(times))
    part.no_more()
    return recurrence


def _read_window(part: Part, field: str) -> int:
    seconds = part.maybe_duration(field) or 0
    if seconds > MOST_WINDOW.total_seconds():
        part.fault(field, "Give at most 14 days.")
        return 0
    return seconds


def _read_rule(part: Part) -> tuple[CalendarRule | None, tuple[time, ...]]:
    try:
        return calendar_rule.read(part.text("rule"))
    except ValueError as fault:
        part.fault("rule", str(fault))
        return None, ()


def _check_rule(part: Part, recurrence: Recurrence, *, both: bool) -> None:
    rule = recurrence.rule
    if both and part.has("times"):
        part.fault("times", "Give times of day, or BYHOUR in the rule, not both.")
    for other in ("weekdays", "every_days"):
        if part.has(other) and part.raw(other) != 1:
            part.fault(other, "Say it in the rule, which says on which days.")
    if recurrence.starts is not None and not _EARLIEST <= recurrence.starts <= _LATEST:
        part.fault("starts", f"Give a date from {_EARLIEST} to {_LATEST}.")
    if rule is None or part.faults:
        return
    if rule.count is not None and len(recurrence.times) > 1:
        part.fault("rule", "COUNT goes with one time of day; with several give UNTIL.")
    begun = recurrence if recurrence.starts is not None else replace(recurrence, starts=_LEAP_YEAR)
    if begun.starts is not None and find_next(begun, moment(begun.starts, time(), "UTC") - _A_DAY) is None:
        part.fault("rule", "This never falls due within ten years.")


def read_weekdays(part: Part) -> tuple[int, ...]:
    """The numbers of the days that `weekdays` names (0 is Monday); all of them where it is left out."""
    if not part.has("weekdays"):
        return tuple(range(7))
    named = part.texts("weekdays")
    for number, name in enumerate(named):
        if name not in WEEKDAYS:
            part.fault(f"weekdays.{number}", f"Choose one of {', '.join(WEEKDAYS)}.")
    return tuple(sorted({WEEKDAYS.index(name) for name in named if name in WEEKDAYS}))


def read_date(part: Part, field: str) -> date | None:
    """The date in a field; None, with a fault, where there is none."""
    given = part.raw(field)
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        part.fault(field, "Give a date such as 2026-11-22.")
        return None


def to_document(recurrence: Recurrence) -> dict[str, Any]:
    """The recurrence as a document that `from_document` reads back exactly."""
    document: dict[str, Any] = {"times": [f"{local:%H:%M}" for local in recurrence.times]}
    if recurrence.rule is not None:
        document["rule"] = calendar_rule.text_of(recurrence.rule)
    if len(recurrence.weekdays) < 7:
        document["weekdays"] = [WEEKDAYS[number] for number in recurrence.weekdays]
    document["every_days"] = recurrence.every_days
    if recurrence.starts is not None:
        document["starts"] = recurrence.starts.isoformat()
    document["bank_holidays"] = recurrence.bank_holidays.value
    document["zone"] = recurrence.zone
    for field in ("opens_before", "due_within"):
        if getattr(recurrence, field):
            document[field] = getattr(recurrence, field)
    return document
