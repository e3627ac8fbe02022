"""Numbers and times as health kit writes them, held against published ones."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.formats.ieee11073 import Special, date_time, float32, sfloat

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "gatt_vectors.json").read_text())


def meant(value: object) -> object:
    return Special(value) if isinstance(value, str) else Decimal(str(value))


@pytest.mark.parametrize("vector", VECTORS["sfloat"], ids=lambda vector: vector["hex_le"])
def test_it_reads_published_numbers_of_two_bytes(vector: dict[str, Any]) -> None:
    assert sfloat(bytes.fromhex(vector["hex_le"])) == meant(vector["value"])


@pytest.mark.parametrize("vector", VECTORS["float"], ids=lambda vector: vector["hex_le"])
def test_it_reads_published_numbers_of_four_bytes(vector: dict[str, Any]) -> None:
    assert float32(bytes.fromhex(vector["hex_le"])) == meant(vector["value"])


def test_it_knows_every_special_value_of_both_sizes() -> None:
    two = ["ff07", "0008", "fe07", "0208", "0108"]
    four = ["ffff7f00", "00008000", "feff7f00", "02008000", "01008000"]

    assert [sfloat(bytes.fromhex(text)) for text in two] == list(Special)
    assert [float32(bytes.fromhex(text)) for text in four] == list(Special)


def test_a_special_mantissa_with_an_exponent_is_a_number() -> None:
    assert sfloat(bytes.fromhex("fff7")) == Decimal("204.7")


def test_every_two_bytes_are_exactly_one_number_or_special() -> None:
    specials = []
    for raw in range(1 << 16):
        number = sfloat(raw.to_bytes(2, "little"))
        if isinstance(number, Special):
            specials.append(number)
        else:
            assert Decimal("-2048E7") <= number <= Decimal("2047E7")

    assert sorted(specials) == sorted(Special)


@pytest.mark.parametrize("text", ["ffff7f7f", "0100807f", "ff7f8080", "00000080"])
def test_no_number_is_too_large_for_a_float(text: str) -> None:
    number = float32(bytes.fromhex(text))

    assert abs(float(number)) < float("inf")


def test_it_reads_a_time_on_the_wall() -> None:
    assert date_time(bytes.fromhex("e40701020a1530")) == datetime(2020, 1, 2, 10, 21, 48)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "00000000000000",
        "0000010c0a1e00",
        "e907000f0a1e00",
        "e9070a000a1e00",
        "e9070d0f0a1e00",
        "e907021d0a1e00",
        "e9070a0f181e00",
        "e9070a0f0a1e3c",
        "ffff0a0f0a1e00",
    ],
)
def test_a_time_that_is_unknown_in_part_or_in_no_calendar_is_none(text: str) -> None:
    assert date_time(bytes.fromhex(text)) is None
