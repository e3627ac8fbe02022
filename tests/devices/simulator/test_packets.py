"""Packets against the standard's bytes, against paho's, and against a real broker."""

import contextlib
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from core.children import Children
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser, hash_password, write_users
from devices.simulator import packets
from devices.simulator.packets import (
    DISCONNECT,
    PINGREQ,
    PINGRESP,
    Answer,
    Connack,
    Connect,
    Malformed,
    Other,
    Packet,
    Puback,
    Publish,
    Reader,
    Signal,
    Will,
)

SECRET = "correct horse"


def read(came: bytes) -> list[Packet]:
    return list(Reader().packets(came))


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
WILLS = st.builds(Will, TEXT, st.binary(max_size=50), st.sampled_from((0, 1, 2)), st.booleans())
CONNECTS = st.builds(
    Connect, TEXT, TEXT, st.none() | TEXT, st.none() | WILLS, st.integers(0, 65_535), st.booleans()
)


def test_a_sign_in_has_the_bytes_of_the_standard() -> None:
    said = Connect("a", "u", "p", Will("w", b"x", 1, retain=True), keepalive=10, clean=True)
    expected = b"\x10\x19\x00\x04MQTT\x04\xee\x00\x0a\x00\x01a\x00\x01w\x00\x01x\x00\x01u\x00\x01p"
    assert packets.connect(said) == expected


def test_a_message_has_the_bytes_of_the_standard() -> None:
    # §3.3.2: topic a/b, packet id 10
    assert packets.publish("a/b", b"", 10) == b"\x32\x07\x00\x03a/b\x00\x0a"
    assert packets.publish("a/b", b"!", qos=0, retain=True) == b"\x31\x06\x00\x03a/b!"


def test_a_message_that_may_have_arrived_differs_in_one_bit() -> None:
    first = packets.publish("a", b"x", 7)
    assert packets.again(first) == packets.publish("a", b"x", 7, again=True)
    assert read(packets.again(first)) == [Publish("a", b"x", 1, duplicate=True, packet=7)]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "00"), (127, "7f"), (128, "8001"), (16_383, "ff7f"), (16_384, "808001"),
        (2_097_151, "ffff7f"), (2_097_152, "80808001"), (268_435_455, "ffffff7f"),
    ],
)  # fmt: skip
def test_a_length_is_said_as_the_standard_lists_it(count: int, said: str) -> None:
    assert packets.length(count).hex() == said


def test_what_can_not_be_said_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        packets.length(268_435_456)
    with pytest.raises(ValueError, match="at most"):
        packets.publish("x" * 65_536, b"")


@given(CONNECTS)
@settings(deadline=None, max_examples=150)
def test_a_sign_in_reads_as_it_was_written(said: Connect) -> None:
    assert read(packets.connect(said)) == [said]


@given(st.lists(st.tuples(TEXT, st.binary(max_size=200), st.integers(1, 65_535)), max_size=5), st.data())
@settings(deadline=None, max_examples=150)
def test_packets_come_out_whole_however_they_come_in(
    said: list[tuple[str, bytes, int]], draw: st.DataObject
) -> None:
    whole = b"".join(packets.publish(*each) + packets.puback(each[2]) for each in said)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    reader, found = Reader(), list[Packet]()
    for start, end in pairwise([0, *cuts, len(whole)]):
        found += reader.packets(whole[start:end])
    expected: list[Packet] = []
    for topic, payload, packet in said:
        expected += [Publish(topic, payload, 1, packet=packet), Puback(packet)]
    assert found == expected


@given(st.binary(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_packets_or_malformed(came: bytes) -> None:
    found: list[Packet] = []
    with contextlib.suppress(Malformed):
        found = read(came)
    assert len(found) <= len(came) // 2


@pytest.mark.parametrize(
    "came",
    [
        b"\x00\x00",  # reserved
        b"\xf0\x00",
        b"\x36\x03\x00\x01a",  # QoS 3
        b"\x38\x03\x00\x01a",  # again, of QoS 0
        b"\x32\x05\x00\x01a\x00\x00",  # packet id 0
        b"\x32\x04\x00\x01a\x01",
        b"\x30\x03\x00\x05a",
        b"\x30\x03\x00\x01\xff",
        b"\x20\x02\x02\x00",
        b"\x20\x01\x00",
        b"\x40\x02\x00\x00",
        b"\x42\x02\x00\x01",
        b"\xd0\x01\x00",
        b"\x30\xff\xff\xff\xff\x01",
        b"\x30\xff\xff\xff\x7f",
        b"\x10\x02\x00\x04",
        b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x01a",
    ],
)
def test_what_breaks_the_standard_is_malformed(came: bytes) -> None:
    with pytest.raises(Malformed):
        read(came)


def test_a_packet_of_no_use_to_a_device_is_told_apart() -> None:
    assert read(b"\x90\x03\x00\x01\x01") == [Other(0x90, b"\x00\x01\x01")]
    assert read(PINGREQ + PINGRESP + DISCONNECT) == [Signal(0xC0), Signal(0xD0), Signal(0xE0)]
    assert read(packets.connack(Answer.NOT_ALLOWED, session=True)) == [Connack(5, session=True)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path, mqtt_port=0)
    made.prepare()
    one = BrokerUser("key-1", hash_password(SECRET, 4), ("hearth/v1/key-1/#",))
    write_users(made.users_file, [made.intake_user(), made.bench_user(), one])
    children = Children(tmp_path / "logs", Event())
    children.start(made.child())
    yield made
    children.stop_all()


def exchange(line: socket.socket, said: bytes) -> Packet:
    """Send, and the one packet that comes back."""
    line.sendall(said)
    reader = Reader()
    while True:
        for packet in reader.packets(line.recv(100)):
            return packet


def paho(broker: Broker) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="paho", protocol=mqtt.MQTTv311)
    client.username_pw_set("hearth_bench", broker.bench_url().split(":")[2].partition("@")[0])
    return client


def test_a_real_broker_answers_what_we_say_and_paho_hears_it(broker: Broker) -> None:
    heard, there = list[mqtt.MQTTMessage](), Event()
    client = paho(broker)
    client.on_connect = lambda *_: client.subscribe("hearth/v1/#", qos=1)
    client.on_subscribe = lambda *_: there.set()
    client.on_message = lambda _client, _userdata, message: heard.append(message)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    assert there.wait(10)
    will = Will("hearth/v1/key-1/status", b'{"state":"offline"}')
    with socket.create_connection(("127.0.0.1", broker.port), 10) as line:
        hello = packets.connect(Connect("key-1", "key-1", SECRET, will))
        assert exchange(line, hello) == Connack(Answer.WELCOME)
        assert exchange(line, PINGREQ) == Signal(PINGRESP[0])
        for packet, size in ((1, 5), (65_535, 200), (7, 20_000)):
            said = packets.publish("hearth/v1/key-1/readings", b"x" * size, packet)
            assert exchange(line, said) == Puback(packet)
    deadline = Event()
    while len(heard) < 4 and not deadline.wait(0.05):
        pass
    client.disconnect()
    client.loop_stop()
    assert [len(message.payload) for message in heard[:3]] == [5, 200, 20_000]
    assert (heard[3].topic, heard[3].payload) == (will.topic, will.payload)


def test_a_wrong_secret_is_answered_as_one(broker: Broker) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), 10) as line:
        answer = exchange(line, packets.connect(Connect("key-1", "key-1", "guess")))
    assert answer == Connack(Answer.NOT_ALLOWED)


def test_we_read_what_paho_writes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="paho", protocol=mqtt.MQTTv311)
        client.username_pw_set("user", "password")
        client.will_set("bye", b"!", qos=1, retain=True)
        client.connect_async("127.0.0.1", server.getsockname()[1], keepalive=33)
        client.loop_start()
        line, _ = server.accept()
        with line:
            line.settimeout(10)
            (hello,) = read(line.recv(1000))
            line.sendall(packets.connack(Answer.WELCOME))
            client.publish("a/b", b"payload", qos=1, retain=True)
            (message,) = read(line.recv(1000))
            assert isinstance(message, Publish)
            line.sendall(packets.puback(message.packet))
            client.disconnect()
            (bye,) = read(line.recv(1000))
        client.loop_stop()
    will = Will("bye", b"!", 1, retain=True)
    assert hello == Connect("paho", "user", "password", will, 33, clean=True)
    assert (message.topic, message.payload, message.qos, message.retain) == ("a/b", b"payload", 1, True)
    assert bye == Signal(DISCONNECT[0])
