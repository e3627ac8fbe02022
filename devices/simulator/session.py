"""One device's side of MQTT without any wire: what it has to say, what is on its way, when it signs in again.

Bytes to send gather in `out`; whoever holds the connection takes them from there. Times are seconds of one
clock that only goes forward.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from devices.simulator import packets
from devices.simulator.packets import PINGREQ, PINGRESP, Connack, Connect, Malformed, Puback, Signal

WINDOW = 20
"""Messages that may be on their way unacknowledged, as brokers and clients are set by default."""
MOST_WAITING = 1_000
"""Messages that a device keeps while it can't send; it lets go of the oldest for a newer one."""
ANSWERS_WITHIN = 30.0
"""Seconds after which a broker that has not answered a sign-in or a ping is taken for gone."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class State(Enum):
    """How far a session is."""

    DOWN = "down"
    OPENING = "opening"
    UP = "up"


@dataclass(slots=True)
class Counts:
    """What happened to all sessions of a fleet together; `slowest` in seconds from sending to receipt."""

    said: int = 0
    sent: int = 0
    acknowledged: int = 0
    again: int = 0
    let_go: int = 0
    welcomed: int = 0
    refused: int = 0
    lost: int = 0
    bytes_out: int = 0
    waited: float = 0.0
    slowest: float = 0.0

    @property
    def owed(self) -> int:
        """Messages that were said and are neither acknowledged nor let go."""
        return self.said - self.acknowledged - self.let_go


Waiting = tuple[str, bytes, bool]


class Session:
    """The session of one device. `birth` is a state that it publishes, retained, each time it is let in."""

    __slots__ = (
        "_asked_at", "_birth", "_counts", "_flying", "_hello", "_keepalive", "_next", "_pause", "_queue",
        "_reader", "_spoke_at", "_waiting", "out", "retry_at", "state",
    )  # fmt: skip

    def __init__(self, hello: Connect, counts: Counts, birth: tuple[str, bytes] | None = None) -> None:
        self._hello = hello
        self._keepalive = hello.keepalive
        self._counts = counts
        self._birth = birth
        self._flying: dict[int, tuple[bytes, float]] = {}
        self._queue: deque[Waiting] | None = None
        self._reader = packets.Reader()
        self._next = 0
        self._pause = FIRST_PAUSE
        self._asked_at = 0.0
        self._spoke_at = 0.0
        self._waiting = False
        self.out = bytearray()
        self.state = State.DOWN
        self.retry_at = 0.0

    @property
    def waiting(self) -> int:
        """How many messages have no receipt yet."""
        return len(self._flying) + (len(self._queue) if self._queue else 0)

    def say(self, topic: str, payload: bytes, retain: bool, now: float) -> None:
        """Publish with QoS 1: at once where the line is up and not too much is on its way, or when it can."""
        self._counts.said += 1
        if self.state is State.UP and not self._queue and len(self._flying) < WINDOW:
            self._send((topic, payload, retain), now)
            return
        if self._queue is None:
            self._queue = deque()
        if len(self._queue) >= MOST_WAITING:
            self._queue.popleft()
            self._counts.let_go += 1
        self._queue.append((topic, payload, retain))

    def opened(self, now: float) -> None:
        """The connection stands: sign in."""
        self.state = State.OPENING
        self._reader = packets.Reader()
        self._asked_at, self._waiting = now, True
        self.out[:] = packets.connect(self._hello)

    def came(self, received: bytes, now: float) -> None:
        """Take in what the broker sent. Malformed when it is no MQTT, or we are not let in: then close."""
        for packet in self._reader.packets(received):
            if type(packet) is Puback:
                self._receipt(packet.packet, now)
            elif type(packet) is Connack:
                self._answered(packet.answer, now)
            elif type(packet) is Signal and packet.first == PINGRESP[0]:
                self._waiting = False
        if self._queue and self.state is State.UP:
            while self._queue and len(self._flying) < WINDOW:
                self._send(self._queue.popleft(), now)
            if not self._queue:
                self._queue = None

    def look(self, now: float) -> bool:
        """Ping where nothing was said for long; False when the broker has stopped answering: then close."""
        if self._waiting:
            return now - self._asked_at < ANSWERS_WITHIN
        if self._keepalive and now - self._spoke_at >= self._keepalive * 0.75:
            self._asked_at = self._spoke_at = now
            self._waiting = True
            self.out += PINGREQ
        return True

    def lost(self, now: float, chance: float) -> None:
        """The connection is gone. The next attempt waits longer each time, spread by `chance` (0 to 1)."""
        if self.state is State.UP:
            self._counts.lost += 1
        self.state = State.DOWN
        self.out.clear()
        self.retry_at = now + self._pause * (0.5 + chance / 2)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def goodbye(self) -> None:
        """Take leave, so that the broker does not tell the last will."""
        if self.state is State.UP:
            self.out += packets.DISCONNECT

    def _answered(self, answer: int, now: float) -> None:
        if self.state is not State.OPENING:
            raise Malformed("A sign-in was answered that nobody made.")
        if answer:
            self._counts.refused += 1
            raise Malformed(f"The broker does not let the device in ({answer}).")
        self.state = State.UP
        self._pause, self._waiting, self._spoke_at = FIRST_PAUSE, False, now
        self._counts.welcomed += 1
        # §4.4: what has no receipt goes out again under its own number, before anything newer.
        for packet, (message, _sent) in self._flying.items():
            again = packets.again(message)
            self._flying[packet] = (again, now)
            self.out += again
            self._counts.again += 1
        if self._birth is not None:
            self._counts.said += 1
            self._send((*self._birth, True), now)

    def _receipt(self, packet: int, now: float) -> None:
        sent = self._flying.pop(packet, None)
        if sent is None:
            return  # of an earlier connection
        took = now - sent[1]
        self._counts.acknowledged += 1
        self._counts.waited += took
        self._counts.slowest = max(self._counts.slowest, took)

    def _send(self, message: Waiting, now: float) -> None:
        topic, payload, retain = message
        number = self._number()
        said = packets.publish(topic, payload, number, retain=retain)
        self._flying[number] = (said, now)
        self._spoke_at = now
        self.out += said
        self._counts.sent += 1
        self._counts.bytes_out += len(said)

    def _number(self) -> int:
        """The next packet id that nothing on its way has: 1 to 65,535, then 1 again."""
        while True:
            self._next = self._next % 65_535 + 1
            if self._next not in self._flying:
                return self._next
