"""Decoded values can't be changed, and a refusal never quotes the payload."""

from datetime import UTC, datetime

import pytest

from core.errors import HearthlineError
from devices.measurement import Flags, Measurement, Source, Undecodable

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_measurement_cannot_be_changed() -> None:
    one = Measurement("spo2", 93.0, AT)

    assert (one.channel, one.source, one.flags, one.address) == ("", Source.SENSED, Flags.NONE, None)
    with pytest.raises(AttributeError):
        one.value = 97.0  # type: ignore[misc]


def test_a_refusal_has_a_code_a_reason_and_a_place() -> None:
    fault = Undecodable("no_value", "A reading has no value.", "readings[3].value")

    assert isinstance(fault, HearthlineError)
    assert (fault.code, fault.reason, fault.where) == (
        "no_value",
        "A reading has no value.",
        "readings[3].value",
    )
    assert str(fault) == "A reading has no value. (readings[3].value)"


def test_stored_flags_keep_their_numbers() -> None:
    assert {flag.name: flag.value for flag in Flags} == {
        "IMPLAUSIBLE": 1,
        "BEYOND_ABSOLUTE": 2,
        "CLOCK_CORRECTED": 4,
        "LATE": 8,
        "REPLAYED": 16,
        "SELF_REPORTED": 32,
        "STAFF": 64,
        "NO_CLOCK": 128,
        "FROM_STORAGE": 256,
        "TEST": 512,
        "ENTERED_IN_ERROR": 1024,
        "WHOSE": 2048,
        "COPY": 4096,
        "DOUBTED": 8192,
        "UNCHECKED": 65536,  # laid on when read; beyond what the column holds
    }
