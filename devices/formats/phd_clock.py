"""When a FHIR reading was measured, and what its Coincident Timestamp says of the sensor's clock.

A Coincident Timestamp holds what a sensor's clock and its gateway's showed at the same moment. By the
Personal Health Device guide (CoincidentTimeStamp.md in HL7/phd) it records a correction that the gateway has
*already* made to `effective[x]`: to apply it again would be wrong by as much. Some gateways leave the
sensor's time as it was, as in the example bundle of hl7dk/dk-core. They give themselves away by the
reading's identifier, which holds the time by the sensor's own clock: where that is the effective time to the
second, nobody has corrected it yet, and we do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from devices.formats import fhir_codes, fhir_parts, wire
from devices.formats.fhir_parts import References, part, parts, text
from devices.measurement import Flags

_REFERENCE = "http://hl7.org/fhir/uv/phd/StructureDefinition/CoincidentTimeStampReference"
_SLIGHT = timedelta(seconds=1)
"""Clocks of kit tell whole seconds: what differs by no more is no fault of theirs."""
_SECOND = len("2018-11-13T17:59:03")
_DIGITS = len("20181113175903")


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a sensor's clock was behind its gateway's; None is a Sensor Time Fault."""

    behind: timedelta | None


def is_clock(resource: dict[str, Any]) -> bool:
    """Whether a resource is a Coincident Timestamp, which is no reading."""
    return not fhir_codes.CLOCKS.isdisjoint(fhir_codes.codes(part(resource, "code")))


def is_unreadable(resource: dict[str, Any], zone: str) -> bool:
    """Whether a time is given that is no moment, such as a date: what it is of may be long past."""
    said = _said(resource)
    return said != "" and wire.iso_time(said, zone) is None


def measured(resource: dict[str, Any], references: References, zone: str) -> tuple[datetime | None, Flags]:
    """Return when a reading was measured, and CLOCK_CORRECTED where the sensor's clock was wrong.

    Wrong is: more than a second off its gateway's, whoever corrected it. After a Sensor Time Fault there is
    no time: the gateway passed on what it could not check. A timestamp that is referenced and not in the
    message changes nothing: the gateway has dealt with it. Of a period it is the end, where that is given.
    """
    said = _said(resource)
    at, flags = wire.any_time(said, zone)
    clock = _clock(resource, references, zone)
    if clock is None or at is None:
        return at, flags
    if clock.behind is None:
        return None, flags | Flags.CLOCK_CORRECTED
    if abs(clock.behind) <= _SLIGHT:
        return at, flags
    return _by_the_gateway(resource, said, at, clock.behind), flags | Flags.CLOCK_CORRECTED


def _said(resource: dict[str, Any]) -> str:
    period = part(resource, "effectivePeriod")
    ways = (
        (resource, "effectiveDateTime"),
        (resource, "effectiveInstant"),
        (period, "end"),
        (period, "start"),
    )
    return next((said for where, key in ways if (said := text(where, key))), "")


def _by_the_gateway(resource: dict[str, Any], said: str, at: datetime, behind: timedelta) -> datetime | None:
    stamp = "".join(filter(str.isdigit, said[:_SECOND]))
    if len(stamp) != _DIGITS or not any(
        stamp in name.replace("T", "") for name in fhir_parts.identifiers(resource)
    ):
        return at
    try:
        return at + behind
    except OverflowError:
        return None


def _clock(resource: dict[str, Any], references: References, zone: str) -> Clock | None:
    """Return the clock a reading refers to: by the guide's extension, or as derived from it (before 1.1)."""
    said = [
        part(each, "valueReference")
        for each in parts(resource, "extension")
        if text(each, "url") == _REFERENCE
    ]
    for reference in (*said, *parts(resource, "derivedFrom")):
        found = references.find(reference, resource)
        if found is not None and is_clock(found):
            return _read(found, zone)
    return None


def _read(timestamp: dict[str, Any], zone: str) -> Clock | None:
    gateways = wire.iso_time(text(timestamp, "effectiveDateTime"), zone)
    sensors = wire.iso_time(text(timestamp, "valueDateTime"), zone)
    if gateways and sensors:
        return Clock(gateways[0] - sensors[0])
    # Without the gateway's time the sensor's clock is the better one; ticks are the gateway's to read.
    told = "valueDateTime" in timestamp or "valueQuantity" in timestamp
    return None if told else Clock(None)
