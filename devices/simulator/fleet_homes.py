"""The homes of a fleet: each speaks through one hub of its own, in the words of several families of kit.

What is measured comes from a few dozen simulated homes that all the others are cut from: each home has its
own key, addresses, place in the day and numbers, but shares what was worked out of rooms, bodies and habits.
So ten thousand of them cost little more than the lines they speak on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from devices.simulator import kit
from devices.simulator.chance import stream
from devices.simulator.encoders.known import FAMILIES, Family
from devices.simulator.encoders.said import Said, Wire
from devices.simulator.house import Home, Saying
from devices.simulator.kit import KitSpec
from devices.simulator.lent import TRIGGERS, home_on
from devices.simulator.measuring import sayings
from devices.simulator.scenarios import stable
from devices.simulator.speaking import Emission, battery

PATTERNS = 48
"""So many homes are worked out; half of them go through what their pathway is there to notice."""
MOST_KIT = 64


@dataclass(frozen=True, slots=True)
class Dressed:
    """One piece of kit and the words it speaks."""

    spec: KitSpec
    family: Family


class Pattern:
    """A simulated home that fleet homes are cut from: what its kit measures, day after day."""

    def __init__(self, home: Home, kit: Sequence[Dressed | None], first_day: date) -> None:
        """`kit` says for each piece of `home.kit` how it speaks; None is what says nothing."""
        self.home = home
        self.kit = tuple(kit)
        self._day = first_day
        self._said: list[Saying] = []
        self.day_length = self._go_on()

    def saying(self, place: int) -> Saying:
        """What is measured at a place in the order of time, which has no end."""
        while place >= len(self._said):
            self._go_on()
        return self._said[place]

    def _go_on(self) -> int:
        found = [each for each in sayings(self.home, self._day) if self.kit[each.kit] is not None]
        self._said += sorted(found, key=lambda each: each.at)
        self._day += timedelta(days=1)
        return len(found)


class FleetHome:
    """One home of a fleet. `neighbour` is the key of another, where kit may be moved to."""

    __slots__ = ("_announced", "_count", "_pattern", "_place", "key", "neighbour", "number")

    def __init__(self, number: int, pattern: Pattern, seed: int, count: int) -> None:
        self.number = number
        self.key = key_of(number)
        self.neighbour = key_of((number + 1) % count)
        self._pattern = pattern
        self._place = stream("place", seed, number).randrange(pattern.day_length)
        self._count = 0
        self._announced = 0

    def say(self, at: datetime) -> list[Emission]:
        """The messages of what is measured next, as if it was measured `at`."""
        saying = self._pattern.saying(self._place)
        self._place += 1
        dressed = self._pattern.kit[saying.kit]
        if dressed is None:  # a pattern says nothing of kit without words
            return []
        level = battery(self._pattern.home, saying.kit, at)
        said = Said(
            self.key,
            self._address(saying.kit, dressed.family),
            at,
            dict(saying.values),
            level,
            dressed.spec.room or "",
            self._pattern.home.zone,
            self._count,
        )
        self._count += 1
        wires = [*self._announcement(saying.kit, dressed.family, said), *dressed.family.messages(said)]
        return [Emission(at, self.key, wire.topic, wire.payload, wire.retained) for wire in wires]

    def sensors(self) -> list[tuple[str, Dressed]]:
        """The kit that has an address of its own behind the hub."""
        return [
            (self._address(place, dressed.family), dressed)
            for place, dressed in enumerate(self._pattern.kit)
            if dressed is not None and dressed.family.behind
        ]

    def _address(self, place: int, family: Family) -> str:
        return family.address_of(self.number * MOST_KIT + place)

    def _announcement(self, place: int, family: Family, said: Said) -> list[Wire]:
        """What kit tells of itself before its first word."""
        if family.announce is None or self._announced >> place & 1:
            return []
        self._announced |= 1 << place
        return family.announce(said)


def key_of(number: int) -> str:
    """The device key of the hub of a fleet's home."""
    return f"fleet-{number + 1:05d}"


def fleet_homes(count: int, begins: datetime, seed: int, formats: Collection[str]) -> list[FleetHome]:
    """So many homes, whose kit speaks these formats (names of FAMILIES); the same for the same values."""
    patterns = [_pattern(number, begins, seed, formats) for number in range(min(count, PATTERNS))]
    return [FleetHome(number, patterns[number % PATTERNS], seed, count) for number in range(count)]


def _pattern(number: int, begins: datetime, seed: int, formats: Collection[str]) -> Pattern:
    pathway = tuple(TRIGGERS)[number % len(TRIGGERS)]
    home_seed = seed * 1000 + number
    home = home_on(pathway, f"pattern-{number}", begins + timedelta(hours=2), home_seed)
    beside = [kit.pendant(), kit.bed(), kit.front_door(home_seed), kit.meter()]
    suffixes = {spec.key_suffix for spec in home.kit}
    home = replace(home, kit=(*home.kit, *(spec for spec in beside if spec.key_suffix not in suffixes)))
    if number // len(TRIGGERS) % 2:
        home = replace(home, scenario=stable(begins))
    dressed = [_dressed(spec, stream("words", home_seed, spec.key_suffix), formats) for spec in home.kit]
    return Pattern(home, dressed, begins.date())


def _dressed(spec: KitSpec, chance: Random, formats: Collection[str]) -> Dressed | None:
    able = [family for family in FAMILIES.values() if family.name in formats and family.can_say(spec)]
    return Dressed(spec, chance.choice(able)) if able else None
