"""Weeks as people count them: from Monday to Sunday, by local time; pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.work.recurrence import moment
from core.errors import Invalid

USUAL = 13
"""Weeks shown unless asked otherwise: a quarter, and enough points for limits that hold still."""
LONGEST = 260
"""Five years of weeks: more is no chart."""


@dataclass(frozen=True, slots=True)
class Week:
    """A local week; `start` ≤ t < `end` in UTC, an hour longer or shorter where the clocks change in it."""

    monday: date
    start: datetime
    end: datetime

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)


def week_of(day: date, zone: str) -> Week:
    """The week a local day is in."""
    monday = day - timedelta(days=day.weekday())
    return Week(monday, moment(monday, time(0), zone), moment(monday + timedelta(days=7), time(0), zone))


def weeks(since: date | None, until: date | None, now: datetime, zone: str) -> tuple[Week, ...]:
    """The weeks from that of `since` to that of `until`, oldest first.

    Left out, `until` is today and `since` lies 13 weeks back, the running week among them. Invalid (`from`,
    `to`) where they lie the wrong way round, outside the calendar or more than five years apart.
    """
    last = until or now.astimezone(ZoneInfo(zone)).date()
    if not 1900 <= last.year <= 2200:
        raise Invalid({"to": "Give a day between 1900 and 2200."})
    first = since or last - timedelta(weeks=USUAL - 1)
    if first > last:
        raise Invalid({"from": "The first day must not be after the last."})
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    if count > LONGEST:
        raise Invalid({"from": f"Choose at most {LONGEST} weeks."})
    return tuple(week_of(monday + timedelta(weeks=number), zone) for number in range(count))


def place(within: tuple[Week, ...], at: datetime) -> int | None:
    """The position of the week that `at` falls in; None outside them all. The weeks follow each other."""
    low, high = 0, len(within)
    while low < high:
        middle = (low + high) // 2
        if within[middle].end <= at:
            low = middle + 1
        else:
            high = middle
    return low if low < len(within) and within[low].start <= at else None
