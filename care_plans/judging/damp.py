"""How damp a room's coldest surface is, and how far mould could have grown on it; pure.

Both prompt an inspection and prove or clear nothing (hazard H14): walls differ, and nobody has looked.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from care_plans.judging.track import Points, Track

TEMPERATURE = "room_temperature"
HUMIDITY = "room_humidity"
SURFACE = "surface_temperature"
OUTSIDE = "outdoor_temperature"
INPUTS = (TEMPERATURE, HUMIDITY, SURFACE, OUTSIDE)
SURFACE_HUMIDITY = "surface_humidity"
"""The kind that is made: relative humidity at the coldest surface of a room, %."""

FACTOR = 0.75
"""The temperature factor fRsi assumed of the coldest surface where no sensor is on it: BRE IP 1/06 asks at
least so much of dwellings, so that a wall that is worse is damper than this says."""
ROOM_HOLDS = 3600
"""Seconds for which a room's own temperature stands beside a measurement of its humidity."""
OUTSIDE_HOLDS = 3 * 3600
"""Seconds for which the temperature outside does: it moves slowly, and its sensors send seldom."""
SPAN = OUTSIDE_HOLDS
HOUR = 3600


def saturation(temperature: float) -> float:
    """Saturation pressure of water vapour in Pa, from °C: Magnus as in BS EN ISO 13788, over ice below 0."""
    if temperature >= 0:
        return 610.5 * exp(17.269 * temperature / (237.3 + temperature))
    return 610.5 * exp(21.875 * temperature / (265.5 + temperature))


def surface_temperature(inside: float, outside: float, factor: float = FACTOR) -> float:
    """°C of an outside wall's inner surface, from both sides' °C and its temperature factor (0 to 1)."""
    return outside + factor * (inside - outside)


def surface_humidity(inside: float, humidity: float, surface: float) -> float:
    """Relative humidity at a surface in %, at most 100, from the room's °C and % and the surface's °C."""
    return min(100.0, humidity * saturation(inside) / saturation(surface))


def over_time(tracks: Mapping[str, Track]) -> Track | None:
    """The humidity at the coldest surface of each room: a point wherever the room's humidity was measured.

    A sensor on the wall is believed; without one the surface is reckoned from the temperature outside. Where
    neither is known at the time, nothing is: it is left out, never guessed. What was replayed makes nothing.
    """
    if TEMPERATURE not in tracks or HUMIDITY not in tracks:
        return None
    rows = sorted(
        (at, room, surface_humidity(inside, humidity, surface))
        for room in rooms(tracks)
        for at, inside, humidity, surface in _surfaces(*_of_room(tracks, room))
    )
    if not rows:
        return None
    return Track(
        SURFACE_HUMIDITY,
        [at for at, _, _ in rows],
        [value for _, _, value in rows],
        [0] * len(rows),
        [room for _, room, _ in rows] if tracks[HUMIDITY].sources else (),
    )


def rooms(tracks: Mapping[str, Track]) -> list[str]:
    """The rooms whose humidity is measured; "" alone where rooms are not told apart."""
    return sorted(set(tracks[HUMIDITY].sources)) or [""]


def _of_room(tracks: Mapping[str, Track], room: str) -> tuple[dict[str, Points], Points | None]:
    """What was measured in a room, by kind, and outside."""
    inside = {
        kind: tracks[kind].of_source(room).firm for kind in (TEMPERATURE, HUMIDITY, SURFACE) if kind in tracks
    }
    return inside, tracks[OUTSIDE].firm if OUTSIDE in tracks else None


def _surfaces(
    parts: Mapping[str, Points], outside: Points | None
) -> Iterator[tuple[float, float, float, float]]:
    """Each moment at which a room's humidity was measured: °C and % in it, and °C of its coldest surface."""
    for at, humidity in zip(*parts[HUMIDITY], strict=True):
        inside = _standing(parts[TEMPERATURE], at, ROOM_HOLDS)
        if inside is None:
            continue
        surface = _standing(parts.get(SURFACE), at, ROOM_HOLDS)
        if surface is None:
            cold = _standing(outside, at, OUTSIDE_HOLDS)
            if cold is None:
                continue
            surface = surface_temperature(inside, cold)
        yield at, inside, humidity, surface


def _standing(points: Points | None, at: float, holds: float) -> float | None:
    """The newest value at a moment, unless it is too old."""
    if points is None:
        return None
    newest = bisect_right(points.times, at) - 1
    if newest < 0 or at - points.times[newest] > holds:
        return None
    return points.values[newest]


class Material(StrEnum):
    """How readily mould grows on a surface (Viitanen and Ojanen, 2007)."""

    VERY_SENSITIVE = "very sensitive"
    SENSITIVE = "sensitive"
    MEDIUM = "medium resistant"
    RESISTANT = "resistant"


@dataclass(frozen=True, slots=True)
class _Growth:
    """The coefficients of a class: speed below and above index 1, the three of the most, lowest humidity."""

    slow: float
    fast: float
    a: float
    b: float
    c: float
    lowest: float


_CLASSES = {
    Material.VERY_SENSITIVE: _Growth(1, 2, 1, 7, 2, 80),
    Material.SENSITIVE: _Growth(0.578, 0.386, 0.3, 6, 1, 80),
    Material.MEDIUM: _Growth(0.072, 0.097, 0, 5, 1.5, 85),
    Material.RESISTANT: _Growth(0.033, 0.014, 0, 3, 1, 85),
}
_WEEK_OF_HOURS = 7 * 24
_DRY_AT_FIRST = 6
_DRY_FOR_LONG = 24
DAMP = 80.0
"""Above this at a wall for several days mould is likely, in % (BS 5250, BS EN ISO 13788)."""
VISIBLE = 3.0
"""From this index on growth could be seen, were it there: under a tenth of the surface."""
MICROSCOPIC = 1.0


def mould_index(hours: Iterable[tuple[float, float]], material: Material = Material.SENSITIVE) -> float:
    """The VTT mould-growth index after a row of hours, each with °C and % at the surface: 0 to 6.

    0 nothing, 1 seen under a microscope, 3 visible on under 10 %, 4 on 10 to 50 %, 5 on more, 6 all of it.
    Source: Hukka and Viitanen 1999; classes by Viitanen and Ojanen 2007. Its parameters are poorly known
    (arXiv 1804.02992): it ranks rooms and shows which way they go.
    """
    index, dry = 0.0, 0
    growth = _CLASSES[material]
    for temperature, humidity in hours:
        if 0 < temperature < 50 and humidity >= _critical(temperature, growth.lowest) < 100:
            index, dry = index + _grown(index, temperature, humidity, growth), 0
        else:
            dry += 1
            index = max(0.0, index - _shrunk(dry))
    return index


def _critical(temperature: float, lowest: float) -> float:
    """The humidity in % from which mould can grow at °C."""
    if temperature > 20:
        return lowest
    return max(lowest, -0.00267 * temperature**3 + 0.160 * temperature**2 - 3.13 * temperature + 100)


def _grown(index: float, temperature: float, humidity: float, growth: _Growth) -> float:
    """By how much the index rises in an hour that is damp enough."""
    speed = growth.slow if index < MICROSCOPIC else growth.fast
    critical = _critical(temperature, growth.lowest)
    share = (critical - humidity) / (critical - 100)
    most = growth.a + growth.b * share - growth.c * share**2
    slowing = max(1 - exp(2.3 * (index - most)), 0.0)
    hours = _WEEK_OF_HOURS * exp(-0.68 * log(temperature) - 13.9 * log(humidity) + 66.02)
    return speed * slowing / hours


def _shrunk(dry: int) -> float:
    """By how much the index falls in the nth hour that is too dry: at first, then not, then slowly."""
    if dry <= _DRY_AT_FIRST:
        return 0.032 / 24
    return 0.0 if dry <= _DRY_FOR_LONG else 0.016 / 24


def by_hour(tracks: Mapping[str, Track], room: str = "") -> list[tuple[float, float]]:
    """The hours of one room for the index: °C and % at its coldest surface, each hour's mean.

    An hour in which nothing is known is left out: it neither grows nor dries.
    """
    if TEMPERATURE not in tracks or HUMIDITY not in tracks:
        return []
    hours: dict[int, list[tuple[float, float]]] = {}
    for at, inside, humidity, surface in _surfaces(*_of_room(tracks, room)):
        hours.setdefault(int(at // HOUR), []).append((surface, surface_humidity(inside, humidity, surface)))
    return [
        (sum(warm for warm, _ in found) / len(found), sum(damp for _, damp in found) / len(found))
        for _, found in sorted(hours.items())
    ]
