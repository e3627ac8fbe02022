"""Connections to the broker."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.clock import real_time
from devices import lanes
from devices.inbox import Inbox, Message
from devices.lanes import READS_A_TURN, Lane, MqttAddress
from tests.devices.conftest import Publisher, Running, stay, until

EVERYTHING = "hearth/v1/+/+/#"
TOPIC = "hearth/v1/oximeter-1/readings"

Start = Callable[..., tuple[Lane, Inbox]]


@pytest.fixture
def start(broker: Running) -> Iterator[Start]:
    """Starts lanes, and stops them at the end."""
    started: list[Lane] = []

    def begin(
        name: str = "lane", topics: tuple[str, ...] = (EVERYTHING,), most: int = 4096, user: str | None = None
    ) -> tuple[Lane, Inbox]:
        address = broker.intake
        if user is not None:
            address = MqttAddress(address.host, address.port, user, "wrong")
        inbox = Inbox(most_messages=most)
        lane = Lane(1, address, name, topics, inbox, lambda: real_time().real_start)
        lane.start()
        started.append(lane)
        if user is None:
            until(lambda: lane.listening)
        return lane, inbox

    yield begin
    for lane in started:
        lane.stop()


def take(inbox: Inbox, count: int) -> list[Message]:
    found: list[Message] = []
    until(lambda: found.extend(inbox.take(1000, 0, 0.05)) or len(found) >= count)  # type: ignore[func-returns-value]
    return found


def send(publisher: Publisher, *bodies: bytes, topic: str = TOPIC) -> None:
    publisher.send(*((topic, body) for body in bodies))


def test_messages_come_in_with_all_that_is_known_of_them(broker: Running, start: Start) -> None:
    _, inbox = start()
    before = real_time().real_start
    send(broker.publisher, b"one", b"two")
    one, two = take(inbox, 2)
    assert (one.topic, one.payload, two.payload, one.retained, one.lane) == (TOPIC, b"one", b"two", False, 1)
    assert before <= one.received_at <= two.received_at <= real_time().real_start
    assert one.packet != two.packet


def test_what_was_acknowledged_is_forgotten_and_the_rest_comes_again(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"stored", b"lost")
    messages = take(inbox, 2)
    lane.acknowledge(messages[:1])
    lane.stop()
    send(broker.publisher, b"while away")
    _, inbox = start()
    assert sorted(message.payload for message in take(inbox, 2)) == [b"lost", b"while away"]
    stay(lambda: not inbox.take(10, 0, 0))


def test_what_is_sent_again_while_it_is_being_stored_is_taken_once(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"slow")
    messages = take(inbox, 1)
    stay(lambda: not inbox.take(10, 0, 0), 5.0)
    lane.acknowledge(messages)
    send(broker.publisher, b"next")
    assert [message.payload for message in take(inbox, 1)] == [b"next"]


def test_an_acknowledgement_does_not_outlive_its_connection(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"before")
    (before,) = take(inbox, 1)
    thief = Publisher(
        broker.intake, "lane", clean=False
    )  # the broker lets nobody share a name: it cuts the lane off
    until(lambda: not lane.connected)
    thief.leave()
    until(lambda: lane.connected)
    (again,) = take(inbox, 1)
    assert again.payload == b"before"
    assert again.connection != before.connection
    lane.acknowledge([before])
    lane.stop()
    _, inbox = start()
    assert [message.payload for message in take(inbox, 1)] == [b"before"], "it was not acknowledged"


def test_reading_stops_while_there_is_no_room_and_nothing_is_lost(broker: Running, start: Start) -> None:
    lane, inbox = start(most=10)
    bodies = [str(number).encode() for number in range(400)]
    send(broker.publisher, *bodies)
    until(lambda: not inbox.has_room())
    stay(lambda: len(inbox) <= 10 + READS_A_TURN)
    found: list[bytes] = []

    def drained() -> bool:
        messages = inbox.take(50, 0, 0.05)
        lane.acknowledge(messages)
        found.extend(message.payload for message in messages)
        return len(set(found)) == 400

    until(drained)


def test_topics_may_be_added_and_taken_away_while_it_runs(broker: Running, start: Start) -> None:
    lane, inbox = start(topics=("hearth/v1/+/urgent",))
    lane.subscribe(["hearth/v1/+/urgent", "glow/#"])
    until(lambda: lane.listening and lane.topics == {"hearth/v1/+/urgent", "glow/#"})

    def heard() -> bool:
        send(broker.publisher, b"meter", topic="glow/AABB/SENSOR")
        return any(message.payload == b"meter" for message in inbox.take(100, 0, 0.1))

    until(heard)
    assert lane.topics == {"hearth/v1/+/urgent", "glow/#"}
    lane.subscribe(["hearth/v1/+/urgent"])
    send(broker.publisher, b"press", topic="hearth/v1/pendant-1/urgent")
    until(lambda: b"press" in [message.payload for message in inbox.take(100, 0, 0.1)])


def test_a_topic_the_broker_refuses_is_counted_and_the_others_stand(broker: Running, start: Start) -> None:
    lane, inbox = start(topics=("hearth/v1/a b/readings", EVERYTHING))
    assert lane.refused == {"hearth/v1/a b/readings"}
    lane.subscribe([EVERYTHING, "hearth/v1/also/readings"])
    until(lambda: not lane.refused, 5.0)  # nobody asks for it any more
    send(broker.publisher, b"heard")
    assert [message.payload for message in take(inbox, 1)] == [b"heard"]


def test_a_wrong_password_is_tried_again_and_ends_nothing(broker: Running, start: Start) -> None:
    lane, _ = start(user="hearth_intake")
    stay(lambda: not lane.connected)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://a:b%40c@h:1884", MqttAddress("h", 1884, "a", "b@c")),
        ("mqtt://h", MqttAddress("h", 1883)),
        ("mqtts://h", MqttAddress("h", 8883, tls=True)),
    ],
)
def test_an_address_may_be_written_as_a_url(url: str, expected: MqttAddress) -> None:
    assert MqttAddress.of_url(url) == expected


def test_a_lane_that_breaks_says_so_and_hears_no_more(
    broker: Running, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane, _ = start()

    def broken(_messages: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(lane._inbox, "put", broken)
    send(broker.publisher, b"one")
    until(lambda: lane.failure is not None)
    assert not lane.listening


@pytest.fixture
def enciphered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MqttAddress]:
    """The edge of a broker that answers a subscription and sends what it kept in one record of TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = real_time().real_start
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    over = Event()

    def serve() -> None:
        with context.wrap_socket(listener.accept()[0], server_side=True) as peer:
            peer.recv(1024)  # CONNECT
            peer.sendall(b"\x20\x02\x00\x00")
            subscribe = peer.recv(1024)
            suback = b"\x90\x03" + subscribe[2:4] + b"\x01"
            topic = TOPIC.encode()
            publish = len(topic).to_bytes(2) + topic + b"\x00\x07" + b"kept"
            peer.sendall(suback + b"\x33" + bytes([len(publish)]) + publish)
            over.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Thread(target=serve)
        server.start()
        yield MqttAddress("localhost", listener.getsockname()[1], tls=True)
        over.set()
        server.join()


def test_what_came_enciphered_in_one_record_is_read_at_once(enciphered: MqttAddress) -> None:
    inbox = Inbox()
    lane = Lane(1, enciphered, "lane", (EVERYTHING,), inbox, lambda: real_time().real_start)
    lane.start()
    until(lambda: lane.listening)
    try:
        until(lambda: len(inbox) == 1, 3.0)
    finally:
        lane.stop()
    assert inbox.take(1, 0, 0)[0].payload == b"kept"


def test_a_connection_is_kept_alive_however_long_only_messages_come(
    broker: Running, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "KEEPALIVE", 3)
    lane, inbox = start()
    for number in range(14):
        send(broker.publisher, str(number).encode())
        stay(lambda: lane.connected, 0.6)
    found = take(inbox, 14)
    assert {message.connection for message in found} == {found[0].connection}
