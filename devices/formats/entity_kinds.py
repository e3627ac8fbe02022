"""Which kind of reading an entity of Home Assistant stands for, by its class, its unit and its name.

Device classes and what "on" means of each: the developers' pages of Home Assistant, "Sensor entity" and
"Binary sensor entity" (developers.home-assistant.io). A class that is not here is of nothing we keep.
"""

import re
from collections.abc import Mapping

from devices import kinds
from devices.kinds import Shape

ONLINE = "online"
"""Not a kind: the entity tells whether the kit is connected."""
BATTERY = "battery"
"""Of a sensor: the level, which stands with the kit and is no reading."""

STATES: Mapping[str, str] = {
    "battery": "battery_low",
    "carbon_monoxide": "carbon_monoxide_alarm",
    "connectivity": ONLINE,
    "door": "door_open",
    "garage_door": "door_open",
    "gas": "gas_alarm",
    "heat": "heat_alarm",
    "light": "light_on",
    "moisture": "water_leak",
    "motion": "motion",
    "moving": "motion",
    "occupancy": "presence",
    "opening": "door_open",
    "presence": "presence",
    "problem": "sensor_fault",
    "running": "appliance_on",
    "safety": "unnamed_alarm",
    "smoke": "smoke",
    "tamper": "tamper",
    "window": "window_open",
}
NUMBERS: Mapping[str, str] = {
    "atmospheric_pressure": "air_pressure",
    "battery": BATTERY,
    "blood_glucose_concentration": "glucose",
    "carbon_dioxide": "co2",
    "carbon_monoxide": "carbon_monoxide",
    "energy": "appliance_energy",
    "gas": "gas_volume",
    "humidity": "room_humidity",
    "illuminance": "illuminance",
    "pm25": "pm25",
    "power": "appliance_power",
    "pressure": "air_pressure",
    "signal_strength": "signal",
    "sound_pressure": "noise_level",
    "temperature": "room_temperature",
    "volatile_organic_compounds": "tvoc",
    "water": "water_volume",
    "weight": "weight",
}
# What an entity without a class is called at the end of its object id, where that is not the name of a kind.
_NAMES: Mapping[str, str] = {
    "bed": "bed_occupied",
    "bed_presence": "bed_occupied",
    "blood_oxygen": "spo2",
    "chair": "chair_occupied",
    "contact": "door_open",
    "door": "door_open",
    "heart_rate": "pulse",
    "humidity": "room_humidity",
    "leak": "water_leak",
    "occupancy": "presence",
    "oxygen_saturation": "spo2",
    "pm_2_5": "pm25",
    "pm2_5": "pm25",
    "respiration": "respiratory_rate",
    "sos": "pendant",
    "panic": "pendant",
    "temperature": "room_temperature",
    "water_leak": "water_leak",
    "window": "window_open",
}
_CHIP = re.compile(r"(?:^|_)(?:device|chip|cpu|internal|board|esp32)_?temp")
"""A thermometer of the kit itself and of no room."""
_WORDS = re.compile(r"[^a-z0-9]+")


def kind_of(component: str, device_class: str | None, unit: str | None, name: str) -> str | None:
    """The kind of reading, ONLINE or BATTERY; None for what is not kept.

    `component` is Home Assistant's (sensor, binary_sensor, switch, event…), `name` the end of its object id.
    """
    slug = _slug(name)
    if component == "switch":
        return "appliance_on"
    if component == "binary_sensor":
        found = STATES.get(device_class or "")
        return _by_name(slug, binary=True) if device_class is None else found
    if component != "sensor":
        return None
    if device_class == "voltage":
        return {"mV": "battery_voltage", "V": "mains_voltage"}.get(unit or "")
    named = _by_name(slug, binary=False)
    if device_class is None:
        return named
    found = NUMBERS.get(device_class)
    if found == "room_temperature" and (_CHIP.search(slug) is not None):
        return None
    # A thermometer called body_temperature is one, and no room's.
    return named if named is not None and found is not None and _same_unit(named, found) else found


def is_plain(name: str, device_class: str | None, kind: str) -> bool:
    """Whether an entity's name says no more than what it measures."""
    slug = _slug(name)
    return slug in (device_class, kind, "state") or _NAMES.get(slug) == kind


def _same_unit(one: str, other: str) -> bool:
    return other not in (ONLINE, BATTERY) and kinds.get(one).unit == kinds.get(other).unit


def _slug(name: str) -> str:
    return _WORDS.sub("_", name.lower()).strip("_")


def _by_name(slug: str, *, binary: bool) -> str | None:
    """The kind whose code, or whose common name, `slug` is or ends with: the longest that fits."""
    words = slug.split("_")
    for first in range(len(words)):
        ending = "_".join(words[first:])
        kind = kinds.find_measured(_NAMES.get(ending, ending))
        if kind is not None and (kind.shape in (Shape.STATE, Shape.EVENT)) is binary:
            return kind.code
    return None
