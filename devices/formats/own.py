"""Hearthline's own format: readings, urgent readings, and the state of the device."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from devices import kinds
from devices.formats import wire
from devices.formats.wire import Arrival
from devices.kinds import Kind, Shape
from devices.measurement import Decoded, Flags, Measurement, Source, Status, Undecodable

MAX_READINGS = 500

_SOURCES = {None: (Source.SENSED, Flags.NONE)} | {
    str(source): (source, flags) for source, flags in wire.SOURCE_FLAGS.items()
}
_MISSING = object()
_SENSED, _UNFLAGGED = Source.SENSED, Flags.NONE


def decode_readings(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode a message of 1 to 500 readings, whole or not at all: one bad reading refuses the message.

    A refused message is kept with its reason and can be tried again, so nothing is lost and no half of a
    message (systolic without diastolic) is judged. Only a danger to life is taken out of it at once, whatever
    stands beside it; it is never refused for its time, unit, channel or source.
    """
    body = wire.load_object(payload)
    readings = body.get("readings")
    if type(readings) is not list:
        raise Undecodable("no_readings", 'There is no list called "readings".', "readings")
    if not readings:
        raise Undecodable("no_readings", "The list of readings is empty.", "readings")
    if len(readings) > MAX_READINGS:
        reason = "There are more than 500 readings; send them in several messages."
        raise Undecodable("too_many", reason, "readings")
    base = arrival.flags
    zone = arrival.zone
    fault = None
    try:
        measurements = tuple([_reading(item, place, base, zone) for place, item in enumerate(readings)])
    except Undecodable as refused:
        measurements, fault = tuple(_dangers(readings, base, zone)), refused
        if not measurements:
            raise
    message_id, sent_at = _message_id(body.get("message_id")), _sent_at(body.get("sent_at"), zone)
    return Decoded(measurements, (), message_id, sent_at, fault=fault)


def _dangers(readings: list[Any], flags: Flags, zone: str) -> Iterator[Measurement]:
    """Yield the dangers to life among readings that can't all be read."""
    for place, item in enumerate(readings):
        code = item.get("kind") if type(item) is dict else None
        kind = kinds.find_measured(code) if type(code) is str else None
        if kind is None or not kind.life_safety:
            continue
        try:
            value = _value(kind, item, place)
        except Undecodable:
            continue
        if value:
            at, time_flags = _at(kind, item.get("at"), place, zone)
            channel = wire.short_text(item.get("channel")) or ""
            yield wire.measurement(kind.code, value, at, flags=flags | time_flags, channel=channel)


def _reading(item: Any, place: int, flags: Flags, zone: str) -> Measurement:
    if type(item) is not dict:
        raise Undecodable("wrong_type", "A reading is not an object in braces.", f"readings[{place}]")
    code = item.get("kind")
    kind = kinds.find_measured(code) if type(code) is str else None
    if kind is None:
        reason = "There is no such kind of reading; see the catalogue of kinds."
        raise Undecodable("unknown_kind", reason, f"readings[{place}].kind")
    value = _value(kind, item, place)
    unit = item.get("unit")
    if unit is not None and unit != kind.unit:
        linear = kind.conversions.get(unit) if type(unit) is str else None
        if linear is None:
            raise Undecodable("unknown_unit", kinds.unknown_unit(kind), f"readings[{place}].unit")
        value = linear.convert(value)
    low, high = kind.plausible
    if not low <= value <= high:
        flags |= wire.limits(kind, value)
    source = _SENSED
    said = item.get("source")
    if said is not None:
        source, source_flags = _source(said, place)
        flags |= source_flags
    at, time_flags = _at(kind, item.get("at"), place, zone)
    if time_flags is not _UNFLAGGED:
        flags |= time_flags
    channel = item.get("channel")
    channel = "" if channel is None else _channel(channel, place)
    return Measurement(kind.code, value, at, channel, source, flags, None)


def _value(kind: Kind, item: dict[str, Any], place: int) -> float:
    value = item.get("value", _MISSING)
    exact = type(value)
    if exact is int or exact is float:
        if kind.is_binary and value not in (0, 1):
            raise Undecodable("not_a_state", f"{kind.name} is true or false.", f"readings[{place}].value")
        found = float(value)
        # The parser refuses NaN and 1e400 already; this line is what the rest of the house relies on.
        if math.isfinite(found):
            return found
    if exact is bool and kind.is_binary:
        return 1.0 if value else 0.0
    if value is _MISSING and kind.shape is Shape.EVENT:
        # A press needs no value to have happened.
        return 1.0
    if value is None or value is _MISSING:
        raise Undecodable("no_value", "A reading has no value.", f"readings[{place}].value")
    wanted = "true or false" if kind.is_binary else "a number"
    raise Undecodable("wrong_type", f"The value of {kind.name} is not {wanted}.", f"readings[{place}].value")


def _at(kind: Kind, text: Any, place: int, zone: str) -> tuple[datetime | None, Flags]:
    if text is None:
        return None, _UNFLAGGED
    found = wire.iso_time(text, zone) if type(text) is str else None
    if found is not None:
        return found
    if kind.life_safety:
        return None, Flags.CLOCK_CORRECTED
    raise Undecodable(
        "bad_time",
        "The time of a reading is not RFC 3339, such as 2026-11-22T10:00:00Z.",
        f"readings[{place}].at",
    )


def _source(said: Any, place: int) -> tuple[Source, Flags]:
    found = _SOURCES.get(said) if type(said) is str else None
    if found is None:
        raise Undecodable(
            "unknown_source", "A source is sensed, self_reported or staff.", f"readings[{place}].source"
        )
    return found


def _channel(said: Any, place: int) -> str:
    if said == "" or wire.short_text(said):
        return str(said)
    reason = "A channel is a text of at most 128 characters."
    raise Undecodable("wrong_type", reason, f"readings[{place}].channel")


def _message_id(said: Any) -> str | None:
    """Only saves work, so one that can't be used is left out rather than refusing a reading."""
    return wire.short_text(str(said) if type(said) is int else said)


def _sent_at(said: Any, zone: str) -> datetime | None:
    return wire.any_time(said, zone)[0]


_ONLINE = {"online": True, "offline": False, None: None}


def decode_status(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode the device's own state; an empty message means its retained state was removed."""
    if not payload:
        return Decoded(nothing="The retained state of the device was removed.")
    body = wire.load_object(payload)
    state = body.get("state")
    if not (state is None or type(state) is str) or state not in _ONLINE:
        raise Undecodable("bad_state", "A state is online or offline.", "state")
    status = Status(_ONLINE[state], wire.percent(body.get("battery")), wire.short_text(body.get("firmware")))
    if status == Status():
        return Decoded(nothing="The message says nothing of state, battery or firmware.")
    return Decoded(statuses=(status,))
