"""Whether kit is heard, on the pages of kit."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.journal import Actor
from devices import registry
from devices.enrolment import Mark
from devices.joining_models import HeardWay
from devices.models import DeviceWord
from devices.registry import Enrolment
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.devices import kit

MINUTE = timedelta(minutes=1)
HUB = {"name": "Hub", "model": "HL-H1", "format": "zigbee2mqtt"}


@pytest.fixture
def hub(session: Session, cast: Cast, now: datetime) -> Enrolment:
    return registry.enrol(
        session, {"name": "Hub", "model": "HL-H1"}, now=now - 5 * MINUTE, actor=Actor("Dev"), key="hub-1",
        agency_id=cast.health.id,
    )  # fmt: skip


def test_enrolling_ends_with_a_test_that_goes_on_looking(cast: Cast, client_as: ClientAs) -> None:
    shown = client_as(cast.cora).post("/kit/enrol", data=HUB).text
    for words in ("The password is shown this once", "Is it heard?", "Nothing yet", 'hx-trigger="every 2s"'):
        assert words in shown, words


def test_nothing_after_two_minutes_says_what_to_look_at(
    cast: Cast, client_as: ClientAs, hub: Enrolment
) -> None:
    shown = client_as(cast.dev).get(f"/kit/{hub.device.uuid}/heard").text
    for words in ("Nothing has come", "hearth/v1/hub-1/", "TLS", "without a word"):
        assert words in shown, words


def test_what_was_heard_stands_there_with_its_age(
    session: Session, cast: Cast, client_as: ClientAs, hub: Enrolment, now: datetime
) -> None:
    kit.take_in(session, kit.says("hub-1", kit.spo2(93, now - MINUTE), at=now - MINUTE))
    said = int(Mark.FRESH | Mark.MEASURED | Mark.SAID_STATE)
    session.add(HeardWay(device_id=hub.device.id, format="readings", last_at=now - MINUTE, marks=said))
    session.add(DeviceWord(device_id=hub.device.id, heard_at=now - MINUTE))
    session.flush()
    shown = client_as(cast.dev).get(f"/kit/{hub.device.uuid}").text
    for words in ("All that this kit should say has been heard", "Oxygen", "1 min ago"):
        assert words in shown, words


def test_of_readings_that_are_somebodys_only_what_is_shared_is_named(
    session: Session, cast: Cast, client_as: ClientAs, hub: Enrolment, now: datetime
) -> None:
    kit.give(session, hub.device, person_id=cast.ada.id)
    kit.take_in(session, kit.says("hub-1", kit.spo2(93, now - MINUTE), at=now - MINUTE))
    session.add(DeviceWord(device_id=hub.device.id, heard_at=now - MINUTE))
    session.flush()
    path = f"/kit/{hub.device.uuid}/heard"
    assert "Oxygen" in client_as(cast.dev).get(path).text
    assert "Oxygen" not in client_as(cast.hana).get(path).text
