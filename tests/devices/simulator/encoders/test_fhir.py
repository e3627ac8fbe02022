from devices.simulator.encoders import fhir
from devices.simulator.kit import DIASTOLIC, SPO2, SYSTOLIC
from tests.devices.simulator.encoders.saying import body, rest, said

ADDRESS = "kit-00000007"
UCUM = "http://unitsofmeasure.org"


def test_a_measure_is_an_observation_with_both_codes() -> None:
    (wire,) = fhir.messages(said(ADDRESS, {SPO2: 93}))
    assert rest(wire) == f"fhir/{ADDRESS}"
    assert body(wire) == {
        "resourceType": "Observation",
        "identifier": [{"value": f"{ADDRESS}-150456-2026-11-22T07:44:10.000Z"}],
        "status": "final",
        "code": {
            "coding": [
                {
                    "system": "urn:iso:std:iso:11073:10101",
                    "code": "150456",
                    "display": "MDC_PULS_OXIM_SAT_O2",
                },
                {"system": "http://loinc.org", "code": "2708-6"},
            ]
        },
        "effectiveDateTime": "2026-11-22T07:44:10+00:00",
        "device": {"identifier": {"value": ADDRESS}},
        "valueQuantity": {"value": 93, "unit": "%", "system": UCUM, "code": "%"},
    }


def test_pressures_are_components_of_one_observation() -> None:
    (wire,) = fhir.messages(said(ADDRESS, {SYSTOLIC: 125, DIASTOLIC: 80}))
    found = body(wire)
    assert found["code"]["coding"][1]["code"] == "85354-9"
    parts = {part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"] for part in found["component"]}
    assert parts == {"150021": 125, "150022": 80}
    assert "valueQuantity" not in found


def test_an_address_is_of_the_kit() -> None:
    assert fhir.address_of(7) == ADDRESS
