"""Open mHealth: measured values alone, by whom, and no bytes that get more than a reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import openmhealth
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Source, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
FRAME = {"date_time": "2026-11-22T10:00:00Z"}
DAY = {"time_interval": {"start_date_time": "2026-11-21T00:00:00Z", "end_date_time": "2026-11-22T00:00:00Z"}}


def measured(
    key: str = "heart_rate", value: object = 61, unit: str = "beats/min", **more: Any
) -> dict[str, Any]:
    return {key: {"value": value, "unit": unit}, "effective_time_frame": FRAME, **more}


def read(body: Any, *, retained: bool = False) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return openmhealth.decode("", payload, Arrival(NOW, retained, "Europe/London", {}))


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


def refusal(body: Any) -> tuple[str, str]:
    with pytest.raises(Undecodable) as caught:
        read(body)
    assert caught.value.reason.endswith(".")
    return caught.value.code, caught.value.where


@pytest.mark.parametrize(
    ("key", "value", "unit", "kind", "found"),
    [
        ("systolic_blood_pressure", 130, "mmHg", "systolic", 130.0),
        ("diastolic_blood_pressure", 80, "mmHg", "diastolic", 80.0),
        ("body_weight", 154, "lb", "weight", 69.853225),
        ("body_temperature", 98.6, "F", "body_temperature", 37.0),
        ("blood_glucose", 99, "mg/dL", "glucose", 5.495233),
        ("blood_glucose", 99, "MGDL", "glucose", 5.495233),
        ("oxygen_saturation", 93, "%", "spo2", 93.0),
        ("respiratory_rate", 14, "breaths/min", "respiratory_rate", 14.0),
        ("total_sleep_time", 465, "min", "sleep_duration", 7.75),
        ("ambient_temperature", 19, "C", "room_temperature", 19.0),
    ],
)
def test_it_reads_each_measure_in_its_units(
    key: str, value: float, unit: str, kind: str, found: float
) -> None:
    [one] = read(measured(key, value, unit)).measurements

    assert (one.kind, one.value, one.at, one.source) == (kind, found, AT, Source.SENSED)


def test_it_reads_a_body_a_data_point_and_a_list() -> None:
    for body in (measured(), {"header": {}, "body": measured()}, [measured()], [{"body": measured()}]):
        assert values(read(body)) == {"pulse": 61.0}


@pytest.mark.parametrize(
    "header", [{"modality": "self-reported"}, {"acquisition_provenance": {"modality": "self-reported"}}]
)
def test_it_knows_what_somebody_typed_in(header: dict[str, Any]) -> None:
    [one] = read({"header": header, "body": measured()}).measurements

    assert (one.source, one.flags) == (Source.SELF_REPORTED, Flags.SELF_REPORTED)


@pytest.mark.parametrize(
    "key", ["descriptive_statistic", "descriptive-statistics", "descriptive_statistic_denominator"]
)
def test_a_statistic_is_no_reading(key: str) -> None:
    assert read(measured(**{key: "average"})).nothing is not None


def test_a_nap_an_activity_and_an_unknown_measure_are_no_readings() -> None:
    for body in (
        measured("total_sleep_time", 40, "min", is_main_sleep=False),
        measured("distance", 3, "mi"),
        {},
    ):
        assert read(body).nothing is not None


def test_a_whole_day_of_steps_is_the_days() -> None:
    last = datetime(2026, 11, 21, 23, 59, 59, 999_000, tzinfo=UTC)
    for said in (4210, {"value": 4210, "unit": "steps"}):
        [one] = read(
            {"step_count": said, "effective_time_frame": DAY, "descriptive_statistic": "sum"}
        ).measurements

        assert (one.kind, one.value, one.at) == ("steps_in_day", 4210.0, last)


def test_the_steps_of_a_part_of_a_day_are_not_the_days() -> None:
    assert read({"step_count": 4210, "effective_time_frame": FRAME}).measurements == ()


def test_oxygen_from_a_tube_is_said_and_not_concluded() -> None:
    flow = {"supplemental_oxygen_flow_rate": {"value": 2, "unit": "L/min"}}

    assert values(read(measured("oxygen_saturation", 93, "%", **flow))) == {"spo2": 93.0, "on_oxygen": 1.0}
    assert values(read(measured("oxygen_saturation", 93, "%"))) == {"spo2": 93.0}


def test_the_id_is_the_data_points_and_nothing_is_the_persons() -> None:
    header = {"uuid": "a-17", "user_id": "somebody@example.org"}

    decoded = read({"header": header, "body": measured(user_notes="I felt dizzy")})

    assert decoded.message_id == "a-17"
    assert "somebody" not in repr(decoded)
    assert "dizzy" not in repr(decoded)
    assert read({"header": {"id": "b"}, "body": measured()}).message_id == "b"
    assert read([{"header": header, "body": measured()}]).message_id is None


def test_a_retained_message_is_replayed() -> None:
    assert read(measured(), retained=True).measurements[0].flags == Flags.REPLAYED


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (measured(unit="beat/min"), "unknown_unit", "heart_rate.unit"),
        (measured(value="61"), "wrong_type", "heart_rate.value"),
        (measured(value=True), "wrong_type", "heart_rate.value"),
        (measured(value=None), "no_value", "heart_rate"),
        ({"blood_glucose": 6.1}, "no_value", "blood_glucose"),
        ([{"body": {"heart_rate": {"value": 61}}}], "unknown_unit", "[0].body.heart_rate.unit"),
        (
            measured(effective_time_frame={"date_time": "2026-11-22"}),
            "bad_time",
            "effective_time_frame.date_time",
        ),
        ({"header": {"modality": "guessed"}, "body": measured()}, "unknown_source", "header"),
        ({"header": {}}, "wrong_type", ""),
        (["heart_rate"], "wrong_type", "[0]"),
        (b"[", "not_json", ""),
    ],
)
def test_what_it_refuses_it_says_with_its_place(body: Any, code: str, where: str) -> None:
    assert refusal(body) == (code, where)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_PARTS = _JSON | st.sampled_from([FRAME, DAY, {"value": 61, "unit": "beats/min"}, "sum", 4210])
_KEYS = ["heart_rate", "step_count", "effective_time_frame", "descriptive_statistic", "header", "body",
         "supplemental_oxygen_flow_rate", "minutes_moderate_activity"]  # fmt: skip
_BODIES = st.dictionaries(st.sampled_from(_KEYS), _PARTS)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | (_JSON | _BODIES | st.lists(st.fixed_dictionaries({"header": _PARTS, "body": _BODIES}))).map(
        lambda each: json.dumps(each).encode()
    )
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    try:
        found: Decoded | Undecodable = read(payload)
    except Undecodable as fault:
        found = fault
    assert isinstance(found, Decoded | Undecodable)
