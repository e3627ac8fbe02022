"""FHIR: what is absent stays absent, what kit doubts is doubted, and no bytes get more than a reason."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import fhir
from devices.measurement import Decoded, Flags, Undecodable
from tests.devices.formats.fhir_kit import (
    ARRIVAL,
    AT,
    CUFF,
    LOINC,
    MDC,
    bits,
    bundle,
    coded,
    pulse,
    quantity,
    read,
    resource,
    values,
)

ABSENT = {
    "dataAbsentReason": coded(("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-a-number"))
}
FALL = resource("1912002", "http://snomed.info/sct", valueBoolean=True)


def pressure(**more: Any) -> dict[str, Any]:
    parts = [
        {"code": coded((LOINC, "8480-6")), "valueQuantity": quantity(116, "mm[Hg]")},
        {"code": coded((LOINC, "8462-4")), "valueQuantity": quantity(71, "mm[Hg]")},
    ]
    return resource("85354-9", id="bp", component=parts, device={"reference": CUFF}, **more)


def flags(decoded: Decoded) -> list[Flags]:
    return [one.flags for one in decoded.measurements]


def refusal(body: Any) -> Undecodable:
    with pytest.raises(Undecodable) as caught:
        read(body)
    return caught.value


def test_it_reads_one_resource_a_list_and_each_sort_of_bundle() -> None:
    for body in (pulse(), [pulse()], [bundle(pulse())], *(bundle(pulse(), form=form) for form in
                 ("transaction", "batch", "collection"))):  # fmt: skip
        [one] = read(body).measurements

        assert (one.kind, one.value, one.at, one.flags) == ("pulse", 72.0, AT, Flags.NONE)


def test_a_value_that_the_kit_says_is_absent_is_no_zero() -> None:
    absent = pulse(**ABSENT)
    del absent["valueQuantity"]

    assert read(absent).nothing is not None
    assert read(pulse(valueQuantity=quantity(0, "/min"), **ABSENT)).nothing is not None
    assert read(pulse(valueQuantity=quantity(None, "/min"))).nothing is not None


def test_a_code_of_no_kind_is_passed_over() -> None:
    assert read(resource("150320", MDC, valueQuantity=quantity(102, "%"))).measurements == ()
    assert read({"resourceType": "Patient", "name": [{"family": "Somebody"}]}).nothing is not None


@pytest.mark.parametrize(
    ("more", "flag"),
    [
        ({"status": "preliminary"}, Flags.DOUBTED),
        ({"status": "unknown"}, Flags.DOUBTED),
        ({"status": "entered-in-error"}, Flags.ENTERED_IN_ERROR),
        ({"status": "amended"}, Flags.NONE),
        ({"interpretation": [coded(("pocd", "questionable"))]}, Flags.DOUBTED),
        ({"interpretation": [coded(("pocd", "in-alarm"))]}, Flags.NONE),
        ({"meta": {"security": [{"code": "HTEST"}]}}, Flags.TEST),
        ({"valueQuantity": {**quantity(72, "/min"), "comparator": ">"}}, Flags.DOUBTED),
    ],
)
def test_it_keeps_what_a_reading_says_of_its_own_worth(more: dict[str, Any], flag: Flags) -> None:
    assert flags(read(pulse(**more))) == [flag]


@pytest.mark.parametrize("status", ["cancelled", "registered"])
def test_what_was_not_measured_to_the_end_is_no_reading(status: str) -> None:
    assert read(pulse(status=status)).measurements == ()


def test_a_retained_message_is_replayed() -> None:
    assert flags(read(pulse(), retained=True)) == [Flags.REPLAYED]


def test_a_moved_arm_makes_the_pressure_doubted_that_it_is_said_of() -> None:
    said = bits(
        "8410608.0", derivedFrom=[{"reference": "Observation/bp"}], effectiveDateTime="2026-11-22T10:00:03Z"
    )

    decoded = read(bundle(pressure(), said, pulse()))

    assert flags(decoded) == [Flags.DOUBTED, Flags.DOUBTED, Flags.NONE]


def test_it_holds_for_all_that_the_sensor_measured_at_the_time() -> None:
    decoded = read(bundle(bits("8410608.1", device={"reference": CUFF}), pressure(), pulse()))

    assert flags(decoded) == [Flags.DOUBTED, Flags.DOUBTED, Flags.NONE]


def test_an_irregular_pulse_is_a_reading_and_no_doubt() -> None:
    decoded = read(bundle(pressure(), bits("8410608.2", device={"reference": CUFF})))

    assert values(decoded) == {"systolic": 116.0, "diastolic": 71.0, "irregular_pulse": 1.0}
    assert set(flags(decoded)) == {Flags.NONE}


def test_a_regular_pulse_is_said_and_not_concluded() -> None:
    yes_or_no = "http://terminology.hl7.org/CodeSystem/v2-0136"
    code = coded(("http://hl7.org/fhir/uv/phd/CodeSystem/ASN1ToHL7", "8410608.2"))
    said = bits(component=[{"code": code, "valueCodeableConcept": coded((yes_or_no, "N"))}])

    assert values(read(said)) == {"irregular_pulse": 0.0}
    assert read(bits()).measurements == ()
    assert read(bits(component=[{"code": code, **ABSENT}])).measurements == ()


def test_a_control_solution_is_the_kits_own_test() -> None:
    inside = {"code": coded((MDC, "160208")), "valueQuantity": quantity(6.1, "mmol/L")}

    assert flags(read(resource("8452097", "urn:maker", component=[inside]))) == [Flags.TEST]


def test_a_setting_of_the_kit_is_nobodys_reading() -> None:
    assert read(pulse(subject={"reference": CUFF})).measurements == ()


def test_a_battery_is_the_sensors_own() -> None:
    battery = resource("67996", MDC, valueQuantity=quantity(95, "%"), device={"reference": CUFF})

    [status] = read(battery).statuses

    assert (status.battery, status.address) == (95.0, "711000FEFF5F49B0")


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (resource("15074-8", valueQuantity={"value": 99}), "unknown_unit", "valueQuantity"),
        (pulse(valueQuantity=quantity(72, "kg")), "unknown_unit", "valueQuantity"),
        (
            bundle(pulse(valueQuantity=quantity("fast", "/min"))),
            "wrong_type",
            "entry[0].resource.valueQuantity.value",
        ),
        (pulse(code=coded((LOINC, "8867-4"), (LOINC, "2708-6"))), "contradicting_codes", ""),
        ([pulse(), pulse(effectiveDateTime="2026-11-22")], "bad_time", "[1]"),
        (resource("1912002", "http://snomed.info/sct", valueString="perhaps"), "unreadable_alarm", "value"),
        (bundle(pulse(), form="searchset"), "unknown_bundle", ""),
        ({"status": "final"}, "no_resource", ""),
        (["pulse"], "no_resource", "[0]"),
        (b"{", "not_json", ""),
    ],
)
def test_what_it_refuses_it_says_with_its_place(body: Any, code: str, where: str) -> None:
    fault = refusal(body)

    assert (fault.code, fault.where) == (code, where)
    assert fault.reason.endswith(".")


def test_a_danger_to_life_is_not_refused_with_what_stands_beside_it() -> None:
    decoded = read(bundle(pulse(), resource("15074-8", valueQuantity={"value": 99}), FALL))

    assert values(decoded) == {"fall": 1.0}
    assert decoded.fault is not None


def test_a_fall_with_a_date_for_a_time_counts_from_its_arrival() -> None:
    decoded = read({**FALL, "effectiveDateTime": "2026-11-22"})

    assert [(one.at, one.flags) for one in decoded.measurements] == [(None, Flags.CLOCK_CORRECTED)]


def test_the_id_of_a_message_has_nothing_of_the_patient_in_it() -> None:
    named = pulse(identifier=[{"value": "74E8-9990000018-149530-20261122T100000.00"}])

    said = read(named).message_id

    assert said is not None
    assert "9990000018" not in said
    assert said == read(named).message_id
    assert said != read(pulse(identifier=[{"value": "other"}])).message_id
    assert read(bundle(named)).message_id is None
    assert read({"resourceType": "Patient", "identifier": [{"value": "9990000018"}]}).message_id is None


def test_a_bundle_says_when_it_was_sent() -> None:
    assert read(bundle(pulse(), timestamp="2026-11-22T10:00:00Z")).sent_at == AT


def test_it_takes_over_nothing_of_the_person() -> None:
    person = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"family": "Somebody"}],
        "birthDate": "1931-02-03",
    }

    said = repr(
        read(bundle(person, pulse(subject={"reference": "Patient/9990000018", "display": "Somebody"})))
    )

    assert "Somebody" not in said
    assert "9990000018" not in said
    assert "1931" not in said


def test_resources_that_refer_to_each_other_without_end_take_no_time() -> None:
    every = [{"reference": f"Observation/{name}"} for name in range(60)]
    loop = [bits("8410608.0", id=str(name), derivedFrom=every) for name in range(20)]
    payload = json.dumps(loop).encode()
    started = time.process_time()

    read(payload)

    assert len(payload) < 65_536
    assert time.process_time() - started < 0.25


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = [
    *pulse(),
    "component",
    "device",
    "derivedFrom",
    "identifier",
    "extension",
    "contained",
    "subject",
    "meta",
]
_SHAPES = st.dictionaries(
    st.sampled_from(_KEYS),
    _JSON | st.sampled_from([pulse()[key] for key in ("code", "valueQuantity", "effectiveDateTime")]),
)


def outcome(payload: bytes) -> Decoded | Undecodable:
    """What was decoded, or the refusal; anything else that is raised fails the test."""
    try:
        return fhir.decode("", payload, ARRIVAL)
    except Undecodable as fault:
        return fault


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | _JSON.map(lambda each: json.dumps(each).encode()))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    assert isinstance(outcome(payload), Decoded | Undecodable)


@settings(max_examples=200, deadline=None)
@given(st.lists(_SHAPES, max_size=3))
def test_any_resource_is_decoded_or_refused(shapes: list[dict[str, Any]]) -> None:
    resources = [{"resourceType": "Observation", **shape} for shape in shapes]

    assert isinstance(outcome(json.dumps(bundle(*resources)).encode()), Decoded | Undecodable)
