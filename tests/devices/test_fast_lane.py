"""What the life-safety lane listens to."""

import orjson
from sqlalchemy.orm import Session

from devices import fast_lane, found, heard_ways, registry
from devices.enrolment import Mark
from devices.hearing_models import AlsoHeard
from devices.speakers import Speakers
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA

FRESH = NOW, int(Mark.FRESH)


def topics(session: Session) -> list[str]:
    return fast_lane.topics(session, Speakers())


def test_kit_that_protects_is_listened_to_in_the_formats_it_has_spoken(session: Session) -> None:
    flood = kit.device(session, "flood-1", life_safety=True)
    gateway = kit.device(session, "gateway-1")
    kit.sensor(session, gateway, "0xa1", life_safety=True)
    kit.sensor(session, gateway, "0xb2")
    assert topics(session) == ["hearth/v1/flood-1/readings", "hearth/v1/gateway-1/+/0xa1/#"]
    for _ in range(2):
        heard_ways.write(session, {(flood.id, "shelly"): FRESH, (gateway.id, "zigbee2mqtt"): FRESH})
    assert topics(session) == ["hearth/v1/flood-1/shelly/#", "hearth/v1/gateway-1/zigbee2mqtt/0xa1/#"]


def test_kit_that_is_gone_or_shut_out_is_not_listened_to(session: Session) -> None:
    hub = kit.device(session, "hub-1")
    kit.sensor(session, hub, "0xa1", life_safety=True, revoked_at=NOW)
    kit.device(session, "pendant-1", life_safety=True, revoked_at=NOW)
    kit.device(session, "pendant-2", life_safety=True, deleted_at=NOW)
    assert topics(session) == []


def test_a_sensor_that_another_hub_hears_too_is_listened_to_by_both(session: Session) -> None:
    first, second = kit.device(session, "hub-1"), kit.device(session, "hub-2")
    smoke = kit.sensor(session, first, "A4C138777C52", life_safety=True)
    also = AlsoHeard(hub_id=second.id, address="A4:C1:38:77:7C:52", device_id=smoke.id, since=NOW)
    session.add(also)
    session.flush()
    assert topics(session) == ["hearth/v1/hub-1/+/A4C138777C52/#", "hearth/v1/hub-2/+/A4:C1:38:77:7C:52/#"]


def test_what_a_hub_announced_of_a_sensor_is_what_is_listened_to(session: Session) -> None:
    hub = kit.device(session, "hub-1")
    kit.sensor(session, hub, "0x0cae5ffffeefe7de", life_safety=True)
    config = "homeassistant/binary_sensor/0x0cae5ffffeefe7de/smoke/config"
    document = {
        "device_class": "smoke",
        "state_topic": "zigbee2mqtt/0x0cae5ffffeefe7de",
        "unique_id": "0x0cae5ffffeefe7de_smoke",
        "value_template": "{{ value_json.smoke }}",
        "device": {"identifiers": ["zigbee2mqtt_0x0cae5ffffeefe7de"]},
    }
    found.announce(session, {(hub.id, config): orjson.dumps(document)})
    heard_ways.write(session, {(hub.id, "homeassistant"): FRESH})
    assert topics(session) == ["hearth/v1/hub-1/homeassistant/zigbee2mqtt/0x0cae5ffffeefe7de"]


def test_fixed_topics_of_kit_that_protects_are_listened_to(session: Session) -> None:
    bridge, meter = kit.device(session, "bridge-1"), kit.device(session, "meter-1")
    kit.sensor(session, bridge, "26317", life_safety=True)
    registry.add_route(session, bridge, "scaip/copies", "scaip", actor=CORA)
    registry.add_route(session, meter, "glow/AABB/#", "glow", actor=CORA)
    assert fast_lane.routes(session) == ["scaip/copies"]
