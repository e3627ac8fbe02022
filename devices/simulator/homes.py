"""Homes through time: the readings of their past, and the messages of their present."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from devices.simulator.house import Home
from devices.simulator.measuring import sayings
from devices.simulator.routines import local
from devices.simulator.speaking import Emission, emissions_of


@dataclass(frozen=True, slots=True)
class Taken:
    """One reading of the past, as it would have been stored; `kit` is a place in `home.kit`."""

    at: datetime
    kit: int
    kind: str
    value: float
    channel: str = ""


def history(home: Home, start: datetime, end: datetime) -> Iterator[Taken]:
    """The readings of start ≤ at < end that had reached us by `end`, in time order, without the messages.

    What was measured while the line was down is there only from kit that kept it, and once the line is back.
    """
    for saying in _flow(home, start, end, lambda day: sayings(home, day)):
        arrived = home.kit[saying.kit].keeps and not home.scenario.is_cut_off(end)
        if arrived or not home.scenario.is_cut_off(saying.at):
            for kind, value in saying.values:
                yield Taken(saying.at, saying.kit, kind, value)


def emissions(home: Home, start: datetime, end: datetime) -> Iterator[Emission]:
    """The messages of start ≤ at < end in time order; the same in pieces as in one."""
    yield from _flow(home, start, end, lambda day: emissions_of(home, day))


class _Timed(Protocol):
    @property
    def at(self) -> datetime: ...


T = TypeVar("T", bound=_Timed)


def _flow(home: Home, start: datetime, end: datetime, of_day: Callable[[date], Iterable[T]]) -> Iterator[T]:
    """Join days in time order. What arises on a day may come to pass on the next, never on the one before."""
    zone = ZoneInfo(home.zone)
    day, waiting = start.astimezone(zone).date() - timedelta(days=1), list[T]()
    while True:
        over = local(day, 1440, zone)
        waiting += of_day(day)
        waiting.sort(key=lambda item: item.at)
        for item in waiting:
            if start <= item.at < min(over, end):
                yield item
        if over >= end:
            return
        waiting = [item for item in waiting if item.at >= over]
        day += timedelta(days=1)
