import json
from datetime import UTC, datetime, timedelta

import pytest

from devices.decode import decode
from devices.simulator import payloads
from devices.simulator.kit import (
    DOOR,
    ELECTRICITY,
    FALL,
    GAS,
    MOTION,
    POWER,
    SPO2,
    TEMPERATURE,
    KitSpec,
    climate,
    front_door,
    kettle,
    motion,
    oximeter,
    pendant,
)
from devices.simulator.kit import HUMIDITY as DAMP
from devices.topics import parse

AT = datetime(2026, 11, 22, 7, 44, 10, 250000, tzinfo=UTC)


def decoded(message: tuple[str, bytes]) -> dict[str, tuple[float, datetime | None]]:
    topic = parse(message[0])
    assert topic is not None
    said = decode(topic.format, topic.rest, message[1], retained=False, received_at=AT, models={})
    return {one.kind: (one.value, one.at) for one in said.measurements}


def test_our_own_format_carries_a_reading_with_its_time_and_unit() -> None:
    topic, payload = payloads.own(oximeter(), "w01-oximeter", [(AT, (("spo2", 93.0), ("pulse", 80.0)))], AT)
    assert topic == "hearth/v1/w01-oximeter/readings"
    assert json.loads(payload)["readings"][0] == {
        "kind": "spo2",
        "value": 93.0,
        "at": "2026-11-22T07:44:10.250Z",
        "unit": "%",
    }
    assert decoded((topic, payload)) == {"spo2": (93.0, AT), "pulse": (80.0, AT)}


def test_life_safety_goes_by_the_urgent_lane() -> None:
    topic, payload = payloads.own(pendant(), "w02-pendant", [(AT, ((FALL, 1.0),))], AT)
    assert topic == "hearth/v1/w02-pendant/urgent"
    assert decoded((topic, payload)) == {FALL: (1.0, AT)}


def test_many_readings_go_in_one_message() -> None:
    taken = [(AT + timedelta(minutes=n), ((SPO2, 90.0),)) for n in range(100)]
    _, payload = payloads.own(oximeter(), "w01-oximeter", taken, AT)
    assert len(json.loads(payload)["readings"]) == 100


@pytest.mark.parametrize(
    ("spec", "values", "expected"),
    [
        (climate("bedroom", 1), ((TEMPERATURE, 15.2), (DAMP, 71.4)), {TEMPERATURE: 15.2, DAMP: 71.4}),
        (motion("hall", 1), ((MOTION, 1.0),), {MOTION: 1.0}),
        (front_door(1), ((DOOR, 1.0),), {DOOR: 1.0}),
        (front_door(1), ((DOOR, 0.0),), {DOOR: 0.0}),
        (kettle(1), (("appliance_power", 2851.0),), {"appliance_power": 2851.0}),
    ],
)
def test_sensors_speak_as_zigbee2mqtt_does(
    spec: KitSpec, values: tuple[tuple[str, float], ...], expected: dict[str, float]
) -> None:
    topic, payload = payloads.zigbee(spec, "w01-hub", AT, values, 91)
    assert topic == f"hearth/v1/w01-hub/zigbee2mqtt/{spec.address}"
    found = decoded((topic, payload))
    assert {kind: found[kind] for kind in expected} == {kind: (value, AT) for kind, value in expected.items()}


def test_an_open_door_is_one_without_contact() -> None:
    _, payload = payloads.zigbee(front_door(1), "w01-hub", AT, ((DOOR, 1.0),), 91)
    assert json.loads(payload)["contact"] is False


def test_meters_speak_as_the_glow_display_does() -> None:
    began = {"day": 12000.0, "week": 11980.0, "month": 11900.0}
    values = ((ELECTRICITY, 12003.5), (POWER, 412.0))
    topic, payload = payloads.glow("w01-meter", AT, values, began)
    assert topic == "hearth/v1/w01-meter/glow/SENSOR/electricitymeter"
    assert json.loads(payload)["electricitymeter"]["energy"]["import"]["day"] == 3.5
    assert decoded((topic, payload)) == {ELECTRICITY: (12003.5, AT), POWER: (412.0, AT)}
    topic, payload = payloads.glow("w01-meter", AT, ((GAS, 40011.1),), began)
    assert topic == "hearth/v1/w01-meter/glow/SENSOR/gasmeter"
    assert decoded((topic, payload))[GAS] == (40011.1, AT)


def test_a_shelly_wakes_and_says_everything() -> None:
    topic, payload = payloads.shelly("w01-shelly", AT, ((TEMPERATURE, 19.8), (DAMP, 42.2)), 77)
    assert topic == "hearth/v1/w01-shelly/shelly/events/rpc"
    found = decoded((topic, payload))
    assert found[TEMPERATURE][0] == 19.8
    assert found[DAMP] == (42.2, AT)


def test_a_state_holds_the_battery_where_there_is_one() -> None:
    said = [payloads.status("w01-hub", battery) for battery in (87, None)]
    assert [json.loads(payload).get("battery") for _, payload in said] == [87, None]
    assert {topic for topic, _ in said} == {"hearth/v1/w01-hub/status"}


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (AT, "2026-11-22T07:44:10.250Z"),
        (AT.replace(microsecond=0), "2026-11-22T07:44:10Z"),
        (AT.replace(year=1970), "1970-11-22T07:44:10.250Z"),
    ],
)
def test_times_are_written_with_their_zone(at: datetime, text: str) -> None:
    assert payloads.stamp(at) == text
