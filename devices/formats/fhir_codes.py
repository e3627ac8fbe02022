"""What the codes in FHIR resources mean: which kind, which unit, which doubt."""

import re
from collections.abc import Mapping
from typing import Any

from devices import kinds
from devices.formats import fhir_parts
from devices.kinds import Kind
from devices.measurement import Undecodable
from devices.units import Linear

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
MDC = "urn:iso:std:iso:11073:10101"
_SAME_SYSTEM = {"urn:oid:2.16.840.1.113883.6.24": MDC, "urn:oid:2.16.840.1.113883.6.1": LOINC}

BATTERY = (MDC, "67996")
"""MDC_ATTR_VAL_BATT_CHARGE, the sensor's battery in percent."""
CONTROL_SOLUTION = (MDC, "160208")
"""MDC_CONC_GLU_CONTROL: the meter was tried on a test fluid, not on a person."""
GATEWAY = (MDC, "531981")
"""MDC_MOC_VMS_MDS_AHD, the type of a gateway as a device."""
CLOCKS = frozenset((MDC, code) for code in ("67975", "68226", "67983", "68072"))
"""The kinds of clock of a Coincident Timestamp: absolute, base offset, relative, fine relative."""

# Beside the catalogue's own codes. MDC: ISO/IEEE 11073-10101 and the parts for each sort of kit (10404,
# 10408, 10417), partition 2 (131072) and the term; LOINC: what oximeters, thermometers, scales and meters
# are reported under.
_MORE: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "spo2": ((LOINC, ("59408-5",)),),
    # The pulse of an oximeter, the heart rate of an electrocardiogram.
    "pulse": ((MDC, ("149530", "147842")), (LOINC, ("8889-8",))),
    # Ear drum, rectum, mouth, ear, armpit.
    "body_temperature": ((MDC, ("150392", "188420", "188424", "188428", "188452")), (LOINC, ("8331-1",))),
    # Capillary plasma, venous and arterial blood and plasma, control solution, tissue fluid, undetermined.
    "glucose": (
        (MDC, ("160188", "160192", "160196", "160200", "160204", "160208", "160212", "160364", "160368")),
        (LOINC, ("2339-0", "2345-7", "14743-9", "14749-6", "41653-7")),
    ),
    "weight": ((LOINC, ("3141-9",)),),
}

# MDC units, for gateways that write those instead of UCUM: partition 4 (262144) and the term.
_MDC_UNITS: Mapping[str, str] = {
    "262688": "%",
    "263875": "kg",
    "263904": "[lb_av]",
    "264274": "mg/dL",
    "264864": "/min",
    "264928": "/min",
    "265216": "L/min",
    "265987": "kPa",
    "266016": "mm[Hg]",
    "266560": "[degF]",
    "266866": "mmol/L",
    "268192": "Cel",
}

_NOTE = re.compile(r"\{[^{}]*\}")

IRREGULAR_PULSE = "8410608.2"
# The bits by which kit doubts what it measured (HL7/phd, CodeSystem ASN1ToHL7): a cuff's movement,
# looseness, range and position; an oximeter's sensor and signal; a pulse of marginal quality or worse; a
# meter's sample and strip.
DOUBTS = frozenset(
    f"{code}.{bit}"
    for code, bits in (
        ("8410608", (0, 1, 3, 4, 5)),
        ("150604", range(15)),
        ("150605", (1, 2, 3)),
        ("8417752", range(1, 12)),
    )
    for bit in bits
)

Code = tuple[str, str]


def codes(concept: dict[str, Any]) -> list[Code]:
    """Return every (system, code) of a CodeableConcept."""
    return [
        (_SAME_SYSTEM.get(system, system), code)
        for coding in fhir_parts.parts(concept, "coding")
        if (system := fhir_parts.text(coding, "system")) and (code := fhir_parts.text(coding, "code"))
    ]


def bits(concept: dict[str, Any]) -> list[str]:
    """Return the codes of single bits in a CodeableConcept, such as "8410608.2"."""
    return [code for system, code in codes(concept) if system.endswith("/ASN1ToHL7")]


def kind(concept: dict[str, Any], where: str) -> Kind | None:
    """Return the kind a CodeableConcept means, or None; Undecodable if its codes mean several."""
    found = {code for each in codes(concept) if (code := _KINDS.get(each)) is not None}
    if len(found) > 1:
        raise Undecodable("contradicting_codes", "The codes of a reading mean different things.", where)
    return kinds.get(found.pop()) if found else None


def conversion(kind: Kind, quantity: dict[str, Any]) -> Linear | None:
    """Return how a Quantity becomes a value of `kind`; None where its unit is missing, or another kind's.

    What UCUM sets in braces ("{beats}/min") is a note to the unit and no part of it.
    """
    said = fhir_parts.text(quantity, "code") or fhir_parts.text(quantity, "unit")
    said = _MDC_UNITS.get(said, said)
    if not said:
        return None
    return kind.conversions.get(said) or kind.conversions.get(_NOTE.sub("", said) or said)


def _by_code() -> dict[Code, str]:
    """Return the kind of each code that is only one kind's: doors, windows and fridges share theirs."""
    found: dict[Code, list[str]] = {}
    for each in kinds.all_kinds():
        for system, code in ((LOINC, each.loinc), (SNOMED, each.snomed), (MDC, each.mdc)):
            if code is not None and not each.made:
                found.setdefault((system, code), []).append(each.code)
    own = {code: names[0] for code, names in found.items() if len(names) == 1}
    more = {(system, code): name for name, all_ in _MORE.items() for system, few in all_ for code in few}
    return own | more


_KINDS = _by_code()
