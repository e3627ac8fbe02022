"""What real kit published gives what we read in it."""

from typing import Any

import pytest

from devices.decode import format_names
from tools import payloads

ROWS = list(payloads.rows())
OWN = {"readings", "urgent", "status"}
"""Our own formats: nobody else publishes them."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['format']}-{row['rest']}"[:60])
def test_it_reads_what_kit_published(row: dict[str, Any]) -> None:
    assert payloads.found(row) == row["expect"]


def test_it_has_real_messages_of_every_format() -> None:
    real = {row["format"] for row in ROWS if row["fidelity"] in payloads.REAL}

    assert real == set(format_names()) - OWN


def test_every_message_says_where_it_is_from() -> None:
    assert {row["fidelity"] for row in ROWS} <= payloads.REAL | {"constructed"}


def test_it_names_an_alarm_once_its_model_is_registered() -> None:
    [row] = [row for row in ROWS if "alarm_1" in row.get("payload", "") and row["rest"] == "flood"]

    decoded = payloads.read({**row, "models": {"flood": "S4SN-0071A"}})

    assert ("water_leak", 0.0) in [(one.kind, one.value) for one in decoded.measurements]


def test_it_never_takes_a_meter_number_over() -> None:
    meters = [row for row in ROWS if row["format"] == "glow" and '"mp' in row["payload"]]
    assert all('"mpan"' in row["payload"] or '"mprn"' in row["payload"] for row in meters)

    for row in meters:
        said = repr(payloads.read(row))
        assert "mpan" not in said
        assert "1234" not in said
        assert "XXXXXXXXXXXX" not in said
