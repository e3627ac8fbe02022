"""How a fault is written down: what it makes of the acts of one home."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from devices.simulator.acts import Act
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.speaking import Emission

Befalls = Callable[[FleetHome, list[Act]], list[Act]]
Of = Callable[[Random], Befalls]
Change = Callable[[Emission, Random], list[Act]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong. `of` makes what befalls one home, out of a chance of that home's own."""

    what: str
    of: Of


def each(change: Change) -> Of:
    """Look at one message at a time."""

    def of(chance: Random) -> Befalls:
        def befall(_home: FleetHome, acts: list[Act]) -> list[Act]:
            found: list[Act] = []
            for act in acts:
                found += change(act, chance) if isinstance(act, Emission) else [act]
            return found

        return befall

    return of


def rewritten(change: Callable[[Emission], bytes]) -> Of:
    """Put another payload in the place of each."""
    return each(lambda said, _chance: [replace(said, payload=change(said))])
