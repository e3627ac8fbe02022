"""What a Tasmota bridge says of a Zigbee sensor: just heard (ZbReceived), or out of its memory (ZbInfo)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devices import models_of_kit
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.kinds import KINDS
from devices.measurement import Flags, Measurement, Sensor

_SHORT = re.compile(r"0x[0-9A-Fa-f]{4}")
_COMMAND = re.compile(r"[0-9A-F]{4}![0-9A-F]{2}")

# key of the bridge: (the kind, its unit). Illuminance is lux of one model, a logarithm of another: left out.
_NUMBERS: Mapping[str, tuple[str, str | None]] = {
    "Temperature": ("room_temperature", None),
    "Humidity": ("room_humidity", None),
    "Pressure": ("air_pressure", None),
    "CO2": ("co2", None),
    "BatteryVoltage": ("battery_voltage", "V"),
    "ActivePower": ("appliance_power", None),
    "RMSVoltage": ("mains_voltage", None),
}
# By the type of the sensor's alarm zone, which the bridge asks for; 1 of Contact is open.
_STATES: Mapping[str, str] = {
    "Occupancy": "motion",
    "Contact": "door_open",
    "Fire": "smoke",
    "Water": "water_leak",
    "CO": "carbon_monoxide_alarm",
}
_CALLS = ("PersonalAlarm", "Panic")
_NAMED = (*_STATES, *_CALLS, "Movement", "GlassBreak")
# Alarm commands of the cluster of arming panels (0501): emergency, fire, panic.
_HELP = frozenset({"0501!02", "0501!03", "0501!04"})
_ALARM, _TAMPER, _LOW, _TEST = 0x01, 0x04, 0x08, 0x100
"""Bits of a zone's status (Zigbee Cluster Library, IAS Zone)."""


class ZigbeeSensor:
    """One sensor's part of a message while it is read.

    Its address is the short one ("0x5FA7"), under which alone it speaks: joining anew changes it.
    """

    def __init__(self, key: str, said: dict[str, Any], arrival: Arrival, *, cached: bool) -> None:
        """`key` is the name or the address it stands under; `cached` says that the bridge remembers it."""
        device = said.get("Device", key)
        short = isinstance(device, str) and _SHORT.fullmatch(device)
        self.address = f"0x{device[2:].upper()}" if short else ""
        self.said = said
        self.model = models_of_kit.model_called(arrival.models.get(self.address) or self._own_model())
        self.at, self.flags = wire.any_time(said.get("LastSeenEpoch") if cached else None, arrival.zone)
        self.flags |= arrival.flags | (Flags.REPLAYED if cached else Flags.NONE)
        self.unreadable = ""

    @property
    def battery(self) -> float | None:
        """Its level in percent, if it said one."""
        return wire.percent(self.said.get("BatteryPercentage", self.said.get("Battery")))

    @property
    def listed(self) -> Sensor:
        """The sensor as the bridge lists it."""
        return Sensor(self.address, self._own_model(), wire.short_text(self.said.get("Name")))

    def measurements(self) -> Iterator[Measurement]:
        """All that is stored of what it said."""
        for key, said in self.said.items():
            if key in _NUMBERS:
                yield from self._number(key, said)
            elif key in _STATES:
                yield from self._truth(key, said)
        yield from self._zone()
        yield from self._power()
        if self._calls():
            yield self._one("pendant", 1.0)

    def _own_model(self) -> str | None:
        return wire.short_text(self.said.get("ModelId"))

    def _zone(self) -> Iterator[Measurement]:
        """Read the zone's bits; the alarm only where the bridge doesn't know what it is of, so names none."""
        status = self.said.get("ZoneStatusChange")
        if type(status) is not int:
            return
        for bit, code in ((_TAMPER, "tamper"), (_LOW, "battery_low")):
            if status & bit:
                yield self._one(code, 1.0)
        named = any(self.said.get(key) is not None for key in _NAMED)
        if not named and not self.model.calls_for_help:
            flags = Flags.TEST if status & _TEST else Flags.NONE
            yield self._one(self.model.alarm_1 or "unnamed_alarm", float(status & _ALARM), flags=flags)

    def _power(self) -> Iterator[Measurement]:
        """Read whether a plug is on; beside a command it is what a remote asks of others."""
        value = wire.truth(self.said.get("Power"))
        if value is not None and not self._commanded():
            yield self._one("appliance_on", float(value))

    def _calls(self) -> bool:
        """Whether it calls for help: by the kind of its alarm, its command, or any command of its model."""
        if any(wire.truth(self.said.get(key)) for key in _CALLS) or not _HELP.isdisjoint(self.said):
            return True
        return self.model.calls_for_help and self._commanded()

    def _commanded(self) -> bool:
        return any(_COMMAND.fullmatch(key) and not key.startswith("0500") for key in self.said)

    def _number(self, key: str, said: object) -> Iterator[Measurement]:
        value = wire.number(said)
        if value is not None:
            code, unit = _NUMBERS[key]
            yield self._one(code, value, unit)

    def _truth(self, key: str, said: object) -> Iterator[Measurement]:
        value = wire.truth(said)
        if value is not None:
            yield self._one(_STATES[key], float(value))
        elif said is not None and KINDS[_STATES[key]].life_safety:
            self.unreadable = key

    def _one(
        self, code: str, value: float, unit: str | None = None, *, flags: Flags = Flags.NONE
    ) -> Measurement:
        return wire.measurement(
            code, value, self.at, flags=self.flags | flags, address=self.address, unit=unit
        )
