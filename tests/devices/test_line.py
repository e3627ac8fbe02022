"""From an inbox into the database."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import create_engine, exc, select, text

from core.db import Db
from devices import decode
from devices.gather import Batch
from devices.inbox import Inbox, Message
from devices.line import Line
from devices.measurement import Decoded
from devices.models import DeviceWord, Rejected
from devices.overlap import Overlap
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.conftest import stay, until
from tests.devices.kit import MINUTE, message, says, spo2
from tests.postgres import Server


class Doorkeeper:
    """Stands in for a lane at its edge: notes what is acknowledged."""

    number = 1

    def __init__(self) -> None:
        self.acknowledged: list[int] = []

    def acknowledge(self, messages: list[Message]) -> None:
        self.acknowledged += [each.packet for each in messages]


@pytest.fixture
def line(real_db: Db) -> Line:
    """A line for the test's own database, in which one device is enrolled."""
    with real_db.transaction() as session:
        kit.device(session)
    return Line(real_db, Inbox(), Overlap(timedelta(seconds=10)), safety=False, most=500, linger=0.0)


@pytest.fixture
def lane(line: Line) -> Doorkeeper:
    """What the line acknowledges to."""
    keeper = Doorkeeper()
    line.serve(keeper)  # type: ignore[arg-type]
    return keeper


def put(line: Line, *messages: Message) -> None:
    line.inbox.put([each._replace(lane=1, packet=number) for number, each in enumerate(messages, 1)])


def by_the_owner(owner_url: str, statement: str) -> None:
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()


def rejections(db: Db) -> list[str]:
    with db.transaction() as session:
        return list(session.scalars(select(Rejected.code).order_by(Rejected.id)))


def test_a_batch_is_stored_then_acknowledged_and_counted(real_db: Db, line: Line, lane: Doorkeeper) -> None:
    put(line, says("oximeter-1", spo2()), says("oximeter-1", spo2()), says("oximeter-1", spo2(84)))
    assert line.work(Event(), 0)
    assert lane.acknowledged == [1, 2, 3]
    with real_db.transaction() as session:
        assert len(kit.stored(session)) == 1
        assert session.scalars(select(DeviceWord.heard_at)).all() == [NOW]
    said = line.counts.said()
    assert {name: said[name] for name in ("received", "stored", "duplicates", "conflicts", "batches")} == {
        "received": 3, "stored": 1, "duplicates": 1, "conflicts": 1, "batches": 1,
    }  # fmt: skip
    assert said["decode_us"] > 0
    assert said["store_us"] > 0
    assert not line.work(Event(), 0)


def test_what_cannot_be_read_is_kept_and_no_log_line_holds_it(
    real_db: Db, line: Line, lane: Doorkeeper, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    topic = "hearth/v1/oximeter-1/readings"
    private = {"readings": [{"kind": "private words", "value": 77123}]}
    put(
        line,
        says("oximeter-1", spo2()),
        message(topic, b"{private words 77123"),
        message(topic, private),
        says("stranger-1", spo2(77)),
        says("oximeter-1", spo2(at=NOW)),
    )
    line.work(Event(), 0)
    assert rejections(real_db) == ["not_json", "unknown_kind", "unknown_device"]
    assert lane.acknowledged == [1, 2, 3, 4, 5], "what is kept need not come again"
    with real_db.transaction() as session:
        assert len(kit.stored(session)) == 2
    assert (line.counts.rejected, line.counts.stored) == (3, 2)
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "private" not in said
    assert "77123" not in said


def test_one_message_that_cannot_be_stored_costs_its_neighbours_nothing(
    real_db: Db, line: Line, lane: Doorkeeper, owner_url: str
) -> None:
    by_the_owner(owner_url, "ALTER TABLE readings ADD CHECK (value <> 66.6)")
    put(
        line,
        *(says("oximeter-1", spo2(at=NOW - n * MINUTE)) for n in range(7)),
        says("oximeter-1", spo2(66.6, NOW - 20 * MINUTE)),
    )
    line.work(Event(), 0)
    assert rejections(real_db) == ["unstorable"]
    assert sorted(lane.acknowledged) == [1, 2, 3, 4, 5, 6, 7, 8]
    with real_db.transaction() as session:
        assert len(kit.stored(session)) == 7


def test_a_month_that_is_missing_is_made_and_costs_no_reading(
    real_db: Db, line: Line, lane: Doorkeeper, owner_url: str
) -> None:
    by_the_owner(owner_url, f"DROP TABLE readings_{NOW:%Y_%m}")
    put(line, says("oximeter-1", {"kind": "pendant", "at": NOW.isoformat()}, urgent=True))
    line.work(Event(), 0)
    assert (rejections(real_db), lane.acknowledged) == ([], [1])
    with real_db.transaction() as session:
        assert [kind for kind, *_ in kit.stored(session)] == ["pendant"]


def test_a_fault_of_ours_in_reading_a_message_ends_nothing(
    real_db: Db, line: Line, lane: Doorkeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Decoded:
        return None.measurements  # type: ignore[attr-defined, no-any-return]

    monkeypatch.setattr(decode, "FORMATS", {**decode.FORMATS, "glow": broken})
    put(line, message("hearth/v1/oximeter-1/glow/x", b"{}"), says("oximeter-1", spo2()))
    line.work(Event(), 0)
    assert (rejections(real_db), line.counts.stored) == (["unstorable"], 1)
    assert sorted(lane.acknowledged) == [1, 2]


def test_a_press_that_comes_by_both_ways_is_stored_once(real_db: Db) -> None:
    with real_db.transaction() as session:
        kit.device(session, "pendant-1")
    overlap = Overlap(timedelta(seconds=10))
    press = says("pendant-1", {"kind": "pendant", "value": 1}, urgent=True)
    for safety, later in ((False, 0), (True, 40)):
        line = Line(real_db, Inbox(), overlap, safety=safety, most=500, linger=0.0)
        put(line, press._replace(received_at=NOW + timedelta(milliseconds=later)))
        line.work(Event(), 0)
    with real_db.transaction() as session:
        assert [(kind, at) for kind, at, *_ in kit.stored(session)] == [("pendant", NOW)]


def test_what_has_no_clock_is_stored_once_though_the_answer_to_its_commit_was_lost(
    real_db: Db, line: Line, lane: Doorkeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, answers = line._commit, [exc.OperationalError("COMMIT", {}, Exception())]

    def unanswered_once(batch: Batch) -> None:
        commit(batch)
        if answers:
            raise answers.pop()

    monkeypatch.setattr(line, "_commit", unanswered_once)
    put(line, says("oximeter-1", {"kind": "pendant", "value": 1}), says("oximeter-1", spo2()))
    line.work(Event(), 0)
    assert lane.acknowledged == [1, 2]
    with real_db.transaction() as session:
        assert len(kit.stored(session)) == 2


def test_the_next_may_be_taken_while_one_is_stored_and_the_oldest_is_told(line: Line) -> None:
    put(line, says("oximeter-1", spo2())._replace(received_at=NOW - MINUTE))
    first = line.take(0)
    assert first is not None
    put(line, says("oximeter-1", spo2(at=NOW)))
    second = line.take(0)
    assert second is not None
    assert line.oldest_waiting() == NOW - MINUTE
    line.store(first, Event())
    assert line.oldest_waiting() == NOW
    line.store(second, Event())
    assert (line.oldest_waiting(), line.counts.stored) == (None, 2)


@pytest.fixture
def outage(server: Server, own_database: str) -> Iterator[Event]:
    """The database is away from now until the event is set."""
    back = Event()

    def sql(statement: str) -> None:
        engine = create_engine(
            server.url("postgres", "owner").replace("hearth_owner", "postgres"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def go() -> None:
        sql(f"ALTER DATABASE {own_database} ALLOW_CONNECTIONS false")
        sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own_database}'")
        back.wait(30)
        sql(f"ALTER DATABASE {own_database} ALLOW_CONNECTIONS true")

    line_down = Thread(target=go)
    line_down.start()
    yield back
    back.set()
    line_down.join()


def away(db: Db) -> bool:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        return True
    return False


def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_lost(
    real_db: Db, line: Line, lane: Doorkeeper, outage: Event
) -> None:
    until(lambda: away(real_db))
    put(line, says("oximeter-1", spo2()), message("hearth/v1/oximeter-1/readings", b"{"))
    worker = Thread(target=line.work, args=(Event(), 0))
    worker.start()
    until(lambda: line.counts.retried >= 2)
    assert line.oldest_waiting() == NOW
    stay(lambda: not lane.acknowledged)
    outage.set()
    worker.join(20)
    assert lane.acknowledged == [1, 2]
    assert line.oldest_waiting() is None
    assert rejections(real_db) == ["not_json"]
    with real_db.transaction() as session:
        assert len(kit.stored(session)) == 1


def test_told_to_stop_while_the_database_is_away_it_stops_and_leaves_it_to_the_broker(
    real_db: Db, line: Line, lane: Doorkeeper, outage: Event
) -> None:
    until(lambda: away(real_db))
    put(line, says("oximeter-1", spo2()))
    stop = Event()
    worker = Thread(target=line.work, args=(stop, 0))
    worker.start()
    until(lambda: line.counts.retried >= 1)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
    assert lane.acknowledged == []
