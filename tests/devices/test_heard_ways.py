from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.journal import Actor
from devices import heard_ways, last_word, registry, rejected
from devices.enrolment import Mark, Seen, tell
from devices.heard_ways import MOVES_BY, Ways
from devices.inbox import Message
from devices.models import Device
from devices.registry import Enrolment
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import message, says, spo2

SECOND = timedelta(seconds=1)
CORA = Actor("Cora")
TEMPERATURE = {"temperature": 21.5}


@pytest.fixture
def hub(session: Session) -> Enrolment:
    return registry.enrol(session, {"name": "Hub", "model": "HL-H1"}, now=NOW, actor=CORA, key="hub-1")


def hears(session: Session, *messages: Message) -> None:
    _, batch = kit.take_in(session, *messages, now=NOW + SECOND)
    last_word.write(session, batch.words, NOW + SECOND)
    heard_ways.write(session, batch.ways)
    rejected.keep(session, batch.refusals)
    session.flush()


def seen(session: Session, hub: Enrolment) -> Seen:
    found = heard_ways.look(session, hub.device)
    assert found is not None
    return found


def test_what_was_heard_is_seen_by_format_with_its_marks(session: Session, hub: Enrolment) -> None:
    hears(
        session,
        message("hearth/v1/hub-1/status", {"state": "online"}, at=NOW + SECOND),
        says("hub-1", spo2(93, None), at=NOW + SECOND),
    )
    found = seen(session, hub)
    assert {each.format: each.marks for each in found.spoken} == {
        "readings": Mark.FRESH | Mark.MEASURED | Mark.NO_CLOCK,
        "status": Mark.FRESH | Mark.SAID_STATE,
    }
    assert found.stored == {"spo2": NOW + SECOND}
    assert tell(found, NOW + 2 * SECOND).whole


def test_a_name_with_a_space_in_its_topic_is_marked_and_its_refusal_counted(
    session: Session, hub: Enrolment
) -> None:
    hears(session, message("hearth/v1/hub-1/zigbee2mqtt/Living room", TEMPERATURE, at=NOW + SECOND))
    found = seen(session, hub)
    assert found.spoken[0].marks & Mark.SPACE
    assert [(each.code, each.count) for each in found.refused] == [("unknown_sensor", 1)]


def test_another_secret_begins_the_test_anew(session: Session, hub: Enrolment) -> None:
    hears(session, says("hub-1", spo2(93, None), at=NOW + SECOND))
    registry.rotate(session, hub.device, now=NOW + MOVES_BY, actor=CORA)
    assert seen(session, hub).spoken == []
    hears(session, says("hub-1", spo2(93), at=NOW + 2 * MOVES_BY))
    [spoken] = seen(session, hub).spoken
    assert spoken.marks == Mark.FRESH | Mark.MEASURED


def test_readings_of_sensors_count_as_the_hubs(session: Session, hub: Enrolment) -> None:
    kit.sensor(session, hub.device, "0xa1", model="SNZB-02")
    hears(session, message("hearth/v1/hub-1/zigbee2mqtt/0xa1", TEMPERATURE, at=NOW + SECOND))
    found = seen(session, hub)
    assert set(found.stored) == {"room_temperature"}
    assert (found.placed, found.waiting) == (0, 0)


def test_a_sensor_behind_a_hub_has_no_test_of_its_own(session: Session, hub: Enrolment) -> None:
    assert heard_ways.look(session, kit.sensor(session, hub.device, "0xa1")) is None


def test_what_its_model_alarms_with_is_awaited_where_it_protects(session: Session, hub: Enrolment) -> None:
    session.execute(
        update(Device).where(Device.id == hub.device.id).values(life_safety=True, model="HS1SA-E-PLUS")
    )
    session.refresh(hub.device)
    assert seen(session, hub).awaited == {"smoke"}


def test_what_is_heard_all_the_time_is_written_now_and_then_and_news_at_once() -> None:
    ways, key = Ways(), (7, "readings")
    ways.written({key: (NOW, int(Mark.FRESH))})
    assert ways.worth_writing({key: (NOW + SECOND, int(Mark.FRESH))}) == {}
    assert ways.worth_writing({key: (NOW + SECOND, int(Mark.SPACE))}) != {}
    assert ways.worth_writing({key: (NOW + MOVES_BY, int(Mark.FRESH))}) != {}
