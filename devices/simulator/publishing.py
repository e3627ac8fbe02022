"""Simulated homes speak MQTT: one process, each device on its own connection with its own secret.

All connections share one loop on epoll (paho's own waits in select(), which ends at 1,024 of them). What is
sent while the broker is away stays in paho's queue and goes out when it is back, at least once (QoS 1).
What goes wrong in a home (its line cut, a battery empty, a lost clock, everything sent twice) comes with its
scenario: `dataclasses.replace(home, scenario=COURSES["hub_offline"](began))`.
"""

import heapq
import logging
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from core.errors import Invalid
from devices.simulator import payloads
from devices.simulator.homes import emissions
from devices.simulator.house import Home, outages
from devices.simulator.kit import Format
from devices.simulator.speaking import Emission

log = logging.getLogger(__name__)

_TURN = 0.05
_AT_ONCE = 500
_KEEPALIVE = 60
_LONG = timedelta(days=36500)
_GOODBYE = 2.0


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device signs in to the broker with."""

    device_key: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A device loses its line at a time, or has it back."""

    at: datetime
    device_key: str
    up: bool


def run(
    homes: Sequence[Home],
    credentials: Iterable[Credential],
    host: str,
    port: int,
    now: Callable[[], datetime],
    stop: Event,
    *,
    since: datetime | None = None,
) -> None:
    """Publish what `homes` say from `now()` on, each message when its time has come, until `stop` is set.

    `since` starts earlier than now, to say at once what has happened from the end of a history until now.
    Raises Invalid when a device of a home has no credential.
    """
    known = {credential.device_key: credential for credential in credentials}
    wanted = {home.device_key(spec): spec.format for home in homes for spec in home.kit if spec.hub is None}
    if wanted.keys() - known.keys():
        raise Invalid({"credentials": f"{len(wanted.keys() - known.keys())} devices have no credential."})
    started = now() if since is None else since
    past = [turn for home in homes for turn in _turns(home) if turn.at <= started]
    down = {turn.device_key for turn in past if not turn.up} - {turn.device_key for turn in past if turn.up}
    fleet = _Fleet(host, port, [_Line(known[key], wanted[key], key not in down) for key in wanted])
    due = _due(homes, started)
    following = next(due, None)
    while not stop.is_set():
        clock = now()
        for _ in range(_AT_ONCE):
            if following is None or following.at > clock:
                break
            fleet.follow(following)
            following = next(due, None)
        fleet.turn(0 if following is not None and following.at <= clock else _TURN)
    fleet.close()


def _due(homes: Sequence[Home], started: datetime) -> Iterator[Emission | Turn]:
    spoken: list[Iterable[Emission | Turn]] = [emissions(home, started, started + _LONG) for home in homes]
    turns = sorted((t for home in homes for t in _turns(home) if t.at > started), key=lambda turn: turn.at)
    yield from heapq.merge(turns, *spoken, key=_time)


def _time(item: Emission | Turn) -> datetime:
    return item.at


def _turns(home: Home) -> Iterator[Turn]:
    for outage in outages(home):
        yield Turn(outage.start, outage.device_key, up=False)
        if outage.end is not None:
            yield Turn(outage.end, outage.device_key, up=True)


class _Line:
    """One device's connection: `up` while it should hold one, tried again at `retry_at` when it doesn't."""

    def __init__(self, credential: Credential, speaks: Format, up: bool) -> None:
        self.key = credential.device_key
        self.up = up
        self.retry_at = 0.0
        self.delay = 1.0
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.key, protocol=mqtt.MQTTv311, userdata=self
        )
        self.client.username_pw_set(credential.username, credential.password)
        if speaks is Format.OWN:
            self.birth: tuple[str, bytes] | None = payloads.status(self.key, None)
            self.client.will_set(self.birth[0], b'{"state":"offline"}', qos=1, retain=True)
        else:
            self.birth = None

    def welcomed(self, *told: Any) -> None:
        """The broker has answered the sign-in: `told` is client, userdata, flags, reason, properties."""
        if told[3].is_failure:
            log.warning("simulated device refused", extra={"device_key": self.key, "reason": str(told[3])})
            return
        self.delay = 1.0
        if self.birth is not None:
            self.client.publish(*self.birth, qos=1, retain=True)

    def wait_longer(self, moment: float) -> None:
        """Put off the attempt after this one, twice as long each time until somebody answers."""
        self.retry_at = moment + self.delay
        self.delay = min(self.delay * 2, 8.0)

    def drop(self) -> None:
        """Lose the line as a power cut does: no goodbye, so that the broker tells the last will."""
        self.up = False
        line = self.client.socket()
        if isinstance(line, socket.socket):
            line.shutdown(socket.SHUT_RDWR)


class _Fleet:
    """All lines on one selector."""

    def __init__(self, host: str, port: int, lines: Sequence[_Line]) -> None:
        self.host = host
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.lines = {line.key: line for line in lines}
        self.look_at = 0.0
        for line in lines:
            line.client.on_connect = line.welcomed
            line.client.on_socket_open = self._opened
            line.client.on_socket_close = self._closed
            line.client.on_socket_register_write = self._writes
            line.client.on_socket_unregister_write = self._reads

    def follow(self, item: Emission | Turn) -> None:
        line = self.lines[item.device_key]
        if isinstance(item, Emission):
            line.client.publish(item.topic, item.payload, qos=1, retain=item.retained)
        elif item.up:
            line.up, line.retry_at = True, 0.0
            self.look_at = 0.0
        else:
            line.drop()

    def turn(self, seconds: float) -> None:
        """Move bytes for up to `seconds`, and once a second see to keep-alives and lost lines."""
        for ready, events in self.selector.select(seconds):
            line: _Line = ready.data
            if events & selectors.EVENT_READ:
                line.client.loop_read()
            if events & selectors.EVENT_WRITE and line.client.socket() is not None:
                line.client.loop_write()
        moment = time.monotonic()
        if moment >= self.look_at:
            self.look_at = moment + 1
            self._look_after_all(moment)

    def close(self) -> None:
        """Let what is on its way arrive, for a moment, and say goodbye."""
        until = time.monotonic() + _GOODBYE
        while time.monotonic() < until and any(line.client.want_write() for line in self.lines.values()):
            self.turn(_TURN)
        for line in self.lines.values():
            if line.client.socket() is not None:
                line.client.disconnect()
                line.client.loop_write()
        self.selector.close()

    def _look_after_all(self, moment: float) -> None:
        for line in self.lines.values():
            if line.client.socket() is not None:
                line.client.loop_misc()
            elif line.up and moment >= line.retry_at:
                line.wait_longer(moment)
                try:
                    line.client.connect(self.host, self.port, _KEEPALIVE)
                except OSError:
                    log.info("broker does not answer the simulated homes")
                    # It would not answer the others either; each refusal may take seconds.
                    return

    def _opened(self, _client: mqtt.Client, line: _Line, sock: Any) -> None:
        self.selector.register(sock, selectors.EVENT_READ, line)

    def _closed(self, _client: mqtt.Client, _line: _Line, sock: Any) -> None:
        self.selector.unregister(sock)

    def _writes(self, _client: mqtt.Client, line: _Line, sock: Any) -> None:
        self.selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, line)

    def _reads(self, _client: mqtt.Client, line: _Line, sock: Any) -> None:
        self.selector.modify(sock, selectors.EVENT_READ, line)
