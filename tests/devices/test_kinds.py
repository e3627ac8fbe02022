"""The catalogue is whole and coherent, and units become what they should."""

import pytest

from core.errors import Invalid, NotFound
from devices import codes, kinds
from devices.kinds import KINDS, CareClass, Group, Kind, Shape

ALL = kinds.all_kinds()


def test_it_knows_at_least_forty_kinds_in_every_group() -> None:
    assert len(ALL) >= 40
    assert {kind.group for kind in ALL} == set(Group)


def test_it_finds_a_kind_or_says_there_is_none() -> None:
    assert kinds.get("spo2").name == "Oxygen"
    assert kinds.find("mood") is None
    with pytest.raises(NotFound):
        kinds.get("mood")


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_its_limits_lie_in_one_another(kind: Kind) -> None:
    low, high = kind.plausible
    lowest, highest = kind.absolute
    assert lowest <= low < high <= highest
    assert kind.unit in kind.conversions
    assert kind.name
    assert kind.code.replace("_", "").isalnum()
    if kind.is_binary:
        assert (low, high, lowest, highest) == (0, 1, 0, 1)
        assert kind.true_words
        assert kind.false_words
    else:
        assert kind.unit_words


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_its_codes_carry_their_check_digits(kind: Kind) -> None:
    assert kind.loinc is None or codes.is_loinc(kind.loinc)
    assert kind.snomed is None or codes.is_snomed(kind.snomed)
    assert kind.mdc is None or kind.mdc.isdigit()


def test_it_marks_what_lives_hang_on() -> None:
    marked = {kind.code for kind in ALL if kind.life_safety}
    named = {"pendant", "fall", "smoke", "carbon_monoxide_alarm", "gas_alarm"}
    assert marked == named | {
        "pull_cord", "heat_alarm", "unnamed_alarm", "seizure",
        "bed_alarm", "chair_alarm", "door_alarm", "activity_alarm", "medication_alarm",
    }  # fmt: skip
    assert {KINDS[code].care_class for code in marked} == {CareClass.LIFE_SAFETY}
    assert kinds.get("pendant").shape is Shape.EVENT
    assert kinds.get("smoke").shape is Shape.STATE


def test_it_gives_other_kinds_the_class_of_their_group() -> None:
    assert kinds.get("spo2").care_class is CareClass.CLINICAL
    assert kinds.get("room_temperature").care_class is CareClass.HOME_SOCIAL
    assert kinds.get("battery").care_class is CareClass.TECHNICAL


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        ("systolic", 16.0, "kPa", 120.01),
        ("weight", 11, "st", 69.853),
        ("weight", 154, "lb", 69.853),
        ("weight", 70500, "g", 70.5),
        ("body_temperature", 98.6, "°F", 37.0),
        ("room_temperature", 293.15, "K", 20.0),
        ("glucose", 97, "mg/dL", 5.38),
        ("glucose", 5.4, "mmol/l", 5.4),
        ("electricity_power", 0.951, "kW", 951.0),
        ("electricity_energy", 1234, "Wh", 1.234),
        ("gas_energy", 36, "MJ", 10.0),
        ("gas_volume", 100, "ft3", 2.832),
        ("battery_voltage", 2.985, "V", 2985.0),
        ("pulse", 81, "bpm", 81.0),
        ("spo2", 93, None, 93.0),
    ],
)
def test_it_converts_into_the_kinds_own_unit(
    code: str, value: float, unit: str | None, expected: float
) -> None:
    assert kinds.to_canonical(kinds.get(code), value, unit) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("code", "unit"), [("weight", "mmHg"), ("spo2", "mmol/L"), ("door_open", "%")])
def test_it_refuses_a_unit_the_kind_cannot_have(code: str, unit: str) -> None:
    with pytest.raises(Invalid) as caught:
        kinds.to_canonical(kinds.get(code), 1, unit)

    assert "unit" in caught.value.fields


def test_a_litre_of_something_else_is_no_glucose() -> None:
    assert "mg/dL" in kinds.get("glucose").conversions
    assert all("mg/dL" not in kind.conversions for kind in ALL if kind.code != "glucose")


def test_it_says_values_as_pages_write_them() -> None:
    assert kinds.say(kinds.get("spo2"), 93.0) == "93%"
    assert kinds.say(kinds.get("weight"), 70.46) == "70.5 kg"
    assert kinds.say(kinds.get("door_open"), 1.0) == "open"
    assert kinds.say(kinds.get("door_open"), 0.0) == "closed"
