"""What the kit of a home measures in a day: what people do, what they take, rooms and meters."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from devices.simulator.chance import stream
from devices.simulator.climate import between_steps, outdoors, rooms_between
from devices.simulator.house import Home, Saying
from devices.simulator.kit import (
    DISPENSED,
    ELECTRICITY,
    GAS,
    HUMIDITY,
    MISSED,
    OUTSIDE,
    POWER,
    TAKEN,
    TEMPERATURE,
    KitSpec,
)
from devices.simulator.meter import Supply, dial, power
from devices.simulator.physiology import RHYTHMS, take
from devices.simulator.routines import day_acts, doses, local, takings

_DAY = timedelta(days=1)
_MISSED_AFTER = timedelta(hours=1)


def sayings(home: Home, day: date) -> list[Saying]:
    """All that the kit measures of one local day, in no order; what arises on it may end on the next."""
    zone = ZoneInfo(home.zone)
    dead = home.scenario.dead_from()
    said = [*_from_acts(home, day, zone), *_from_people(home, day, zone), *_from_rooms(home, day, zone)]
    said += [*_from_outdoors(home, day, zone), *_from_meters(home, day, zone)]
    said += _from_dispensers(home, day, zone)
    if dead is not None:
        silent = {i for i, s in enumerate(home.kit) if home.scenario.failing in (s.key_suffix, s.hub)}
        said = [saying for saying in said if saying.kit not in silent or saying.at < dead]
    return said


def _from_acts(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    ears = {
        (kind, spec.room): i for i, spec in enumerate(home.kit) for kind in spec.kinds if spec.every is None
    }
    acts = [a for a in day_acts(home.people[0], home.seed, day, zone) if not home.scenario.replaces(a.at)]
    story = home.scenario.story()
    if story and story[0].at.astimezone(zone).date() == day:
        acts += story
    for act in acts:
        ear = ears.get((act.kind, act.room))
        if ear is not None:
            yield Saying(act.at, ear, ((act.kind, act.value),))


def _from_people(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    for i, spec in enumerate(home.kit):
        if not spec.kinds or spec.kinds[0] not in RHYTHMS:
            continue
        profile = home.people[spec.resident]
        ill = spec.resident == 0
        worse = ill and home.scenario.worse(local(day, 720, zone))
        chance = stream("values", home.seed, spec.key_suffix, day)
        for at in takings(profile, spec, day, zone, worse):
            wall = at.astimezone(zone)
            hour = wall.hour + wall.minute / 60
            shifts = {kind: home.scenario.shift(kind, at) if ill else 0.0 for kind in spec.kinds}
            number = day.toordinal()
            shown = [(kind, take(profile, kind, number, hour, shifts[kind], chance)) for kind in spec.kinds]
            yield Saying(at, i, tuple(shown))


def _from_dispensers(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    for i, spec in enumerate(home.kit):
        if DISPENSED not in spec.kinds:
            continue
        for at, minutes in doses(home.people[spec.resident], spec, day, zone):
            yield Saying(at, i, ((DISPENSED, 1.0),))
            if home.scenario.forgets(at):
                yield Saying(at + _MISSED_AFTER, i, ((MISSED, 1.0),))
            else:
                yield Saying(at + timedelta(minutes=round(minutes)), i, ((TAKEN, 1.0),))


def _from_rooms(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    start, end = local(day, 0, zone), local(day, 1440, zone)
    air = rooms_between(home.rooms, home.weather, start, end, zone, home.scenario.fabric_at)
    for i, spec in enumerate(home.kit):
        if TEMPERATURE not in spec.kinds or spec.room is None:
            continue
        chance = stream("air", home.seed, spec.key_suffix, day)
        for at in _samples(home, spec, start, end):
            now = between_steps(air[spec.room], start, at)
            warm = round(now.temperature + chance.gauss(0, 0.06), 1)
            damp = round(min(now.humidity + chance.gauss(0, 0.5), 99.9), 1)
            yield Saying(at, i, ((TEMPERATURE, warm), (HUMIDITY, damp)))


def _from_outdoors(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    start, end = local(day, 0, zone), local(day, 1440, zone)
    for i, spec in enumerate(home.kit):
        if OUTSIDE not in spec.kinds:
            continue
        chance = stream("outside", home.seed, spec.key_suffix, day)
        for at in _samples(home, spec, start, end):
            cold = outdoors(home.weather, at).temperature + chance.gauss(0, 0.1)
            yield Saying(at, i, ((OUTSIDE, round(cold, 1)),))


def _from_meters(home: Home, day: date, zone: ZoneInfo) -> Iterator[Saying]:
    start, end = local(day, 0, zone), local(day, 1440, zone)
    for i, spec in enumerate(home.kit):
        if ELECTRICITY not in spec.kinds:
            continue
        for at in _samples(home, spec, start, end):
            used = round(dial(home.electricity, at), 3)
            yield Saying(at, i, ((ELECTRICITY, used), (POWER, round(power(home.electricity, at)))))
            if home.gas is not None:
                yield Saying(at, i, ((GAS, gas(home, home.gas, at)),))


def _samples(home: Home, spec: KitSpec, start: datetime, end: datetime) -> Iterator[datetime]:
    """Each `every` from midnight, late by a few seconds of the kit's own."""
    every = spec.every or _DAY
    late = timedelta(seconds=stream("late", home.seed, spec.key_suffix).randrange(int(every.total_seconds())))
    at = start + late
    while at < end:
        yield at
        at += every


def gas(home: Home, supply: Supply, at: datetime) -> float:
    """Return the gas dial in kWh; it all but stops with the heating."""
    return round(dial(supply, at, home.scenario.began, home.scenario.fabric.heating), 3)
