"""Pressure, weight, temperature and heart rate: what is taken over, what is doubted, what is no reading."""

import pytest

from devices.measurement import Flags, Undecodable
from tests.devices.formats.gatt_kit import AT, TIME, flags, read, values

PRESSURE = "78005000 6000"
"""120 over 80, mean 96."""


@pytest.mark.parametrize(
    ("status", "doubted"),
    [
        ("0000", False),
        ("0100", True),
        ("0200", True),
        ("0400", False),
        ("0800", True),
        ("1000", True),
        ("2000", True),
        ("c0ff", False),
    ],
    ids=["none", "movement", "loose cuff", "irregular", "too fast", "too slow", "position", "reserved"],
)
def test_a_pressure_is_doubted_where_the_monitor_doubts_it(status: str, doubted: bool) -> None:
    assert (flags(read("2A35", f"10 {PRESSURE} {status}")) == Flags.DOUBTED) is doubted


def test_an_irregular_pulse_is_said_only_where_there_is_a_status() -> None:
    assert "irregular_pulse" not in values(read("2A35", f"00 {PRESSURE}"))
    assert values(read("2A35", f"10 {PRESSURE} 0400"))["irregular_pulse"] == 1.0
    assert values(read("2A35", f"10 {PRESSURE} 0000"))["irregular_pulse"] == 0.0


def test_kilopascals_become_millimetres_of_mercury() -> None:
    assert values(read("2A35", "01 a0f0 6bf0 ff07")) == {"systolic": 120.009852, "diastolic": 80.256589}


@pytest.mark.parametrize("other", ["ff07", "0008", "0108", "0000"])
def test_half_a_pressure_is_none_with_all_that_stands_beside_it(other: str) -> None:
    assert read("2A35", f"14 7800 {other} 6000 4800 0400").nothing
    assert read("2A35", f"14 {other} 5000 6000 4800 0400").nothing


@pytest.mark.parametrize("mean", ["ff07", "0008", "fe07", "0000"])
def test_a_mean_pressure_may_be_missing(mean: str) -> None:
    assert values(read("2A35", f"00 7800 5000 {mean}")) == {"systolic": 120.0, "diastolic": 80.0}


@pytest.mark.parametrize("frame", ["00 fe07 5000 6000", "00 7800 0208 6000", "04 7800 5000 6000 fe07"])
def test_a_pressure_beyond_the_monitor_is_refused_and_not_lost(frame: str) -> None:
    with pytest.raises(Undecodable) as caught:
        read("2A35", frame)

    assert caught.value.code == "beyond_range"


def test_a_monitor_tells_its_users_apart() -> None:
    known = read("2A35", f"08 {PRESSURE} 00")
    unknown = read("2A35", f"08 {PRESSURE} ff")
    unsaid = read("2A35", f"00 {PRESSURE}")

    assert ({one.user for one in known.measurements}, flags(known)) == ({0}, Flags.NONE)
    assert ({one.user for one in unknown.measurements}, flags(unknown)) == ({None}, Flags.WHOSE)
    assert ({one.user for one in unsaid.measurements}, flags(unsaid)) == ({None}, Flags.NONE)


@pytest.mark.parametrize(
    ("frame", "kilograms"), [("00 e03c", 77.92), ("01 fe42", 77.791091), ("08 e03c f100 b502", 77.92)]
)
def test_a_weight_is_in_kilograms_or_pounds(frame: str, kilograms: float) -> None:
    assert values(read("2A9D", frame)) == {"weight": kilograms}


def test_a_weight_has_its_time_and_user() -> None:
    [one] = read("2A9D", f"0e e03c {TIME} 02 f100 b502").measurements

    assert (one.at, one.user) == (AT, 2)


@pytest.mark.parametrize("raw", ["ffff", "0000"])
def test_a_weighing_that_failed_and_an_empty_scale_weigh_nobody(raw: str) -> None:
    assert read("2A9D", f"00 {raw}").nothing
    assert read("2A9D", f"01 {raw}").nothing


def test_degrees_fahrenheit_become_celsius() -> None:
    assert values(read("2A1C", "01 da0300ff")) == {"body_temperature": 37.0}


@pytest.mark.parametrize("number", ["ffff7f00", "00008000", "01008000"])
def test_a_temperature_without_a_number_is_no_reading(number: str) -> None:
    assert read("2A1C", f"06 {number} {TIME} 02").nothing


def test_a_temperature_beyond_the_thermometer_is_refused_and_not_lost() -> None:
    with pytest.raises(Undecodable, match="more or less"):
        read("2A1C", "00 feff7f00")


@pytest.mark.parametrize(
    ("frame", "pulse"),
    [
        ("00 48", 72.0),
        ("02 48", 72.0),
        ("06 48", 72.0),
        ("01 2c01", 300.0),
        ("08 48 0100", 72.0),
        ("10 48 0003", 72.0),
        ("18 48 0100 0003 0004 0005", 72.0),
    ],
)
def test_a_heart_rate_stands_in_many_layouts(frame: str, pulse: float) -> None:
    assert values(read("2A37", frame)) == {"pulse": pulse}


@pytest.mark.parametrize("frame", ["04 48", "14 48 0003", "06 00", "00 00"])
def test_a_heart_rate_without_contact_or_of_nothing_is_no_reading(frame: str) -> None:
    assert read("2A37", frame).nothing


@pytest.mark.parametrize(
    ("frame", "code"),
    [("10 48", "truncated"), ("10 48 00", "truncated"), ("10 48 0003 00", "surplus_bytes")],
)
def test_intervals_between_beats_are_whole(frame: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        read("2A37", frame)

    assert caught.value.code == code
