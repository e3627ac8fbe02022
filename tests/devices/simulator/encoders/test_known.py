import pytest

from devices.decode import decode
from devices.formats.announced import Announced
from devices.simulator.encoders.known import FAMILIES, behind_hub
from devices.simulator.kit import (
    APPLIANCE,
    BED,
    BODY_TEMPERATURE,
    DIASTOLIC,
    DOOR,
    ELECTRICITY,
    FALL,
    GAS,
    GLUCOSE,
    HUMIDITY,
    MOTION,
    PENDANT,
    POWER,
    PULSE,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
    WEIGHT,
    Format,
    climate,
    cuff,
    kettle,
    oximeter,
    pendant,
    questions,
)
from devices.topics import parse
from tests.devices.simulator.encoders.saying import AT, rest, said

AIR = {TEMPERATURE: 19.5, HUMIDITY: 60.0}


def test_there_is_a_family_for_every_format_that_is_to_be_spoken() -> None:
    assert set(FAMILIES) == {
        *("readings", "glow", "zigbee2mqtt", "shelly", "theengs", "tasmota", "chirpstack", "tts", "gatt"),
        *("homeassistant", "esphome", "openmhealth", "fhir", "scaip"),
    }


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_family_has_words_for_each_of_its_kinds_under_its_own_topic(name: str) -> None:
    family = FAMILIES[name]
    values = dict.fromkeys(sorted(family.kinds), 20.0)
    for wire in family.messages(said(family.address_of(7), values)):
        topic = parse(wire.topic)
        assert topic is not None
        assert topic.format in (name, "urgent")
        assert wire.payload


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_no_two_pieces_of_kit_have_one_address_and_the_broker_can_carry_them(name: str) -> None:
    found = {FAMILIES[name].address_of(number) for number in range(2000)}
    assert len(found) == 2000
    assert not any(set("+#/ .") & set(address) for address in found)


def test_a_family_says_only_what_it_has_words_for() -> None:
    able = {name for name, family in FAMILIES.items() if family.can_say(oximeter())}
    assert able == {"readings", "gatt", "openmhealth", "fhir"}
    assert "scaip" in {name for name, family in FAMILIES.items() if family.can_say(pendant())}
    assert not FAMILIES["shelly"].can_say(kettle(1))
    assert FAMILIES["tasmota"].can_say(kettle(1))
    assert FAMILIES["gatt"].can_say(cuff())
    assert FAMILIES["theengs"].can_say(climate("bedroom", 1))
    assert [name for name, family in FAMILIES.items() if family.can_say(questions("pain"))] == ["readings"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("readings", {SPO2: 93.0}),
        ("zigbee2mqtt", AIR),
        ("zigbee2mqtt", {DOOR: 1.0}),
        ("shelly", AIR),
        ("glow", {ELECTRICITY: 12003.5, POWER: 412.0}),
        ("glow", {GAS: 40011.1}),
        ("theengs", AIR),
        ("theengs", {DOOR: 1.0}),
        ("theengs", {WEIGHT: 61.75}),
        ("tasmota", AIR),
        ("tasmota", {APPLIANCE: 2410.0}),
        ("chirpstack", AIR),
        ("chirpstack", {DOOR: 1.0}),
        ("tts", AIR),
        ("gatt", {SYSTOLIC: 125.0, DIASTOLIC: 80.0, PULSE: 71.0}),
        ("gatt", {SPO2: 93.0, PULSE: 71.0}),
        ("gatt", {BODY_TEMPERATURE: 36.4}),
        ("gatt", {GLUCOSE: 7.6}),
        ("homeassistant", AIR),
        ("homeassistant", {DOOR: 1.0}),
        ("esphome", AIR),
        ("esphome", {MOTION: 1.0}),
        ("openmhealth", {SYSTOLIC: 125.0, DIASTOLIC: 80.0, PULSE: 71.0}),
        ("openmhealth", {SPO2: 93.0, GLUCOSE: 7.6}),
        ("fhir", {SYSTOLIC: 125.0, DIASTOLIC: 80.0, PULSE: 71.0}),
        ("fhir", {WEIGHT: 61.75, BODY_TEMPERATURE: 36.4}),
        ("scaip", {FALL: 1.0}),
        ("scaip", {PENDANT: 1.0}),
    ],
)
def test_what_is_said_is_what_is_read(name: str, values: dict[str, float]) -> None:
    family, announced = FAMILIES[name], Announced()
    words = said(family.address_of(7), values)
    wires = [*(family.announce(words) if family.announce else ()), *family.messages(words)]
    found: dict[str, float] = {}
    for wire in wires:
        topic = parse(wire.topic)
        assert topic is not None
        read = decode(
            topic.format,
            topic.rest,
            wire.payload,
            retained=False,
            received_at=AT,
            models={family.address_of(7): family.model},
            announced=announced,
        )
        found |= {one.kind: one.value for one in read.measurements}
    assert {kind: pytest.approx(value) for kind, value in values.items()}.items() <= found.items()


def test_kit_of_another_make_measures_the_same_behind_the_hub() -> None:
    one = cuff()
    other = behind_hub(one, Format.GATT, 4)
    assert (other.hub, other.format, other.model) == ("hub", Format.GATT, "Bluetooth kit")
    assert (other.key_suffix, other.kinds, other.resident) == (one.key_suffix, one.kinds, one.resident)
    assert other.address == behind_hub(one, Format.GATT, 4).address != behind_hub(one, Format.GATT, 5).address


def test_a_call_for_help_goes_by_the_urgent_lane() -> None:
    (wire,) = FAMILIES["readings"].messages(said("own-7", {PENDANT: 1.0}))
    assert rest(wire) == "urgent"


def test_kit_that_announces_itself_does_so_in_its_own_format() -> None:
    for name in ("homeassistant", "esphome"):
        announce = FAMILIES[name].announce
        assert announce is not None
        (wire,) = announce(said("room00000007", {BED: 1.0}))
        assert rest(wire).startswith(f"{name}/")
