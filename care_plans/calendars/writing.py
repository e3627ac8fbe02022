"""Writes entries as a calendar that programs fetch again and again (RFC 5545); pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event
from icalendar.prop import vText

PRODUCT = "-//Hearthline//Calendar//EN"
FETCH_EVERY = timedelta(minutes=30)
"""How often a program is asked to fetch again; each does as it likes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar, from `start` to before `end` (both aware).

    `uid` stays the same as long as it is the same thing. `busy` is whether it takes the time up.
    """

    uid: str
    start: datetime
    end: datetime
    title: str
    words: str = ""
    version: int = 0
    changed_at: datetime | None = None
    busy: bool = False


def write(entries: Sequence[Entry], name: str, stamp: datetime) -> bytes:
    """A calendar called `name`, made at `stamp`; its times are in UTC: no program has to know zones."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", FETCH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(f"PT{FETCH_EVERY // timedelta(minutes=1)}M"))
    for each in entries:
        calendar.add_component(_event(each, stamp))
    written: bytes = calendar.to_ical()
    return written


def tag(entries: Sequence[Entry], name: str) -> str:
    """The same as long as nothing but the time of making has changed."""
    return hashlib.sha256(repr((name, tuple(entries))).encode()).hexdigest()[:32]


def _event(entry: Entry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", _utc(stamp))
    event.add("dtstart", _utc(entry.start))
    event.add("dtend", _utc(entry.end))
    event.add("summary", entry.title)
    if entry.words:
        event.add("description", entry.words)
    event.add("sequence", entry.version)
    if entry.changed_at is not None:
        event.add("last-modified", _utc(entry.changed_at))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
