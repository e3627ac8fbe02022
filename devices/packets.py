"""The packets of MQTT 3.1.1 in a stream of bytes: where each ends, and what a published message says."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

PUBLISH = 3
_RETAIN, _QOS = 1, 6
_PUBACK = 0x4002
"""The first two bytes of every PUBACK: its type, and that two more follow."""
NOT_TEXT = "\ufffd"
"""Stands for a topic that is not UTF-8, which no broker should let through."""


class Published(NamedTuple):
    """A message as the broker hands it out. `packet` is the id to acknowledge it by; 0: it needs none."""

    topic: str
    payload: bytes
    retained: bool
    packet: int


class Picked(NamedTuple):
    """What was found in a stretch of bytes: messages, and up to which byte it was read.

    `other` is what the picking stopped at: one packet of another type, or all the rest, if it is no MQTT.
    """

    messages: list[Published]
    until: int
    other: bytes = b""


def pick(held: bytes, start: int, most: int) -> Picked:
    """Take up to `most` messages from `held`, from the byte `start` on, until a packet of another type.

    A packet that is not all there yet is left for later.
    """
    messages: list[Published] = []
    while len(messages) < most:
        bounds = _bounds(held, start)
        if bounds is None:
            break
        begin, end = bounds
        if held[start] >> 4 != PUBLISH:
            return Picked(messages, end, held[start:end])
        message = _published(held, held[start], begin, end)
        if message is None:
            return Picked(messages, len(held), held[start:])
        messages.append(message)
        start = end
    return Picked(messages, start)


def _bounds(held: bytes, start: int) -> tuple[int, int] | None:
    """Where the body of the packet at `start` begins and where it ends; None while it is not all there.

    Its length is told in up to four bytes, seven bits in each, the least first (MQTT 3.1.1, section 2.2.3).
    Where it has no end, all that is held is the packet.
    """
    length = 0
    for place in range(4):
        at = start + 1 + place
        if at >= len(held):
            return None
        byte = held[at]
        length |= (byte & 127) << 7 * place
        if byte < 128:
            end = at + 1 + length
            return (at + 1, end) if end <= len(held) else None
    return (len(held), len(held)) if start + 5 < len(held) else None


def _published(held: bytes, first: int, begin: int, end: int) -> Published | None:
    """The message between `begin` and `end`; None where its own lengths contradict that."""
    topic_at = begin + 2
    payload_at = topic_end = topic_at + int.from_bytes(held[begin:topic_at])
    packet = 0
    if first & _QOS:
        payload_at += 2
        packet = int.from_bytes(held[topic_end:payload_at])
    if payload_at > end:
        return None
    try:
        topic = str(held[topic_at:topic_end], "utf-8")
    except UnicodeDecodeError:
        topic = NOT_TEXT
    return Published(topic, held[payload_at:end], bool(first & _RETAIN), packet)


def acknowledgements(packets: Sequence[int]) -> bytes:
    """The PUBACKs for these ids, one behind the other."""
    return b"".join([struct.pack(">HH", _PUBACK, packet) for packet in packets])
