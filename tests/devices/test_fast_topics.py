"""Which topics the life-safety lane asks for."""

from typing import Any

import pytest

from devices import fast_topics, known_mappings, topics
from devices.formats import mapping_file
from devices.share import URGENT

MAC = "A4C138777C52"


def of(formats: set[str], *addresses: str, **told: Any) -> list[str]:
    return fast_topics.of_sensors("hub-1", formats, addresses, told.get("told", {}), known_mappings.find)


@pytest.mark.parametrize(
    ("name", "address", "rest"),
    [
        ("zigbee2mqtt", "0xa1", "0xa1"),
        ("zigbee2mqtt", "0xa1", "0xa1/action"),
        ("gatt", "00:00:5E:00:53:01", "00:00:5E:00:53:01/2A35"),
        ("theengs", MAC, f"home/OMG/BTtoMQTT/{MAC}"),
        ("theengs", MAC, f"OMG/BTtoMQTT/{MAC}"),
        ("theengs", "Smoke-GS558-1234", "home/OMG/433toMQTT"),
        ("theengs", "Smoke-GS558-1234", "OMG/RTL_433toMQTT/Smoke-GS558/1234"),
        ("shelly", "shellyplussmoke-a8032ab12345", "shellyplussmoke-a8032ab12345/events/rpc"),
        ("shelly", "shellyplussmoke-a8032ab12345", "shellyplussmoke-a8032ab12345/status/smoke:0"),
        ("shelly", "bthomedevice:200", "gateway/events/rpc"),
        ("shelly", MAC, "events/rpc"),
        ("chirpstack", "24e124535b316056", "application/17c8/device/24e124535b316056/event/up"),
        ("chirpstack", "24E124535B316056", "application/17c8/device/24e124535b316056/event/up"),
        ("tts", "24E124535B316056", "v3/app@ttn/devices/dev1/up"),
        ("tasmota", "0x5FA7", "tele/bridge/SENSOR"),
        ("tasmota", "0x5FA7", "tele/bridge/RESULT"),
        ("scaip", "26317", ""),
        ("wristwatch", "868822040452227", ""),
    ],
)
def test_whatever_the_format_what_a_sensor_that_protects_says_comes_by_the_lane(
    name: str, address: str, rest: str
) -> None:
    topic = "/".join(filter(None, ("hearth/v1/hub-1", name, rest)))
    asked = of({name, "status"}, address)
    assert sum(topics.matches(each, topic) for each in asked) == 1, "once: a broker may send it for each"
    assert not any(topics.matches(each, "hearth/v1/hub-1/urgent") for each in asked)


@pytest.mark.parametrize("name", ["zigbee2mqtt", "gatt", "shelly", "theengs", "chirpstack"])
def test_what_other_sensors_of_the_hub_say_does_not(name: str) -> None:
    others = ("0xb2", "home/OMG/BTtoMQTT/0123456789AB", "application/1/device/0102030405060708/event/up")
    asked = of({name}, MAC if name == "theengs" else "0xa1")
    assert not any(
        topics.matches(each, f"hearth/v1/hub-1/{name}/{rest}") for each in asked for rest in others
    )


def test_a_sensor_is_heard_under_the_topics_and_the_name_that_were_announced() -> None:
    told = {"0xa1": ["homeassistant/binary_sensor/hall_smoke/state"]}
    prefix = "hearth/v1/hub-1/homeassistant"
    assert of({"homeassistant"}, "0xa1", told=told) == [f"{prefix}/{told['0xa1'][0]}"]
    named = of({"zigbee2mqtt"}, "0xa1", told={"0xa1": ["hall_smoke", "Hall smoke", "a+b"]})
    assert named == ["hearth/v1/hub-1/zigbee2mqtt/0xa1/#", "hearth/v1/hub-1/zigbee2mqtt/hall_smoke/#"]


def test_before_its_hub_has_spoken_a_sensor_is_expected_at_its_address() -> None:
    assert of(set(), "0xa1") == ["hearth/v1/hub-1/+/0xa1/#"]
    assert of({"status"}, "0xa1") == ["hearth/v1/hub-1/+/0xa1/#"]


def test_a_mapping_file_that_reads_the_address_from_the_topic_gives_an_exact_one() -> None:
    text = """
name: beacons
title: Beacons
source: a maker
topic: "+/+/state"
address: topic[1]
readings:
  - {kind: smoke, path: alarm}
"""
    mapping = mapping_file.read(text, "beacons")
    asked = fast_topics.of_sensors("hub-1", {"beacons"}, ["b7"], {}, {"beacons": mapping}.get)
    assert asked == ["hearth/v1/hub-1/beacons/+/b7/#"]


def test_a_device_that_protects_is_heard_in_whatever_it_speaks_and_its_urgent_words_once() -> None:
    assert fast_topics.of_device("pendant-1", set()) == ["hearth/v1/pendant-1/readings"]
    asked = fast_topics.of_device("flood-1", {"shelly", "status", "urgent", "readings"})
    assert asked == ["hearth/v1/flood-1/readings", "hearth/v1/flood-1/shelly/#"]
    assert not any(topics.matches(URGENT, each) for each in asked)
