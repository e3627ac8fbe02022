"""Theengs Gateway and OpenMQTTGateway: what Bluetooth and 433 MHz sensors broadcast, decoded by the gateway.

Radio comes through walls: a gateway also hears the neighbours' phones, scales and thermometers. Only sensors
that are registered behind it are read; of any other nothing is kept, not even as a rejected message.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from devices import models_of_kit
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.kinds import KINDS
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable

CLOCK_BELIEVED = timedelta(days=1)
"""A scale broadcasts while somebody stands on it and for moments after: a clock further off is not set."""

_STRANGER = "A sensor that is not registered behind this gateway: it may be the neighbours'."
_NOTHING = "The message has no key that Hearthline stores."
_MAC = re.compile(r"[0-9A-F]{12}")
_UNFIT = re.compile(r"[\s/+#]+")

# key of the gateway: (the kind, its unit where it isn't the kind's own)
_BLUETOOTH: Mapping[str, tuple[str, str | None]] = {
    "tempc": ("room_temperature", None),
    "hum": ("room_humidity", None),
    "co2": ("co2", None),
    "pm25": ("pm25", None),
    "lux": ("illuminance", None),
    "pres": ("air_pressure", None),
    "volt": ("battery_voltage", "V"),
    "steps": ("steps", None),
}
# Common keys of rtl_433, which OpenMQTTGateway carries along: triq.org/rtl_433/DATA_FORMAT.html.
_RADIO: Mapping[str, tuple[str, str | None]] = {
    "temperature_C": ("room_temperature", None),
    "temperature_F": ("room_temperature", "[degF]"),
    "humidity": ("room_humidity", None),
    "pressure_hPa": ("air_pressure", None),
    "light_lux": ("illuminance", None),
    "battery_mV": ("battery_voltage", None),
    "power_W": ("electricity_power", None),
    "energy_kWh": ("electricity_energy", None),
}
_STATES: Mapping[str, str] = {
    "open": "door_open",
    "opened": "door_open",
    "contact_open": "door_open",
    "reed_open": "door_open",
    "motion": "motion",
    "movement": "motion",
    "presence": "presence",
    "leak": "water_leak",
    "water_leak": "water_leak",
    "water": "water_leak",
    "detect_wet": "water_leak",
    "smoke": "smoke",
    "tamper": "tamper",
    "lowbatt": "battery_low",
    "batt_low": "battery_low",
}
# SwitchBot's contact sensor says it in words.
_CONTACTS: Mapping[object, float] = {"open": 1.0, "timeout not closed": 1.0, "closed": 0.0}
_PULSES = ("bpm", "act_bpm")
_NO_PULSE = frozenset({0.0, 255.0})
_BUTTONS = ("button", "button1", "button2", "button3", "button4")
# What these measure the pressure or the voltage of is a tyre, a car, a solar panel.
_ELSEWHERE = frozenset({"TIRE", "ENRG", "BATT"})


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. `rest` is the gateway's topic: "{gateway}/BTtoMQTT/{MAC}", ".../LWT" and so on.

    A Bluetooth sensor's address is its MAC in capitals without colons, one of 433 MHz "{model}-{id}" as
    rtl_433 says them, or the bare code of a plain remote.
    """
    levels = rest.split("/")
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    if levels[-1] == "LWT":
        return Decoded(statuses=(Status(online=_online(payload)),))
    if "commands" in levels:
        return Decoded(nothing="A command to the gateway, not a word from it.")
    if any(level.endswith("433toMQTT") for level in levels):
        return _radio(wire.load_object(payload), arrival)
    address = _address(levels[-1])
    if address is not None and not arrival.hears(address):
        return Decoded(nothing=_STRANGER)
    body = wire.load_object(payload)
    if levels[-1] == "SYStoMQTT":
        return _gateway(body)
    return _advert(address or _address(body.get("id")), body, arrival)


def _online(payload: bytes) -> bool:
    word = payload.strip().lower()
    if word not in (b"online", b"offline"):
        raise Undecodable("bad_state", "The word on this topic is online or offline.")
    return word == b"online"


def _gateway(body: dict[str, Any]) -> Decoded:
    version = wire.short_text(body.get("version"))
    if version is None:
        return Decoded(nothing="The gateway talking about itself.")
    return Decoded(statuses=(Status(firmware=version),))


def _address(said: object) -> str | None:
    """Return a MAC in capitals without colons; None for what is none, such as the long id of an iBeacon."""
    found = said.replace(":", "").upper() if isinstance(said, str) else ""
    return found if _MAC.fullmatch(found) else None


def _advert(address: str | None, body: dict[str, Any], arrival: Arrival) -> Decoded:
    if address is None or not arrival.hears(address):
        return Decoded(nothing=_STRANGER)
    message = _Message(address, body, arrival, _BLUETOOTH)
    found = [*message.measured(), *message.bluetooth()]
    return message.decoded(found, wire.percent(body.get("batt")))


def _radio(body: dict[str, Any], arrival: Arrival) -> Decoded:
    """Read a message of rtl_433, or the bare code of a remote, which means what its registered model says."""
    model, number = body.get("model"), body.get("id", body.get("value"))
    if type(number) not in (int, str):
        return Decoded(nothing=_STRANGER)
    parts = [model, str(number)] if isinstance(model, str) else [str(number)]
    address = _UNFIT.sub("-", "-".join(parts))
    if not address or not arrival.hears(address):
        return Decoded(nothing=_STRANGER)
    message = _Message(address, body, arrival, _RADIO)
    return message.decoded([*message.measured(), *message.radio()], None)


class _Message:
    """One message of one registered sensor while it is read."""

    def __init__(
        self,
        address: str,
        body: dict[str, Any],
        arrival: Arrival,
        numbers: Mapping[str, tuple[str, str | None]],
    ) -> None:
        self.address = address
        self.body = body
        self.arrival = arrival
        self.numbers = numbers
        self.model = models_of_kit.model_called(arrival.models.get(address))
        # rtl_433 on a computer puts a time; gateways do not.
        self.at, self.flags = wire.any_time(body.get("time"), arrival.zone)
        self.flags |= arrival.flags
        self.unreadable = ""

    def decoded(self, found: list[Measurement], battery: float | None) -> Decoded:
        statuses = (Status(battery=battery, address=self.address),) if battery is not None else ()
        return Decoded(
            tuple(found),
            statuses,
            message_id=self._press_id(found),
            nothing=None if found or statuses else _NOTHING,
            fault=wire.unreadable_alarm(self.unreadable, found) if self.unreadable else None,
        )

    def _press_id(self, found: list[Measurement]) -> str | None:
        """Tell presses apart by the packet's counter, as one press is broadcast several times.

        It counts to 255 and begins again: readings would after some hours be taken for repetitions.
        """
        packet = self.body.get("packet")
        pressed = any(one.kind == "pendant" for one in found)
        return f"{self.address}-{packet}" if pressed and type(packet) is int else None

    def measured(self) -> Iterator[Measurement]:
        """What both radios have in common: numbers, states and presses."""
        elsewhere = self.body.get("type") in _ELSEWHERE
        for key, (code, unit) in self.numbers.items():
            if not (elsewhere and key in ("pres", "volt")):
                yield from self._number(key, code, unit)
        # A blind is open by so many per cent, and moves.
        if self.body.get("type") != "WCVR":
            for key, code in _STATES.items():
                yield from self._truth(key, code)
        if self.model.calls_for_help and self._pressed():
            yield self._one("pendant", 1.0)

    def bluetooth(self) -> Iterator[Measurement]:
        """What only Bluetooth sensors say."""
        if "tempc" not in self.body:
            yield from self._number("tempf", "room_temperature", "[degF]")
        contact = self.body.get("contact")
        if isinstance(contact, str) and contact in _CONTACTS:
            yield self._one("door_open", _CONTACTS[contact])
        for key in _PULSES:
            pulse = wire.number(self.body.get(key))
            if pulse is not None and pulse not in _NO_PULSE:
                yield self._one("pulse", pulse)
        yield from self._weight()

    def radio(self) -> Iterator[Measurement]:
        """What only sensors of 433 MHz say."""
        yield from self._truth("closed", "door_open", turned=True)
        level = wire.number(self.body.get("battery_ok"))
        if level is not None:
            yield self._one("battery_low", float(level <= 0))
        if self.body.get("event") == "Water Leak":
            yield self._one("water_leak", 1.0)
        yield from self._alarm()

    def _alarm(self) -> Iterator[Measurement]:
        alarm = self.model.alarm_1 or "unnamed_alarm"
        yield from self._truth("alarm", alarm)
        # It sends nothing but its code while it sounds; `learn` is how it is paired.
        if str(self.body.get("model", "")).startswith("Smoke-") and not wire.truth(self.body.get("learn")):
            yield self._one("smoke", 1.0)

    def _weight(self) -> Iterator[Measurement]:
        """Read a weighing of a person: what else stands on the scale is nobody's weight."""
        value, unit = wire.number(self.body.get("weight")), self.body.get("unit")
        known = isinstance(unit, str) and unit in KINDS["weight"].conversions
        if value is None or not known or self.body.get("weighing_mode") != "person":
            return
        at, flags = self._scale_time()
        yield wire.measurement(
            "weight", value, at, flags=self.arrival.flags | flags, address=self.address, unit=unit
        )

    def _scale_time(self) -> tuple[datetime | None, Flags]:
        """Read the scale's own clock, by which the same weighing heard again is known, out of the raw advert.

        Two layouts of Xiaomi: 10 bytes (service 181D), time from the fourth; 13 bytes (181B), from the third.
        """
        try:
            raw = bytes.fromhex(str(self.body.get("servicedata", "")))
            start = {10: 3, 13: 2}[len(raw)]
            year = int.from_bytes(raw[start : start + 2], "little")
            month, day, hour, minute, second = raw[start + 2 : start + 7]
        except (ValueError, KeyError):
            return None, Flags.NONE
        said = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        at, flags = wire.any_time(said, self.arrival.zone)
        if at is None or abs(self.arrival.received_at - at) > CLOCK_BELIEVED:
            return None, Flags.NONE
        return at, flags

    def _pressed(self) -> bool:
        """Whether a button was used; a remote of 433 MHz speaks only when one is."""
        if "value" in self.body and "id" not in self.body:
            return True
        return any((wire.number(self.body.get(key)) or 0) > 0 for key in _BUTTONS)

    def _one(self, code: str, value: float, unit: str | None = None) -> Measurement:
        return wire.measurement(code, value, self.at, flags=self.flags, address=self.address, unit=unit)

    def _number(self, key: str, code: str, unit: str | None) -> Iterator[Measurement]:
        value = wire.number(self.body.get(key))
        if value is not None:
            yield self._one(code, value, unit)

    def _truth(self, key: str, code: str, *, turned: bool = False) -> Iterator[Measurement]:
        said = self.body.get(key)
        value = wire.truth(said)
        if value is not None:
            yield self._one(code, float(value is not turned))
        elif said is not None and KINDS[code].life_safety:
            self.unreadable = key
