"""What the brokers themselves do with our users: who gets nothing through, and how soon somebody is out."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import orjson
import pytest
from sqlalchemy import select

from core.db import Db
from devices import heard_ways, registry
from devices.enrolment import SPACE, tell
from devices.inbox import Inbox
from devices.lanes import Lane
from devices.models import Rejected
from devices.registry import Enrolment
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.conftest import Publisher, stay, until
from tests.devices.gates import GATES, Gate, mosquitto
from tests.devices.kit import CORA, says, spo2
from tests.devices.test_intake import running, stored, topic_of
from tests.mosquitto import Authority

SECONDS = 5.0
"""How long whoever is shut out may still be heard."""


@pytest.fixture(params=sorted(GATES))
def gate(request: pytest.FixtureRequest, real_db: Db, tmp_path: Path) -> Iterator[Gate]:
    with GATES[request.param](real_db, tmp_path) as opened:
        yield opened


@pytest.fixture
def at_mosquitto(real_db: Db, tmp_path: Path) -> Iterator[Gate]:
    with mosquitto(real_db, tmp_path) as opened:
        yield opened


def enrol(db: Db, gate: Gate, *keys: str) -> list[Enrolment]:
    with db.transaction() as session:
        made = [
            registry.enrol(session, {"name": "Oximeter", "model": "HL-O1"}, now=NOW, actor=CORA, key=key)
            for key in keys
        ]
    gate.refresh()
    return made


def connect(gate: Gate, key: str, secret: str) -> Publisher:
    publisher = Publisher(gate.address(key, secret), f"client-{key}")
    until(publisher.client.is_connected)
    return publisher


def out_after(publisher: Publisher, gate: Gate) -> float:
    """Seconds from telling the broker until the connection has ended."""
    ended = Event()
    publisher.client.on_disconnect = lambda *_: ended.set()
    began = time.monotonic()
    gate.refresh()
    assert ended.wait(SECONDS)
    return time.monotonic() - began


def test_a_device_that_publishes_under_anothers_key_gets_nothing_through(real_db: Db, gate: Gate) -> None:
    thief, _ = enrol(real_db, gate, "oximeter-1", "oximeter-2")
    with running(real_db, gate.intake) as worker:
        publisher = connect(gate, thief.key, thief.secret)
        publisher.send((topic_of("oximeter-2"), says("oximeter-2", spo2(50)).payload))
        publisher.leave()  # Mosquitto may have ended it already, for having tried
        publisher = connect(gate, thief.key, thief.secret)
        publisher.send((topic_of("oximeter-1"), says("oximeter-1", spo2(93)).payload))
        until(lambda: ("spo2", 93) in stored(real_db))
        until(lambda: worker.oldest_waiting() is None)
        publisher.leave()
    assert ("spo2", 50) not in stored(real_db)
    with real_db.transaction() as session:
        assert session.scalars(select(Rejected)).all() == []


def test_a_device_hears_nothing_of_others(real_db: Db, gate: Gate) -> None:
    ears, other = enrol(real_db, gate, "oximeter-1", "oximeter-2")
    inbox = Inbox()
    lane = Lane(1, gate.address(ears.key, ears.secret), "ears", ("hearth/v1/+/+/#", "#"), inbox, lambda: NOW)
    lane.start()
    until(lambda: lane.connected)
    publisher = connect(gate, other.key, other.secret)
    publisher.send((topic_of("oximeter-2"), b"{}"))
    stay(lambda: not len(inbox))
    publisher.leave()
    lane.stop()


def test_who_is_shut_out_is_out_within_five_seconds_and_nobody_else(real_db: Db, gate: Gate) -> None:
    lost, kept = enrol(real_db, gate, "oximeter-1", "oximeter-2")
    thief, other = (connect(gate, each.key, each.secret) for each in (lost, kept))
    with real_db.transaction() as session:
        registry.revoke(session, session.merge(lost.device), now=NOW, actor=CORA)
    assert out_after(thief, gate) < SECONDS
    until(lambda: not thief.client.is_connected())
    stay(lambda: not thief.client.is_connected(), 2.0)  # it has tried again meanwhile
    assert other.client.is_connected()
    for each in (thief, other):
        each.leave()


def test_an_old_secret_is_out_within_five_seconds_and_the_new_one_is_in(real_db: Db, gate: Gate) -> None:
    (old,) = enrol(real_db, gate, "oximeter-1")
    holder = connect(gate, old.key, old.secret)
    with real_db.transaction() as session:
        new = registry.rotate(session, session.merge(old.device), now=NOW, actor=CORA)
    assert out_after(holder, gate) < SECONDS
    owner = connect(gate, new.key, new.secret)
    until(lambda: not holder.client.is_connected())
    stay(lambda: not holder.client.is_connected(), 2.0)
    for each in (holder, owner):
        each.leave()


def test_topics_with_spaces_come_through_at_mosquitto(real_db: Db, at_mosquitto: Gate) -> None:
    (meter,) = enrol(real_db, at_mosquitto, "meter-1")
    with real_db.transaction() as session:
        registry.add_route(session, session.merge(meter.device), "my meter/AA BB/#", "glow", actor=CORA)
    at_mosquitto.refresh()
    told = {"electricitymeter": {"timestamp": NOW.isoformat(), "power": {"value": 0.5, "units": "kW"}}}
    with running(real_db, at_mosquitto.intake):
        publisher = connect(at_mosquitto, meter.key, meter.secret)
        publisher.send(("my meter/AA BB/SENSOR/electricitymeter", orjson.dumps(told)))
        publisher.send(("hearth/v1/meter-1/zigbee2mqtt/Living room", b'{"contact": false}'))
        until(lambda: ("electricity_power", 500) in stored(real_db))
        publisher.leave()


WITH_A_SPACE = ("hearth/v1/hub-1/zigbee2mqtt/Living room", b'{"temperature": 21}', 1)


def test_a_space_in_a_topic_is_told_by_the_enrolment_test_where_it_comes_through(
    real_db: Db, at_mosquitto: Gate
) -> None:
    (hub,) = enrol(real_db, at_mosquitto, "hub-1")
    with running(real_db, at_mosquitto.intake):
        publisher = connect(at_mosquitto, hub.key, hub.secret)
        publisher.client.publish(*WITH_A_SPACE)
        until(lambda: SPACE in changes(real_db, hub))
        publisher.leave()


def test_a_space_that_ends_the_connection_is_guessed_from_two_minutes_of_nothing(
    real_db: Db, tmp_path: Path
) -> None:
    with GATES["embedded"](real_db, tmp_path) as gate:
        (hub,) = enrol(real_db, gate, "hub-1")
        with running(real_db, gate.intake):
            publisher, ended = connect(gate, hub.key, hub.secret), Event()
            publisher.client.on_disconnect = lambda *_: ended.set()
            publisher.client.publish(*WITH_A_SPACE)
            assert ended.wait(SECONDS)
            publisher.leave()
    assert any("Leave spaces out of topics" in each for each in changes(real_db, hub, 2 * kit.MINUTE))


def changes(db: Db, hub: Enrolment, later: timedelta = timedelta(0)) -> tuple[str, ...]:
    """What the enrolment test says is to be changed."""
    with db.transaction() as session:
        seen = heard_ways.look(session, session.merge(hub.device))
        assert seen is not None
        return tell(seen, NOW + later).changes


def test_intake_takes_all_in_at_mosquitto_also_what_waited_for_it(real_db: Db, at_mosquitto: Gate) -> None:
    (made,) = enrol(real_db, at_mosquitto, "oximeter-1")
    bodies = [says("oximeter-1", spo2(90, NOW - n * kit.SECOND)).payload for n in range(400)]
    publisher = connect(at_mosquitto, made.key, made.secret)
    with running(real_db, at_mosquitto.intake):
        publisher.send(*((topic_of("oximeter-1"), body) for body in bodies[:200]))
        until(lambda: len(stored(real_db)) == 200)
    at_mosquitto.refresh()
    publisher.send(*((topic_of("oximeter-1"), body) for body in bodies[200:]))
    with running(real_db, at_mosquitto.intake):
        until(lambda: len(stored(real_db)) == 400)
    publisher.leave()


def test_by_tls_the_brokers_certificate_is_held_against_the_authority_that_is_set(
    real_db: Db, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with mosquitto(real_db, tmp_path, authority) as gate:
        (made,) = enrol(real_db, gate, "oximeter-1")
        with running(real_db, gate.intake):
            publisher = connect(gate, made.key, made.secret)
            publisher.send((topic_of("oximeter-1"), says("oximeter-1", spo2(93)).payload))
            until(lambda: ("spo2", 93) in stored(real_db))
            publisher.leave()


@pytest.mark.filterwarnings(
    "ignore:unclosed <ssl.SSLSocket:ResourceWarning"
)  # paho's, of a handshake that fails
@pytest.mark.parametrize("wrong", ["another authority", "another name"])
def test_by_tls_a_broker_that_can_not_prove_who_it_is_gets_no_password(
    real_db: Db, tmp_path: Path, wrong: str
) -> None:
    authority = Authority(tmp_path)
    with mosquitto(real_db, tmp_path, authority) as gate:
        address = gate.intake
        if wrong == "another name":
            address = replace(address, host="127.0.0.1")
        else:
            address = replace(address, authorities=None)
        lane = Lane(1, address, "lane", ("#",), Inbox(), lambda: NOW)
        lane.start()
        stay(lambda: not lane.connected, 1.0)
        lane.stop()
        assert lane.failure is None
