from collections.abc import Mapping

import pytest

from devices.simulator.encoders import gatt
from devices.simulator.kit import BODY_TEMPERATURE, DIASTOLIC, GLUCOSE, PULSE, SPO2, SYSTOLIC, WEIGHT
from tests.devices.simulator.encoders.saying import rest, said

MAC = "00:00:5E:00:53:01"
TIME = "ea070b16072c0a"  # 2026-11-22 07:44:10


@pytest.mark.parametrize(
    ("values", "characteristic", "expected"),
    [
        ({SYSTOLIC: 120, DIASTOLIC: 80, PULSE: 71}, "2A35", f"1e78005000ff07{TIME}4700010000"),
        ({SYSTOLIC: 120, DIASTOLIC: 80}, "2A35", f"1e78005000ff07{TIME}ff07010000"),
        ({SPO2: 93, PULSE: 80}, "2A5E", f"015d005000{TIME}"),
        ({WEIGHT: 71.0}, "2A9D", f"027837{TIME}"),
        ({BODY_TEMPERATURE: 36.4}, "2A1C", f"026c0100ff{TIME}"),
        ({GLUCOSE: 7.6}, "2A18", f"060300{TIME}4cc011"),
        ({PULSE: 72.0}, "2A37", "0648"),
    ],
)
def test_each_measure_has_the_bytes_of_its_characteristic(
    values: Mapping[str, float], characteristic: str, expected: str
) -> None:
    (wire,) = gatt.messages(said(MAC, values))
    assert rest(wire) == f"gatt/{MAC}/{characteristic}"
    assert wire.payload.hex() == expected


@pytest.mark.parametrize(
    ("value", "exponent", "number"),
    [(36.4, -1, 0xF16C), (3.64, -2, 0xE16C), (10.1, -1, 0xF065), (120, 0, 0x0078)],
)
def test_short_floats_are_those_that_others_published(value: float, exponent: int, number: int) -> None:
    # weliem/blessed, Nordic
    assert gatt.sfloat(value, exponent) == number.to_bytes(2, "little")


def test_a_long_float_is_the_one_that_others_published() -> None:
    assert gatt.float32(36.4, -1) == (0xFF00016C).to_bytes(4, "little")


def test_what_a_short_float_can_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="twelve bits"):
        gatt.sfloat(300.0, -1)


def test_an_address_is_a_mac_with_colons() -> None:
    assert gatt.address_of(0x005301) == MAC
