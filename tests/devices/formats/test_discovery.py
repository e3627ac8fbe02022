"""Announcements are read in all their forms, kept small, and never more than can be held."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import discovery
from devices.formats.announced import MOST_ENTITIES, Announced, Announcement
from devices.measurement import Sensor, Undecodable

TOPIC = "homeassistant/sensor/node/temperature/config"
PLAIN = {
    "device_class": "temperature",
    "unit_of_measurement": "°C",
    "state_topic": "zigbee2mqtt/0xa1",
    "value_template": "{{ value_json.temperature }}",
    "device": {"identifiers": ["zigbee2mqtt_0x00158d000252acd4"], "name": "Hall", "model": "WSDCGQ11LM"},
}


def read(body: Any, topic: str = TOPIC) -> Announcement:
    return discovery.read(topic, json.dumps(body).encode())


def test_long_and_short_names_say_the_same() -> None:
    short = {
        "dev_cla": "temperature",
        "unit_of_meas": "°C",
        "stat_t": "zigbee2mqtt/0xa1",
        "val_tpl": "{{ value_json.temperature }}",
        "dev": {"ids": "zigbee2mqtt_0x00158d000252acd4", "name": "Hall", "mdl": "WSDCGQ11LM"},
    }

    assert read(short) == read(PLAIN)


def test_a_sensor_is_known_by_the_address_of_its_radio() -> None:
    assert read(PLAIN).sensor == Sensor("0x00158d000252acd4", "WSDCGQ11LM", "Hall")


@pytest.mark.parametrize(
    ("device", "topic", "address"),
    [
        ({"cns": [["mac", "a0:77:9e:1c:18:26"]], "ids": ["thing"]}, TOPIC, "a0:77:9e:1c:18:26"),
        ({"ids": ["Some thing/7"]}, TOPIC, "Some_thing_7"),
        ({}, TOPIC, "node"),
        ({}, "homeassistant/sensor/garden/config", "garden"),
        ({}, "x/sensor/0x00158d000252acd4/temperature/config", "0x00158d000252acd4"),
        ({"ids": 7, "cns": {"a": 1}}, TOPIC, "node"),
    ],
)
def test_where_no_radio_is_told_what_is_told_names_it(device: Any, topic: str, address: str) -> None:
    assert read({**PLAIN, "device": device}, topic).sensor.address == address


@pytest.mark.parametrize(
    ("base", "topic", "stands_for"),
    [
        ("heating/boiler", "~/power", "heating/boiler/power"),
        ("power", "heating/~", "heating/power"),
        (None, "hearth/v1/hub-0001/homeassistant/zigbee2mqtt/0xa1", "zigbee2mqtt/0xa1"),
        ("hearth/v1/hub-0001/homeassistant/zigbee2mqtt", "~/0xa1", "zigbee2mqtt/0xa1"),
    ],
)
def test_a_topic_may_lean_on_a_base_and_lie_under_our_own(
    base: str | None, topic: str, stands_for: str
) -> None:
    [entity] = read({**PLAIN, "~": base, "state_topic": topic}).entities

    assert entity.topic == stands_for


def test_the_device_form_announces_each_of_its_parts() -> None:
    body = {
        "dev": {"ids": "boiler-1"},
        "cmps": {
            "flow_temperature": {"p": "sensor", "dev_cla": "temperature", "stat_t": "b/flow"},
            "leak": {"p": "binary_sensor", "dev_cla": "moisture", "stat_t": "b/leak"},
            "odd": {
                "p": "sensor",
                "dev_cla": "temperature",
                "stat_t": "b/odd",
                "val_tpl": "{% for x in y %}",
            },
            "gone": "text",
        },
    }

    found = read(body, "homeassistant/device/boiler/config")

    assert [(each.topic, each.kind, each.channel) for each in found.entities] == [
        ("b/flow", "room_temperature", "flow_temperature"),
        ("b/leak", "water_leak", ""),
    ]
    assert found.fault is not None
    assert found.fault.code == "template"


def test_a_button_calls_for_help_where_its_trigger_is_called_so() -> None:
    trigger = {"automation_type": "trigger", "type": "action", "topic": "z/b/action", "device": {"ids": "b"}}
    topic = "homeassistant/device_automation/b/x/config"

    [press] = read({**trigger, "subtype": "emergency", "payload": "emergency"}, topic).entities

    assert (press.kind, press.presses) == ("pendant", "emergency")
    assert read({**trigger, "subtype": "single", "payload": "single"}, topic).entities == ()


def test_what_is_kept_says_the_same_and_nothing_of_people() -> None:
    body = {**PLAIN, "name": "Ada's bedroom", "configuration_url": "http://192.0.2.1", "icon": "mdi:x"}
    document = discovery.kept(json.dumps(body).encode())

    assert b"Ada" not in document
    assert b"192.0.2.1" not in document
    assert discovery.read(TOPIC, document).entities == read(PLAIN).entities


def test_what_was_remembered_is_announced_again() -> None:
    told = {
        TOPIC: json.dumps(PLAIN).encode(),
        "homeassistant/sensor/x/y/config": b"no longer readable",
        "bridge/devices": b'{"Hall":"0x00158d000252acd4"}',
    }
    found = discovery.remembered(told)

    assert [each.kind for each in found.entities("zigbee2mqtt/0xa1")] == ["room_temperature"]
    assert found.address_of("Hall") == "0x00158d000252acd4"


def test_a_hub_that_announces_without_end_is_refused() -> None:
    announced, one = Announced(), read(PLAIN)
    for number in range(MOST_ENTITIES):
        announced.tell(f"{number}/config", one)

    announced.tell("0/config", one)
    with pytest.raises(Undecodable, match="2,000"):
        announced.tell("one/more/config", one)


KEYS = st.sampled_from([*discovery._LONG, *discovery._LONG.values(), "~", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, VALUES), st.sampled_from([TOPIC, "config", "a/config", "x/device/y/config"]))
@settings(max_examples=200, deadline=None)
def test_anything_announced_is_read_or_refused(body: Any, topic: str) -> None:
    document = json.dumps(body).encode()
    try:
        found = discovery.read(topic, document)
    except Undecodable:
        return
    assert discovery.read(topic, discovery.kept(document)).entities == found.entities
