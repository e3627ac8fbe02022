"""Observations as a gateway sends them in FHIR R4, by the Personal Health Device guide.

Source: HL7/phd; codes are MDC (ISO/IEEE 11073-10101) and LOINC.
"""

from typing import Any

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import BODY_TEMPERATURE, DIASTOLIC, GLUCOSE, PULSE, SPO2, SYSTOLIC, WEIGHT

NAME = "fhir"

# kind: MDC code, its name there, LOINC code, UCUM unit
_CODES = {
    SYSTOLIC: ("150021", "MDC_PRESS_BLD_NONINV_SYS", "8480-6", "mm[Hg]"),
    DIASTOLIC: ("150022", "MDC_PRESS_BLD_NONINV_DIA", "8462-4", "mm[Hg]"),
    PULSE: ("149546", "MDC_PULS_RATE_NON_INV", "8867-4", "/min"),
    SPO2: ("150456", "MDC_PULS_OXIM_SAT_O2", "2708-6", "%"),
    WEIGHT: ("188736", "MDC_MASS_BODY_ACTUAL", "29463-7", "kg"),
    BODY_TEMPERATURE: ("150364", "MDC_TEMP_BODY", "8310-5", "Cel"),
    GLUCOSE: ("160184", "MDC_CONC_GLU_CAPILLARY_WHOLEBLOOD", "15074-8", "mmol/L"),
}
_PRESSURE = ("150020", "MDC_PRESS_BLD_NONINV", "85354-9")
_BOTH = (SYSTOLIC, DIASTOLIC)


def address_of(number: int) -> str:
    """The identity of the kit of that number."""
    return f"kit-{number % 2**32:08x}"


def messages(said: Said) -> list[Wire]:
    """An Observation for each measure; pressures are components of one."""
    left = dict(said.values)
    found = []
    if SYSTOLIC in left:
        parts = [{"code": _code(kind), "valueQuantity": _quantity(kind, left.pop(kind))} for kind in _BOTH]
        body = _resource(said, _concept(*_PRESSURE))
        found.append(said.wire(NAME, said.address, {**body, "component": parts}))
    for kind, value in left.items():
        body = _resource(said, _code(kind))
        found.append(said.wire(NAME, said.address, {**body, "valueQuantity": _quantity(kind, value)}))
    return found


def _concept(mdc: str, name: str, loinc: str) -> dict[str, Any]:
    return {
        "coding": [
            {"system": "urn:iso:std:iso:11073:10101", "code": mdc, "display": name},
            {"system": "http://loinc.org", "code": loinc},
        ]
    }


def _code(kind: str) -> dict[str, Any]:
    return _concept(*_CODES[kind][:3])


def _quantity(kind: str, value: float) -> dict[str, Any]:
    unit = _CODES[kind][3]
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def _resource(said: Said, code: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "identifier": [{"value": f"{said.address}-{code['coding'][0]['code']}-{said.utc}"}],
        "status": "final",
        "code": code,
        "effectiveDateTime": said.local,
        "device": {"identifier": {"value": said.address}},
    }
