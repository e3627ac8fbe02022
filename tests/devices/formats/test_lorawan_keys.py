"""Keys of codecs mean what their makers say, and nothing is made of what isn't said."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import models_of_kit
from devices.formats import lorawan_keys
from devices.kinds import KINDS
from devices.models_of_kit import UNKNOWN


def said(key: str, value: object, model: str = "", **beside: Any) -> list[tuple[str, float | None]]:
    keys = {key: value, **beside}
    found = lorawan_keys.meaning(key, value, keys, models_of_kit.model_called(model))
    return [(code, number) for code, number, _ in found]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("magnet_status", "open", [("door_open", 1.0)]),
        ("magnet_status", "close", [("door_open", 0.0)]),
        ("magnet_status", 1.0, [("door_open", 1.0)]),
        ("state", "open", [("door_open", 1.0)]),
        ("state", "FREE", []),
        ("leakage_status", "leak", [("water_leak", 1.0)]),
        ("leakage_status", "normal", [("water_leak", 0.0)]),
        ("waterleak", 0, [("water_leak", 0.0)]),
        ("waterleak", 17, [("water_leak", 1.0)]),
        ("occupancy", "vacant", [("presence", 0.0)]),
        ("occupancy", "occupied", [("presence", 1.0)]),
        ("pir", "trigger", [("motion", 1.0)]),
        ("pir", "idle", [("motion", 0.0)]),
        ("motion", 6, [("motion_count", 6.0)]),
        ("motion", True, [("motion", 1.0)]),
        ("gas_status", "abnormal", [("gas_alarm", 1.0)]),
        ("gas_status", "unknown", [("gas_alarm", None)]),
        ("smoke", False, [("smoke", 0.0)]),
        ("tamper_status", "uninstalled", [("tamper", 1.0)]),
        ("install", "no", [("tamper", 1.0)]),
        ("install", "yes", [("tamper", 0.0)]),
        ("illuminance", "dim", [("illuminance", None)]),
        ("batv", 3.297, [("battery_voltage", 3.297)]),
        ("tvoc", 37, []),
        ("digital", 1, []),
        ("externaltemperature", 19.3, []),
        ("latitude", 51.5, []),
        ("smoke", None, []),
    ],
)
def test_it_knows_what_a_key_means(key: str, value: object, expected: list[tuple[str, float | None]]) -> None:
    assert said(key, value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0, [("presence", 0.0)]), (1, []), (2, [("presence", 1.0)])])
def test_a_place_of_elsys_is_taken_at_two(value: int, expected: list[tuple[str, float]]) -> None:
    assert said("occupancy", value, "ERS-EYE") == expected


@pytest.mark.parametrize(
    "value", ["short", "long", "unknown", 1, 3.0, True, {"status": "double press", "msgid": 7}]
)
@pytest.mark.parametrize("model", ["WS101", "", "BOUGHT-SOMEWHERE"])
def test_a_press_calls_for_help_on_a_button_and_on_kit_nobody_knows(value: object, model: str) -> None:
    assert said("press", value, model) == [("pendant", 1.0)]


def test_a_press_on_kit_that_is_no_button_does_not() -> None:
    assert said("button", 1, "AM308") == []


@pytest.mark.parametrize("value", ["", "release", "none", 0, 0.0, False, [], {}, {"status": None}])
def test_letting_go_is_no_press(value: object) -> None:
    assert said("press", value) == []


@pytest.mark.parametrize("key", ["sos", "panic", "emergency"])
def test_a_call_is_one_on_any_model(key: str) -> None:
    assert said(key, True, "AM308") == [("pendant", 1.0)]
    assert said(key, False, "AM308") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("fall", [("fall", 1.0)]),
        ("in bed", [("bed_occupied", 1.0)]),
        ("out_of_bed", [("bed_occupied", 0.0)]),
        ("vacant", [("presence", 0.0)]),
        ("normal", []),
        ("unknown", [("fall", None)]),
        (4, []),
    ],
)
def test_it_reads_a_fall_sensor(value: object, expected: list[tuple[str, float | None]]) -> None:
    assert said("detection_status", value) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("alarm_triggered", [("fall", 1.0)]),
        ("alarm_deactivated", []),
        ("alarm_ignored", []),
        ("unknown", [("fall", None)]),
        (None, [("fall", None)]),
    ],
)
def test_it_reads_an_alarm_of_a_fall_sensor(status: object, expected: list[tuple[str, float | None]]) -> None:
    assert said("alarm_type", "fall", alarm_status=status) == expected
    assert said("alarm_type", "dwell", alarm_status=status) == []


@pytest.mark.parametrize(
    ("status", "expected"), [("1", True), ("2, 1", True), ("2, 3", False), (1, True), (None, False)]
)
def test_it_reads_several_falls_of_one_message(status: object, expected: bool) -> None:
    assert bool(said("fall_alarm", {"alarm_status": status})) is expected


def test_it_counts_nobody_where_the_sensor_cannot_see() -> None:
    assert said("people_total_counts", 0) == [("presence", 0.0)]
    assert said("people_total_counts", 2) == [("presence", 1.0)]
    assert said("people_total_counts", 0, detection_status="unavailable") == []


@pytest.mark.parametrize(
    ("value", "model", "expected"),
    [
        (True, "", [("unnamed_alarm", 1.0)]),
        (False, "", [("unnamed_alarm", 0.0)]),
        (True, "AM308", []),
        (1, "", []),
        ("device fault", "GS101", [("sensor_fault", 1.0)]),
        ("power off", "GS101", [("mains_power", 0.0)]),
    ],
)
def test_an_alarm_without_a_name_is_never_left_out(
    value: object, model: str, expected: list[tuple[str, float]]
) -> None:
    assert said("alarm", value, model) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(lorawan_keys._READERS)), VALUES, VALUES)
def test_whatever_stands_there_it_gives_kinds_there_are(key: str, value: object, status: object) -> None:
    for code, number, _ in lorawan_keys.meaning(key, value, {key: value, "alarm_status": status}, UNKNOWN):
        assert code in KINDS
        assert number is None or number == number
