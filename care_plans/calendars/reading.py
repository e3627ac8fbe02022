"""Reads stretches of time from a calendar file (RFC 5545), with what is wrong with each; pure.

The file comes from anywhere: what it costs to read is bounded by its size. Time zones that it defines are
passed over, as what they repeat by has no bound.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.parser import Contentline, Contentlines
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from care_plans.work.recurrence import moment
from core.errors import Invalid

MOST_BYTES, MOST_EVENTS = 256 * 1024, 500
LONGEST_LINE, DEEPEST, LONGEST_SUMMARY = 2000, 8, 120
EARLIEST, LATEST = 2000, 2199
TOO_LARGE = "This is more than 256 KB. Export a shorter time."
NO_CALENDAR = "This is no calendar file: choose one whose name ends in .ics."
NO_TEXT = "This file is not written in UTF-8. Export it again from your calendar program."
BROKEN = "This calendar file is broken off or does not hold together. Export it again."
NOTHING = "There is nothing in this calendar."
TOO_MANY = f"There are more than {MOST_EVENTS} entries in this calendar. Export a shorter time."
UNREADABLE = "It can't be read."
REPEATS = "It repeats: let your calendar program export each time by itself."
CANCELLED = "It is cancelled."
NO_TIME = "Its times can't be read."
NO_END = "It has no end."
BACKWARDS = "It ends before it begins."
_EVENT = ("VCALENDAR", "VEVENT")
_REPEATING = frozenset({"RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"})
_WANTED = (
    frozenset({"DTSTART", "DTEND", "DURATION", "SUMMARY", "ATTENDEE", "ORGANIZER", "STATUS"}) | _REPEATING
)
_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_SPAN = re.compile(
    r"\+?P(?:(\d{1,2})W|(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of a file: from `start` to before `end` (UTC), and who may be meant by it.

    `invited` and `organizer` are e-mail addresses in small letters. With a `fault` the times may be missing.
    """

    start: datetime | None
    end: datetime | None
    summary: str = ""
    invited: tuple[str, ...] = ()
    organizer: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Property:
    """One line of an entry."""

    name: str
    value: str
    zone: str | None
    only_date: bool
    declined: bool


def read(content: bytes, zone: str) -> tuple[Found, ...]:
    """The entries of a file in its order; times without a zone are meant in `zone`.

    Invalid (field "file") where the file as a whole can't be taken.
    """
    if len(content) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _refused(NO_TEXT if content.lstrip()[:6].upper() == b"BEGIN:" else NO_CALENDAR) from fault
    if not text.lstrip()[:15].upper() == "BEGIN:VCALENDAR" or "\0" in text:
        raise _refused(NO_CALENDAR)
    lines: list[str] = Contentlines.from_ical(text)  # type: ignore[no-untyped-call]
    events = list(_events(lines))
    if not events:
        raise _refused(NOTHING)
    return tuple(_found(lines, zone) for lines in events)


def _events(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each entry that count, at most so many entries."""
    inside: list[str] = []
    wanted: list[str] = []
    count = 0
    for line in lines:
        name = _name_of(line)
        if name == "BEGIN":
            inside.append(_kind_of(line))
            if len(inside) > DEEPEST:
                raise _refused(BROKEN)
        elif name == "END":
            if not inside or inside[-1] != _kind_of(line):
                raise _refused(BROKEN)
            if tuple(inside) == _EVENT:
                count += 1
                if count > MOST_EVENTS:
                    raise _refused(TOO_MANY)
                yield wanted
                wanted = []
            inside.pop()
        elif name in _WANTED and tuple(inside) == _EVENT:
            wanted.append(line)
    if inside:
        raise _refused(BROKEN)


def _found(lines: list[str], zone: str) -> Found:
    names = {_name_of(line) for line in lines}
    try:
        told = [_property(line) for line in lines if _name_of(line) not in _REPEATING]
    except ValueError:
        return Found(None, None, fault=UNREADABLE)
    summary = next((each.value.strip() for each in told if each.name == "SUMMARY"), "")
    start, end, fault = _times({each.name: each for each in reversed(told)}, zone)
    if names & _REPEATING:
        fault = REPEATS
    elif any(each.name == "STATUS" and each.value.strip().upper() == "CANCELLED" for each in told):
        fault = CANCELLED
    invited = (_address(each) for each in told if each.name == "ATTENDEE" and not each.declined)
    organizer = next((_address(each) for each in told if each.name == "ORGANIZER"), None)
    return Found(
        start, end, summary[:LONGEST_SUMMARY], tuple(dict.fromkeys(each for each in invited if each)),
        organizer, fault,
    )  # fmt: skip


def _times(told: dict[str, _Property], zone: str) -> tuple[datetime | None, datetime | None, str | None]:
    """From when until when, or what is wrong with that."""
    if "DTSTART" not in told:
        return None, None, NO_TIME
    begins = told["DTSTART"]
    try:
        at, zone_of_it = _local(begins, zone)
        start = _utc(at, zone_of_it)
        if "DTEND" in told:
            end = _utc(*_local(told["DTEND"], zone))
        elif "DURATION" in told:
            days, rest = _span(told["DURATION"].value)
            end = _utc(at + days, zone_of_it) + rest
        elif begins.only_date:
            end = _utc(at + timedelta(days=1), zone_of_it)
        else:
            return start, None, NO_END
    except (ValueError, OverflowError):
        return None, None, NO_TIME
    return start, end, BACKWARDS if end <= start else None


def _local(told: _Property, zone: str) -> tuple[datetime, str]:
    """The time as a clock shows it, and the zone of that clock; ValueError for what is none."""
    match = _TIME.fullmatch(told.value.strip())
    if match is None or told.only_date != (match[2] is None):
        raise ValueError("no time")
    at = datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - its zone is beside it
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError("a time that nobody means")
    if match[3]:
        return at, "UTC"
    return at, _known(told.zone) if told.zone and match[2] else zone


def _known(name: str) -> str:
    """A zone of the database of time zones, by its own name or by that which Windows gives it."""
    name = WINDOWS_TO_OLSON.get(name, name)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as fault:
        raise ValueError("no zone") from fault
    return name


def _utc(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=UTC) if zone == "UTC" else moment(local.date(), local.time(), zone)


def _span(text: str) -> tuple[timedelta, timedelta]:
    """Its days, which follow the clock of the wall, and its hours, which do not."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise ValueError("no duration")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return timedelta(weeks=weeks, days=days), timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _property(line: str) -> _Property:
    if len(line) > LONGEST_LINE:
        raise ValueError("a line without end")
    name, params, value = Contentline(line).parts()
    said = {str(key).upper(): str(each) for key, each in params.items()}
    only_date = said.get("VALUE", "").upper() == "DATE" or re.fullmatch(r"\d{8}", value.strip()) is not None
    declined = said.get("PARTSTAT", "").upper() == "DECLINED"
    return _Property(name.upper(), value, said.get("TZID"), only_date, declined)


def _address(told: _Property) -> str | None:
    scheme, _, address = told.value.strip().partition(":")
    return address.strip().lower() if scheme.lower() == "mailto" and "@" in address else None


def _name_of(line: str) -> str:
    return re.split("[:;]", line, maxsplit=1)[0].strip().upper()


def _kind_of(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _refused(words: str) -> Invalid:
    return Invalid({"file": words})
