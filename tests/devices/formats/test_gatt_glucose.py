"""Whose glucose it is, when it was, and what the meter says of its strip."""

from datetime import UTC, datetime

import pytest

from devices.measurement import Flags, Undecodable
from tests.devices.formats.gatt_kit import AT, MAC, TIME, read, values

RECORD = f"0700 {TIME}"
MMOL, MG = "38c0", "b6b0"
"""5.6 mmol/L in mol/L, 182 mg/dL in kg/L."""


def test_both_units_become_millimoles_in_a_litre() -> None:
    assert values(read("2A18", f"06 {RECORD} {MMOL} 11")) == {"glucose": 5.6}
    assert values(read("2A18", f"02 {RECORD} {MG} 11")) == {"glucose": 10.102347}


@pytest.mark.parametrize("sample", ["1a", "41", "4a"])
def test_the_meters_test_solution_is_nobodys_blood(sample: str) -> None:
    [one] = read("2A18", f"06 {RECORD} {MMOL} {sample}").measurements

    assert Flags.TEST in one.flags


@pytest.mark.parametrize(
    ("offset", "at"),
    [
        ("c4ff", datetime(2025, 10, 15, 8, 30, tzinfo=UTC)),
        ("5301", datetime(2025, 10, 15, 15, 9, tzinfo=UTC)),
        ("ff7f", None),
        ("0080", None),
    ],
    ids=["an hour back", "339 minutes on", "beyond what can be written", "below it"],
)
def test_it_was_measured_at_the_records_time_and_its_offset(offset: str, at: datetime | None) -> None:
    [one] = read("2A18", f"07 {RECORD} {offset} {MMOL} 11").measurements

    assert one.at == at


@pytest.mark.parametrize("time", ["00000000000000", "0f270c1f173b3b"])
def test_a_record_whose_time_is_unknown_or_off_the_calendar_has_none(time: str) -> None:
    [one] = read("2A18", f"07 0700 {time} fe7f {MMOL} 11").measurements

    assert one.at is None


def test_a_record_sent_again_is_told_by_its_number() -> None:
    assert read("2A18", f"06 {RECORD} {MMOL} 11").message_id == f"{MAC}/2A18/7"


def test_the_battery_is_said_where_there_is_a_status() -> None:
    low = read("2A18", f"0e {RECORD} {MMOL} 1a 0100")

    assert values(low) == {"battery_low": 1.0, "glucose": 5.6}
    assert values(read("2A18", f"0e {RECORD} {MMOL} 11 0000"))["battery_low"] == 0.0
    assert low.measurements[0].flags == Flags.CLOCK_CORRECTED
    assert low.measurements[0].at == AT


@pytest.mark.parametrize("status", ["0200", "0400", "0800", "1000", "8000", "0001", "0002", "0004"])
def test_a_number_beside_a_fault_is_doubted(status: str) -> None:
    decoded = read("2A18", f"0e {RECORD} {MMOL} 11 {status}")

    assert Flags.DOUBTED in decoded.measurements[-1].flags


@pytest.mark.parametrize("status", ["0000", "0008", "00f0"])
def test_a_wrong_clock_and_reserved_bits_are_no_fault_of_the_strip(status: str) -> None:
    decoded = read("2A18", f"0e {RECORD} {MMOL} 11 {status}")

    assert decoded.measurements[-1].flags == Flags.CLOCK_CORRECTED


@pytest.mark.parametrize("status", ["2000", "4000"])
def test_too_high_or_too_low_is_kept_with_its_number_and_refused_without(status: str) -> None:
    decoded = read("2A18", f"0e {RECORD} {MG} 11 {status}")
    assert Flags.DOUBTED in decoded.measurements[-1].flags

    for frame in (f"08 {RECORD} {status}", f"0a {RECORD} ff07 11 {status}", f"02 {RECORD} fe07 11"):
        with pytest.raises(Undecodable) as caught:
            read("2A18", frame)
        assert caught.value.code == "beyond_range"


@pytest.mark.parametrize("frame", [f"00 {RECORD}", f"02 {RECORD} ff07 11", f"02 {RECORD} ffff 11"])
def test_a_record_without_an_amount_is_no_reading(frame: str) -> None:
    assert read("2A18", frame).nothing


def test_the_context_of_a_record_is_not_taken_over() -> None:
    assert read("2A34", "02 0700 01").nothing
