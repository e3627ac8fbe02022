import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from core.children import Children
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser, hash_password, write_users
from core.errors import Unavailable

K1 = BrokerUser("k1", hash_password("one"), publish=("hearth/v1/k1/#",))
K2 = BrokerUser("k2", hash_password("two"), publish=("hearth/v1/k2/#",))


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@dataclass
class Client:
    """A stock client, connected as a user of the broker, that keeps what it received."""

    mqtt: mqtt.Client
    received: list[mqtt.MQTTMessage] = field(default_factory=list)
    refused: bool = False
    subscribed: bool = False

    def topics(self) -> list[str]:
        return [message.topic for message in self.received]

    def leave(self) -> None:
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


def connect(url: str, name: str, *, topic: str | None = None, acknowledges: bool = True) -> Client:
    address = urlsplit(url)
    inner = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=not acknowledges
    )
    inner.username_pw_set(address.username, address.password)
    client = Client(inner)

    def on_connect(_client: mqtt.Client, _data: object, _flags: object, code: object, _props: object) -> None:
        client.refused = bool(getattr(code, "is_failure", False))
        if topic is not None and not client.refused:
            inner.subscribe(topic, qos=1)

    inner.on_connect = on_connect
    inner.on_subscribe = lambda *_: setattr(client, "subscribed", True)
    inner.on_message = lambda _client, _data, message: client.received.append(message)
    inner.connect(str(address.hostname), int(address.port or 0))
    inner.loop_start()
    until(lambda: inner.is_connected() or client.refused)
    if topic is not None and not client.refused:
        until(lambda: client.subscribed)
    return client


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    state = tmp_path_factory.mktemp("broker")
    broker = Broker(state, mqtt_port=0, ack_wait=2)
    broker.prepare()
    write_users(broker.users_file, [broker.intake_user(), K1])
    children = Children(state / "logs", Event())
    children.start(broker.child())
    yield broker
    children.stop_all()


@pytest.fixture
def connected(broker: Broker) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def join(url: str, name: str, **more: object) -> Client:
        clients.append(connect(url, name, **more))  # type: ignore[arg-type]
        return clients[-1]

    yield join
    for client in clients:
        client.leave()


def test_a_device_publishes_under_its_own_key_and_nowhere_else(
    broker: Broker, connected: Callable[..., Client]
) -> None:
    intake = connected(broker.intake_url(), "listener", topic="hearth/v1/#")
    device = connected(broker.url("k1", "one"), "device")
    for topic in ("hearth/v1/k2/readings", "hearth/v1/k1/readings", "other", "hearth/v1/k1/urgent"):
        device.mqtt.publish(topic, b"{}", qos=1).wait_for_publish(5)
    until(lambda: len(intake.received) == 2)
    assert intake.topics() == ["hearth/v1/k1/readings", "hearth/v1/k1/urgent"]


def test_a_device_receives_nothing(broker: Broker, connected: Callable[..., Client]) -> None:
    device = connected(broker.url("k1", "one"), "curious", topic="#")
    device.mqtt.publish("hearth/v1/k1/readings", b"{}", qos=1).wait_for_publish(5)
    time.sleep(0.3)
    assert device.received == []


def test_intake_sends_nothing(broker: Broker, connected: Callable[..., Client]) -> None:
    intake = connected(broker.intake_url(), "talker", topic="hearth/v1/#")
    intake.mqtt.publish("hearth/v1/k1/readings", b"{}", qos=1).wait_for_publish(5)
    time.sleep(0.3)
    assert intake.received == []


def test_a_wrong_password_is_refused(broker: Broker, connected: Callable[..., Client]) -> None:
    assert connected(broker.url("k1", "guess"), "intruder").refused


def test_what_was_not_acknowledged_comes_again_after_a_disconnect(
    broker: Broker, connected: Callable[..., Client]
) -> None:
    first = connected(broker.intake_url(), "lane", topic="hearth/v1/+/readings", acknowledges=False)
    device = connected(broker.url("k1", "one"), "sender")
    for number in range(3):
        device.mqtt.publish("hearth/v1/k1/readings", str(number), qos=1).wait_for_publish(5)
    until(lambda: len(first.received) == 3)
    first.mqtt.ack(first.received[0].mid, 1)
    time.sleep(0.2)
    first.leave()
    again = connected(broker.intake_url(), "lane", topic="hearth/v1/+/readings", acknowledges=False)
    until(lambda: len(again.received) == 2)
    assert sorted(message.payload for message in again.received) == [b"1", b"2"]


def test_a_message_far_over_our_own_limit_still_reaches_us(
    broker: Broker, connected: Callable[..., Client]
) -> None:
    intake = connected(broker.intake_url(), "big", topic="hearth/v1/#")
    device = connected(broker.url("k1", "one"), "talkative")
    device.mqtt.publish("hearth/v1/k1/readings", b"x" * 500_000, qos=1).wait_for_publish(5)
    until(lambda: len(intake.received) == 1)
    assert len(intake.received[0].payload) == 500_000


def test_a_reload_adds_a_user_within_a_second_and_keeps_live_connections(
    broker: Broker, connected: Callable[..., Client]
) -> None:
    intake = connected(broker.intake_url(), "steady", topic="hearth/v1/#")
    assert connected(broker.url("k2", "two"), "early").refused
    write_users(broker.users_file, [broker.intake_user(), K1, K2])
    broker.reload()
    began = time.monotonic()
    while connected(broker.url("k2", "two"), "late").refused:
        assert time.monotonic() - began < 1.0
    device = connected(broker.url("k2", "two"), "late")
    device.mqtt.publish("hearth/v1/k2/readings", b"{}", qos=1).wait_for_publish(5)
    until(lambda: intake.topics() == ["hearth/v1/k2/readings"])


def test_a_taken_port_is_said_at_once(broker: Broker, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"Port {broker.port}, for MQTT, is taken"):
        Broker(tmp_path, mqtt_port=broker.port).prepare()


def test_reloading_a_broker_that_is_down_is_said(tmp_path: Path) -> None:
    broker = Broker(tmp_path, mqtt_port=0)
    broker.prepare()
    with pytest.raises(Unavailable, match="not running"):
        broker.reload()


def test_users_once_written_stay_when_it_is_prepared_again(tmp_path: Path) -> None:
    broker = Broker(tmp_path, mqtt_port=0)
    broker.prepare()
    write_users(broker.users_file, [broker.intake_user(), K1])
    kept = broker.users_file.read_text()
    Broker(tmp_path, mqtt_port=0).prepare()
    assert broker.users_file.read_text() == kept
