"""Several intake workers that share the load, with the embedded broker and with Mosquitto."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from core.children import Children
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.broker_users import write_users
from core.embedded.ports import answers, free_port
from devices.intake import Intake
from devices.lanes import MqttAddress
from devices.seats import SAFETY
from devices.share import Share
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.conftest import Publisher, until
from tests.devices.kit import says, spo2

KEYS = [f"oximeter-{number}" for number in range(1, 9)]
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")


@pytest.fixture
def parted(tmp_path: Path) -> Iterator[MqttAddress]:
    """The embedded broker, which tells what is in which of two parts."""
    broker = Broker(tmp_path, 0, ack_wait=2, parts=2)
    broker.prepare()
    write_users(broker.users_file, [broker.bench_user()])
    children = Children(tmp_path / "logs", Event())
    children.start(broker.child())
    yield MqttAddress.of_url(broker.bench_url())
    children.stop_all()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[MqttAddress]:
    """Mosquitto, which deals out what a group subscribes to together."""
    port, settings = free_port(), tmp_path / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 500\n")
    with subprocess.Popen([MOSQUITTO or "mosquitto", "-c", str(settings)]) as process:
        until(lambda: answers(port, "127.0.0.1"))
        yield MqttAddress("127.0.0.1", port, "anybody", "at all")
        process.terminate()


@pytest.fixture(params=["partitions", *(["group"] if MOSQUITTO else [])])
def shared(request: pytest.FixtureRequest) -> tuple[MqttAddress, Share]:
    """A broker, and how the load is shared there."""
    if request.param == "partitions":
        return request.getfixturevalue("parted"), Share(2, by_parts=True)
    return request.getfixturevalue("mosquitto"), Share(2)


@contextmanager
def worker(db: Db, address: MqttAddress, share: Share) -> Iterator[Intake]:
    """One of several workers."""
    intake, stop = Intake(db, address, "intake", share=share), Event()
    thread = Thread(target=intake.run, args=(stop,))
    thread.start()
    try:
        yield intake
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def both_sit(one: Intake, two: Intake) -> bool:
    return all(each.listening for each in (one, two)) and one.seats | two.seats == {SAFETY, 1, 2}


def bodies(count: int, begin: int = 0) -> list[tuple[str, bytes]]:
    return [
        (f"hearth/v1/{key}/readings", says(key, spo2(90, NOW - number * kit.SECOND)).payload)
        for number in range(begin, begin + count)
        for key in KEYS
    ]


def stored(db: Db) -> int:
    with db.transaction() as session:
        return len(kit.stored(session))


@pytest.fixture
def enrolled(real_db: Db) -> Db:
    """A database in which eight oximeters and a pendant are enrolled."""
    with real_db.transaction() as session:
        for key in (*KEYS, "pendant-1"):
            kit.device(session, key)
    return real_db


def test_two_workers_share_the_load_and_lose_and_double_nothing(
    enrolled: Db, shared: tuple[MqttAddress, Share]
) -> None:
    with worker(enrolled, *shared) as one, worker(enrolled, *shared) as two:
        until(lambda: both_sit(one, two))
        publisher = Publisher(shared[0])
        publisher.send(*bodies(40))
        until(lambda: stored(enrolled) == 40 * len(KEYS))
        publisher.leave()
        assert min(each.counts()["stored"] for each in (one, two)) > 0


def test_one_takes_over_for_the_other_whatever_it_had_not_stored(
    enrolled: Db, shared: tuple[MqttAddress, Share]
) -> None:
    with ExitStack() as there, worker(enrolled, *shared) as one:
        two = there.enter_context(worker(enrolled, *shared))
        until(lambda: both_sit(one, two))
        publisher = Publisher(shared[0])
        publisher.send(*bodies(20))
        there.close()
        publisher.send(*bodies(20, begin=20))
        until(lambda: one.seats == {SAFETY, 1, 2}, 10)
        until(lambda: stored(enrolled) == 40 * len(KEYS))
        publisher.leave()


def test_a_press_comes_by_the_life_safety_lane_of_the_one_that_has_it(
    enrolled: Db, shared: tuple[MqttAddress, Share]
) -> None:
    with worker(enrolled, *shared) as one, worker(enrolled, *shared) as two:
        until(lambda: both_sit(one, two))
        publisher = Publisher(shared[0])
        press = says("pendant-1", {"kind": "pendant", "value": 1, "at": NOW.isoformat()}, urgent=True)
        publisher.send((press.topic, press.payload))
        of_safety: Callable[[], float] = lambda: sum(each.counts()["urgent"] for each in (one, two))  # noqa: E731
        until(lambda: of_safety() == 1)
        until(lambda: stored(enrolled) == 1)
        publisher.leave()
