"""Data points as health applications send them by Open mHealth.

Schemas: openmhealth/schemas (IEEE 1752.1). The time has the home's own offset.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import BODY_TEMPERATURE, DIASTOLIC, GLUCOSE, PULSE, SPO2, SYSTOLIC, WEIGHT

NAME = "openmhealth"

# kind: schema, its version, the key of its value, the unit as the schema writes it
_SCHEMAS = {
    PULSE: ("heart-rate", "2.0", "heart_rate", "beats/min"),
    SPO2: ("oxygen-saturation", "2.0", "oxygen_saturation", "%"),
    WEIGHT: ("body-weight", "3.0", "body_weight", "kg"),
    BODY_TEMPERATURE: ("body-temperature", "4.0", "body_temperature", "C"),
    GLUCOSE: ("blood-glucose", "4.0", "blood_glucose", "mmol/L"),
}


def address_of(number: int) -> str:
    """The identity of the kit of that number."""
    return f"kit-{number % 2**32:08x}"


def messages(said: Said) -> list[Wire]:
    """A data point for each measure; pressures go together."""
    left = dict(said.values)
    bodies: list[tuple[str, str, dict[str, Any]]] = []
    if SYSTOLIC in left:
        pressures = {"systolic_blood_pressure": SYSTOLIC, "diastolic_blood_pressure": DIASTOLIC}
        body = {key: {"value": left.pop(kind), "unit": "mmHg"} for key, kind in pressures.items()}
        bodies.append(("blood-pressure", "4.0", body))
    for kind, value in left.items():
        schema, version, key, unit = _SCHEMAS[kind]
        bodies.append((schema, version, {key: {"value": value, "unit": unit}}))
    found = []
    for number, (schema, version, body) in enumerate(bodies):
        made = {"namespace": "omh", "name": schema, "version": version}
        identity = uuid5(NAMESPACE_URL, f"{said.key}/{said.address}/{said.count}/{number}")
        header = {
            "id": str(identity),
            "creation_date_time": said.utc,
            "schema_id": made,
            "acquisition_provenance": {"source_name": "Home gateway", "modality": "sensed"},
        }
        body["effective_time_frame"] = {"date_time": said.local}
        found.append(said.wire(NAME, said.address, {"header": header, "body": body}))
    return found
