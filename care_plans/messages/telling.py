"""By which ways a message goes to one member of staff, and when: their order, their quiet hours; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.channel import Channel

EVERY_DAY = frozenset(range(7))
SILENT = Channel.EMAIL
"""What makes no sound at night: what can't wait until the morning goes by it in quiet hours."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which what is ordinary makes no sound, on the days (0 for Monday) on which they begin."""

    starts: time
    ends: time
    zone: str
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody wants to be told: channels in order for what is important, and for all else.

    What is important goes by the first at once, and by each next one `wait` after the one before, unless it
    has been seen by then. All else goes by the first, and by the next only where that fails. `bad` are
    channels that do not reach them at present.
    """

    important: tuple[Channel, ...] = (Channel.EMAIL,)
    ordinary: tuple[Channel, ...] = (Channel.EMAIL,)
    wait: timedelta = timedelta(minutes=5)
    quiet: Quiet | None = None
    bad: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True)
class Sending:
    """One way and when it is used."""

    channel: Channel
    at: datetime


def sendings(ways: Ways, now: datetime, *, important: bool, can_wait: bool = True) -> tuple[Sending, ...]:
    """The ways that a message queued now goes by, in order; at least one, the first one never in the past.

    `can_wait` is false for what is ordinary and is about something that runs on meanwhile: in quiet hours it
    goes at once by e-mail, which wakes nobody.
    """
    if important:
        order = _good(ways.important, ways.bad)
        return tuple(Sending(channel, now + ways.wait * number) for number, channel in enumerate(order))
    until = quiet_until(ways.quiet, now)
    first = _good(ways.ordinary, ways.bad)[0]
    if until is None:
        return (Sending(first, now),)
    return (Sending(first, until) if can_wait else Sending(SILENT, now),)


def next_after(ways: Ways, tried: Collection[Channel], *, important: bool) -> Channel | None:
    """The way to use where all that were tried have failed; None where there is none left.

    E-mail comes last for everybody, even for whom it is not among their ways: better there than nowhere.
    """
    order = ways.important if important else ways.ordinary
    left = [each for each in (*order, Channel.EMAIL) if each not in tried]
    good = [each for each in left if each not in ways.bad]
    return next(iter(good or left), None)


def quiet_until(quiet: Quiet | None, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end, in UTC; None outside of them.

    They begin and end by the clock of the wall: in the night on which that changes they are an hour longer or
    shorter, and never end at another time of the day.
    """
    if quiet is None:
        return None
    zone = ZoneInfo(quiet.zone)
    there = now.astimezone(zone)
    over_night = quiet.ends < quiet.starts
    for back in (0, 1) if over_night else (0,):
        day = there.date() - timedelta(days=back)
        starts = datetime.combine(day, quiet.starts, zone)
        ends = datetime.combine(day + timedelta(days=over_night), quiet.ends, zone)
        if day.weekday() in quiet.days and _utc(starts) <= _utc(now) < _utc(ends):
            return _utc(ends)
    return None


def _good(order: tuple[Channel, ...], bad: frozenset[Channel]) -> tuple[Channel, ...]:
    """Those that reach them; all of them where none does."""
    return tuple(each for each in order if each not in bad) or order


def _utc(at: datetime) -> datetime:
    """Compared in UTC: two times of one zone compare by the clock of the wall, which repeats an hour."""
    return at.astimezone(ZoneInfo("UTC"))
