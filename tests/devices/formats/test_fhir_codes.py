"""Codes and units: the catalogue's own, those beside it, and none that means two things."""

import pytest

from devices import codes, kinds
from devices.formats import fhir_codes
from devices.measurement import Undecodable
from tests.devices.formats.fhir_kit import LOINC, MDC, coded, quantity


def kind(*said: tuple[str, str]) -> str | None:
    found = fhir_codes.kind(coded(*said), "")
    return found and found.code


def test_it_knows_the_catalogues_codes_in_each_system() -> None:
    for each in ((MDC, "150456"), (LOINC, "2708-6"), ("http://snomed.info/sct", "431314004")):
        assert kind(each) == "spo2"


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("150021", "systolic"),
        ("150022", "diastolic"),
        ("150023", "mean_arterial_pressure"),
        ("149546", "pulse"),
        ("149530", "pulse"),
        ("188736", "weight"),
        ("150364", "body_temperature"),
        ("188424", "body_temperature"),
        ("160184", "glucose"),
        ("160368", "glucose"),
        ("150320", None),
        ("150020", None),
    ],
)
def test_it_knows_what_health_kit_sends(code: str, meant: str | None) -> None:
    assert kind((MDC, code)) == meant
    assert kind(("urn:oid:2.16.840.1.113883.6.24", code)) == meant


def test_a_code_that_several_kinds_share_means_none() -> None:
    assert kind((MDC, "528510")) is None


def test_codes_that_contradict_each_other_are_refused() -> None:
    assert kind((MDC, "150456"), (LOINC, "2708-6"), ("urn:local", "17")) == "spo2"
    with pytest.raises(Undecodable):
        kind((MDC, "150456"), (LOINC, "8867-4"))


def test_every_loinc_code_has_its_check_digit() -> None:
    for system, code in fhir_codes._KINDS:
        assert system != LOINC or codes.is_loinc(code)


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("pulse", quantity(72, "{beats}/min"), 72.0),
        ("pulse", quantity(72, "{beat}/min"), 72.0),
        ("systolic", {"value": 16, "system": MDC, "code": "265987"}, 120.009852),
        ("glucose", quantity(99, "mg/dL"), 5.495233),
        ("body_temperature", {"value": 98.6, "unit": "degF"}, 37.0),
    ],
)
def test_it_converts_from_ucum_from_mdc_and_from_words(
    name: str, said: dict[str, object], value: float
) -> None:
    linear = fhir_codes.conversion(kinds.get(name), said)

    assert linear is not None
    assert linear.convert(float(str(said["value"]))) == value


def test_a_unit_that_is_missing_or_another_kinds_is_none() -> None:
    assert fhir_codes.conversion(kinds.get("glucose"), {"value": 99}) is None
    assert fhir_codes.conversion(kinds.get("glucose"), quantity(99, "{glucose}")) is None
    assert fhir_codes.conversion(kinds.get("pulse"), quantity(99, "kg")) is None
