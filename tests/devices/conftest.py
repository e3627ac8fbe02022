"""A real broker for tests of those who speak with it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from core.children import Children
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser, write_users
from devices.lanes import MqttAddress


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def stay(true: Callable[[], bool], seconds: float = 0.5) -> None:
    """See that something stays so for a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert true()
        time.sleep(0.01)


def rest(count: Callable[[], float], seconds: float = 1.5) -> float:
    """Wait until a count has stood still for a while: what was on its way has come; what it is then."""
    last, since = count(), time.monotonic()

    def rested() -> bool:
        nonlocal last, since
        if (now := count()) != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since >= seconds

    until(rested)
    return last


class Publisher:
    """A stock client that sends, each message waited for."""

    def __init__(self, address: MqttAddress, name: str = "publisher", *, clean: bool = True) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean)
        self.client.max_inflight_messages = 400
        self.client.username_pw_set(address.user, address.password)
        if context := address.context():
            self.client.tls_set_context(context)
        self.client.connect(address.host, address.port)
        self.client.loop_start()

    def send(self, *messages: tuple[str, bytes], retain: bool = False) -> None:
        """Publish at QoS 1 and wait until the broker has them all."""
        sent = [self.client.publish(topic, payload, 1, retain) for topic, payload in messages]
        for each in sent:
            each.wait_for_publish(20)

    def leave(self) -> None:
        """Say goodbye."""
        self.client.disconnect()
        self.client.loop_stop()


@dataclass
class Running:
    """A broker that runs, where intake signs in, and somebody who may publish anything."""

    broker: Broker
    intake: MqttAddress
    publisher: Publisher

    def admit(self, *users: BrokerUser) -> None:
        """Let these in as well, from now on."""
        ours = [self.broker.intake_user(), self.broker.bench_user()]
        write_users(self.broker.users_file, [*ours, *users])
        self.broker.reload()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Running]:
    """A broker of the test's own that hands out again after two seconds what was not acknowledged."""
    broker = Broker(tmp_path, 0, ack_wait=2)
    broker.prepare()
    write_users(broker.users_file, [broker.intake_user(), broker.bench_user()])
    children = Children(tmp_path / "logs", Event())
    children.start(broker.child())
    publisher = Publisher(MqttAddress.of_url(broker.bench_url()))
    yield Running(broker, MqttAddress.of_url(broker.intake_url()), publisher)
    publisher.leave()
    children.stop_all()
