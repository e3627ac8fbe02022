"""Tasmota: plugs and sensors by themselves, and the Bluetooth and Zigbee sensors that a bridge hears."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devices import models_of_kit
from devices.formats import wire
from devices.formats.tasmota_zigbee import ZigbeeSensor
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Measurement, Sensor, Status, Undecodable

_NOTHING = "The message has no key that Hearthline stores."
_TALK = "Tasmota talking about itself."
# A log, and a list of all that advertises nearby: the neighbours' phones too.
_UNREAD = frozenset({"LOGGING", "BLE"})

# key of a sensor: the kind. What else they say (a dew point, an index) is reckoned, or its unit isn't ours.
_NUMBERS: Mapping[str, str] = {
    "Humidity": "room_humidity",
    "Illuminance": "illuminance",
    "CarbonDioxide": "co2",
    "PM2.5": "pm25",
}
# The names its Bluetooth drivers give what they hear, and then the last half of the MAC.
_HEARD = re.compile(
    r"(Flora|MJ_HT_V1|LYWSD0\d|CGG1|CGD\w?\d|NLIGHT|MJYD2S|YEERC|YLYK01|YLKG08|YLAI003|MHO-?C\d+|ATC|PVVX"
    r"|MCCGQ02|SJWS01L|BTHome|MI_[0-9A-F]{4})-?([0-9a-f]{6})"
)
# Some of these have 99 % built in, whatever their battery (tasmota/docs Bluetooth.md).
_ALWAYS_99 = ("Flora", "LYWSD02", "LYWSD03", "CGD1")
_HEARD_STATES = (("Motion", "motion"), ("PIR", "motion"), ("Door", "door_open"), ("Leak", "water_leak"))
_BEACON = "IBEACON"
_MAC = re.compile(r"[0-9A-F]{12}")
# The sensor in the chip tells how warm the chip is.
_CHIPS = frozenset({"ESP32", "ESP8266"})
_POWER = re.compile(r"POWER(\d{0,2})")


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. The last level of `rest` says which: SENSOR, STATE, RESULT, POWER1, LWT, INFO1.

    What stands before it is set by whoever installed it. Tasmota's own sensors are channels by their names,
    for the ones that fail leave the message; those it hears have addresses.
    """
    last = rest.rpartition("/")[2]
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    if last == "LWT":
        return Decoded(statuses=(Status(online=_online(payload)),))
    if last in _UNREAD:
        return Decoded(nothing=_TALK)
    if _POWER.fullmatch(last) and payload[:1] != b"{":
        return _plain_power(last, payload, arrival)
    body = wire.load_object(payload)
    if last.startswith("INFO"):
        return _about(body)
    inner = body.get("StatusSNS", body)
    return _Message(inner if type(inner) is dict else {}, arrival).decoded()


def _online(payload: bytes) -> bool:
    word = payload.strip().lower()
    if word not in (b"online", b"offline"):
        raise Undecodable("bad_state", "The word on this topic is Online or Offline.")
    return word == b"online"


def _plain_power(last: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Read the bare ON or OFF that stands beside RESULT."""
    value = wire.truth(payload.decode("utf-8", "replace").strip())
    if value is None:
        return Decoded(nothing="A word other than ON and OFF.")
    one = wire.measurement(
        "appliance_on", float(value), None, flags=arrival.flags, channel=last.removeprefix("POWER")
    )
    return Decoded((one,))


def _about(body: dict[str, Any]) -> Decoded:
    inside = body.get("Info1", body)
    firmware = wire.short_text(inside.get("Version")) if type(inside) is dict else None
    statuses = (Status(firmware=firmware),) if firmware else ()
    return Decoded(statuses=statuses, nothing=None if statuses else _TALK)


class _Message:
    """One message while it is read."""

    def __init__(self, body: dict[str, Any], arrival: Arrival) -> None:
        self.body = body
        self.arrival = arrival
        self.at, self.flags = wire.set_time(body.get("Time"), arrival.zone)
        self.flags |= arrival.flags
        self.batteries: dict[str, float] = {}
        self.sensors: list[Sensor] = []
        self.unreadable = ""

    def decoded(self) -> Decoded:
        found = list(self._all())
        statuses = tuple(Status(battery=level, address=each) for each, level in self.batteries.items())
        return Decoded(
            tuple(found),
            statuses,
            nothing=None if found or statuses else _NOTHING,
            fault=wire.unreadable_alarm(self.unreadable, found) if self.unreadable else None,
            sensors=tuple(self.sensors),
        )

    def _all(self) -> Iterator[Measurement]:
        for key, said in self.body.items():
            if key == "ENERGY" and type(said) is dict:
                yield from self._energy(said)
            elif key in ("ZbReceived", "ZbInfo") and type(said) is dict:
                yield from self._zigbee(said, cached=key == "ZbInfo")
            elif power := _POWER.fullmatch(key):
                yield from self._power(said, power[1])
            elif type(said) is dict:
                yield from self._sensor(key, said)

    def _power(self, said: object, channel: str) -> Iterator[Measurement]:
        value = wire.truth(said)
        if value is not None:
            yield self._one("appliance_on", float(value), channel=channel)

    def _energy(self, said: dict[str, Any]) -> Iterator[Measurement]:
        """Read a meter; of several phases each value is a list."""
        for key, code in (
            ("Power", "appliance_power"),
            ("Total", "appliance_energy"),
            ("Voltage", "mains_voltage"),
        ):
            values = said.get(key)
            phases = values if type(values) is list else [values]
            for place, each in enumerate(phases[:16], start=1):
                value = wire.number(each)
                if value is not None:
                    yield self._one(code, value, channel=str(place) if type(values) is list else "")

    def _sensor(self, name: str, said: dict[str, Any]) -> Iterator[Measurement]:
        if name.startswith(_BEACON) or name in _CHIPS:
            return
        heard = _HEARD.fullmatch(name)
        if heard is not None or "mac" in said or "RSSI" in said:
            yield from self._heard(said, *(heard.groups() if heard is not None else ("", "")))
            return
        if "Action" in said and models_of_kit.model_called(self.arrival.models.get("")).calls_for_help:
            yield self._one("pendant", 1.0, channel=name[: wire.MAX_TEXT])
        yield from self._climate(said, channel=name[: wire.MAX_TEXT])

    def _heard(self, said: dict[str, Any], model: str, half: str) -> Iterator[Measurement]:
        """Read a Bluetooth sensor, if it is registered: what comes through the wall is the neighbours'."""
        mac = said.get("mac")
        whole = mac.upper() if isinstance(mac, str) else ""
        address = whole if _MAC.fullmatch(whole) else half.upper()
        if not address or not self.arrival.hears(address):
            return
        yield from self._climate(said, address=address)
        for key, code in _HEARD_STATES:
            value = wire.truth(said.get(key))
            if value is not None:
                yield self._one(code, float(value), address=address)
        level = wire.percent(said.get("Battery"))
        if level is not None and not (level == 99 and model in _ALWAYS_99):
            self.batteries[address] = level

    def _zigbee(self, said: dict[str, Any], *, cached: bool) -> Iterator[Measurement]:
        for key, part in said.items():
            if type(part) is not dict or not part:
                continue
            sensor = ZigbeeSensor(key, part, self.arrival, cached=cached)
            if not sensor.address:
                continue
            yield from sensor.measurements()
            self.unreadable = sensor.unreadable or self.unreadable
            if sensor.battery is not None:
                self.batteries[sensor.address] = sensor.battery
            if cached:
                self.sensors.append(sensor.listed)

    def _climate(
        self, said: dict[str, Any], *, channel: str = "", address: str | None = None
    ) -> Iterator[Measurement]:
        for key, code in _NUMBERS.items():
            value = wire.number(said.get(key))
            if value is not None:
                yield self._one(code, value, channel=channel, address=address)
        degrees = wire.number(said.get("Temperature"))
        if degrees is not None:
            unit = "[degF]" if self.body.get("TempUnit") == "F" else None
            yield self._one("room_temperature", degrees, channel=channel, address=address, unit=unit)
        pressure = wire.number(said.get("Pressure"))
        if pressure is not None and self.body.get("PressureUnit", "hPa") == "hPa":
            yield self._one("air_pressure", pressure, channel=channel, address=address)

    def _one(
        self,
        code: str,
        value: float,
        *,
        channel: str = "",
        address: str | None = None,
        unit: str | None = None,
    ) -> Measurement:
        return wire.measurement(
            code, value, self.at, flags=self.flags, channel=channel, address=address, unit=unit
        )
