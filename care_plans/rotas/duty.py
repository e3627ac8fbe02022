"""Who is on duty when, from layers of turns and whoever covers for somebody; pure.

Turns change, and hours begin and end, at local times of day: a clock change makes a shift an hour longer or
shorter and moves none of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from care_plans.work.recurrence import moment

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Hours:
    """From one local time to another on some weekdays (0 is Monday); an end at or before the start is the
    next day's.
    """

    start: time
    end: time
    weekdays: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Layer:
    """People (by their numbers) who take turns of so many days from a first date on, each in their order.

    Without `hours` it is on at all hours. None stands for somebody who is there no more: their turns are
    gaps, so that nobody else's move.
    """

    name: str
    people: tuple[int | None, ...]
    starts: date
    turn_days: int
    changes_at: time
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody who takes over for a time, whoever's turn it is."""

    number: int
    person: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """A team's rota: of layers the last that has somebody counts, and of covers the one made last."""

    zone: str
    layers: tuple[Layer, ...]
    covers: tuple[Cover, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty from `start` to before `end`; `person` is None where nobody is: a gap."""

    start: datetime
    end: datetime
    person: int | None
    layer: str = ""
    cover: int | None = None

    @property
    def hours(self) -> float:
        """How long it is: what a clock shows on the night of a change does not count."""
        return (self.end - self.start).total_seconds() / 3600


def on_duty(rota: Rota, at: datetime) -> Shift:
    """Who is on duty at `at`, as a shift without length."""
    covering = [each for each in rota.covers if each.start <= at < each.end]
    if covering:
        last = max(covering, key=lambda each: each.number)
        return Shift(at, at, last.person, cover=last.number)
    for layer in reversed(rota.layers):
        person = _of_layer(layer, at, rota.zone)
        if person is not None:
            return Shift(at, at, person, layer.name)
    return Shift(at, at, None)


def shifts(rota: Rota, start: datetime, end: datetime) -> list[Shift]:
    """Every shift and gap from `start` to `end`, without a hole and without an overlap."""
    edges = sorted({start, end, *(at for at in _edges(rota, start, end) if start < at < end)})
    found: list[Shift] = []
    for begin, until in pairwise(edges):
        one = replace(on_duty(rota, begin), start=begin, end=until)
        same = bool(found) and (found[-1].person, found[-1].layer, found[-1].cover) == (
            one.person, one.layer, one.cover,
        )  # fmt: skip
        if same:
            found[-1] = replace(found[-1], end=until)
        else:
            found.append(one)
    return found


def gaps(found: Sequence[Shift]) -> list[Shift]:
    """The times at which nobody is on duty."""
    return [each for each in found if each.person is None]


def stretches(found: Sequence[Shift]) -> list[Shift]:
    """The same by who alone, without gaps: shifts of one person that follow each other become one."""
    merged: list[Shift] = []
    for each in found:
        if merged and (merged[-1].person, merged[-1].end) == (each.person, each.start):
            merged[-1] = replace(merged[-1], end=each.end)
        elif each.person is not None:
            merged.append(Shift(each.start, each.end, each.person))
    return merged


def longest(found: Sequence[Shift]) -> dict[int, float]:
    """The most hours in any seven days from the start of one of their shifts, for each person."""
    most: dict[int, float] = {}
    for person in {each.person for each in found if each.person is not None}:
        theirs = [each for each in found if each.person == person]
        for first in theirs:
            until = first.start + timedelta(days=7)
            week = sum(
                replace(each, end=min(each.end, until)).hours
                for each in theirs
                if first.start <= each.start < until
            )
            most[person] = max(most.get(person, 0.0), week)
    return most


def _of_layer(layer: Layer, at: datetime, zone: str) -> int | None:
    if not layer.people or (layer.hours and not any(_within(each, at, zone) for each in layer.hours)):
        return None
    turn = (_local(at, zone) - layer.starts).days // layer.turn_days
    if at < _changes(layer, turn, zone):
        turn -= 1
    return layer.people[turn % len(layer.people)] if turn >= 0 else None


def _changes(layer: Layer, turn: int, zone: str) -> datetime:
    return moment(layer.starts + timedelta(days=turn * layer.turn_days), layer.changes_at, zone)


def _within(hours: Hours, at: datetime, zone: str) -> bool:
    today = _local(at, zone)
    spans = (_span(hours, today - timedelta(days=back), zone) for back in (0, 1))
    return any(span is not None and span[0] <= at < span[1] for span in spans)


def _span(hours: Hours, day: date, zone: str) -> tuple[datetime, datetime] | None:
    if day.weekday() not in hours.weekdays:
        return None
    ends = day if hours.end > hours.start else day + timedelta(days=1)
    return moment(day, hours.start, zone), moment(ends, hours.end, zone)


def _edges(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment at which somebody else may be on duty."""
    for cover in rota.covers:
        yield from (cover.start, cover.end)
    first, last = _local(start, rota.zone) - timedelta(days=1), _local(end, rota.zone)
    for layer in rota.layers:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day >= layer.starts and (day - layer.starts).days % layer.turn_days == 0:
                yield moment(day, layer.changes_at, rota.zone)
            for hours in layer.hours:
                yield from _span(hours, day, rota.zone) or ()


def _local(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
