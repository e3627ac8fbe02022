"""What would be stored of a captured message: by a format, or by a mapping file not yet in use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.errors import Invalid
from core.zones import UK
from devices import decode, kinds
from devices.formats import mapped, mapping_file
from devices.formats.announced import Announced
from devices.formats.mapping_file import BadMapping
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Status


@dataclass(frozen=True, slots=True)
class Captured:
    """A message as it was captured. `rest` is its topic after the format; `models` as for `decode.decode`."""

    payload: bytes
    rest: str
    received_at: datetime
    retained: bool = False
    zone: str = UK
    models: Mapping[str, str] = field(default_factory=dict)


def by_format(name: str, captured: Captured) -> Decoded:
    """What a known format makes of it; Undecodable."""
    return decode.decode(
        name,
        captured.rest,
        captured.payload,
        retained=captured.retained,
        received_at=captured.received_at,
        zone=captured.zone,
        models=captured.models,
        announced=Announced(),
        listening=True,
    )


def by_mapping(text: str, captured: Captured, name: str | None = None) -> Decoded:
    """What a mapping file (its text) makes of it; Undecodable.

    Invalid on the field "mapping" with line and field of each mistake in the file.
    """
    arrival = Arrival(captured.received_at, captured.retained, captured.zone, captured.models)
    try:
        mapping = mapping_file.read(text, name)
    except BadMapping as fault:
        raise Invalid({"mapping": "\n".join(map(str, fault.mistakes))}) from fault
    return mapped.decode(mapping, captured.rest, captured.payload, arrival)


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    return mapped.is_zone(name)


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
