"""FHIR messages to read, as a gateway would send them."""

import json
from datetime import UTC, datetime
from typing import Any

from devices.formats import fhir
from devices.formats.wire import Arrival
from devices.measurement import Decoded

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
MDC = "urn:iso:std:iso:11073:10101"
LOINC = "http://loinc.org"
BITS = "http://terminology.hl7.org/CodeSystem/ASN1ToHL7"
ARRIVAL = Arrival(NOW, retained=False, zone="Europe/London", models={})
CUFF = "Device/phd-711000FEFF5F49B0.B0495F001071"
REFERENCE = "http://hl7.org/fhir/uv/phd/StructureDefinition/CoincidentTimeStampReference"


def coded(*codes: tuple[str, str]) -> dict[str, Any]:
    """A CodeableConcept of these systems and codes."""
    return {"coding": [{"system": system, "code": code} for system, code in codes]}


def quantity(value: object, code: str) -> dict[str, Any]:
    """A Quantity in a unit of UCUM."""
    return {"value": value, "system": "http://unitsofmeasure.org", "code": code}


def resource(number: str, system: str = LOINC, /, **more: Any) -> dict[str, Any]:
    """A reading of the code `number`; `more` adds to it or takes its place."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded((system, number)),
        "effectiveDateTime": "2026-11-22T10:00:00Z",
        **more,
    }


def pulse(**more: Any) -> dict[str, Any]:
    """A pulse of 72; `more` adds to it or takes its place."""
    return resource("8867-4", **{"valueQuantity": quantity(72, "/min"), **more})


def bits(*set_: str, **more: Any) -> dict[str, Any]:
    """What a cuff says bit by bit of its measuring."""
    said = [{"code": coded((BITS, bit)), "valueBoolean": True} for bit in set_]
    return resource("8410608", MDC, **{"component": said, **more})


def clock(gateway: str | None, **more: Any) -> dict[str, Any]:
    """A Coincident Timestamp called "clock" by its id; `gateway` is the time by the gateway's clock."""
    own = {} if gateway is None else {"effectiveDateTime": gateway}
    return {
        "resourceType": "Observation",
        "id": "clock",
        "status": "final",
        "code": coded((MDC, "67975")),
        **own,
        **more,
    }


def refers(to: str = "Observation/clock") -> list[dict[str, Any]]:
    """The extension by which a reading refers to a Coincident Timestamp."""
    return [{"url": REFERENCE, "valueReference": {"reference": to}}]


def bundle(*resources: Any, form: str = "transaction", **more: Any) -> dict[str, Any]:
    """A Bundle of these resources."""
    return {
        "resourceType": "Bundle",
        "type": form,
        "entry": [{"resource": each} for each in resources],
        **more,
    }


def read(body: Any, *, retained: bool = False) -> Decoded:
    """What comes of a message."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fhir.decode("", payload, Arrival(NOW, retained, "Europe/London", {}))


def values(decoded: Decoded) -> dict[str, float]:
    """The values by kind."""
    return {one.kind: one.value for one in decoded.measurements}
