"""ELSYS frames give what its own codec gives."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import elsys

# Frames and values: vendor/elsys/*-codec.yaml in TheThingsNetwork/lorawan-devices.
ERS = {"temperature": 22.6, "humidity": 41, "light": 39, "motion": 6}


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("0100E202290400270506", ERS),
        ("0100E202290400270506060308", {**ERS, "co2": 776}),
        ("0100E2022904002705061101", {**ERS, "occupancy": 1}),
        ("0100E202290400270506150101", {**ERS, "soundPeak": 1, "soundAvg": 1}),
        ("0301270 50A11010B000A0011".replace(" ", ""), {"pulse1": 4353, "pulseAbs": 655377}),
        (
            "0100E20229030127050A110112110A2111",
            {"temperature": 22.6, "humidity": 41, "pulse1": 8465, "waterleak": 17},
        ),
        ("01FFBD", {"temperature": -6.7}),
        ("14000F6AED", {"pressure": 1010.413}),
        ("1001020304", {"irInternalTemperature": 25.8, "irExternalTemperature": 77.2}),
        ("1BFFFFFFFF", {"analogUv": -1}),
        ("09010203040506 0711".replace(" ", "") + "58", {"vdd": 4440}),
        ("13" + "14" * 65 + "0229", {"humidity": 41}),
    ],
)
def test_it_reads_every_type(frame: str, expected: dict[str, Any]) -> None:
    assert elsys.decode(bytes.fromhex(frame)) == (expected, True)


def test_settings_say_nothing() -> None:
    assert elsys.decode(bytes.fromhex("3E0601010101")) == ({}, True)


@pytest.mark.parametrize("rest", ["05", "0100", "FE01", "00"])
def test_it_says_when_it_was_not_read_to_its_end(rest: str) -> None:
    assert elsys.decode(bytes.fromhex("0229" + rest)) == ({"humidity": 41}, False)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=260))
def test_it_stands_any_bytes(frame: bytes) -> None:
    said, whole = elsys.decode(frame)

    assert all(isinstance(value, float) for value in said.values())
    assert isinstance(whole, bool)
