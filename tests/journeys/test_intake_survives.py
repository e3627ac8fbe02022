"""Intake is killed again and again in the middle of its work, and every reading is stored once."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from core.db import Db
from devices.models import Reading, ReadingConflict, Rejected
from tests.conftest import ROOT
from tests.devices import kit
from tests.devices.conftest import Running, broker, until  # noqa: F401 - the fixture
from tests.devices.kit import says, spo2
from tests.postgres import Server

MESSAGES, DEVICES, KILLS = 2000, 20, 5

pytestmark = pytest.mark.journey
Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(server: Server, own_database: str, broker: Running, tmp_path: Path) -> Iterator[Start]:  # noqa: F811
    """Starts intake; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []
    log = (tmp_path / "intake.log").open("wb")

    def begin() -> subprocess.Popen[bytes]:
        arguments = [server.url(own_database, "hearth_app"), broker.broker.intake_url(), "intake", "1"]
        command = [sys.executable, "-m", "tests.journeys.intake_process", *arguments]
        started.append(subprocess.Popen(command, cwd=ROOT, stderr=log))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()
    log.close()


def count(db: Db) -> int:
    with db.transaction() as session:
        return session.scalars(select(func.count()).select_from(Reading)).one()


def test_five_kills_in_two_thousand_messages_lose_none_and_double_none(
    real_db: Db,
    broker: Running,  # noqa: F811
    start: Start,
) -> None:
    now = real_db.clock.now()
    with real_db.transaction() as session:
        for number in range(DEVICES):
            kit.device(session, f"device-{number}")
        kit.device(session, "probe-1")

    def probed() -> bool:
        body = says("probe-1", spo2(99, now)).payload
        broker.publisher.send(("hearth/v1/probe-1/readings", body), ("hearth/v1/probe-1/urgent", body))
        return count(real_db) == 1

    process = start()
    until(probed, 60)
    messages = [
        (
            f"hearth/v1/device-{number % DEVICES}/{'urgent' if number % 10 == 0 else 'readings'}",
            says("d", spo2(90 + number % 9, now - number * kit.SECOND)).payload,
        )
        for number in range(MESSAGES)
    ]
    sender = Thread(target=broker.publisher.send, args=messages)
    sender.start()
    for kill in range(1, KILLS + 1):
        until(lambda kill=kill: count(real_db) >= kill * MESSAGES // (KILLS + 2), 60)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process = start()
    sender.join()
    until(lambda: count(real_db) >= MESSAGES + 1, 90)
    process.terminate()
    assert process.wait(20) == 0, "told to stop, it takes leave"
    assert count(real_db) == MESSAGES + 1
    with real_db.transaction() as session:
        assert session.scalars(select(ReadingConflict)).all() == []
        assert session.scalars(select(Rejected)).all() == []
        stored = {(at, value) for _, at, value, _ in kit.stored(session)}
    assert len(stored) == MESSAGES + 1
