"""When an Open mHealth body was measured: a moment, or an interval in one of its four forms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from devices.formats import wire
from devices.formats.wire import Arrival
from devices.measurement import Flags, Undecodable

_SECONDS = {"ms": 0.001, "sec": 1, "s": 1, "min": 60, "h": 3600, "d": 86_400, "wk": 604_800}
_MILLISECOND = timedelta(milliseconds=1)
_ALMOST_A_DAY = timedelta(hours=22, minutes=59)
"""A day is 23 hours long in spring, and some count it until 23:59."""


@dataclass(frozen=True, slots=True)
class Frame:
    """When a body was measured: the moment, or the end of the interval; None is not told.

    `last_of_day` is the last millisecond of the one whole day, by the home's calendar, that it covers.
    """

    at: datetime | None
    flags: Flags = Flags.NONE
    last_of_day: datetime | None = None


def frame(said: Any, arrival: Arrival, where: str) -> Frame:
    """Return when a body was measured; Undecodable where that is told and can't be read.

    A part of today ("morning") is not told more exactly than by the arrival. A part of another day is
    refused: it would be stored as if it were of today.
    """
    if said is None:
        return Frame(None)
    if type(said) is not dict:
        raise _unreadable(where)
    if "date_time" in said:
        at, flags = _moment(said["date_time"], arrival.zone, f"{where}.date_time")
        return Frame(at, flags)
    interval = said.get("time_interval")
    if type(interval) is not dict:
        raise _unreadable(where)
    return _interval(interval, arrival, f"{where}.time_interval")


def _interval(said: dict[str, Any], arrival: Arrival, where: str) -> Frame:
    if "part_of_day" in said:
        today = arrival.received_at.astimezone(ZoneInfo(arrival.zone)).date()
        if said.get("date") != today.isoformat():
            raise Undecodable("bad_time", "A part of a day that is not today is no time to store by.", where)
        return Frame(None)
    known = [key for key in ("start_date_time", "end_date_time") if key in said]
    told = {key: _moment(said[key], arrival.zone, f"{where}.{key}") for key in known}
    start, flags = told.get("start_date_time", (None, Flags.NONE))
    end, more = told.get("end_date_time", (None, Flags.NONE))
    try:
        if start is None and end is not None:
            start = end - _duration(said, where)
        if end is None and start is not None:
            end = start + _duration(said, where)
    except OverflowError:
        raise _unreadable(where) from None
    if start is None or end is None:
        raise _unreadable(where)
    return Frame(end, flags | more, _last_of_day(start, end, ZoneInfo(arrival.zone)))


def _last_of_day(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        first, last = start.astimezone(zone), (end - _MILLISECOND).astimezone(zone)
    except OverflowError:
        return None
    whole = first.date() == last.date() and not first.hour and not first.minute
    return end - _MILLISECOND if whole and end - start >= _ALMOST_A_DAY else None


def _moment(said: Any, zone: str, where: str) -> tuple[datetime, Flags]:
    found = wire.iso_time(said, zone) if type(said) is str else None
    if found is None:
        raise _unreadable(where)
    return found


def _duration(said: dict[str, Any], where: str) -> timedelta:
    duration = said.get("duration")
    value, unit = (duration.get("value"), duration.get("unit")) if type(duration) is dict else (None, None)
    seconds = _SECONDS.get(unit) if type(unit) is str else None
    length = wire.number(value)
    if length is None or seconds is None or length < 0:
        raise _unreadable(f"{where}.duration")
    return timedelta(seconds=length * seconds)


def _unreadable(where: str) -> Undecodable:
    return Undecodable("bad_time", "The time of a reading can't be read.", where)
