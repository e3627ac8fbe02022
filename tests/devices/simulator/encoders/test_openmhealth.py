from uuid import NAMESPACE_URL, uuid5

from devices.simulator.encoders import openmhealth
from devices.simulator.kit import DIASTOLIC, PULSE, SPO2, SYSTOLIC
from tests.devices.simulator.encoders.saying import KEY, body, rest, said

ADDRESS = "kit-00000007"


def test_pressures_go_together_and_the_pulse_by_itself() -> None:
    pressure, pulse = openmhealth.messages(said(ADDRESS, {SYSTOLIC: 125, DIASTOLIC: 80, PULSE: 71}))
    assert rest(pressure) == f"openmhealth/{ADDRESS}"
    assert body(pressure) == {
        "header": {
            "id": str(uuid5(NAMESPACE_URL, f"{KEY}/{ADDRESS}/3/0")),
            "creation_date_time": "2026-11-22T07:44:10.000Z",
            "schema_id": {"namespace": "omh", "name": "blood-pressure", "version": "4.0"},
            "acquisition_provenance": {"source_name": "Home gateway", "modality": "sensed"},
        },
        "body": {
            "systolic_blood_pressure": {"value": 125, "unit": "mmHg"},
            "diastolic_blood_pressure": {"value": 80, "unit": "mmHg"},
            "effective_time_frame": {"date_time": "2026-11-22T07:44:10+00:00"},
        },
    }
    assert body(pulse)["body"]["heart_rate"] == {"value": 71, "unit": "beats/min"}
    assert body(pulse)["header"]["id"] != body(pressure)["header"]["id"]


def test_a_measure_says_its_schema_and_unit() -> None:
    (wire,) = openmhealth.messages(said(ADDRESS, {SPO2: 93}))
    assert body(wire)["header"]["schema_id"]["name"] == "oxygen-saturation"
    assert body(wire)["body"]["oxygen_saturation"] == {"value": 93, "unit": "%"}


def test_an_address_is_of_the_kit() -> None:
    assert openmhealth.address_of(7) == ADDRESS
