"""Shelly Gen2 and later: partial status overlays, full ones on waking, events, and Bluetooth sensors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from devices import models_of_kit
from devices.formats import shelly_blu, wire
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable

_NOTHING = "The message has no component that Hearthline stores."
_METHODS = ("NotifyStatus", "NotifyFullStatus", "NotifyEvent")
_ASLEEP = "Kit of this model leaves the network between its words: that says nothing."


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. `rest` is "events/rpc", "online" or "status/{component}", behind an address or not.

    A component or key that is absent says nothing: a message without `apower` is not a power of 0.
    """
    address, ending = _split(rest)
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    if ending == "online":
        return _availability(_online(payload), address, arrival)
    if ending == "events/rpc":
        return _rpc(_Message(address, arrival), wire.load_object(payload))
    if ending.startswith("status/"):
        message = _Message(address, arrival)
        message.component(ending.removeprefix("status/"), wire.load_object(payload), full=True)
        return message.decoded()
    return Decoded(nothing="Not a topic on which a Shelly tells its state.")


def _split(rest: str) -> tuple[str | None, str]:
    levels = rest.split("/")
    for ending, length in (("online", 1), ("events/rpc", 2)):
        if rest == ending or rest.endswith("/" + ending):
            return "/".join(levels[:-length]) or None, ending
    if len(levels) >= 2 and levels[-2] == "status":
        return "/".join(levels[:-2]) or None, "/".join(levels[-2:])
    return None, rest


def _online(payload: bytes) -> bool:
    word = payload.strip().lower()
    if word not in (b"true", b"false"):
        raise Undecodable("bad_state", "The word on this topic is true or false.")
    return word == b"true"


def _availability(online: bool, address: str | None, arrival: Arrival) -> Decoded:
    """Read the broker's word; "false" of kit that sleeps only means that it went back to sleep."""
    if not online and models_of_kit.model_called(arrival.models.get(address or "")).sleeps:
        return Decoded(nothing=_ASLEEP)
    return Decoded(statuses=(Status(online=online, address=address),))


def _rpc(message: "_Message", body: dict[str, Any]) -> Decoded:
    method, params = body.get("method"), body.get("params")
    if method not in _METHODS or type(params) is not dict:
        return Decoded(nothing="Not a status or an event of a Shelly.")
    message.at, message.flags = _time(params.get("ts"), message.arrival)
    if method == "NotifyEvent":
        events = params.get("events")
        for event in events if type(events) is list else ():
            if type(event) is dict:
                message.event(event, params.get("ts"))
        return message.decoded()
    for name, state in params.items():
        if type(state) is dict:
            message.component(name, state, full=method == "NotifyFullStatus")
    return message.decoded()


def _time(ts: object, arrival: Arrival) -> tuple[datetime | None, Flags]:
    at, flags = wire.set_time(ts, arrival.zone)
    return at, flags | arrival.flags


@dataclass(slots=True)
class _Message:
    """One message while it is read. `at` stays None where the message has no time."""

    address: str | None
    arrival: Arrival
    at: datetime | None = None
    flags: Flags = Flags.NONE
    measurements: list[Measurement] = field(default_factory=list)
    battery: float | None = None
    wakes_every: float | None = None
    behind: dict[str, float] = field(default_factory=dict)
    unreadable: bool = False

    def __post_init__(self) -> None:
        self.flags = self.arrival.flags

    def decoded(self) -> Decoded:
        statuses = [Status(battery=level, address=each) for each, level in self.behind.items()]
        if self.battery is not None or self.wakes_every is not None:
            statuses.append(Status(battery=self.battery, address=self.address, speaks_every=self.wakes_every))
        return Decoded(
            tuple(self.measurements),
            tuple(statuses),
            nothing=None if self.measurements or statuses else _NOTHING,
            fault=wire.unreadable_alarm("alarm", self.measurements) if self.unreadable else None,
        )

    def component(self, name: str, state: dict[str, Any], *, full: bool) -> None:
        what, _, number = name.partition(":")
        channel = "" if number in ("", "0") else number[:128]
        if what == "devicepower":
            self._power_supply(state, channel)
        elif what == "sys":
            self._sleep(state)
        elif what in shelly_blu.COMPONENTS:
            self._bluetooth(*shelly_blu.component(name, state, self.at, self.arrival))
        else:
            self._component(what, channel, state, full=full)

    def _component(self, what: str, channel: str, state: dict[str, Any], *, full: bool) -> None:
        for key, code, unit in _VALUES.get(what, ()):
            value = wire.number(_inside(state, key))
            if value is not None:
                self._add(code, value, channel, unit)
        alarm = _ALARMS.get(what)
        if alarm is not None:
            self._alarm(alarm, state, channel, full=full)
        present = wire.truth(state.get("value")) if what == "presencezone" else None
        if present is not None:
            self._add("presence", float(present), channel)

    def event(self, event: dict[str, Any], whole: object) -> None:
        """Take over one event; `whole` is the time of the whole message, for an event without its own."""
        component, word = event.get("component"), event.get("event")
        if type(component) is not str or type(word) is not str:
            return
        what, _, number = component.partition(":")
        channel = "" if number in ("", "0") else number[:128]
        self.at, self.flags = _time(event.get("ts", whole), self.arrival)
        # Seen both as "alarm" and as "flood.alarm".
        last = word.rpartition(".")[2]
        if what in shelly_blu.SPEAKERS:
            self._bluetooth(*shelly_blu.event(component, last, event, self.at, self.arrival))
        elif what == "input":
            self._press(last, channel)
        elif what == "presencezone" and last == "presence":
            self._component(what, channel, event, full=False)
        elif what in _ALARMS and last in _EVENTS:
            code, value, flags = _EVENTS[last]
            self._add(code or _ALARMS[what], value, channel, flags=flags)

    def _press(self, word: str, channel: str) -> None:
        """Take a press for a call for help where the registered model says so, and only once a press."""
        model = models_of_kit.model_called(self.arrival.models.get(self.address or ""))
        if model.calls_for_help and word.endswith("_push"):
            self._add("pendant", 1.0, channel)

    def _sleep(self, state: dict[str, Any]) -> None:
        """Read how often kit on batteries wakes, whatever happens, to say that it is there; in seconds."""
        period = wire.number(state.get("wakeup_period"))
        if period is not None and period > 0:
            self.wakes_every = period

    def _bluetooth(self, found: list[Measurement], batteries: Mapping[str, float]) -> None:
        self.measurements.extend(found)
        self.behind.update(batteries)

    def _alarm(self, code: str, state: dict[str, Any], channel: str, *, full: bool) -> None:
        said = state.get("alarm")
        value = wire.truth(said)
        if value is not None:
            self._add(code, float(value), channel)
        elif said is not None:
            self.unreadable = True
        # `errors` is there only while there are any, so that its absence says "none" in a full status alone.
        if full or "errors" in state:
            self._add("sensor_fault", float(bool(state.get("errors"))), channel)

    def _power_supply(self, state: dict[str, Any], channel: str) -> None:
        external = wire.truth(_inside(state, "external.present"))
        if external is not None:
            self._add("mains_power", float(external), channel)
        level = wire.percent(_inside(state, "battery.percent"))
        # On external power 0 % is "no battery in it", not an empty one.
        if level is not None and not (external and level == 0):
            self.battery = level

    def _add(
        self,
        code: str,
        value: float,
        channel: str,
        unit: str | None = None,
        *,
        flags: Flags = Flags.NONE,
    ) -> None:
        self.measurements.append(
            wire.measurement(
                code,
                value,
                self.at,
                flags=self.flags | flags,
                channel=channel,
                address=self.address,
                unit=unit,
            )
        )


def _inside(state: dict[str, Any], path: str) -> object:
    found: Any = state
    for key in path.split("."):
        found = found.get(key) if type(found) is dict else None
    return found


_METER = (
    ("apower", "appliance_power", None),
    ("aenergy.total", "appliance_energy", "W.h"),
    ("voltage", "mains_voltage", None),
)
# component: (where the value stands, the kind, its unit where it isn't the kind's own)
_VALUES: Mapping[str, tuple[tuple[str, str, str | None], ...]] = {
    "temperature": (("tC", "room_temperature", None),),
    "humidity": (("rh", "room_humidity", None),),
    "illuminance": (("lux", "illuminance", None),),
    "switch": _METER,
    "pm1": _METER,
    "em": (("total_act_power", "electricity_power", None),),
    "emdata": (
        ("total_act", "electricity_energy", "W.h"),
        ("total_act_ret", "electricity_export_energy", "W.h"),
    ),
    "em1": (("act_power", "electricity_power", None),),
    "em1data": (
        ("total_act_energy", "electricity_energy", "W.h"),
        ("total_act_ret_energy", "electricity_export_energy", "W.h"),
    ),
}
_ALARMS = {"flood": "water_leak", "smoke": "smoke"}
# event: (the kind, or None for the component's alarm; its value; what has to be known of it)
_EVENTS: Mapping[str, tuple[str | None, float, Flags]] = {
    "alarm": (None, 1.0, Flags.NONE),
    "alarm_off": (None, 0.0, Flags.NONE),
    "alarm_test": (None, 1.0, Flags.TEST),
    "cable_unplugged": ("sensor_fault", 1.0, Flags.NONE),
}
