"""A simulated home as it stands: who lives there, its rooms and meters, its kit, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.zones import UK
from devices.simulator.climate import Room, Weather
from devices.simulator.kit import KitSpec
from devices.simulator.meter import Supply
from devices.simulator.physiology import Profile
from devices.simulator.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Home:
    """One household with its kit and what becomes of it; everything follows from these values.

    `keys` names the device key of a kit suffix where it isn't "{key}-{suffix}".
    """

    key: str
    seed: int
    people: tuple[Profile, ...]
    kit: tuple[KitSpec, ...]
    scenario: Scenario
    rooms: tuple[Room, ...]
    weather: Weather
    electricity: Supply
    gas: Supply | None = None
    zone: str = UK
    keys: Mapping[str, str] = field(default_factory=dict)

    def device_key(self, spec: KitSpec) -> str:
        """The key that a piece of kit publishes under: its own or its hub's."""
        suffix = spec.hub or spec.key_suffix
        return self.keys.get(suffix, f"{self.key}-{suffix}")


@dataclass(frozen=True, slots=True)
class Saying:
    """What one piece of kit (its place in `home.kit`) measured at one moment, belonging in one message."""

    at: datetime
    kit: int
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """A device that holds no connection from `start` to `end`; for ever if that is None."""

    device_key: str
    start: datetime
    end: datetime | None


def outages(home: Home) -> list[Outage]:
    """When which of the home's own lines are down: the home's line cut, or a battery empty."""
    scenario, found = home.scenario, []
    for spec in home.kit:
        if spec.hub is None and scenario.cut_off is not None:
            found.append(Outage(home.device_key(spec), scenario.began, scenario.began + scenario.cut_off))
        if spec.hub is None and spec.key_suffix == scenario.failing:
            found.append(Outage(home.device_key(spec), scenario.began + scenario.runs_down, None))
    return found
