"""Rooms that cool and dampen: weather outside, heating by schedule, heat lost through the fabric."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from devices.simulator.chance import stream

STEP = timedelta(minutes=15)
SPIN_UP = timedelta(days=5)
"""Long enough for a room to forget what it was started with (its memory is about a day)."""

DEW = 0.9
"""Water settles on cold walls before the air of a room is saturated."""


@dataclass(frozen=True, slots=True)
class Weather:
    """Weather outdoors, the same for every home of a place."""

    seed: int
    mean: float = 6.0


@dataclass(frozen=True, slots=True)
class Room:
    """A room as one lump of heat and one of air.

    `comfort` °C when the heating is on, `setback` otherwise; `memory` hours for heat to leave;
    `lift` °C above outdoors that full heating can hold; `gains` °C from people, sun and cooking;
    `moisture` grams of water an hour into `volume` m³, changed `changes` times an hour.
    """

    name: str
    comfort: float = 20.0
    setback: float = 18.4
    memory: float = 26.0
    lift: float = 30.0
    gains: float = 2.0
    moisture: float = 35.0
    volume: float = 30.0
    changes: float = 0.5


@dataclass(frozen=True, slots=True)
class Fabric:
    """What a scenario does to a home: shares of its heating, moisture and air changes."""

    heating: float = 1.0
    moisture: float = 1.0
    changes: float = 1.0


@dataclass(frozen=True, slots=True)
class Air:
    """The air of a room at one time: °C and relative humidity in %."""

    temperature: float
    humidity: float


def outdoors(weather: Weather, at: datetime) -> Air:
    """The weather at a time: fronts every few days, warmer by day than by night."""
    days = at.timestamp() / 86400
    first, second, third = _fronts(weather.seed)
    fronts = 1.8 * math.sin(math.tau * days / 5.3 + first) + 1.2 * math.sin(math.tau * days / 11.7 + second)
    daily = math.cos(math.tau * (days - 15 / 24))
    humidity = 86 + 6 * math.sin(math.tau * days / 3.9 + third) - 5 * daily
    return Air(weather.mean + fronts + 2.0 * daily, min(humidity, 99))


def rooms_between(
    rooms: tuple[Room, ...],
    weather: Weather,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    fabric: Callable[[datetime], Fabric],
) -> Mapping[str, tuple[Air, ...]]:
    """The air of each room at `start` and each STEP after it, to `end` and one step more.

    Each call runs in from SPIN_UP before, so that a day comes out the same whatever was asked before it.
    """
    began = start - SPIN_UP
    coarse = [
        (began + timedelta(hours=n), timedelta(hours=1)) for n in range(int(SPIN_UP / timedelta(hours=1)))
    ]
    fine = [(start + STEP * n, STEP) for n in range(int((end - start) / STEP) + 2)]
    outside = [(at, step, outdoors(weather, at), fabric(at), _heated(at, zone)) for at, step in coarse + fine]
    air: dict[str, tuple[Air, ...]] = {}
    for room in rooms:
        temperature = min(room.setback + 1, outside[0][2].temperature + room.lift * outside[0][3].heating)
        water = _water(temperature, 55)
        course = []
        for at, step, out, state, heated in outside:
            if at >= start:
                course.append(Air(temperature, 100 * water / _water(temperature, 100)))
            temperature = _warmed(room, temperature, out, state, heated, step)
            water = _dampened(room, water, temperature, out, state, step)
        air[room.name] = tuple(course)
    return air


def between_steps(course: tuple[Air, ...], start: datetime, at: datetime) -> Air:
    """The air at any time, straight between two steps of a course that begins at `start`."""
    steps, rest = divmod((at - start) / STEP, 1)
    before, after = course[int(steps)], course[int(steps) + 1]
    return Air(
        before.temperature + rest * (after.temperature - before.temperature),
        before.humidity + rest * (after.humidity - before.humidity),
    )


def _warmed(room: Room, now: float, out: Air, state: Fabric, heated: bool, step: timedelta) -> float:
    kept = math.exp(-step / timedelta(hours=room.memory))
    unheated = out.temperature + room.gains
    wanted = room.comfort if heated else room.setback
    full = room.lift * state.heating
    push = min(max((wanted - now * kept) / (1 - kept) - unheated, 0), full)
    return unheated + push + (now - unheated - push) * kept


def _dampened(room: Room, now: float, temperature: float, out: Air, state: Fabric, step: timedelta) -> float:
    changes = room.changes * state.changes
    kept = math.exp(-changes * (step / timedelta(hours=1)))
    settled = _water(out.temperature, out.humidity) + room.moisture * state.moisture / (room.volume * changes)
    return min(settled + (now - settled) * kept, DEW * _water(temperature, 100))


def _water(temperature: float, humidity: float) -> float:
    """Grams of water in a cubic metre of air (Magnus, as in EN ISO 13788)."""
    pressure = humidity / 100 * 610.5 * math.exp(17.269 * temperature / (237.3 + temperature))
    return 2.16679 * pressure / (temperature + 273.15)


def _heated(at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    hour = local.hour + local.minute / 60
    return 6.5 <= hour < 9 or 16 <= hour < 22


@cache
def _fronts(seed: int) -> tuple[float, float, float]:
    chance = stream("weather", seed)
    return chance.uniform(0, math.tau), chance.uniform(0, math.tau), chance.uniform(0, math.tau)
