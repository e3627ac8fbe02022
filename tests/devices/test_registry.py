"""Kit we know."""

from datetime import date

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import mosquitto
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import registry
from devices.models import Device, DeviceState, DeviceWord
from devices.topics import is_device_key
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, MINUTE

OXIMETER = {"name": "Oximeter", "model": "HL-O1", "room": "bedroom"}


def enrol(session: Session, **more: object) -> registry.Enrolment:
    return registry.enrol(session, {**OXIMETER, **more}, now=NOW, actor=CORA)


def test_a_device_gets_a_key_and_a_secret_that_is_kept_only_as_a_hash(session: Session) -> None:
    made = enrol(session)
    assert is_device_key(made.key)
    assert made.topic_prefix == f"hearth/v1/{made.key}"
    assert len(made.secret) == 32
    kept = made.device.secret_hash or ""
    assert made.secret not in kept
    assert bcrypt.checkpw(made.secret.encode(), kept.encode())
    assert (made.device.state, made.device.secret_set_at) == (DeviceState.IN_STOCK, NOW)


def test_a_secret_is_kept_in_mosquittos_form_too_and_anew_with_each(session: Session) -> None:
    made = enrol(session)
    kept = made.device.mosquitto_hash or ""
    assert mosquitto.is_password(made.secret, kept)
    again = registry.rotate(session, made.device, now=NOW, actor=CORA)
    assert mosquitto.is_password(again.secret, made.device.mosquitto_hash or "")
    assert not mosquitto.is_password(made.secret, made.device.mosquitto_hash or "")


def test_keys_and_secrets_differ(session: Session) -> None:
    made = [enrol(session) for _ in range(5)]
    assert len({each.key for each in made}) == len({each.secret for each in made}) == 5


def test_a_key_of_ones_own_choice_is_taken_once(session: Session) -> None:
    registry.enrol(session, OXIMETER, now=NOW, actor=CORA, key="oximeter-7")
    with pytest.raises(Conflict):
        registry.enrol(session, OXIMETER, now=NOW, actor=CORA, key="oximeter-7")
    with pytest.raises(Invalid):
        registry.enrol(session, OXIMETER, now=NOW, actor=CORA, key="Bad Key")


def test_every_wrong_field_is_named_at_once(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        enrol(session, name="", silent_after_seconds=5, life_safety="perhaps")
    assert set(refused.value.fields) == {"name", "silent_after_seconds", "life_safety"}


def test_a_rotated_secret_ends_the_old_one_and_a_revocation(session: Session) -> None:
    made = enrol(session)
    registry.revoke(session, made.device, now=NOW, actor=CORA)
    again = registry.rotate(session, made.device, now=NOW + MINUTE, actor=CORA)
    kept = (made.device.secret_hash or "").encode()
    assert bcrypt.checkpw(again.secret.encode(), kept)
    assert not bcrypt.checkpw(made.secret.encode(), kept)
    assert (made.device.revoked_at, made.device.secret_set_at) == (None, NOW + MINUTE)


def test_what_is_revoked_is_revoked_once(session: Session) -> None:
    made = enrol(session)
    registry.revoke(session, made.device, now=NOW, actor=CORA)
    with pytest.raises(Conflict):
        registry.revoke(session, made.device, now=NOW, actor=CORA)


def test_a_sensor_speaks_through_its_hub_and_has_no_secret(session: Session, cast: Cast) -> None:
    hub = registry.enrol(session, OXIMETER, now=NOW, actor=CORA, agency_id=cast.hub.id).device
    smoke = registry.enrol_sensor(
        session,
        hub,
        "0xa1",
        {"name": "Smoke alarm", "model": "HS1SA-E-PLUS", "life_safety": True},
        actor=CORA,
    )
    assert (smoke.hub_id, smoke.key, smoke.secret_hash, smoke.agency_id) == (hub.id, None, None, cast.hub.id)
    assert list(registry.list_sensors(session, hub.id)) == [smoke]
    with pytest.raises(Conflict):
        registry.enrol_sensor(session, hub, "0xa1", OXIMETER, actor=CORA)
    with pytest.raises(Invalid):
        registry.enrol_sensor(session, smoke, "0xb2", OXIMETER, actor=CORA)
    with pytest.raises(Invalid):
        registry.rotate(session, smoke, now=NOW, actor=CORA)


@pytest.mark.parametrize("address", ["", "Ada's bedroom", "a/b", "+", "#", "a\tb", "x" * 129])
def test_an_address_is_one_that_every_broker_can_carry(session: Session, address: str) -> None:
    hub = enrol(session).device
    with pytest.raises(Invalid) as refused:
        registry.enrol_sensor(session, hub, address, OXIMETER, actor=CORA)
    assert set(refused.value.fields) == {"address"}


def test_a_route_gives_a_fixed_topic_to_one_device(session: Session) -> None:
    display = enrol(session).device
    route = registry.add_route(session, display, "glow/AABB/#", "glow", actor=CORA)
    assert (route.device_id, route.topic_filter, route.format) == (display.id, "glow/AABB/#", "glow")
    with pytest.raises(Conflict):
        registry.add_route(session, enrol(session).device, "glow/AABB/#", "glow", actor=CORA)


@pytest.mark.parametrize(
    "topic", ["hearth/v1/x/readings", "#", "+/a", "", "/a", "$SYS/x", "a/#/b", "a/b+/c", "a/b#"]
)
def test_a_route_takes_nobody_elses_topics(session: Session, topic: str) -> None:
    display = enrol(session).device
    with pytest.raises(Invalid) as refused:
        registry.add_route(session, display, topic, "morse", actor=CORA)
    assert set(refused.value.fields) == {"topic", "format"}


def test_a_change_changes_what_is_named_and_no_more(session: Session) -> None:
    device = enrol(session).device
    registry.change(session, device, {"room": "kitchen", "calibrated_on": "2026-11-01"}, now=NOW, actor=CORA)
    assert (device.room, device.name, device.calibrated_on) == ("kitchen", "Oximeter", date(2026, 11, 1))
    with pytest.raises(Invalid):
        registry.change(session, device, {"name": ""}, now=NOW, actor=CORA)


def test_what_is_done_to_kit_is_in_the_journal_and_no_secret_is(session: Session) -> None:
    made = enrol(session)
    registry.change(session, made.device, {"room": "hall"}, now=NOW, actor=CORA)
    session.flush()
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(entry.what, entry.subject_uuid) for entry in entries] == [
        ("enrolled", made.device.uuid),
        ("changed", made.device.uuid),
    ]
    assert made.secret not in repr([entry.details for entry in entries])


def test_the_list_shows_last_word_and_owner_and_only_what_was_asked_for(session: Session, cast: Cast) -> None:
    adas, homes, stock = (kit.device(session, f"device-{n}") for n in range(3))
    stock.agency_id = cast.hub.id
    kit.give(session, adas, person_id=cast.ada.id)
    kit.give(session, homes, home_id=cast.ben_home.id)
    session.add(DeviceWord(device_id=adas.id, battery=12))
    session.flush()

    def listed(**only: object) -> list[Device]:
        return [row.device for row in registry.list_kit(session, NOW, **only)]  # type: ignore[arg-type]

    assert listed() == [adas, homes, stock]
    assert listed(people=[cast.ada.id]) == [adas]
    assert listed(people=[cast.ada.id], homes=[cast.ben_home.id]) == [adas, homes]
    assert listed(people=[], homes=[]) == []
    assert listed(people=[], agency_id=cast.hub.id) == [stock]
    assert listed(after=adas.id, limit=1) == [homes]
    (row,) = registry.list_kit(session, NOW, people=[cast.ada.id])
    assert row.word is not None
    assert row.word.battery == 12
    assert row.assignment is not None
    assert row.assignment.person_id == cast.ada.id


def test_a_device_is_found_by_its_uuid_and_by_its_key(session: Session) -> None:
    made = enrol(session)
    assert registry.get(session, made.device.uuid) is made.device
    assert registry.find_by_key(session, made.key) is made.device
    assert registry.find_by_key(session, "nobody-1") is None
    made.device.deleted_at = NOW
    session.flush()
    assert registry.find_by_key(session, made.key) is None
    with pytest.raises(NotFound):
        registry.get(session, made.device.uuid)
