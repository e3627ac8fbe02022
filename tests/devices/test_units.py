"""Units: their spellings and conversions hold together."""

import sys

from devices import units
from devices.units import CONVERSIONS, SAME, SPELLINGS, Linear


def test_every_unit_of_a_conversion_has_its_spellings() -> None:
    named = {unit for table in CONVERSIONS.values() for unit in table} | set(CONVERSIONS)

    assert named <= set(SPELLINGS)


def test_no_text_means_two_units_of_one_quantity() -> None:
    for canonical, table in CONVERSIONS.items():
        texts = [text for unit in (canonical, *table) for text in {unit, *SPELLINGS[unit]}]
        assert len(texts) == len(set(texts))


def test_a_canonical_value_is_left_as_it_is() -> None:
    assert SAME.convert(0.1234567890123) == 0.1234567890123


def test_a_conversion_is_cut_to_what_sensors_can_tell() -> None:
    assert Linear(1 / 3).convert(1) == 0.333333


def test_what_is_too_large_to_convert_is_still_a_number() -> None:
    assert Linear(1000.0).convert(1e308) == sys.float_info.max
    assert Linear(1000.0).convert(-1e308) == -sys.float_info.max


def test_it_accepts_every_spelling_of_every_unit_that_converts() -> None:
    accepted = units.accepted("W", {})

    assert accepted["watts"].convert(5) == 5
    assert accepted["kW"].convert(0.5) == 500
    assert "kWh" not in accepted


def test_it_writes_units_plainly() -> None:
    assert units.plain("mm[Hg]") == "mmHg"
    assert units.plain("kg") == "kg"
    assert units.plain("kPa") == "kPa"
