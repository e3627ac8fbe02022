"""The broker's users follow the registry."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import broker
from core import heartbeats
from core.clock import real_time
from core.db import Db
from core.errors import Invalid, Unavailable
from core.mosquitto import MosquittoFiles
from devices import registry
from devices.inbox import Inbox
from devices.lanes import Lane, MqttAddress
from tests.conftest import NOW
from tests.devices.conftest import Publisher, until
from tests.devices.kit import CORA
from tests.mosquitto import Mosquitto

URL = "mqtt://intake:pass%20word@broker:1883"
GLOW = {"name": "Display", "model": "IHD2"}


def now() -> datetime:
    return real_time().start


def listens(db: Db, listening: int = 1) -> None:
    heartbeats.beat(db, "intake", None, {heartbeats.LISTENING: listening})


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that Mosquitto was told to read its files."""
    found: list[str] = []
    monkeypatch.setattr(MosquittoFiles, "reload", lambda files: found.append(files.passwords.read_text()))
    return found


def test_an_address_is_told_without_intakes_own_name_and_password() -> None:
    assert (
        broker.address("mqtts://intake:secret@broker.example.org:8883") == "mqtts://broker.example.org:8883"
    )
    assert broker.address(None) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, ("intake", "pass word")),
        ("mqtt://broker:1883", None),
        ("mqtt://intake@broker", None),
        (None, None),
    ],
)
def test_as_whom_intake_signs_in_stands_in_its_address(
    url: str | None, expected: tuple[str, str] | None
) -> None:
    assert broker.sign_in(url) == expected


def test_nothing_is_done_where_the_broker_is_not_ours(real_db: Db, tmp_path: Path) -> None:
    broker.refresher(real_db, tmp_path)()
    assert not (tmp_path / "broker").exists()


def test_without_intakes_name_and_password_mosquittos_files_can_not_be_written(
    real_db: Db, tmp_path: Path
) -> None:
    with pytest.raises(Invalid):
        broker.mosquitto_refresher(real_db, MosquittoFiles(tmp_path), "mqtt://broker", now)


def test_mosquitto_lets_intake_and_every_device_in_whose_password_it_knows(
    real_db: Db, tmp_path: Path, told: list[str]
) -> None:
    listens(real_db)
    with real_db.transaction() as session:
        registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
        before = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-2").device
        before.mosquitto_hash = None  # as one that was enrolled in an earlier version
    files = MosquittoFiles(tmp_path)
    broker.mosquitto_refresher(real_db, files, URL, now)()
    assert [line.partition(":")[0] for line in told[0].splitlines()] == ["intake", "glow-1"]
    assert "user intake\ntopic read #" in files.rights.read_text()


def test_it_is_told_once_for_each_change_and_not_for_another_start_of_ours(
    real_db: Db, tmp_path: Path, told: list[str]
) -> None:
    listens(real_db)
    files = MosquittoFiles(tmp_path)
    for _ in range(2):
        refresh = broker.mosquitto_refresher(real_db, files, URL, now)
        refresh()
        refresh()
    assert len(told) == 1
    broker.mosquitto_refresher(real_db, files, "mqtt://intake:another@broker", now)()
    assert len(told) == 2


def test_an_intake_that_can_not_come_in_before_mosquitto_is_told_is_not_waited_for(
    real_db: Db, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = MosquittoFiles(tmp_path)
    refresh = broker.mosquitto_refresher(real_db, files, URL, now)
    with monkeypatch.context() as down:
        down.setattr(MosquittoFiles, "reload", _is_down)
        refresh()
    refresh()
    assert len(told) == 1
    broker.mosquitto_refresher(real_db, files, "mqtt://intake:another@broker", now)()
    assert len(told) == 2


@pytest.mark.parametrize("state", ["has never spoken", "hears nothing", "is silent"])
def test_while_intake_does_not_hear_the_files_are_written_and_mosquitto_is_told_later(
    real_db: Db, tmp_path: Path, told: list[str], state: str
) -> None:
    late = timedelta(0)
    if state == "hears nothing":
        listens(real_db, 0)
    elif state == "is silent":
        listens(real_db)
        late = broker.HEARD_WITHIN
    files = MosquittoFiles(tmp_path)
    broker.mosquitto_refresher(real_db, files, URL, now)()
    told.clear()
    with real_db.transaction() as session:
        registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    refresh = broker.mosquitto_refresher(real_db, files, URL, lambda: now() + late)
    refresh()
    assert files.kept("glow-1") is not None
    assert told == []
    listens(real_db)
    late = timedelta(0)
    refresh()
    assert len(told) == 1


def _is_down(_files: MosquittoFiles) -> None:
    raise Unavailable


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    running = Mosquitto(tmp_path)
    yield running
    running.stop()


def test_what_comes_while_intake_is_away_waits_for_it_though_mosquitto_was_restarted_and_kit_enrolled(
    real_db: Db, mosquitto: Mosquitto
) -> None:
    """Told in that moment, it would keep nothing for intake any more: eclipse-mosquitto issue 2934."""
    url = mosquitto.url("intake", "secret")
    refresh = broker.mosquitto_refresher(real_db, mosquitto.files, url, now)
    with real_db.transaction() as session:
        made = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    refresh()
    mosquitto.start()
    topics, inbox = ("hearth/v1/+/+/#",), Inbox()
    lane = Lane(1, MqttAddress.of_url(url), "lane", topics, inbox, now)
    lane.start()
    until(lambda: lane.listening)
    lane.stop()
    listens(real_db, 0)
    refresh = broker.mosquitto_refresher(real_db, mosquitto.files, url, now)
    mosquitto.stop()
    mosquitto.start()
    with real_db.transaction() as session:
        registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-2")
    refresh()
    device = Publisher(MqttAddress.of_url(mosquitto.url("glow-1", made.secret)))
    until(device.client.is_connected)
    device.send(("hearth/v1/glow-1/readings", b"pressed"))
    device.leave()
    lane = Lane(1, MqttAddress.of_url(url), "lane", topics, inbox, now)
    lane.start()
    until(lambda: len(inbox) == 1)
    lane.stop()
