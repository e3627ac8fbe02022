"""Zigbee2MQTT: one JSON message a sensor, often partial, sometimes repeated from a cache."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson

from devices import models_of_kit
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.kinds import KINDS
from devices.measurement import Decoded, Flags, Measurement, Sensor, Status, Undecodable
from devices.models_of_kit import Model

DEVICES = "bridge/devices"
LONGEST_LIST = 1024 * 1024
MOST_LISTED = 500
STALE_AFTER = timedelta(minutes=10)
"""A sensor's own message has a `last_seen` of seconds ago; an older one is the hub repeating its cache."""

_NUMBERS = {
    "temperature": "room_temperature",
    "local_temperature": "room_temperature",
    "humidity": "room_humidity",
    "co2": "co2",
    "co": "carbon_monoxide",
    "pm25": "pm25",
    "voc": "tvoc",
    "pressure": "air_pressure",
    "power": "appliance_power",
    "energy": "appliance_energy",
}
_STATES = {
    "smoke": "smoke",
    "carbon_monoxide": "carbon_monoxide_alarm",
    "gas": "gas_alarm",
    "water_leak": "water_leak",
    "presence": "presence",
    "window": "window_open",
    "battery_low": "battery_low",
    "tamper": "tamper",
}
_HELP = frozenset({"emergency", "panic", "sos"})
_LETTING_GO = frozenset({"off", "release", "hold_release"})


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. `rest` is the sensor's address, "{address}/availability" or "bridge/…".

    Keys that are absent or null say nothing: a smoke alarm that sends only its battery has not cleared.
    """
    if rest == "bridge" or rest.startswith("bridge/"):
        return _bridge(rest, payload, arrival)
    address, _, last = rest.rpartition("/")
    if last in ("set", "get") and address:
        return Decoded(nothing="A command to a sensor, not a word from it.")
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    if last == "availability" and address:
        return Decoded(statuses=(Status(online=_online(payload), address=_address(address, arrival)),))
    if last == "action" and address:
        return _action_topic(_address(address, arrival), payload, arrival)
    return _state(_address(rest, arrival), payload, arrival)


def _bridge(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    if rest == "bridge/state" and payload:
        return Decoded(statuses=(Status(online=_online(payload)),))
    if rest == DEVICES and payload:
        return _devices(payload, arrival)
    return Decoded(nothing="The hub talking about itself.")


def _devices(payload: bytes, arrival: Arrival) -> Decoded:
    """Read the list of what is paired: each sensor's address, the name it publishes under, and its model.

    A hub with fifty sensors describes all that each can do, in some 300 KiB.
    """
    listed = wire.load(payload, LONGEST_LIST)
    if type(listed) is not list:
        raise Undecodable("not_a_list", "The list of devices is not a JSON list.")
    sensors: list[Sensor] = []
    names: dict[str, str] = {}
    for each in listed[:MOST_LISTED]:
        address = wire.short_text(each.get("ieee_address")) if type(each) is dict else None
        if address is None or each.get("type") == "Coordinator":
            continue
        definition, name = each.get("definition"), wire.short_text(each.get("friendly_name"))
        model = definition.get("model") if type(definition) is dict else None
        sensors.append(Sensor(address, wire.short_text(model), name if name != address else None))
        if name is not None and name != address:
            names[name] = address
    if arrival.announced is not None:
        arrival.announced.name(names)
    return Decoded(sensors=tuple(sensors), announced=(DEVICES, orjson.dumps(names)))


def _address(name: str, arrival: Arrival) -> str:
    """The address behind the name in a topic: what is registered under the name itself keeps it."""
    known = (
        None if arrival.announced is None or name in arrival.models else arrival.announced.address_of(name)
    )
    return known or name


def _online(payload: bytes) -> bool:
    """Read both the form since 2.0, {"state":"online"}, and the plain word before."""
    word: object = payload.strip().lower()
    if word not in (b"online", b"offline"):
        body = wire.load(payload)
        state = body.get("state") if type(body) is dict else None
        word = state.lower().encode() if type(state) is str else None
    if word not in (b"online", b"offline"):
        raise Undecodable("bad_state", "A state is online or offline.", "state")
    return word == b"online"


def _action_topic(address: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Read the plain word that hubs with Home Assistant switched on publish beside the state message."""
    model = models_of_kit.model_called(arrival.models.get(address))
    word = payload.decode("utf-8", "replace")
    if not _is_help(word, model):
        return Decoded(nothing="A button was used that doesn't call for help.")
    press = wire.measurement("pendant", 1.0, None, flags=arrival.flags, address=address)
    return Decoded(measurements=(press,))


def _state(address: str, payload: bytes, arrival: Arrival) -> Decoded:
    try:
        body = wire.load(payload)
    except Undecodable as fault:
        if fault.code == "not_json" and "/" in address:
            raise _one_key_a_topic() from None
        raise
    if type(body) is not dict:
        raise _one_key_a_topic()
    message = _Message(address or None, body, arrival)
    measurements = tuple(message.measurements())
    unreadable = wire.unreadable_alarm(message.unreadable, measurements) if message.unreadable else None
    battery = wire.percent(body.get("battery"))
    statuses = (Status(battery=battery, address=message.address),) if battery is not None else ()
    nothing = None if measurements or statuses else "The message has no key that Hearthline stores."
    return Decoded(measurements=measurements, statuses=statuses, nothing=nothing, fault=unreadable)


def _one_key_a_topic() -> Undecodable:
    return Undecodable(
        "one_key_a_topic", "The hub publishes one topic a key; set advanced.output to json in Zigbee2MQTT."
    )


class _Message:
    """One sensor's message while it is read."""

    def __init__(self, address: str | None, body: dict[str, Any], arrival: Arrival) -> None:
        self.address = address
        self.body = body
        self.model = models_of_kit.model_called(arrival.models.get(address or "") or _own_model(body))
        self.at, self.flags = wire.any_time(body.get("last_seen"), arrival.zone)
        self.flags |= arrival.flags
        if self.at is not None and arrival.received_at - self.at > STALE_AFTER:
            self.flags |= Flags.REPLAYED
        self.unreadable = ""

    def measurements(self) -> Iterator[Measurement]:
        for key, code in _NUMBERS.items():
            yield from self._number(key, code)
        # Before version 2 the plain key was a raw level, and the lux stood beside it.
        lux = "illuminance_lux" if "illuminance_lux" in self.body else "illuminance"
        yield from self._number(lux, "illuminance")
        yield from self._voltage()
        for key, code in _STATES.items():
            yield from self._truth(key, code)
        # contact says that the two halves touch: false is open.
        yield from self._truth("contact", "door_open", turned=True)
        yield from self._occupancy()
        yield from self._running()
        yield from self._alarms()
        yield from self._events()

    def _one(self, code: str, value: float, at: datetime | None) -> Measurement:
        return wire.measurement(code, value, at, flags=self.flags, address=self.address)

    def _number(self, key: str, code: str) -> Iterator[Measurement]:
        value = wire.number(self.body.get(key))
        if value is not None:
            yield self._one(code, value, self.at)

    def _truth(self, key: str, code: str, *, turned: bool = False) -> Iterator[Measurement]:
        said = self.body.get(key)
        value = wire.truth(said)
        if value is not None:
            yield self._one(code, float(value is not turned), self.at)
        elif said is not None and KINDS[code].life_safety:
            self.unreadable = key

    def _voltage(self) -> Iterator[Measurement]:
        unit = self.model.voltage
        if unit is None and not self.body.keys().isdisjoint({"battery", "battery_low"}):
            unit = "mV"
        elif unit is None and not self.body.keys().isdisjoint({"power", "current"}):
            unit = "V"
        value = wire.number(self.body.get("voltage"))
        if value is not None and unit is not None:
            yield self._one("battery_voltage" if unit == "mV" else "mains_voltage", value, self.at)

    def _occupancy(self) -> Iterator[Measurement]:
        value = wire.truth(self.body.get("occupancy"))
        if value is not None:
            # "false" is made by the hub's timer and carries the last_seen of the "true" before it.
            yield self._one("motion", float(value), self.at if value else None)

    def _running(self) -> Iterator[Measurement]:
        """Read whether a plug that measures power is on, and whether a radiator heats."""
        on = wire.truth(self.body.get("state"))
        if on is not None and not self.body.keys().isdisjoint({"power", "energy"}):
            yield self._one("appliance_on", float(on), self.at)
        heats = {"heat": 1.0, "idle": 0.0, "off": 0.0}.get(str(self.body.get("running_state")))
        if heats is not None:
            yield self._one("heating_on", heats, self.at)

    def _alarms(self) -> Iterator[Measurement]:
        unnamed = []
        for key, code in (("alarm_1", self.model.alarm_1), ("alarm_2", self.model.alarm_2)):
            if code is not None:
                yield from self._truth(key, code)
            elif self.body.get(key) is not None:
                unnamed.append(wire.truth(self.body[key]))
        if True in unnamed or False in unnamed:
            # Nobody knows what it senses, but an alarm is never left out.
            yield self._one("unnamed_alarm", float(True in unnamed), self.at)
        elif unnamed:
            self.unreadable = "alarm_1"

    def _events(self) -> Iterator[Measurement]:
        action = self.body.get("action")
        if (isinstance(action, str) and _is_help(action, self.model)) or wire.truth(self.body.get("sos")):
            yield self._one("pendant", 1.0, self.at)
        if self.body.get("fall_down_status") == "fall":
            yield self._one("fall", 1.0, self.at)


def _is_help(action: str, model: Model) -> bool:
    """Tell whether a button's action calls for help; null and empty actions are the end of one, never one."""
    word = action.strip().lower()
    return word in _HELP or (model.calls_for_help and bool(word) and word not in _LETTING_GO)


def _own_model(body: dict[str, Any]) -> str | None:
    device = body.get("device")
    model = device.get("model") if type(device) is dict else None
    return model if type(model) is str else None
