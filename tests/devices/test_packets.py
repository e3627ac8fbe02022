"""Messages picked out of a stream of bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import packets
from devices.packets import NOT_TEXT, Published

SUBACK = b"\x90\x03\x00\x01\x01"
TOPIC = "hearth/v1/oximeter-1/readings"


def packet(first: int, body: bytes) -> bytes:
    """A packet with its length as MQTT tells it, written by division as the standard does."""
    length, told = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        told.append(digit | (128 if length else 0))
        if not length:
            return bytes([first]) + bytes(told) + body


def publish(said: Published, *, again: bool = False) -> bytes:
    topic = said.topic.encode()
    first = 0x30 | (2 if said.packet else 0) | said.retained | (8 if again else 0)
    number = said.packet.to_bytes(2) if said.packet else b""
    return packet(first, len(topic).to_bytes(2) + topic + number + said.payload)


ONE, TWO = Published(TOPIC, b"one", False, 1), Published(TOPIC, b"", True, 65_535)

messages = st.builds(
    Published, st.text(max_size=40), st.binary(max_size=400), st.booleans(), st.integers(0, 65_535)
)


def test_messages_are_taken_until_the_number_wanted() -> None:
    held = publish(ONE) + publish(TWO, again=True) + publish(ONE)
    picked = packets.pick(held, 0, 2)
    assert picked.messages == [ONE, TWO]
    assert packets.pick(held, picked.until, 2).messages == [ONE]


def test_a_packet_of_another_type_ends_the_picking_and_is_given_whole() -> None:
    picked = packets.pick(publish(ONE) + SUBACK + publish(TWO), 0, 10)
    assert (picked.messages, picked.other) == ([ONE], SUBACK)
    assert packets.pick(publish(ONE) + SUBACK + publish(TWO), picked.until, 10).messages == [TWO]


def test_a_message_that_needs_no_acknowledgement_has_no_packet_id() -> None:
    said = Published(TOPIC, b"\x00\x07", False, 0)
    assert packets.pick(publish(said), 0, 1).messages == [said]


def test_a_topic_that_is_no_text_is_marked_as_such() -> None:
    held = packet(0x32, b"\x00\x01\xff\x00\x07body")
    assert packets.pick(held, 0, 1).messages == [Published(NOT_TEXT, b"body", False, 7)]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"\x32\xff\xff\xff\xff\xff", id="a length without an end"),
        pytest.param(packet(0x32, b"\x00\x09short"), id="a topic longer than its message"),
        pytest.param(packet(0x32, b"\x00\x01t\x00"), id="half a packet id"),
        pytest.param(packet(0x30, b"\x00"), id="half a length of the topic"),
    ],
)
def test_what_is_no_mqtt_is_given_on_with_all_behind_it(broken: bytes) -> None:
    picked = packets.pick(publish(ONE) + broken + publish(TWO), 0, 10)
    assert (picked.messages, picked.other) == ([ONE], broken + publish(TWO))


@settings(max_examples=200, deadline=None)
@given(st.lists(messages, max_size=8), st.data())
def test_wherever_the_stream_is_cut_the_same_messages_come_out(
    said: list[Published], drawn: st.DataObject
) -> None:
    stream = b"".join(publish(each) for each in said)
    found: list[Published] = []
    held, rest = b"", stream
    while rest:
        size = drawn.draw(st.integers(1, len(rest)))
        held, rest = held + rest[:size], rest[size:]
        picked = packets.pick(held, 0, 1000)
        found += picked.messages
        held = held[picked.until :]
    assert (found, held) == (said, b"")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 5))
def test_whatever_the_bytes_each_is_taken_once_or_left(held: bytes, most: int) -> None:
    picked = packets.pick(held, 0, most)
    assert picked.until <= len(held)
    assert len(picked.messages) <= most
    assert picked.other == held[picked.until - len(picked.other) : picked.until]


def test_acknowledgements_stand_one_behind_the_other() -> None:
    assert packets.acknowledgements([1, 65_535]) == b"\x40\x02\x00\x01\x40\x02\xff\xff"
    assert packets.acknowledgements([]) == b""
