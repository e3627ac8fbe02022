"""Hildebrand Glow: the in-home display of UK smart meters, electricity and gas, and its thermometers.

The meter numbers (MPAN, MPRN), tariffs and names of rooms in these messages are personal: never taken over.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from devices import kinds
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Status

_NOTHING = "The message has no meter reading that Hearthline stores."


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode a SENSOR or STATE message; what it is stands in the message itself, so `rest` isn't needed.

    Day, week and month totals are left out: they are reset at different hours by different firmware.
    """
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    body = wire.load_object(payload)
    if "han" in body or "software" in body:
        return _state(body, arrival)
    rooms = _inside(body, "glowsensorth1")
    if rooms:
        return _rooms(rooms, arrival)
    electricity = _electricity(body.get("electricitymeter"), arrival)
    measurements = (*electricity, *_gas(body.get("gasmeter"), arrival))
    return Decoded(measurements=measurements, nothing=None if measurements else _NOTHING)


def _rooms(rooms: dict[str, Any], arrival: Arrival) -> Decoded:
    """Read the display's own thermometers, each under its id, which is its address."""
    measurements: list[Measurement] = []
    statuses: list[Status] = []
    for address, said in rooms.items():
        if type(said) is not dict or not wire.short_text(address):
            continue
        at, flags = wire.any_time(said.get("timestamp"), arrival.zone)
        flags |= arrival.flags
        for key, code in (("temperature", "room_temperature"), ("humidity", "room_humidity")):
            measurements += _one(code, _inside(said, key), "value", "units", at, flags, address)
        joined = said.get("status")
        if type(joined) is str:
            fault = float(joined != "connected")
            measurements.append(wire.measurement("sensor_fault", fault, at, flags=flags, address=address))
        battery = wire.percent(_inside(said, "battery").get("value"))
        if battery is not None:
            statuses.append(Status(battery=battery, address=address))
    found = bool(measurements or statuses)
    return Decoded(tuple(measurements), tuple(statuses), nothing=None if found else _NOTHING)


def _state(body: dict[str, Any], arrival: Arrival) -> Decoded:
    """Read the display's own state; not "joined" means that it hears no meter."""
    firmware = wire.short_text(body.get("software"))
    joined = _inside(body, "han").get("status")
    at, flags = wire.any_time(body.get("timestamp"), arrival.zone)
    flags |= arrival.flags
    fault: tuple[Measurement, ...] = ()
    if type(joined) is str:
        fault = (wire.measurement("sensor_fault", float(joined != "joined"), at, flags=flags),)
    statuses = (Status(firmware=firmware),) if firmware else ()
    return Decoded(fault, statuses, nothing=None if fault or statuses else _NOTHING)


def _electricity(meter: object, arrival: Arrival) -> Iterator[Measurement]:
    if type(meter) is not dict:
        return
    at, flags = wire.any_time(meter.get("timestamp"), arrival.zone)
    flags |= arrival.flags
    energy = _inside(meter, "energy")
    taken, given, power = _inside(energy, "import"), _inside(energy, "export"), _inside(meter, "power")
    yield from _one("electricity_energy", taken, "cumulative", "units", at, flags)
    yield from _one("electricity_export_energy", given, "cumulative", "units", at, flags)
    yield from _one("electricity_power", power, "value", "units", at, flags)


def _gas(meter: object, arrival: Arrival) -> Iterator[Measurement]:
    if type(meter) is not dict:
        return
    at, flags = wire.any_time(meter.get("timestamp"), arrival.zone)
    flags |= arrival.flags
    taken = _inside(_inside(meter, "energy"), "import")
    yield from _one("gas_energy", taken, "cumulative", "units", at, flags)
    yield from _one("gas_volume", taken, "cumulativevol", "cumulativevolunits", at, flags)


def _inside(body: dict[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key)
    return found if type(found) is dict else {}


def _one(
    code: str,
    part: dict[str, Any],
    key: str,
    unit_key: str,
    at: datetime | None,
    flags: Flags,
    address: str | None = None,
) -> Iterator[Measurement]:
    """Yield the value if there is one in a unit that is known; the display always names its unit."""
    value, unit = wire.number(part.get(key)), part.get(unit_key)
    if value is not None and type(unit) is str and unit in kinds.get(code).conversions:
        yield wire.measurement(code, value, at, flags=flags, unit=unit, address=address)
