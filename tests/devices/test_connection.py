"""paho's client, past which messages come in and acknowledgements go out many at a time."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from devices.connection import Connection
from devices.packets import Published
from tests.devices.conftest import until
from tests.devices.test_packets import ONE, SUBACK, TWO, packet, publish

CONNACK = b"\x20\x02\x00\x00"
PINGRESP = b"\xd0\x00"


class Broker:
    """The other end of the connection, byte by byte."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.peer: socket.socket | None = None

    def accept(self) -> None:
        """Let one client in, and read how it introduces itself."""
        self.hang_up()
        self.peer, _ = self.listening.accept()
        self.peer.recv(1024)

    def say(self, packets: bytes) -> None:
        """Send these bytes."""
        assert self.peer is not None
        self.peer.sendall(packets)

    def hear(self, count: int) -> bytes:
        """The next bytes that the client wrote."""
        assert self.peer is not None
        return self.peer.recv(count, socket.MSG_WAITALL)

    def hang_up(self) -> None:
        """End the connection."""
        if self.peer is not None:
            self.peer.close()


class Told:
    """What the client tells of, in order."""

    def __init__(self) -> None:
        self.of: list[object] = []

    def take(self, messages: list[Published]) -> None:
        """Note messages."""
        self.of += messages


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A broker that says only what the test lets it say."""
    made = Broker()
    yield made
    made.hang_up()
    made.listening.close()


@pytest.fixture
def told() -> Told:
    """What was told so far."""
    return Told()


@pytest.fixture
def connection(broker: Broker, told: Told) -> Iterator[Connection]:
    """A client that has introduced itself, and was not answered yet."""
    made = Connection("one", told.take, user=None, password=None, context=None)
    made.on_connect = lambda *_: told.of.append("connected")
    made.on_disconnect = lambda *_: told.of.append("disconnected")
    made.on_subscribe = lambda *_: told.of.append("subscribed")
    made.connect_async(*broker.listening.getsockname(), 60)
    accepting = Thread(target=broker.accept)
    accepting.start()
    made.reconnect()
    made.write()
    accepting.join()
    yield made
    made.disconnect()
    made.write()


def read(connection: Connection, told: Told, count: int) -> None:
    def come() -> bool:
        connection.read(100)
        return len(told.of) >= count

    until(come)


def test_all_is_told_in_the_order_it_came_in(broker: Broker, connection: Connection, told: Told) -> None:
    broker.say(CONNACK + publish(ONE) + SUBACK + publish(TWO) + PINGRESP + publish(ONE))
    read(connection, told, 5)
    assert told.of == ["connected", ONE, "subscribed", TWO, ONE]


def test_a_packet_that_comes_in_pieces_is_told_once(
    broker: Broker, connection: Connection, told: Told
) -> None:
    said = CONNACK + publish(ONE) + SUBACK
    for place in range(len(said)):
        broker.say(said[place : place + 1])
        connection.read(100)
    read(connection, told, 3)
    assert told.of == ["connected", ONE, "subscribed"]


def test_no_more_is_read_at_once_than_asked_for_and_the_rest_is_there(
    broker: Broker, connection: Connection, told: Told
) -> None:
    broker.say(CONNACK)
    read(connection, told, 1)
    broker.say(publish(ONE) * 5)
    until(lambda: connection.read(2) or len(told.of) >= 3)  # type: ignore[func-returns-value]
    assert (len(told.of), connection.holds_more) == (3, True)
    connection.read(100)
    assert (len(told.of), connection.holds_more) == (6, False)


def test_a_broker_that_hangs_up_is_noticed_after_what_it_said(
    broker: Broker, connection: Connection, told: Told
) -> None:
    broker.say(CONNACK + publish(ONE) + publish(TWO)[:7])
    broker.hang_up()
    read(connection, told, 3)
    assert told.of == ["connected", ONE, "disconnected"]


def test_what_is_no_mqtt_ends_the_connection(broker: Broker, connection: Connection, told: Told) -> None:
    broker.say(CONNACK + publish(ONE) + packet(0x32, b"\x00\x09short") + publish(TWO))
    read(connection, told, 3)
    assert told.of == ["connected", ONE, "disconnected"]


def test_acknowledgements_go_together_and_never_into_another_packet(
    broker: Broker, connection: Connection, told: Told
) -> None:
    broker.say(CONNACK)
    read(connection, told, 1)
    connection.subscribe("hearth/#", 1)
    connection.acknowledge([1, 2])
    connection.write()
    subscribe = packet(0x82, b"\x00\x01" + b"\x00\x08hearth/#\x01")
    both = b"\x40\x02\x00\x01" + b"\x40\x02\x00\x02"
    assert broker.hear(len(subscribe + both)) == subscribe + both
    assert not connection.wants_to_write


def test_nothing_of_one_connection_is_left_to_the_next(
    broker: Broker, connection: Connection, told: Told
) -> None:
    broker.say(CONNACK + publish(ONE)[:9])
    read(connection, told, 1)
    connection.acknowledge([1])
    broker.hang_up()
    read(connection, told, 2)
    connection.begin_anew()
    assert not connection.wants_to_write
    accepting = Thread(target=broker.accept)
    accepting.start()
    connection.reconnect()
    connection.write()
    accepting.join()
    broker.say(CONNACK + publish(TWO))
    read(connection, told, 4)
    assert told.of == ["connected", "disconnected", "connected", TWO]
