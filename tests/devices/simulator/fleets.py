"""Homes of a fleet for its tests, and what one of them says."""

from datetime import datetime

from devices.simulator.encoders.known import FAMILIES
from devices.simulator.fleet_homes import FleetHome, fleet_homes
from devices.simulator.speaking import Emission
from tests.devices.simulator.made import NOW

ALL = frozenset(FAMILIES)


def fleet(count: int = 3, *, seed: int = 7, formats: frozenset[str] = ALL) -> list[FleetHome]:
    return fleet_homes(count, NOW, seed, formats)


def message(payload: bytes, rest: str = "readings", at: datetime = NOW, key: str = "fleet-00001") -> Emission:
    return Emission(at, key, f"hearth/v1/{key}/{rest}", payload)
