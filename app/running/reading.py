"""What a technician asks of the formats: which there are, and what would be stored of a captured message."""

import argparse
import sys
from datetime import UTC
from pathlib import Path

from app.running import settings
from config import Config
from core.clock import real_time
from core.errors import Invalid
from devices import decode, kinds, known_mappings
from devices.formats import mapped, mapping_file
from devices.formats.mapped import is_zone
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable


def formats(config: Config, _asked: argparse.Namespace) -> None:
    """Print every format, with what a mapping file says that it reads."""
    settings.read_mappings(config)
    for name in decode.format_names():
        mapping = known_mappings.find(name)
        _say(f"{name:16} {mapping.title if mapping is not None else 'built in; see docs/formats.md'}")


def attempt(config: Config, asked: argparse.Namespace) -> int:
    """Print what would be stored of one message; 1 where it would be rejected.

    BadMapping names line and field of each mistake in a mapping file.
    """
    settings.read_mappings(config)
    payload = sys.stdin.buffer.read() if asked.message == "-" else _bytes(asked.message)
    if not is_zone(asked.zone):
        raise Invalid({"zone": "There is no such time zone."})
    models = {address if found else "": model or address for address, found, model in _parts(asked.model)}
    arrival = Arrival(real_time().now(), asked.retained, asked.zone, models)
    try:
        for line in described(_read(asked.format, asked.topic, payload, arrival)):
            _say(line)
    except Undecodable as fault:
        _say(f"rejected ({fault.code}): {fault}")
        return 1
    return 0


def _read(format_name: str, rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    if format_name.endswith(known_mappings.ENDING):
        text = _bytes(format_name).decode("utf-8", "replace")
        mapping = mapping_file.read(text, Path(format_name).stem)
        return mapped.decode(mapping, rest, payload, arrival)
    return decode.decode(
        format_name,
        rest,
        payload,
        retained=arrival.retained,
        received_at=arrival.received_at,
        zone=arrival.zone,
        models=arrival.models,
    )


def described(decoded: Decoded) -> list[str]:
    """What a message comes to, a line each."""
    lines = [_reading(each) for each in decoded.measurements]
    lines += [_status(each) for each in decoded.statuses]
    lines += [
        f"sensor   {each.address}  {each.model or ''}  {each.name or ''}".rstrip() for each in decoded.sensors
    ]
    if decoded.fault is not None:
        lines.append(f"and kept as rejected ({decoded.fault.code}): {decoded.fault}")
    if decoded.nothing is not None:
        lines.append(f"nothing is stored: {decoded.nothing}")
    return lines


def _reading(one: Measurement) -> str:
    kind = kinds.get(one.kind)
    at = one.at.astimezone(UTC).isoformat(timespec="seconds") if one.at else "when it arrives"
    more = [f"of {one.address}"] if one.address else []
    more += [f"channel {one.channel}"] if one.channel else []
    more += [f"user {one.user}"] if one.user is not None else []
    more += [(flag.name or "").lower().replace("_", " ") for flag in Flags if flag in one.flags]
    return f"reading  {kind.name}: {kinds.say(kind, one.value)}, {at}" + (
        f"  ({', '.join(more)})" if more else ""
    )


def _status(one: Status) -> str:
    said = {
        "online": one.online,
        "battery": one.battery,
        "firmware": one.firmware,
        "speaks every": one.speaks_every,
    }
    told = ", ".join(f"{name} {value}" for name, value in said.items() if value is not None)
    return f"status   {told}" + (f"  (of {one.address})" if one.address else "")


def _parts(models: list[str]) -> list[tuple[str, str, str]]:
    return [each.partition("=") for each in models]


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as fault:
        raise Invalid({"": f"{path} can't be read: {fault.strerror}."}) from fault


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
