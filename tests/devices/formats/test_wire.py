"""Times, numbers and truths in the forms real kit gives them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import kinds
from devices.formats import wire
from devices.measurement import Flags, Undecodable

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [1795341600, 1795341600.0, 1795341600000, "2026-11-22T10:00:00Z"])
def test_it_reads_every_form_of_a_time(value: object) -> None:
    assert wire.any_time(value, "Europe/London") == (AT, Flags.NONE)


@pytest.mark.parametrize("value", [None, "", 0, 0.0])
def test_no_time_is_no_fault(value: object) -> None:
    assert wire.any_time(value, "Europe/London") == (None, Flags.NONE)


@pytest.mark.parametrize("value", ["soon", True, [], {}, 1e300, -1e300, "16/06/2025 12:30:45"])
def test_a_time_that_cannot_be_read_is_flagged(value: object) -> None:
    assert wire.any_time(value, "Europe/London") == (None, Flags.CLOCK_CORRECTED)


@settings(deadline=None)
@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str))
def test_any_value_is_a_time_or_none(value: object) -> None:
    at, _ = wire.any_time(value, "Europe/London")

    assert at is None or (at.tzinfo is UTC and at.microsecond % 1000 == 0)


@pytest.mark.parametrize(("value", "expected"), [(3, 3.0), (2.5, 2.5), ("80.00", 80.0), ("-0", 0.0)])
def test_it_reads_numbers(value: object, expected: float) -> None:
    assert wire.number(value) == expected


@pytest.mark.parametrize("value", [None, True, "", "nan", "inf", "1e999", "abc", [], {}, float("nan")])
def test_it_refuses_what_is_no_number(value: object) -> None:
    assert wire.number(value) is None


@pytest.mark.parametrize("value", [True, 1, 1.0, "true", "ON", "1", "yes"])
def test_it_reads_a_yes(value: object) -> None:
    assert wire.truth(value) is True


@pytest.mark.parametrize("value", [False, 0, 0.0, "false", "Off", "0", "no"])
def test_it_reads_a_no(value: object) -> None:
    assert wire.truth(value) is False


@pytest.mark.parametrize("value", [None, 2, -1, "", "perhaps", [], {}])
def test_it_makes_no_guess_at_a_truth(value: object) -> None:
    assert wire.truth(value) is None


@pytest.mark.parametrize("value", [None, -1, 101, 255, "full", True])
def test_it_refuses_what_is_no_battery_level(value: object) -> None:
    assert wire.percent(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (70, Flags.NONE),
        (100, Flags.NONE),
        (69.9, Flags.IMPLAUSIBLE),
        (35, Flags.IMPLAUSIBLE),
        (34.9, Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE),
        (100.1, Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE),
    ],
)
def test_bounds_are_inside_the_limits(value: float, expected: Flags) -> None:
    assert wire.limits(kinds.get("spo2"), value) == expected


def test_it_stops_at_64_kib() -> None:
    assert wire.load(b'"' + b"a" * (wire.MAX_BYTES - 2) + b'"')
    with pytest.raises(Undecodable, match="64 KiB"):
        wire.load(b'"' + b"a" * (wire.MAX_BYTES - 1) + b'"')


def test_a_clock_that_counts_from_1970_is_not_set() -> None:
    assert wire.set_time("1970-01-01T00:00:12", "Europe/London") == (None, Flags.NONE)
    assert wire.set_time(4.32, "Europe/London") == (None, Flags.NONE)
    assert wire.set_time("2026-11-22T10:00:00Z", "Europe/London") == wire.any_time(
        "2026-11-22T10:00:00Z", "Europe/London"
    )
    assert wire.set_time("soon", "Europe/London") == (None, Flags.CLOCK_CORRECTED)
