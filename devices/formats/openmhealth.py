"""Open mHealth and IEEE 1752.1: a data point of header and body, a body alone, or a list of either."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from devices import kinds
from devices.formats import omh_time, wire
from devices.formats.omh_time import Frame
from devices.formats.wire import Arrival
from devices.kinds import Kind
from devices.measurement import Decoded, Flags, Measurement, Source, Undecodable

_NOTHING = "The message holds no reading Hearthline stores; a statistic or a part of a day's count is none."
_SOURCES = {"sensed": Source.SENSED, "self-reported": Source.SELF_REPORTED}

_KINDS: Mapping[str, str] = {
    "systolic_blood_pressure": "systolic",
    "diastolic_blood_pressure": "diastolic",
    "heart_rate": "pulse",
    "body_weight": "weight",
    "body_temperature": "body_temperature",
    "blood_glucose": "glucose",
    "oxygen_saturation": "spo2",
    "respiratory_rate": "respiratory_rate",
    "ambient_temperature": "room_temperature",
    "sleep_duration": "sleep_duration",
    "total_sleep_time": "sleep_duration",
}
# What is a day's in our catalogue, and is taken over of a whole day alone.
_OF_A_DAY: Mapping[str, str] = {"step_count": "steps_in_day", "minutes_moderate_activity": "active_minutes"}
_OXYGEN = "supplemental_oxygen_flow_rate"
_UNITS = {"MGDL": "mg/dL"}
"""As JupyterHealth writes it (jupyterhealth-client, tests)."""


def decode(_rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. What a schema would refuse refuses the whole message, as in our own format.

    A statistic is no reading: the least of a month was not measured at its end. Of a count or of active
    minutes only a whole day of the home's calendar is taken over, as the day's total. An episode of activity
    and a nap are passed over. Of an interval the end is the time. Whose it is said to be (`user_id`) is
    never looked at.
    """
    body = wire.load(payload)
    points = body if type(body) is list else [body]
    found = [
        one
        for place, each in enumerate(points)
        for one in _point(each, arrival, f"[{place}]" if type(body) is list else "")
    ]
    return Decoded(tuple(found), message_id=_message_id(body), nothing=None if found else _NOTHING)


def _message_id(body: Any) -> str | None:
    header = body.get("header") if type(body) is dict else None
    return wire.short_text(header.get("uuid") or header.get("id")) if type(header) is dict else None


@dataclass(frozen=True, slots=True)
class _Point:
    """One data point: its body and where that stands, when it was measured and by whom."""

    body: dict[str, Any]
    where: str
    frame: Frame
    source: Source
    flags: Flags

    def number(self, key: str, kind: Kind) -> float:
        """Return the value at `key` in the kind's own unit."""
        said, where = self.body[key], f"{self.where}{key}"
        bare = kind.code == "steps_in_day" and type(said) in (int, float)
        value, unit = (said, kind.unit) if bare else _value_and_unit(said, where)
        linear = kind.conversions.get(_UNITS.get(unit, unit))
        if linear is None:
            raise Undecodable(
                "unknown_unit", f"{kind.name} can't come in this unit, or has none.", f"{where}.unit"
            )
        return linear.convert(value)

    def measurement(self, kind: Kind, value: float, *, whole_day: bool = False) -> Measurement:
        """Return what was measured, at the end of its time."""
        at = self.frame.last_of_day if whole_day else self.frame.at
        return wire.measurement(kind.code, value, at, flags=self.flags | self.frame.flags, source=self.source)


def _point(said: Any, arrival: Arrival, where: str) -> Iterator[Measurement]:
    if type(said) is not dict:
        raise Undecodable("wrong_type", "A data point is not an object in braces.", where)
    header = said.get("header")
    body, inside = (said.get("body"), "body.") if "header" in said or "body" in said else (said, "")
    if type(body) is not dict:
        raise Undecodable("wrong_type", "The body of a data point is not an object in braces.", where)
    inside = f"{where}.{inside}" if where else inside
    if not _is_reading(body):
        return
    frame = omh_time.frame(body.get("effective_time_frame"), arrival, f"{inside}effective_time_frame")
    source = _source(header if type(header) is dict else {}, where)
    yield from _measurements(_Point(body, inside, frame, source, arrival.flags))


def _measurements(point: _Point) -> Iterator[Measurement]:
    for key, code in _KINDS.items():
        if key in point.body:
            kind = kinds.get(code)
            yield point.measurement(kind, point.number(key, kind))
    for key, code in _OF_A_DAY.items():
        if key in point.body:
            kind = kinds.get(code)
            value = point.number(key, kind)
            if point.frame.last_of_day is not None:
                yield point.measurement(kind, value, whole_day=True)
    if _OXYGEN in point.body:
        flow, _ = _value_and_unit(point.body[_OXYGEN], f"{point.where}{_OXYGEN}")
        yield point.measurement(kinds.get("on_oxygen"), float(flow > 0))


def _is_reading(body: dict[str, Any]) -> bool:
    """Whether a body holds what we store, and no statistic of it but a sum, which a day's total is."""
    known = not body.keys().isdisjoint((*_KINDS, *_OF_A_DAY))
    statistic = any(
        value != "sum"
        for key, value in body.items()
        if key.replace("-", "_").startswith("descriptive_statistic")
    )
    return known and not statistic and body.get("is_main_sleep") is not False


def _source(header: dict[str, Any], where: str) -> Source:
    """Return who measured: IEEE 1752.1 says it in the header, Open mHealth in its acquisition_provenance."""
    provenance = header.get("acquisition_provenance")
    said = header.get("modality") or (provenance.get("modality") if type(provenance) is dict else None)
    source = Source.SENSED if said is None else _SOURCES.get(said) if type(said) is str else None
    if source is None:
        raise Undecodable(
            "unknown_source", "A modality is sensed or self-reported.", f"{where}.header".lstrip(".")
        )
    return source


def _value_and_unit(said: Any, where: str) -> tuple[float, str]:
    value, unit = (said.get("value"), said.get("unit")) if type(said) is dict else (None, None)
    if value is None:
        raise Undecodable("no_value", "A reading has no value.", where)
    if type(value) not in (int, float):
        raise Undecodable("wrong_type", "The value of a reading is not a number.", f"{where}.value")
    return float(value), unit if type(unit) is str else ""
