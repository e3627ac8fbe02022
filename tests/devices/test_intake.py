"""The worker between broker and database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from core.db import Db
from core.embedded.broker_users import BrokerUser, hash_password
from devices import broker_access, intake, registry, ways
from devices.hearing_models import Listened
from devices.intake import Intake
from devices.lanes import MqttAddress
from devices.models import Rejected, Unread
from tests.cast import make
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.conftest import Publisher, Running, rest, stay, until
from tests.devices.kit import CORA, says, spo2


@contextmanager
def running(db: Db, address: MqttAddress, name: str = "intake") -> Iterator[Intake]:
    """An intake that runs, and is told to stop at the end."""
    worker, stop = Intake(db, address, name), Event()
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        until(lambda: worker.listening)
        yield worker
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def stored(db: Db) -> list[tuple[str, float]]:
    with db.transaction() as session:
        return [(kind, value) for kind, _, value, _ in kit.stored(session)]


def topic_of(key: str, kind: str = "readings") -> str:
    return f"hearth/v1/{key}/{kind}"


def test_a_reading_goes_from_the_broker_to_the_table_and_wakes_somebody(real_db: Db, broker: Running) -> None:
    with real_db.transaction() as session:
        cast = make(session)
        kit.give(session, kit.device(session), person_id=cast.ada.id)
    with running(real_db, broker.intake) as worker:
        broker.publisher.send((topic_of("oximeter-1"), says("oximeter-1", spo2(84)).payload))
        until(lambda: ("spo2", 84) in stored(real_db))
        until(lambda: worker.oldest_waiting() is None)
    with real_db.transaction() as session:
        assert set(session.scalars(select(Unread.subject))) == {cast.ada.id * 2}


def test_what_is_sent_while_intake_is_away_waits_for_it(real_db: Db, broker: Running) -> None:
    with real_db.transaction() as session:
        kit.device(session)
    with running(real_db, broker.intake):
        pass
    broker.publisher.send(*((topic_of("oximeter-1"), says("oximeter-1", spo2(n)).payload) for n in (91,)))
    assert ("spo2", 91) not in stored(real_db)
    with running(real_db, broker.intake):
        until(lambda: ("spo2", 91) in stored(real_db))


def test_what_was_stored_before_a_stop_does_not_come_again(real_db: Db, broker: Running) -> None:
    with real_db.transaction() as session:
        kit.device(session)
    with running(real_db, broker.intake):
        bodies = [says("oximeter-1", spo2(90, NOW - n * kit.SECOND)).payload for n in range(200)]
        broker.publisher.send(*((topic_of("oximeter-1"), body) for body in bodies))
        until(lambda: len(stored(real_db)) >= 200)
    with running(real_db, broker.intake) as worker:
        stay(lambda: worker.counts()["received"] == 0, 3)


def test_a_press_without_a_clock_comes_by_both_lanes_and_is_stored_once(real_db: Db, broker: Running) -> None:
    with real_db.transaction() as session:
        kit.device(session, "pendant-1")
    with running(real_db, broker.intake) as worker:
        press = says("pendant-1", {"kind": "pendant", "value": 1}).payload
        until(lambda: worker.oldest_waiting() is None)
        before = worker.counts()["received"]
        broker.publisher.send((topic_of("pendant-1", "urgent"), press))
        until(lambda: worker.counts()["received"] == before + 2)
        until(lambda: ("pendant", 1) in stored(real_db))
        until(lambda: worker.oldest_waiting() is None)
        assert stored(real_db).count(("pendant", 1)) == 1
        assert worker.counts()["urgent"] >= 1


def test_a_flood_of_ordinary_messages_does_not_hold_up_a_press(real_db: Db, broker: Running) -> None:
    with real_db.transaction() as session:
        kit.device(session)
        kit.device(session, "pendant-1")
    with running(real_db, broker.intake) as worker:
        bodies = [says("oximeter-1", spo2(90, NOW - n * kit.SECOND)).payload for n in range(5000)]
        for body in bodies:
            broker.publisher.client.publish(topic_of("oximeter-1"), body, 1)
        press = says("pendant-1", {"kind": "pendant", "value": 1}).payload
        other = Publisher(MqttAddress.of_url(broker.broker.bench_url()), "another")
        other.send((topic_of("pendant-1", "urgent"), press))
        until(lambda: ("pendant", 1) in stored(real_db), 5)
        assert worker.counts()["stored"] < 5000, "the flood was still coming in"
        other.leave()
        until(lambda: worker.counts()["stored"] >= 5000)


def test_sensors_that_protect_get_a_place_on_the_life_safety_lane(
    real_db: Db, broker: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(ways, "TOPICS_A_LANE", 2)
    with real_db.transaction() as session:
        hub = kit.device(session, "hub-1")
        for address in ("0xa1", "0xb2"):
            kit.sensor(session, hub, address, life_safety=True)
    with running(real_db, broker.intake) as worker:
        with real_db.transaction() as session:
            kit.sensor(session, hub, "0xc3", life_safety=True)
            kit.sensor(session, hub, "0xd4")
        before = worker.counts()["urgent"]

        def came_by_safety_lane(address: str) -> bool:
            body = orjson.dumps({"smoke": True})
            broker.publisher.send((f"hearth/v1/hub-1/zigbee2mqtt/{address}", body))
            return worker.counts()["urgent"] > before

        for address in ("0xa1", "0xb2", "0xc3"):
            until(lambda address=address: came_by_safety_lane(address))  # type: ignore[misc]
            before = worker.counts()["urgent"]
            until(lambda: worker.oldest_waiting() is None)
        before = rest(lambda: worker.counts()["urgent"])
        stay(lambda: not came_by_safety_lane("0xd4"), 1)
    assert ("smoke", 1) in stored(real_db)


@pytest.mark.parametrize(
    ("address", "rest", "body"),
    [
        ("A4C138777C52", "theengs/OMG/BTtoMQTT/A4C138777C52", {"id": "A4:C1:38:77:7C:52", "smoke": True}),
        ("0x5FA7", "tasmota/tele/bridge/SENSOR", {"ZbReceived": {"0x5FA7": {"Device": "0x5FA7", "Fire": 1}}}),
        ("24e124535b316056", "chirpstack/application/1/device/24e124535b316056/event/up", {
            "deviceInfo": {"devEui": "24e124535b316056"}, "time": NOW.isoformat(), "object": {"smoke": 1},
        }),
    ],
)  # fmt: skip
def test_a_sensor_that_protects_is_on_the_lane_whatever_format_its_hub_speaks(
    real_db: Db,
    broker: Running,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    rest: str,
    body: dict[str, Any],
) -> None:
    monkeypatch.setattr(intake, "LOOK_EVERY", 0.2)
    with real_db.transaction() as session:
        kit.sensor(session, kit.device(session, "hub-1"), address, life_safety=True)
    with running(real_db, broker.intake) as worker:

        def came_by_safety_lane() -> bool:
            broker.publisher.send((f"hearth/v1/hub-1/{rest}", orjson.dumps(body)))
            return worker.counts()["urgent"] > 0

        until(came_by_safety_lane)
        until(lambda: ("smoke", 1) in stored(real_db))


def test_intake_writes_down_that_it_listens(
    real_db: Db, broker: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LOOK_EVERY", 0.1)
    with running(real_db, broker.intake):

        def told() -> int:
            with real_db.transaction() as session:
                return session.query(Listened).count()

        until(lambda: told() == 1)


def test_kit_with_a_fixed_topic_is_heard_soon_after_its_route_is_added(
    real_db: Db, broker: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LOOK_EVERY", 0.2)
    with running(real_db, broker.intake):
        with real_db.transaction() as session:
            registry.add_route(session, kit.device(session, "glow-1"), "glow/AABB/#", "glow", actor=CORA)
        meter = {"electricitymeter": {"timestamp": NOW.isoformat(), "power": {"value": 0.5, "units": "kW"}}}

        def heard() -> bool:
            broker.publisher.send(("glow/AABB/SENSOR/electricitymeter", orjson.dumps(meter)))
            return ("electricity_power", 500) in stored(real_db)

        until(heard)


def test_a_device_that_publishes_under_anothers_key_is_refused_and_nothing_is_stored(
    real_db: Db, broker: Running
) -> None:
    with real_db.transaction() as session:
        enrolled = [
            registry.enrol(
                session, {"name": "Oximeter", "model": "HL-O1"}, now=NOW, actor=CORA, key=f"oximeter-{n}"
            )
            for n in (1, 2)
        ]
    ours = [broker.broker.intake_user(), broker.broker.bench_user()]
    broker_access.refresh(real_db, broker.broker.users_file, ours, broker.broker.reload)
    with running(real_db, broker.intake) as worker:
        address = MqttAddress(broker.intake.host, broker.intake.port, "oximeter-1", enrolled[0].secret)
        thief = Publisher(address, "thief")
        thief.send((topic_of("oximeter-2"), says("oximeter-2", spo2(50)).payload))
        thief.send((topic_of("oximeter-1"), says("oximeter-1", spo2(93)).payload))
        until(lambda: ("spo2", 93) in stored(real_db))
        until(lambda: worker.oldest_waiting() is None)
        thief.leave()
    assert ("spo2", 50) not in stored(real_db)
    with real_db.transaction() as session:
        assert session.scalars(select(Rejected)).all() == []


def test_the_heartbeat_tells_what_was_done_and_what_waits(real_db: Db, broker: Running) -> None:
    beats: list[tuple[float | None, Mapping[str, float]]] = []
    worker, stop = Intake(real_db, broker.intake, "intake"), Event()
    thread = Thread(target=worker.run, args=(stop, lambda oldest, counts: beats.append((oldest, counts))))
    thread.start()
    until(lambda: bool(beats))
    stop.set()
    thread.join(20)
    oldest, counts = beats[0]
    assert oldest is None
    assert {"received", "stored", "duplicates", "conflicts", "rejected", "urgent", "store_us"} <= set(counts)


def test_an_error_that_is_no_messages_fault_ends_the_worker_with_both_lanes(
    real_db: Db, broker: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, stop = Intake(real_db, broker.intake, "intake"), Event()

    def broken(_stop: Event, _wait: float) -> bool:
        raise RuntimeError

    monkeypatch.setattr(worker._safety, "work", broken)
    with pytest.raises(RuntimeError):
        worker.run(stop)
    assert not worker.connected


def test_it_does_not_listen_while_the_broker_refuses_what_all_kit_speaks_on(
    real_db: Db, broker: Running
) -> None:
    deaf = BrokerUser("deaf", hash_password("secret"), subscribe=("glow/#",))
    broker.admit(deaf)
    worker, stop = Intake(real_db, replace(broker.intake, user="deaf", password="secret"), "deaf"), Event()
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        until(lambda: worker.connected)
        stay(lambda: not worker.listening, 1.5)
    finally:
        stop.set()
        thread.join(20)


def test_a_lane_that_breaks_ends_the_worker_so_that_it_begins_anew(
    real_db: Db, broker: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, stop = Intake(real_db, broker.intake, "intake"), Event()
    raised: list[Exception] = []

    def run() -> None:
        try:
            worker.run(stop)
        except RuntimeError as fault:
            raised.append(fault)

    def broken(_messages: object) -> None:
        raise RuntimeError

    thread = Thread(target=run)
    thread.start()
    until(lambda: worker.listening)
    monkeypatch.setattr(worker._ordinary.inbox, "put", broken)
    broker.publisher.send((topic_of("oximeter-1"), b"{}"))
    thread.join(20)
    assert len(raised) == 1
    assert not worker.listening
