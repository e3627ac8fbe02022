"""Connections to the broker that bring messages in, and acknowledge them once they are stored."""

import contextlib
import logging
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from devices.connection import Connection
from devices.inbox import Inbox, Message
from devices.packets import Published
from devices.share import whole

log = logging.getLogger(__name__)

QOS = 1
KEEPALIVE = 5
"""Seconds: a broker that is gone without a word is noticed within twice as many."""
READS_A_TURN = 256
"""Messages after which what is stored is looked at, to be acknowledged."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where the broker is, and as whom to sign in."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: bool = False
    authorities: str | None = None

    @classmethod
    def of_url(cls, url: str, authorities: str | None = None) -> "MqttAddress":
        """The address that `url` (mqtt://user:password@host:port, or mqtts:) stands for.

        `authorities` are certificates in PEM: the broker's is held against them instead of the machine's.
        """
        parts = urlsplit(url)
        tls = parts.scheme == "mqtts"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        port = parts.port or (8883 if tls else 1883)
        return cls(parts.hostname or "localhost", port, user, password, tls, authorities)

    def context(self) -> ssl.SSLContext | None:
        """How a connection is enciphered, and whose certificates count; None where it isn't."""
        return ssl.create_default_context(cadata=self.authorities) if self.tls else None


class Lane:
    """One persistent session with the broker, on a thread of its own that alone touches the client.

    The session outlives us: what arrives while we are away waits at the broker. A packet id belongs to one
    connection: what came by an earlier one is stored but never acknowledged on the next, where the same id
    may stand for another message; the broker sends it again and storage absorbs it. What the broker sends
    again on a live connection, because storing takes long, is known by its id and taken once.

    The client's own loop is not used: an acknowledgement from another thread could be written on the wrong
    connection.
    """

    def __init__(
        self,
        number: int,
        address: MqttAddress,
        client_id: str,
        topics: Iterable[str],
        inbox: Inbox,
        now: Callable[[], datetime],
    ) -> None:
        """`number` is what its messages carry, `topics` the filters to ask for, `inbox` where messages go."""
        self.number = number
        self.failure: Exception | None = None
        self._address = address
        self._client_id = client_id
        self._wanted = frozenset(topics)
        self._inbox = inbox
        self._now = now
        self._held: set[str] = set()
        self._refused: set[str] = set()
        self._asked: dict[int, list[str]] = {}
        self._unstored: set[int] = set()
        self._stored: deque[tuple[int, int]] = deque()
        self._connection = 0
        self._connected = False
        self._failures = 0
        self._turn_at = now()
        self._stopping = Event()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._client = self._make_connection()
        self._thread = Thread(target=self._run, name=client_id, daemon=True)

    @property
    def topics(self) -> frozenset[str]:
        """The filters that this lane asks for."""
        return self._wanted

    @property
    def refused(self) -> frozenset[str]:
        """The filters that the broker has refused."""
        return frozenset(self._refused)

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted us and the connection stands."""
        return self._connected

    @property
    def listening(self) -> bool:
        """Whether the broker has answered all that we asked to hear; before, it keeps nothing for us."""
        return self._connected and bool(self._held) and not self._asked

    def start(self) -> None:
        """Begin to connect, and to read."""
        self._thread.start()

    def subscribe(self, topics: Iterable[str]) -> None:
        """Subscribe to these filters and to no others, at once or on the next connection."""
        wanted = frozenset(topics)
        if wanted != self._wanted:
            self._wanted = wanted
            self._ring()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Let the broker forget these messages, which are stored."""
        self._stored.extend((message.connection, message.packet) for message in messages if message.packet)
        self._ring()

    def stop(self) -> None:
        """Send what is to be acknowledged, take leave of the broker, and end."""
        self._stopping.set()
        self._ring()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _make_connection(self) -> Connection:
        address = self._address
        made = Connection(
            self._client_id,
            self._take,
            user=address.user,
            password=address.password,
            context=address.context(),
        )
        made.on_connect = self._on_connect
        made.on_disconnect = self._on_disconnect
        made.on_subscribe = self._on_subscribe
        made.connect_async(address.host, address.port, KEEPALIVE)
        return made

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._client.socket() is not None:
                    self._turn()
                else:
                    self._pause_and_connect()
            self._leave()
        except Exception as fault:
            # Seen by intake, which ends: it must not go on as if it heard, and nobody hears for it.
            self._connected = False
            self.failure = fault
            log.exception("a lane ended", extra={"lane": self._client_id})
        finally:
            for sock in (self._bell, self._ear, self._client.socket()):
                if sock is not None:
                    sock.close()

    def _pause_and_connect(self) -> None:
        if self._failures:
            self._stopping.wait(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures - 1, 10)))
        if self._stopping.is_set():
            return
        self._failures += 1
        self._client.begin_anew()
        try:
            self._client.reconnect()
        except OSError as fault:
            log.warning(
                "the broker can't be reached", extra={"lane": self._client_id, "error": type(fault).__name__}
            )

    def _turn(self) -> None:
        """Wait for something to happen, and deal with it."""
        sock = self._client.socket()
        if sock is None:
            return
        room = self._inbox.has_room()
        more = room and self._client.holds_more
        readable = [self._ear, sock] if room else [self._ear]
        wait = 0.0 if more else 1.0 if room else 0.02
        heard, writable, _ = select.select(readable, [sock] if self._client.wants_to_write else [], [], wait)
        if self._ear in heard:
            with contextlib.suppress(BlockingIOError):
                self._ear.recv(4096)
        self._tend()
        if more or sock in heard:
            self._turn_at = self._now()
            self._client.read(READS_A_TURN)
        if writable or self._client.wants_to_write:
            self._client.write()
        self._client.loop_misc()

    def _tend(self) -> None:
        """Acknowledge what is stored, and bring subscriptions in line with what is wanted."""
        stored = [self._stored.popleft() for _ in range(len(self._stored))]
        of_this = [packet for connection, packet in stored if connection == self._connection]
        self._client.acknowledge(of_this)
        self._unstored.difference_update(of_this)
        if self._connected and self._wanted != self._held:
            gone, fresh = self._held - self._wanted, self._wanted - self._held
            if gone:
                self._client.unsubscribe(sorted(gone))
                self._refused -= gone
            if fresh:
                self._ask(sorted(fresh))
            self._held = set(self._wanted)

    def _ask(self, topics: list[str]) -> None:
        _, packet = self._client.subscribe([(topic, QOS) for topic in topics])
        if packet is not None:
            self._asked[packet] = topics

    def _leave(self) -> None:
        if self._client.socket() is not None:
            self._tend()
            deadline = time.monotonic() + 2
            self._write_all(deadline)
            self._client.disconnect()
            self._write_all(deadline)
        self._connected = False

    def _write_all(self, deadline: float) -> None:
        while self._client.wants_to_write and time.monotonic() < deadline:
            self._client.write()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it has rung already; closed: nobody waits any more
            self._bell.send(b"!")

    def _on_connect(
        self,
        _client: Client,
        _userdata: object,
        flags: ConnectFlags,
        reason: ReasonCode,
        _p: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.warning("the broker refuses us", extra={"lane": self._client_id, "reason": reason.getName()})
            return
        self._connection += 1
        self._connected = True
        self._failures = 0
        self._unstored.clear()
        # A session that the broker kept still has our subscriptions, and asking again would replay everything
        # retained; but what it has not agreed to it may not have heard.
        unheard = self._refused.union(*self._asked.values())
        agreed = self._held - unheard if flags.session_present else set()
        self._held = agreed
        self._asked.clear()
        self._refused.clear()
        log.info("lane connected", extra={"lane": self._client_id, "resumed": flags.session_present})

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _p: Properties | None,
    ) -> None:
        self._connection += 1
        self._connected = False
        if not self._stopping.is_set():
            log.warning("lane disconnected", extra={"lane": self._client_id, "reason": reason.getName()})

    def _take(self, published: list[Published]) -> None:
        fresh: list[Message] = []
        for topic, payload, retained, packet in published:
            if packet:
                if packet in self._unstored:
                    continue
                self._unstored.add(packet)
            fresh.append(
                Message(whole(topic), payload, retained, self._turn_at, self.number, self._connection, packet)
            )
        if fresh:
            self._inbox.put(fresh)

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: object,
        packet: int,
        reasons: list[ReasonCode],
        _p: Properties | None,
    ) -> None:
        asked = self._asked.pop(packet, [])
        refused = {topic for topic, reason in zip(asked, reasons, strict=False) if reason.is_failure}
        self._refused = self._refused - set(asked) | refused
        if refused:
            log.warning(
                "the broker refused subscriptions",
                extra={"lane": self._client_id, "asked": len(asked), "refused": len(refused)},
            )
