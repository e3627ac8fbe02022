"""Hours of the day as documents and in words: read with every fault named, written, and said; pure."""

from collections.abc import Mapping
from typing import Any

from care_plans.documents import Part
from care_plans.judging.hours import EVERY_DAY, Hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read_hours(part: Part) -> Hours:
    """The hours that a part says ({from, to, days}), noting faults on it."""
    named = part.listed("days") if part.has("days") else ()
    days = tuple(sorted({_weekday(part, n, found) for n, found in enumerate(named)}))
    hours = Hours(part.clock("from"), part.clock("to"), days or EVERY_DAY)
    part.no_more()
    if hours.begins == hours.ends:
        part.fault("to", "Give another time than that from which it begins.")
    return hours


def to_document(hours: Hours) -> Mapping[str, Any]:
    """The document that `read_hours` reads back exactly."""
    days = {} if hours.days == EVERY_DAY else {"days": [WEEKDAYS[day] for day in hours.days]}
    return {"from": f"{hours.begins:%H:%M}", "to": f"{hours.ends:%H:%M}"} | days


def hours_words(hours: Hours) -> str:
    """For example "from 22:00 to 06:00 on Monday and Friday"."""
    words = f"from {hours.begins:%H:%M} to {hours.ends:%H:%M}"
    if len(hours.days) == len(DAYS):
        return words
    *others, last = (DAYS[day] for day in hours.days)
    return f"{words} on {', '.join(others)} and {last}" if others else f"{words} on {last}"


def _weekday(part: Part, number: int, found: object) -> int:
    if found not in WEEKDAYS:
        part.fault(f"days.{number}", f"Give days as {', '.join(WEEKDAYS)}.")
        return 0
    return WEEKDAYS.index(str(found))
