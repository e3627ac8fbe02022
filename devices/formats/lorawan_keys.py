"""What the keys of LoRaWAN codecs mean: which kind of reading each is, and what its words say."""

from collections.abc import Callable, Mapping
from typing import Any

from devices.formats import wire
from devices.models_of_kit import UNKNOWN, Model

Found = tuple[str, float | None, str | None]
"""A kind, its value (None is "said, but not in a way we know"), its unit."""
Reader = Callable[[Any, dict[str, Any], Model], list[Found]]

_YES = frozenset(
    {
        "open",
        "leak",
        "alarm",
        "abnormal",
        "trigger",
        "triggered",
        "occupied",
        "uninstalled",
        "pressed",
        "detected",
    }
)
_NO = frozenset({"close", "closed", "normal", "idle", "vacant", "installed", "dry", "clear"})
_LETTING_GO = frozenset({"", "0", "false", "off", "no", "none", "normal", "idle", "release", "released"})


def meaning(key: str, value: object, keys: dict[str, Any], model: Model) -> list[Found]:
    """Return what `value` under `key` says; `keys` is what stood beside it. Null says nothing."""
    reader = _READERS.get(key)
    return reader(value, keys, model) if reader is not None and value is not None else []


def _measured(code: str, unit: str | None = None) -> Reader:
    return lambda value, _keys, _model: [(code, wire.number(value), unit)]


def _state(code: str, *, turned: bool = False) -> Reader:
    def read(value: object, _keys: dict[str, Any], _model: Model) -> list[Found]:
        said = _truth(value)
        return [(code, None if said is None else float(said is not turned), None)]

    return read


def _truth(value: object) -> bool | None:
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _YES:
        return True
    return False if word in _NO else wire.truth(value)


def _voltage(value: object, _keys: dict[str, Any], _model: Model) -> list[Found]:
    number = wire.number(value)
    return [("battery_voltage", number, "V" if number is not None and number < 100 else "mV")]


def _moved(value: object, keys: dict[str, Any], model: Model) -> list[Found]:
    """A number is how often somebody moved since the last message; a word or a truth is whether."""
    if isinstance(value, bool | str):
        return _state("motion")(value, keys, model)
    return [("motion_count", wire.number(value), None)]


def _occupied(value: object, keys: dict[str, Any], model: Model) -> list[Found]:
    """On ELSYS, 2 is somebody there, 0 nobody, and 1 somebody coming or going."""
    if model.codec == "elsys":
        return [("presence", value / 2, None)] if value in (0, 2) and isinstance(value, int | float) else []
    return _state("presence")(value, keys, model)


def _counted(value: object, keys: dict[str, Any], _model: Model) -> list[Found]:
    count = wire.number(value)
    if count is None or keys.get("detection_status") == "unavailable":
        return []
    return [("presence", float(count > 0), None)]


def _wet(value: object, keys: dict[str, Any], model: Model) -> list[Found]:
    """ELSYS gives how wet it is, from 0 to 255."""
    level = wire.number(value)
    return _state("water_leak")(value if level is None else level > 0, keys, model)


def _pressed(value: object, keys: dict[str, Any], model: Model) -> list[Found]:
    """A press calls for help, but on a model that is known and is no emergency button."""
    if model is not UNKNOWN and not model.calls_for_help:
        return []
    return _called(value.get("status") if isinstance(value, dict) else value, keys, model)


def _called(value: object, _keys: dict[str, Any], _model: Model) -> list[Found]:
    if isinstance(value, str):
        pressed = value.strip().lower() not in _LETTING_GO
    else:
        pressed = isinstance(value, int | float) and value > 0
    return [("pendant", 1.0, None)] if pressed else []


def _detected(value: object, _keys: dict[str, Any], _model: Model) -> list[Found]:
    found = _DETECTED.get(value.lower().replace(" ", "_")) if isinstance(value, str) else None
    return [(*found, None)] if found else []


def _alarm_type(value: object, keys: dict[str, Any], _model: Model) -> list[Found]:
    status = keys.get("alarm_status")
    if value != "fall" or status in ("alarm_deactivated", "alarm_ignored", "status_report"):
        return []
    return [("fall", 1.0 if status == "alarm_triggered" else None, None)]


def _fall_alarm(value: object, _keys: dict[str, Any], _model: Model) -> list[Found]:
    """Several alarms of one message stand as "1, 1, 2": 1 is triggered."""
    status = value.get("alarm_status") if isinstance(value, dict) else None
    triggered = isinstance(status, str | int) and "1" in str(status).split(", ")
    return [("fall", 1.0, None)] if triggered else []


def _told(value: object, _keys: dict[str, Any], model: Model) -> list[Found]:
    """Words are a fault of the kit; a bare truth is an alarm of nobody knows what, never left out."""
    if isinstance(value, bool) and model is UNKNOWN:
        return [("unnamed_alarm", float(value), None)]
    found = _OF_ITSELF.get(value.lower()) if isinstance(value, str) else None
    return [(*found, None)] if found else []


_DETECTED: Mapping[str, tuple[str, float | None]] = {
    "fall": ("fall", 1.0),
    "unknown": ("fall", None),
    "in_bed": ("bed_occupied", 1.0),
    "out_of_bed": ("bed_occupied", 0.0),
    "vacant": ("presence", 0.0),
}
_OF_ITSELF: Mapping[str, tuple[str, float]] = {
    "power off": ("mains_power", 0.0),
    "power on": ("mains_power", 1.0),
    "device fault": ("sensor_fault", 1.0),
    "device fault recovered": ("sensor_fault", 0.0),
    "device will be invalid soon": ("sensor_fault", 1.0),
    "device invalid": ("sensor_fault", 1.0),
}

# Keys in lower case, of the codecs of Milesight (Milesight-IoT/SensorDecoders), ELSYS (TheThingsNetwork/
# lorawan-devices), Dragino (batv, tempc_sht, hum_sht) and MClimate. Left out is what doesn't say enough:
# `tvoc` is an index, ppb or µg/m³; `digital` a door open or shut as the kit is set; `externalTemperature` and
# the like hang wherever somebody put the probe.
_READERS: Mapping[str, Reader] = {
    "temperature": _measured("room_temperature"),
    "tempc_sht": _measured("room_temperature"),
    "humidity": _measured("room_humidity"),
    "hum_sht": _measured("room_humidity"),
    "relativehumidity": _measured("room_humidity"),
    "relative_humidity": _measured("room_humidity"),
    "co2": _measured("co2"),
    "pressure": _measured("air_pressure"),
    "barometric_pressure": _measured("air_pressure"),
    "pm2_5": _measured("pm25"),
    "tvoc_ugm3": _measured("tvoc"),
    "illuminance": _measured("illuminance"),
    "illumination": _measured("illuminance"),
    "light": _measured("illuminance"),
    "lux": _measured("illuminance"),
    "laeq": _measured("noise_level"),
    "soundavg": _measured("noise_level"),
    "vdd": _measured("battery_voltage", "mV"),
    "batv": _voltage,
    "batteryvoltage": _voltage,
    "battery_voltage": _voltage,
    "motion": _moved,
    "pir": _state("motion"),
    "pir_status": _state("motion"),
    "occupancy": _occupied,
    "people_total_counts": _counted,
    "detection_status": _detected,
    "alarm_type": _alarm_type,
    "fall_alarm": _fall_alarm,
    "magnet_status": _state("door_open"),
    "door": _state("door_open"),
    "door_status": _state("door_open"),
    "state": lambda value, keys, model: (
        _state("door_open")(value, keys, model) if value in ("open", "close") else []
    ),
    "leakage_status": _state("water_leak"),
    "water_leak": _state("water_leak"),
    "leak": _state("water_leak"),
    "waterleak": _wet,
    "gas_status": _state("gas_alarm"),
    "gas": _state("gas_alarm"),
    "smoke": _state("smoke"),
    "smoke_status": _state("smoke"),
    "smoke_alarm": _state("smoke"),
    "tamper": _state("tamper"),
    "tamper_status": _state("tamper"),
    "install": _state("tamper", turned=True),
    "alarm": _told,
    "press": _pressed,
    "button": _pressed,
    "button_event": _pressed,
    "button_status": _pressed,
    "sos": _called,
    "panic": _called,
    "emergency": _called,
}
