"""A real broker that knows some devices, and somebody who hears everything that reaches it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from core.children import Children
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser, hash_password, write_users
from devices.simulator.acts import Credential, Member

SECRET = "correct horse battery staple"


def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def member(key: str, password: str = SECRET, *, tells_state: bool = False) -> Member:
    return Member(Credential(key, key, password), tells_state)


class Place:
    """A running broker and what was heard at it."""

    def __init__(self, broker: Broker, children: Children) -> None:
        self.broker = broker
        self.children = children
        self.heard: list[mqtt.MQTTMessage] = []

    @property
    def port(self) -> int:
        return self.broker.port

    def of(self, key: str) -> list[tuple[str, bytes]]:
        """What was heard of one device, in the order it came."""
        mine = f"hearth/v1/{key}/"
        return [(m.topic, m.payload) for m in list(self.heard) if m.topic.startswith(mine)]


@contextmanager
def place_with(folder: Path, keys: Iterable[str], *, ack_wait: int = 30) -> Iterator[Place]:
    """A broker that lets these devices in, and a listener that has subscribed.

    `ack_wait` is long: what a slow machine is late to acknowledge would be heard twice.
    """
    broker = Broker(folder, mqtt_port=0, ack_wait=ack_wait)
    broker.prepare()
    hashed = hash_password(SECRET, 4)
    devices = [BrokerUser(key, hashed, publish=(f"hearth/v1/{key}/#",)) for key in keys]
    write_users(broker.users_file, [broker.intake_user(), *devices])
    children = Children(folder / "logs", Event())
    children.start(broker.child())
    place = Place(broker, children)
    address = urlsplit(broker.intake_url())
    listener = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="listener", clean_session=False)
    listener.username_pw_set(address.username, address.password)
    listener.reconnect_delay_set(1, 1)
    subscribed = Event()
    listener.on_connect = lambda client, *_: client.subscribe("hearth/v1/#", qos=1)
    listener.on_subscribe = lambda *_: subscribed.set()
    listener.on_message = lambda _client, _userdata, message: place.heard.append(message)
    listener.connect("127.0.0.1", broker.port)
    listener.loop_start()
    assert subscribed.wait(10)
    try:
        yield place
    finally:
        listener.disconnect()
        listener.loop_stop()
        children.stop_all()
