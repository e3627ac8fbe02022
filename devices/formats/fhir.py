"""FHIR R4 readings of the HL7 Personal Health Device guide: one resource, a list of them, or a Bundle."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from devices import kinds
from devices.formats import fhir_codes, fhir_parts, phd_clock, phd_sensor, wire
from devices.formats.fhir_parts import Placed, References, inside, part, parts, text
from devices.formats.wire import Arrival
from devices.kinds import Kind
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable

_READING = "Observation"
_NOTHING = "The message holds no reading that Hearthline stores."
_NOT_MEASURED = frozenset({"registered", "cancelled"})
_STATUS_FLAGS = {
    "entered-in-error": Flags.ENTERED_IN_ERROR,
    "preliminary": Flags.DOUBTED,
    "unknown": Flags.DOUBTED,
}
# The guide's table of measurement states: StructureDefinition-PhdBaseObservation-notes.md in HL7/phd.
_DOUBTS = frozenset({"questionable", "early-indication", "calibration-ongoing"})
_TEST = "HTEST"


@dataclass(frozen=True, slots=True)
class _Moment:
    """Whose sensor measured and when: what kit says of its measuring holds for all of one moment."""

    address: str | None
    at: datetime | None


def decode(_rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. Whose it says a reading is, is never looked at: the registered device decides.

    A unit, a value or an alarm that can't be read refuses the message, but for the dangers to life in it, as
    in our own format. What is passed over: a code we have no kind for, a waveform, a value that the kit says
    is absent. What kit says of its own measuring, bit by bit, makes the readings it is derived from and
    those of the same sensor and time DOUBTED.
    """
    body = wire.load(payload)
    every = list(fhir_parts.placed(body))
    reader = _Reader(References.among(every), arrival)
    fault = None
    for each in every:
        try:
            reader.read(each)
        except Undecodable as refused:
            fault = fault or refused
    measurements = tuple(reader.readings())
    if fault is not None:
        measurements = tuple(one for one in measurements if kinds.alarms(one.kind, one.value))
        if not measurements:
            raise fault
    sensors = tuple(found for each in every if (found := phd_sensor.sensor(each.resource)) is not None)
    return Decoded(
        measurements,
        tuple(reader.statuses),
        message_id=_message_id(body),
        sent_at=_sent_at(body, arrival.zone),
        nothing=None if measurements or reader.statuses or sensors else _NOTHING,
        fault=fault,
        sensors=sensors,
    )


def _message_id(body: Any) -> str | None:
    """Return an id of a message that is one reading: a digest, as the identifier has the patient's in it."""
    if type(body) is not dict or body["resourceType"] != _READING:
        return None
    names = fhir_parts.identifiers(body)
    return hashlib.sha256(names[0].encode()).hexdigest()[:32] if names else None


def _sent_at(body: Any, zone: str) -> datetime | None:
    said = wire.iso_time(text(body, "timestamp"), zone) if type(body) is dict else None
    return said[0] if said else None


@dataclass(slots=True)
class _Reader:
    """What has been read of a message so far."""

    references: References
    arrival: Arrival
    found: list[Measurement] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    doubted: set[_Moment] = field(default_factory=set)
    moments: dict[int, tuple[_Moment, Flags]] = field(default_factory=dict)

    def readings(self) -> Iterator[Measurement]:
        for one in self.found:
            doubt = Flags.DOUBTED if _Moment(one.address, one.at) in self.doubted else Flags.NONE
            yield one._replace(flags=one.flags | doubt)

    def read(self, placed: Placed) -> None:
        resource = placed.resource
        if text(resource, "resourceType") != _READING or text(resource, "status") in _NOT_MEASURED:
            return
        if fhir_codes.BATTERY in fhir_codes.codes(part(resource, "code")):
            level = wire.percent(part(resource, "valueQuantity").get("value"))
            if level is not None:
                self.statuses.append(Status(battery=level, address=self._moment(resource)[0].address))
        elif not phd_clock.is_clock(resource):
            self._values(placed)

    def _moment(self, resource: dict[str, Any]) -> tuple[_Moment, Flags]:
        known = self.moments.get(id(resource))
        if known is None:
            at, flags = phd_clock.measured(resource, self.references, self.arrival.zone)
            known = _Moment(phd_sensor.address(resource, self.references), at), flags
            self.moments[id(resource)] = known
        return known

    def _values(self, placed: Placed) -> None:
        resource = placed.resource
        moment, clock = self._moment(resource)
        flags = self.arrival.flags | clock | _flags(resource)
        before = len(self.found)
        setting = phd_sensor.is_about_kit(resource, self.references)
        self._value(resource, placed.where, moment, flags, setting=setting)
        components = parts(resource, "component")
        for place, each in enumerate(components):
            self._value(each, inside(placed.where, f"component[{place}]"), moment, flags, setting=setting)
        said = {bit: _is_set(each) for each in components for bit in fhir_codes.bits(part(each, "code"))}
        irregular = said.get(fhir_codes.IRREGULAR_PULSE)
        if irregular is not None:
            self._add("irregular_pulse", float(irregular), moment, flags)
        if any(said.get(bit) for bit in fhir_codes.DOUBTS):
            about = [self.references.find(each, resource) for each in parts(resource, "derivedFrom")]
            readings = [each for each in about if each is not None and not phd_clock.is_clock(each)]
            self.doubted |= {moment, *(self._moment(each)[0] for each in readings)}
        if len(self.found) > before and phd_clock.is_unreadable(resource, self.arrival.zone):
            raise Undecodable("bad_time", "The time of a reading is a date, or can't be read.", placed.where)

    def _value(self, of: dict[str, Any], where: str, moment: _Moment, flags: Flags, *, setting: bool) -> None:
        kind = fhir_codes.kind(part(of, "code"), where)
        if kind is None or (setting and not kind.is_binary):
            return
        read = _yes_or_no(kind, of, where) if kind.is_binary else _quantity(kind, of, where)
        if read is not None:
            control = fhir_codes.CONTROL_SOLUTION in fhir_codes.codes(part(of, "code"))
            self._add(kind.code, read[0], moment, flags | read[1] | (Flags.TEST if control else Flags.NONE))

    def _add(self, code: str, value: float, moment: _Moment, flags: Flags) -> None:
        self.found.append(wire.measurement(code, value, moment.at, flags=flags, address=moment.address))


def _flags(resource: dict[str, Any]) -> Flags:
    """Return what a resource says of its own worth."""
    flags = _STATUS_FLAGS.get(text(resource, "status"), Flags.NONE)
    said = [fhir_codes.codes(each) for each in parts(resource, "interpretation")]
    if any(code in _DOUBTS for codes in said for _, code in codes):
        flags |= Flags.DOUBTED
    if any(text(each, "code") == _TEST for each in parts(part(resource, "meta"), "security")):
        flags |= Flags.TEST
    return flags


def _quantity(kind: Kind, of: dict[str, Any], where: str) -> tuple[float, Flags] | None:
    """Return a number in the kind's own unit, or None where the kit has none.

    "Less than 1.1", which a meter says of what it can't measure, is 1.1 and DOUBTED: to drop it would hide a
    danger.
    """
    quantity, where = part(of, "valueQuantity"), inside(where, "valueQuantity")
    value = fhir_parts.number(quantity, where)
    if value is None or "dataAbsentReason" in of:
        return None
    linear = fhir_codes.conversion(kind, quantity)
    if linear is None:
        raise Undecodable("unknown_unit", f"{kind.name} has no unit here, or one it can't come in.", where)
    return linear.convert(value), Flags.DOUBTED if quantity.get("comparator") else Flags.NONE


def _yes_or_no(kind: Kind, of: dict[str, Any], where: str) -> tuple[float, Flags] | None:
    said = _is_set(of)
    if said is None and kind.life_safety:
        wire.unreadable_alarm(inside(where, "value"), ())
    return None if said is None else (float(said), Flags.NONE)


def _is_set(of: dict[str, Any]) -> bool | None:
    said = of.get("valueBoolean")
    if type(said) is bool:
        return said
    words = {code for _, code in fhir_codes.codes(part(of, "valueCodeableConcept"))}
    return True if "Y" in words else False if "N" in words else None
