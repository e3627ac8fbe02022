"""Whose word a message is."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from devices import registry, speakers
from devices.speakers import UNKNOWN_DEVICE, UNKNOWN_TOPIC, Nobody, Said, Speakers
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit


def test_a_topic_tells_the_device_its_sensors_and_their_models(session: Session) -> None:
    hub = kit.device(session, "hub-1", model="Hub")
    smoke = kit.sensor(session, hub, "0xa1")
    said = speakers.find(session, "hearth/v1/hub-1/zigbee2mqtt/0xa1", NOW)
    assert isinstance(said, Said)
    assert (said.speaker.device_id, said.format, said.rest) == (hub.id, "zigbee2mqtt", "0xa1")
    assert said.speaker.sensors == {"0xa1": smoke.id}
    assert said.speaker.models == {"": "Hub", "0xa1": "HS1SA-E-PLUS"}


def test_a_fixed_topic_is_known_by_its_route(session: Session) -> None:
    display = kit.device(session, "glow-1")
    registry.add_route(session, display, "glow/AABBCC/#", "glow", actor=kit.CORA)
    said = speakers.find(session, "glow/AABBCC/SENSOR/electricitymeter", NOW)
    assert isinstance(said, Said)
    assert (said.speaker.device_id, said.format, said.rest) == (display.id, "glow", "SENSOR/electricitymeter")


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("hearth/v1/stranger-1/readings", UNKNOWN_DEVICE),
        ("glow/other/SENSOR", UNKNOWN_TOPIC),
        ("hearth/v1/BAD KEY/readings", UNKNOWN_TOPIC),
        ("", UNKNOWN_TOPIC),
    ],
)
def test_what_is_nobodys_says_why(session: Session, topic: str, expected: Nobody) -> None:
    kit.device(session)
    assert speakers.find(session, topic, NOW) == expected


def test_a_revoked_device_is_nobody_but_is_named(session: Session) -> None:
    device = kit.device(session, revoked_at=NOW)
    said = speakers.find(session, "hearth/v1/oximeter-1/readings", NOW)
    assert isinstance(said, Nobody)
    assert (said.code, said.device_id) == ("revoked", device.id)


def test_a_revoked_sensor_is_not_heard_through_its_hub(session: Session) -> None:
    hub = kit.device(session, "hub-1")
    kit.sensor(session, hub, "0xa1", revoked_at=NOW)
    said = speakers.find(session, "hearth/v1/hub-1/zigbee2mqtt/0xa1", NOW)
    assert isinstance(said, Said)
    assert said.speaker.sensors == {}


def test_the_zone_is_that_of_the_home_the_device_or_its_owner_is_in(session: Session, cast: Cast) -> None:
    cast.ada_home.time_zone = "Europe/Athens"
    cast.ben_home.time_zone = "Europe/Lisbon"
    kit.give(session, kit.device(session, "worn-1"), person_id=cast.ada.id)
    kit.give(session, kit.device(session, "fixed-1"), home_id=cast.ben_home.id)
    kit.device(session, "stock-1")
    found = [
        speakers.find(session, f"hearth/v1/{key}/readings", NOW) for key in ("worn-1", "fixed-1", "stock-1")
    ]
    assert [said.speaker.zone for said in found if isinstance(said, Said)] == [
        "Europe/Athens",
        "Europe/Lisbon",
        "Europe/London",
    ]


def test_what_was_learnt_is_asked_for_no_more_until_it_is_old(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.device(session)
    known, unknown = "hearth/v1/oximeter-1/readings", "hearth/v1/stranger-1/readings"
    moment = 1000.0
    monkeypatch.setattr(speakers.time, "monotonic", lambda: moment)
    remembered = Speakers()
    wanted = remembered.missing([known, unknown])
    assert wanted == {known, unknown}
    remembered.learn(session, wanted, NOW)
    assert remembered.missing([known, unknown]) == set()
    moment += speakers.FORGET_UNKNOWN_AFTER + 1
    assert remembered.missing([known, unknown]) == {unknown}, "a device just enrolled is heard soon"
    moment += speakers.FORGET_AFTER
    assert remembered.missing([known, unknown]) == {known, unknown}


def test_a_speaker_that_was_learnt_still_speaks_while_it_is_learnt_again(session: Session) -> None:
    kit.device(session)
    remembered = Speakers()
    topic = "hearth/v1/oximeter-1/readings"
    remembered.learn(session, {topic}, NOW)
    remembered.learn(session, {topic}, NOW + timedelta(days=1))
    assert isinstance(remembered.of(topic), Said)
