"""Rejected messages."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.journal import Actor
from core.models import JournalEntry
from devices import rejected
from devices.gather import Refusal
from devices.models import Rejected
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, message, says, spo2

BY = Actor("Somebody")
TOPIC = "hearth/v1/oximeter-1/readings"
CONFIG = "homeassistant/homeassistant/sensor/0x1/temperature/config"
ANNOUNCED = (
    b'{"state_topic": "zigbee2mqtt/0x1", "device_class": "temperature", "unit_of_measurement": "C", '
    b'"value_template": "{{ value_json.temperature }}", "unique_id": "0x1_temperature", '
    b'"device": {"identifiers": ["zigbee2mqtt_0x1"]}}'
)


def refuse(session: Session, body: bytes, topic: str = TOPIC, code: str = "not_json") -> Rejected:
    rejected.keep(session, [Refusal(message(topic, body), None, code, "It can't be read.", "readings[0]")])
    return session.scalars(select(Rejected).order_by(Rejected.id.desc()).limit(1)).one()


def test_it_is_kept_sealed_with_its_reason(session: Session) -> None:
    row = refuse(session, b'{"name": "secret words \xff')
    assert (row.code, row.reason, row.where, row.size) == ("not_json", "It can't be read.", "readings[0]", 24)
    assert row.payload_sealed is not None
    assert b"secret words" not in row.payload_sealed
    assert rejected.payload(session, row) == b'{"name": "secret words \xff'


def test_what_identifies_people_is_blotted_out(session: Session) -> None:
    row = refuse(session, b'{"mpan": "1234567890123", "value": 3')
    assert b"1234567890123" not in rejected.payload(session, row)
    assert b'"value": 3' in rejected.payload(session, row)


def test_of_a_very_long_message_only_the_start_is_kept(session: Session) -> None:
    row = refuse(session, b"x" * 500_000)
    assert row.size == 500_000
    assert len(rejected.payload(session, row)) == rejected.START_KEPT


def test_a_zero_byte_in_a_topic_is_no_hindrance(session: Session) -> None:
    assert refuse(session, b"", topic="hearth/v1/a\x00b/readings").topic == "hearth/v1/a\ufffdb/readings"


def test_the_list_shows_open_ones_newest_first_page_by_page(session: Session) -> None:
    device = kit.device(session)
    for code in ("first", "second", "third"):
        refuse(session, b"{", code=code)
    rejected.keep(session, [Refusal(message(TOPIC, b"{"), device.id, "fourth", "It can't be read.")])
    page = rejected.list_open(session, limit=2)
    assert [(row.code, row.device_name) for row in page] == [("fourth", "Oximeter"), ("third", None)]
    assert [row.code for row in rejected.list_open(session, before=page[-1].id)] == ["second", "first"]
    assert [row.code for row in rejected.list_open(session, devices=[device.id])] == ["fourth"]
    assert rejected.count_open(session) == 4


def test_once_the_cause_is_mended_it_is_stored_as_of_when_it_came(session: Session) -> None:
    press = says("oximeter-1", {"kind": "pendant", "value": 1}, at=NOW - timedelta(minutes=42))
    row = refuse(session, press.payload, code="unknown_device")
    row.received_at = press.received_at
    kit.device(session)
    settled = rejected.retry(session, row.id, NOW, actor=BY)
    assert (settled.settled_how, settled.settled_at) == (rejected.STORED, NOW)
    assert [(kind, at) for kind, at, *_ in kit.stored(session)] == [("pendant", press.received_at)]
    assert rejected.count_open(session) == 0


def test_while_the_cause_stands_it_is_kept_with_one_more_try_and_todays_reason(session: Session) -> None:
    row = refuse(session, says("oximeter-1", spo2()).payload)
    tried = rejected.retry(session, row.id, NOW, actor=BY)
    assert (tried.tries, tried.code, tried.settled_at) == (2, "unknown_device", None)


def test_half_a_message_is_stored_and_the_rest_stays_open(session: Session) -> None:
    kit.device(session, "oximeter-1")
    row = refuse(session, b'{"temperature": 21}', topic="hearth/v1/oximeter-1/zigbee2mqtt/0xa1")
    assert rejected.retry(session, row.id, NOW, actor=BY).code == "unknown_sensor"


def test_what_cannot_be_stored_is_kept_with_one_more_try(session: Session) -> None:
    kit.device(session)
    body = b'{"method": "NotifyStatus", "params": {"switch:\\u0000": {"apower": 3}}}'
    row = refuse(session, body, topic="hearth/v1/oximeter-1/shelly/events/rpc", code="unstorable")
    tried = rejected.retry(session, row.id, NOW, actor=BY)
    assert (tried.tries, tried.code, tried.settled_at) == (2, "unstorable", None)


def test_what_was_kept_in_part_is_not_tried_again(session: Session) -> None:
    row = refuse(session, b"x" * 500_000, code="too_large")
    with pytest.raises(Conflict):
        rejected.retry(session, row.id, NOW, actor=BY)
    assert (row.code, row.tries) == ("too_large", 1)


def test_what_is_settled_is_settled(session: Session) -> None:
    row = refuse(session, b"{")
    assert rejected.set_aside(session, row.id, NOW, actor=BY).settled_how == rejected.SET_ASIDE
    for again in (rejected.retry, rejected.set_aside):
        with pytest.raises(Conflict):
            again(session, row.id, NOW, actor=BY)


def test_who_tried_again_and_who_set_it_aside_is_written_down(session: Session) -> None:
    row = refuse(session, b"{")
    rejected.retry(session, row.id, NOW, actor=Actor("Hana"))
    rejected.set_aside(session, row.id, NOW, actor=Actor("Sol"))
    told = session.execute(
        select(JournalEntry.by, JournalEntry.what, JournalEntry.person_id)
        .where(JournalEntry.subject_uuid == row.uuid)
        .order_by(JournalEntry.id)
    )
    assert told.all() == [("Hana", "tried again", None), ("Sol", "set aside", None)]


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        rejected.get(session, 4711)
    with pytest.raises(NotFound):
        rejected.retry(session, 4711, NOW, actor=BY)


def test_old_ones_are_forgotten_and_settled_ones_sooner(session: Session) -> None:
    old, settled, fresh = (refuse(session, b"{", code=code) for code in ("old", "settled", "fresh"))
    old.received_at = NOW - 100 * DAY
    settled.settled_at = NOW - 10 * DAY
    session.flush()
    assert rejected.forget(session, NOW - 90 * DAY, NOW - 7 * DAY) == 2
    assert list(session.scalars(select(Rejected.code))) == ["fresh"]
    assert rejected.get(session, fresh.id) is fresh


def test_an_announcement_is_read_and_nothing_of_it_is_said_to_be_stored(session: Session) -> None:
    kit.device(session, "oximeter-1")
    row = refuse(session, ANNOUNCED, topic=f"hearth/v1/oximeter-1/{CONFIG}", code="not_json")
    settled = rejected.retry(session, row.id, NOW, actor=BY)
    assert (settled.settled_how, kit.stored(session)) == (rejected.READ, [])
    entry = session.scalars(select(JournalEntry).where(JournalEntry.what == "tried again")).one()
    assert entry.details["stored"] is False
