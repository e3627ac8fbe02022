"""Home Assistant discovery: the generic way in, for whatever announces itself with topics, classes and units.

A hub's base topic and its discovery prefix are both set to lie under its own topic, in any arrangement:
"homeassistant/sensor/0x…/temperature/config" announces, "zigbee2mqtt/0x…" says. What was announced is
remembered; a message on a topic that nothing has announced is refused, and can be tried again.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from devices import kinds
from devices.formats import discovery, entity_kinds, wire
from devices.formats.announced import Announced, Availability, Entity
from devices.formats.templates import UNSAID, NotUnderstood, Template
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Sensor, Status, Undecodable

_NOT_KNOWN = frozenset({"", "unknown", "unavailable", "none", "null", "nan"})
"""What an entity says when it has nothing to say."""


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message of a bridge, whose entities belong to the devices that it announces."""
    return read(rest, payload, arrival, own=False)


def read(rest: str, payload: bytes, arrival: Arrival, *, own: bool) -> Decoded:
    """Decode one message; with `own` what is announced is the publishing device itself."""
    if len(payload) > wire.MAX_BYTES:
        raise Undecodable("too_large", "The message is longer than 64 KiB; announce each component alone.")
    announced = arrival.announced or Announced()
    if rest.endswith(discovery.CONFIG):
        return _config(rest, payload, announced, own=own)
    entities, available = announced.entities(rest), announced.availability(rest)
    if not entities and not available:
        raise Undecodable("not_announced", "No discovery message of this device announced this topic.")
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    said = _Said(payload, arrival, announced, own=own)
    statuses = [*said.there(available), *said.batteries(entities)]
    measurements = said.measurements(entities)
    nothing = None if measurements or statuses else "The message says nothing that Hearthline stores."
    fault = wire.unreadable_alarm(said.unreadable, measurements) if said.unreadable else said.fault
    if fault is not None and not measurements and not statuses:
        raise fault
    return Decoded(tuple(measurements), tuple(statuses), nothing=nothing, fault=fault)


def _config(rest: str, payload: bytes, announced: Announced, *, own: bool) -> Decoded:
    if not payload:
        announced.take_back(rest)
        return Decoded(nothing="An announcement was taken back.", announced=(rest, b""))
    found = discovery.read(rest, payload)
    announced.tell(rest, found)
    sensors: tuple[Sensor, ...] = () if own else (found.sensor,)
    return Decoded(
        sensors=sensors,
        announced=(rest, discovery.kept(payload)),
        nothing=None if found.entities else "What is announced is of no kind that Hearthline stores.",
        fault=found.fault,
    )


class _Said:
    """A message under a topic that was announced, while it is read."""

    def __init__(self, payload: bytes, arrival: Arrival, announced: Announced, *, own: bool) -> None:
        self.text = payload.decode("utf-8", "replace").replace("\x00", "").strip()
        try:
            self.body: Any = orjson.loads(payload)
        except orjson.JSONDecodeError:
            self.body = UNSAID
        self.arrival = arrival
        self.own = own
        self.announced = announced
        self.unreadable = ""
        self.fault: Undecodable | None = None

    def there(self, available: Iterable[Availability]) -> Iterable[Status]:
        """Yield who is there, or not, by what the topic of availability says."""
        for each in available:
            said = self._value(each.template)
            online = _means(said, each.online, each.offline)
            if online is not None:
                yield Status(online=online, address=None if self.own else each.address)

    def batteries(self, entities: Iterable[Entity]) -> Iterable[Status]:
        """Yield the levels of batteries, and what tells whether kit is connected."""
        for each in entities:
            said = self._value(each.template)
            address = None if self.own else each.address
            level = wire.percent(said) if each.kind == entity_kinds.BATTERY else None
            online = _means(said, each.on, each.off) if each.kind == entity_kinds.ONLINE else None
            if level is not None or online is not None:
                yield Status(online=online, battery=level, address=address)
            elif each.expires is not None and said is not UNSAID:
                pace = self.announced.speaks_every(each.address)
                yield Status(address=address, speaks_every=pace)

    def measurements(self, entities: Iterable[Entity]) -> list[Measurement]:
        """All that the entities of this topic measured."""
        found = []
        for each in entities:
            kind = kinds.find(each.kind) if each.kind != entity_kinds.BATTERY else None
            if kind is None:
                continue
            value = self._reading(each, binary=kind.is_binary)
            if value is None:
                continue
            if each.unit is not None and not kind.is_binary and each.unit not in kind.conversions:
                self.fault = Undecodable("unknown_unit", kinds.unknown_unit(kind), "unit_of_measurement")
                continue
            found.append(
                wire.measurement(
                    each.kind,
                    value,
                    self._at()[0],
                    flags=self.arrival.flags | self._at()[1],
                    channel=each.channel,
                    address=None if self.own else each.address,
                    unit=None if kind.is_binary else each.unit,
                )
            )
        return found

    def _reading(self, entity: Entity, *, binary: bool) -> float | None:
        said = self._value(entity.template)
        if entity.presses is not None:
            return 1.0 if _is(said, entity.presses) else None
        if said is UNSAID or said is None or str(said).strip().lower() in _NOT_KNOWN:
            return None
        if not binary:
            return wire.number(said)
        state = _means(said, entity.on, entity.off)
        if state is None and kinds.get(entity.kind).life_safety:
            self.unreadable = entity.topic
        return None if state is None else float(state)

    def _value(self, template: Template | None) -> Any:
        if template is None:
            return self.text
        try:
            return template.value(self.body, self.text)
        except NotUnderstood:
            reason = "A value template uses more of Jinja than is understood here; see the list of formats."
            self.fault = Undecodable("template", reason, "value_template")
            return UNSAID

    def _at(self) -> tuple[Any, Flags]:
        """Kit that speaks so gives no time, but a hub's own `last_seen`."""
        seen = self.body.get("last_seen") if isinstance(self.body, dict) else None
        return wire.any_time(seen, self.arrival.zone)


def _means(said: Any, on: Any, off: Any) -> bool | None:
    """Whether it is on, by the payloads that were announced for on and off."""
    if said is UNSAID or said is None:
        return None
    if _is(said, on):
        return True
    return False if _is(said, off) else None


def _is(said: Any, payload: Any) -> bool:
    """Whether what was said is a payload, which may be a text, a number or a JSON boolean."""
    if said is UNSAID or said is None or payload is None:
        return False
    if isinstance(said, bool) or isinstance(payload, bool):
        return wire.truth(said) is not None and wire.truth(said) is wire.truth(payload)
    return str(said).strip().lower() == str(payload).strip().lower()
