"""Bluetooth sensors behind a Shelly: as components of the gateway, or told by a script that runs on it.

A component is known by its number in the gateway ("bthomedevice:200"), which messages give instead of a MAC.
The value of a `bthomesensor` is left out, as only the gateway's settings tell what it measures. Scripts tell
the MAC, and of all that they hear: only registered sensors are read, as others may be the neighbours'.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices import models_of_kit
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.measurement import Measurement

COMPONENTS = frozenset({"bthomedevice", "blutrv", "blu"})
"""Components of a status that are read here."""
SPEAKERS = frozenset({"bthomedevice", "bthomesensor", "script", "blu"})
"""Components whose events are read here."""

_MAC = re.compile(r"[0-9A-F]{12}")
# Keys of two published scripts of Shelly (ALLTERCO/shelly-script-examples): objects of BTHome.
_NUMBERS: Mapping[str, str] = {
    "temperature": "room_temperature",
    "humidity": "room_humidity",
    "illuminance": "illuminance",
}
_STATES: Mapping[str, str] = {"motion": "motion", "window": "door_open"}

Found = tuple[list[Measurement], Mapping[str, float]]
"""What was measured, and battery levels by address."""


def component(name: str, state: dict[str, Any], sent_at: datetime | None, arrival: Arrival) -> Found:
    """Read a component's status: a BLU sensor as such, a radiator valve, or what a script heard ("blu").

    `sent_at` is the time of the whole message. A press comes as an event too, and counts there.
    """
    if name == "blu":
        found: list[Measurement] = []
        levels: dict[str, float] = {}
        for heard in state.values():
            if type(heard) is dict:
                more, batteries = _heard(heard.get("addr"), {**heard, "button": None}, sent_at, arrival)
                found += more
                levels |= batteries
        return found, levels
    at, flags = wire.any_time(state.get("last_updated_ts"), arrival.zone)
    warmth = wire.number(state.get("current_C"))
    measured = []
    if warmth is not None:
        measured.append(
            wire.measurement("room_temperature", warmth, at, flags=flags | arrival.flags, address=name)
        )
    level = wire.percent(state.get("battery"))
    return measured, {name: level} if level is not None else {}


def event(name: str, word: str, said: dict[str, Any], at: datetime | None, arrival: Arrival) -> Found:
    """Read an event: a press of a BLU button, or what a script tells."""
    if name.startswith("bthome"):
        calls = models_of_kit.model_called(arrival.models.get(name)).calls_for_help and word.endswith("_push")
        return ([_press(name, at, arrival)] if calls else []), {}
    told = said.get("data")
    if type(told) is not dict:
        return [], {}
    if name == "blu":
        device = told.get("device")
        mac = device.rpartition("-")[2] if isinstance(device, str) else None
        return _heard(mac, {"button": told.get("value")}, at, arrival)
    return _heard(told.get("address"), told, at, arrival)


def _heard(mac: object, said: dict[str, Any], at: datetime | None, arrival: Arrival) -> Found:
    address = mac.replace(":", "").upper() if isinstance(mac, str) else ""
    if not _MAC.fullmatch(address) or not arrival.hears(address):
        return [], {}
    found = []
    for key, code in _NUMBERS.items():
        value = wire.number(said.get(key))
        if value is not None:
            found.append(wire.measurement(code, value, at, flags=arrival.flags, address=address))
    for key, code in _STATES.items():
        state = wire.truth(said.get(key))
        if state is not None:
            found.append(wire.measurement(code, float(state), at, flags=arrival.flags, address=address))
    buttons = said.get("button")
    pressed = [wire.number(each) for each in (buttons if type(buttons) is list else [buttons])]
    if models_of_kit.model_called(arrival.models.get(address)).calls_for_help and any(pressed):
        found.append(_press(address, at, arrival))
    level = wire.percent(said.get("battery"))
    return found, {address: level} if level is not None else {}


def _press(address: str, at: datetime | None, arrival: Arrival) -> Measurement:
    return wire.measurement("pendant", 1.0, at, flags=arrival.flags, address=address)
