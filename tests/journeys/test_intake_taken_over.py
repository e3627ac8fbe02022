"""One of two intake workers is killed in the middle of its work, and the other takes over what was its."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text

from core.children import Children
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.broker_users import write_users
from devices.lanes import MqttAddress
from devices.models import Reading, ReadingConflict, Rejected
from devices.seats import LOCKS, PRESENT
from tests.conftest import ROOT
from tests.devices import kit
from tests.devices.conftest import Publisher, until
from tests.devices.kit import says, spo2
from tests.postgres import Server

MESSAGES, DEVICES, TAKEN_OVER_WITHIN = 2000, 20, 5.0

pytestmark = pytest.mark.journey


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that parts the load in two."""
    made = Broker(tmp_path, 0, ack_wait=2, parts=2)
    made.prepare()
    write_users(made.users_file, [made.intake_user(), made.bench_user()])
    children = Children(tmp_path / "logs", Event())
    children.start(made.child())
    yield made
    children.stop_all()


@pytest.fixture
def workers(
    server: Server, own_database: str, broker: Broker, tmp_path: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two workers that share the load."""
    arguments = [server.url(own_database, "hearth_app"), broker.intake_url(), "intake", "2"]
    command = [sys.executable, "-m", "tests.journeys.intake_process", *arguments]
    with (tmp_path / "intake.log").open("wb") as log:
        started = [subprocess.Popen(command, cwd=ROOT, stderr=log) for _ in range(2)]
        yield started
        for process in started:
            process.kill()
            process.wait()


def seats_of_each(db: Db) -> list[int]:
    """How many seats each worker holds, by the locks of the database."""
    with db.transaction() as session:
        held = text(
            "SELECT count(*) FILTER (WHERE objid <> :present) FROM pg_locks WHERE locktype = 'advisory'"
            " AND classid = :locks AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database()) GROUP BY pid ORDER BY 1"
        )
        return list(session.scalars(held, {"locks": LOCKS, "present": PRESENT}))


def count(db: Db) -> int:
    with db.transaction() as session:
        return session.scalars(select(func.count()).select_from(Reading)).one()


def test_a_worker_that_is_killed_is_taken_over_within_seconds_and_nothing_is_lost(
    real_db: Db, broker: Broker, workers: list[subprocess.Popen[bytes]]
) -> None:
    now = real_db.clock.now()
    with real_db.transaction() as session:
        for number in range(DEVICES):
            kit.device(session, f"device-{number}")
    until(lambda: seats_of_each(real_db) == [1, 2], 60)
    publisher = Publisher(MqttAddress.of_url(broker.bench_url()))

    def heard() -> bool:
        """Whether both parts are kept for: what is said to nobody is lost."""
        for number in range(DEVICES):
            publisher.send((f"hearth/v1/device-{number}/readings", says("d", spo2(99, now)).payload))
        return count(real_db) == DEVICES

    until(heard, 60)
    messages = [
        (
            f"hearth/v1/device-{number % DEVICES}/readings",
            says("d", spo2(90 + number % 9, now - (number + 1) * kit.SECOND)).payload,
        )
        for number in range(MESSAGES)
    ]
    sender = Thread(target=publisher.send, args=messages)
    sender.start()
    until(lambda: count(real_db) >= MESSAGES // 4, 60)
    workers[0].send_signal(signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: seats_of_each(real_db) == [3], 60)
    assert time.monotonic() - killed < TAKEN_OVER_WITHIN
    sender.join()
    publisher.leave()
    until(lambda: count(real_db) == MESSAGES + DEVICES, 90)
    with real_db.transaction() as session:
        assert session.scalars(select(ReadingConflict)).all() == []
        assert session.scalars(select(Rejected)).all() == []
