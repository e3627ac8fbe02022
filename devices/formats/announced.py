"""What a hub has announced of later messages: which topic will say what, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from devices.formats.templates import Template
from devices.measurement import Sensor, Undecodable

MOST_ENTITIES = 2000
"""Of one hub: about a hundred sensors with twenty entities each."""


@dataclass(frozen=True, slots=True)
class Availability:
    """A topic that says whether kit is there. `address` is None where it is the hub's."""

    topic: str
    address: str | None
    template: Template | None
    online: Any = "online"
    offline: Any = "offline"


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that kit measures: which kind, on which topic, read how.

    `presses` is the payload that calls for help where the entity is the trigger of a button.
    """

    topic: str
    kind: str
    channel: str
    address: str
    template: Template | None
    unit: str | None
    on: Any
    off: Any
    expires: float | None
    presses: Any = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that one configuration message announces; `fault` is why some of it can't be read."""

    sensor: Sensor
    entities: tuple[Entity, ...] = ()
    availability: tuple[Availability, ...] = ()
    fault: Undecodable | None = None


class Announced:
    """What a hub has announced so far, by the topic that will say it."""

    def __init__(self) -> None:
        self._of: dict[str, Announcement] = {}
        self._entities: dict[str, list[Entity]] = {}
        self._paces: dict[str, float] = {}
        self._availability: dict[str, list[Availability]] = {}
        self._stale = False
        self._count = 0
        self._addresses: dict[str, str] = {}

    def name(self, addresses: Mapping[str, str]) -> None:
        """Take in under which name a hub publishes each address, in place of what it said before."""
        self._addresses = dict(addresses)

    def address_of(self, name: str) -> str | None:
        """The address that a hub publishes under this name; None where it has said none."""
        return self._addresses.get(name)

    def topics_of(self, address: str) -> list[str]:
        """The topics on which this hub says what a sensor measures, and names under which it publishes it."""
        self._freshen()
        said = [topic for topic, some in self._entities.items() if any(e.address == address for e in some)]
        return said + [name for name, each in self._addresses.items() if each == address]

    def speaks_every(self, address: str) -> float | None:
        """Seconds after which the most frequent word of a sensor is stale; None where none ever is.

        So a sensor says the same whichever of its words it says it with.
        """
        self._freshen()
        return self._paces.get(address)

    def tell(self, topic: str, found: Announcement) -> None:
        """Take in what the configuration message on `topic` announces, in place of what it did before.

        Undecodable when the hub has announced MOST_ENTITIES.
        """
        before = self._of.get(topic)
        count = self._count + len(found.entities) - (len(before.entities) if before is not None else 0)
        if count > MOST_ENTITIES or (before is None and len(self._of) >= MOST_ENTITIES):
            reason = "The hub has announced 2,000 entities already; more are not read."
            raise Undecodable("too_many_announced", reason)
        self._of[topic] = found
        self._count = count
        self._stale = True

    def take_back(self, topic: str) -> None:
        """Forget what the configuration message on `topic` announced."""
        gone = self._of.pop(topic, None)
        self._count -= len(gone.entities) if gone is not None else 0
        self._stale = True

    def entities(self, topic: str) -> list[Entity]:
        """What a message on this topic will say."""
        self._freshen()
        return self._entities.get(topic, [])

    def availability(self, topic: str) -> list[Availability]:
        """Whose being there a message on this topic tells of; of a topic that several share, the hub's."""
        self._freshen()
        return self._availability.get(topic, [])

    def _freshen(self) -> None:
        if not self._stale:
            return
        self._entities, self._paces = {}, {}
        available: dict[str, dict[str | None, Availability]] = {}
        for each in self._of.values():
            for entity in each.entities:
                self._entities.setdefault(entity.topic, []).append(entity)
                if entity.expires is not None:
                    shortest = self._paces.get(entity.address, entity.expires)
                    self._paces[entity.address] = min(shortest, entity.expires)
            for one in each.availability:
                available.setdefault(one.topic, {})[one.address] = one
        self._availability = {topic: _whose(list(some.values())) for topic, some in available.items()}
        self._stale = False


def _whose(some: list[Availability]) -> list[Availability]:
    return some if len(some) == 1 else [replace(some[0], address=None)]
