"""MQTT 3.1.1 as a device that publishes needs it: packets to bytes and bytes to packets, and no more.

Layouts are those of the OASIS standard of 2014; its sections are named where they decide something.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

PINGREQ = b"\xc0\x00"
PINGRESP = b"\xd0\x00"
DISCONNECT = b"\xe0\x00"

LONGEST_TEXT = 65_535
LONGEST_REST = 268_435_455
"""The most bytes that can follow a fixed header (§2.2.3)."""
MOST_READ = 1_048_576
"""The most that is gathered of one packet: a broker that announces more is not one."""


class Malformed(Exception):
    """The bytes are not MQTT 3.1.1: the connection can only be closed."""


class Answer(IntEnum):
    """What a broker says to a sign-in (§3.2.2.3)."""

    WELCOME = 0
    WRONG_VERSION = 1
    BAD_CLIENT_ID = 2
    UNAVAILABLE = 3
    BAD_PASSWORD = 4
    NOT_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes for a device that goes without a goodbye."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = True


@dataclass(frozen=True, slots=True)
class Connect:
    """A sign-in. `keepalive` in seconds; 0 turns it off."""

    client_id: str
    username: str | None = None
    password: str | None = None
    will: Will | None = None
    keepalive: int = 60
    clean: bool = True


@dataclass(frozen=True, slots=True)
class Connack:
    """The answer to a sign-in; `session` is whether the broker kept one for us."""

    answer: int
    session: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """A message; `packet` is its id, and 0 where QoS 0 has none."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    duplicate: bool = False
    packet: int = 0


@dataclass(frozen=True, slots=True)
class Puback:
    """The receipt for a message of QoS 1."""

    packet: int


@dataclass(frozen=True, slots=True)
class Signal:
    """A packet without a body, by its first byte: PINGREQ, PINGRESP, DISCONNECT."""

    first: int


@dataclass(frozen=True, slots=True)
class Other:
    """A packet that a device which only publishes has no use for, whole."""

    first: int
    rest: bytes


Packet: TypeAlias = Connect | Connack | Publish | Puback | Signal | Other


def connect(said: Connect) -> bytes:
    """A CONNECT packet. ValueError for a text that is too long."""
    flags = 0x02 if said.clean else 0
    body = _text(said.client_id)
    if said.will is not None:
        flags |= 0x04 | said.will.qos << 3 | said.will.retain << 5
        body += _text(said.will.topic) + _binary(said.will.payload)
    if said.username is not None:
        flags |= 0x80
        body += _text(said.username)
    if said.password is not None:
        flags |= 0x40
        body += _text(said.password)
    head = b"\x00\x04MQTT\x04" + bytes((flags,)) + said.keepalive.to_bytes(2, "big")
    return b"\x10" + length(len(head) + len(body)) + head + body


def publish(
    topic: str, payload: bytes, packet: int = 0, *, qos: int = 1, retain: bool = False, again: bool = False
) -> bytes:
    """A PUBLISH packet. `packet` is 1 to 65,535 for QoS 1; `again` marks one that may have arrived before."""
    name = _text(topic)
    numbered = packet.to_bytes(2, "big") if qos else b""
    first = 0x30 | again << 3 | qos << 1 | retain
    rest = length(len(name) + len(numbered) + len(payload))
    return b"".join((bytes((first,)), rest, name, numbered, payload))


def puback(packet: int) -> bytes:
    """A PUBACK packet."""
    return b"\x40\x02" + packet.to_bytes(2, "big")


def connack(answer: int, *, session: bool = False) -> bytes:
    """A CONNACK packet, as a broker sends it."""
    return bytes((0x20, 2, session, answer))


def again(packet: bytes) -> bytes:
    """The same PUBLISH, marked as one that may have arrived before."""
    return bytes((packet[0] | 0x08,)) + packet[1:]


def length(count: int) -> bytes:
    """How many bytes follow, seven bits a byte, the lowest first (§2.2.3)."""
    if not 0 <= count <= LONGEST_REST:
        raise ValueError(f"A packet holds at most {LONGEST_REST} bytes.")
    said = bytearray()
    while True:
        count, low = divmod(count, 128)
        said.append(low | (0x80 if count else 0))
        if not count:
            return bytes(said)


class Reader:
    """Gathers what comes in, in pieces of any size, and gives the packets in it. Malformed ends it."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = b""

    def packets(self, came: bytes) -> Iterator[Packet]:
        """The packets that are whole by now."""
        self._kept = kept = self._kept + came if self._kept else came
        place = 0
        while (found := _frame(kept, place)) is not None:
            start, end = found
            # Before the packet is given: whoever takes it may stop asking.
            self._kept = kept[end:]
            yield decode(kept[place], kept[start:end])
            place = end


def decode(first: int, rest: bytes) -> Packet:
    """One packet of its first byte and what follows its length. Malformed if it breaks the standard."""
    kind, flags = first >> 4, first & 0x0F
    if kind == 3:
        return _publish(flags, rest)
    if kind == 4 and flags == 0:
        return Puback(_packet_id(_exactly(rest, 2)))
    if kind == 2 and flags == 0:
        _exactly(rest, 2)
        if rest[0] > 1:
            raise Malformed("A reserved bit of CONNACK is set.")
        return Connack(rest[1], rest[0] == 1)
    if kind in (12, 13, 14) and flags == 0:
        _exactly(rest, 0)
        return Signal(first)
    if first == 0x10:
        return _connect(rest)
    if kind in (0, 15) or flags != (2 if kind in (6, 8, 10) else 0):
        raise Malformed("The first byte is none of MQTT 3.1.1.")
    return Other(first, rest)


def _frame(kept: bytes, place: int) -> tuple[int, int] | None:
    """Where the rest of the packet at `place` begins and ends; None while it is not all there."""
    count = shift = 0
    for at in range(place + 1, min(place + 5, len(kept))):
        count |= (kept[at] & 0x7F) << shift
        shift += 7
        if kept[at] < 0x80:
            if count > MOST_READ:
                raise Malformed("A packet is longer than any that a device is sent.")
            end = at + 1 + count
            return (at + 1, end) if end <= len(kept) else None
    if len(kept) >= place + 5:
        raise Malformed("A length has more than four bytes.")
    return None


def _publish(flags: int, rest: bytes) -> Publish:
    qos = flags >> 1 & 3
    if qos == 3 or (qos == 0 and flags & 8):
        raise Malformed("The flags of a PUBLISH contradict each other.")
    topic, at = _read_text(rest, 0)
    packet = 0
    if qos:
        packet, at = _packet_id(rest[at : at + 2]), at + 2
    return Publish(topic, rest[at:], qos, bool(flags & 1), bool(flags & 8), packet)


def _connect(rest: bytes) -> Connect:
    if rest[:7] != b"\x00\x04MQTT\x04" or len(rest) < 10 or rest[7] & 1:
        raise Malformed("It is not a sign-in of MQTT 3.1.1.")
    flags, keepalive = rest[7], int.from_bytes(rest[8:10], "big")
    client_id, at = _read_text(rest, 10)
    will = username = password = None
    if flags & 0x04:
        topic, at = _read_text(rest, at)
        payload, at = _read_binary(rest, at)
        will = Will(topic, payload, flags >> 3 & 3, bool(flags & 0x20))
    if flags & 0x80:
        username, at = _read_text(rest, at)
    if flags & 0x40:
        password, at = _read_text(rest, at)
    _exactly(rest[at:], 0)
    return Connect(client_id, username, password, will, keepalive, bool(flags & 0x02))


def _exactly(rest: bytes, count: int) -> bytes:
    if len(rest) != count:
        raise Malformed(f"A packet has {len(rest)} bytes where it must have {count}.")
    return rest


def _packet_id(two: bytes) -> int:
    found = int.from_bytes(two, "big")
    if len(two) != 2 or found == 0:
        raise Malformed("A packet id is 1 to 65,535.")
    return found


def _read_binary(rest: bytes, at: int) -> tuple[bytes, int]:
    end = at + 2 + int.from_bytes(rest[at : at + 2], "big")
    if len(rest) < max(end, at + 2):
        raise Malformed("A text ends before its length says.")
    return rest[at + 2 : end], end


def _read_text(rest: bytes, at: int) -> tuple[str, int]:
    raw, end = _read_binary(rest, at)
    try:
        return raw.decode(), end
    except UnicodeDecodeError:
        raise Malformed("A text is not UTF-8.") from None


def _binary(raw: bytes) -> bytes:
    if len(raw) > LONGEST_TEXT:
        raise ValueError(f"A text or a will holds at most {LONGEST_TEXT} bytes.")
    return len(raw).to_bytes(2, "big") + raw


def _text(said: str) -> bytes:
    return _binary(said.encode())
