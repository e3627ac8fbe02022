"""Many devices on one thread: each its own connection to the broker, all of them on one epoll.

paho's own loop waits in select(), which ends at 1,024 connections. What is sent while a line is down waits at
the device and goes out when it is back, at least once (QoS 1). A broker that is slower than what there is to
say slows the saying down.
"""

import logging
import select
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

from devices.simulator.acts import Act, Member
from devices.simulator.chance import stream
from devices.simulator.limits import room_for
from devices.simulator.packets import Connect, Malformed, Will
from devices.simulator.session import Counts, Session, State
from devices.simulator.speaking import Emission

log = logging.getLogger(__name__)

KEEPALIVE = 60
_TURN = 0.05
_OPENING_AT_ONCE = 200
"""Sign-ins under way: each costs a broker a password hash, and one that waits too long would start anew."""
_MOST_OWED = 20_000
_READ = 4096
_GOODBYE = 2.0
_OFFLINE = b'{"state":"offline"}'


_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class _Line:
    """A device's session and the socket under it, if there is one."""

    __slots__ = ("key", "session", "sock", "up", "writing")

    def __init__(self, member: Member, counts: Counts) -> None:
        self.key = member.credential.device_key
        self.up = member.up
        self.sock: socket.socket | None = None
        self.writing = False
        status = f"hearth/v1/{self.key}/status"
        hello = Connect(
            self.key,
            member.credential.username,
            member.credential.password,
            Will(status, _OFFLINE) if member.tells_state else None,
            KEEPALIVE,
        )
        birth = (status, b'{"state":"online","firmware":"2.4.1"}') if member.tells_state else None
        self.session = Session(hello, counts, birth)


class Fleet:
    """Devices that speak to one broker at `host`, `port`, by `tls` if given. Use it from one thread alone."""

    def __init__(
        self,
        host: str,
        port: int,
        members: Iterable[Member],
        seed: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.counts = Counts()
        self._tls = tls
        self._where = (host, port)
        self._address: _Address | None = None
        self._lines = {member.credential.device_key: _Line(member, self.counts) for member in members}
        room_for(len(self._lines))
        self._epoll = select.epoll()
        self._by_file: dict[int, _Line] = {}
        self._wanting: list[_Line] = []
        self._spoken: set[_Line] = set()
        self._opening: set[_Line] = set()
        self._chance = stream("lines", seed)
        self._look_at = 0.0
        self._asleep = 0
        self._refused_before = 0

    @property
    def up(self) -> int:
        """How many devices are signed in."""
        return sum(line.session.state is State.UP for line in self._lines.values())

    @property
    def pressed(self) -> bool:
        """Whether the broker owes so many receipts that nothing more should be said for now."""
        return self.counts.owed - self._asleep > _MOST_OWED

    def follow(self, act: Act) -> None:
        """Publish a message, or lose or find a line."""
        line = self._lines[act.device_key]
        if isinstance(act, Emission):
            line.session.say(act.topic, act.payload, act.retained, time.monotonic())
            if line.session.out:
                self._spoken.add(line)
        elif act.up:
            line.up, line.session.retry_at = True, 0.0
            self._look_at = 0.0
        else:
            line.up = False
            self._close(line)

    def turn(self, seconds: float) -> None:
        """Move bytes for up to `seconds`, and once a second see to keep-alives and lost lines."""
        spoken, self._spoken = self._spoken, set()
        for line in spoken:
            self._write(line)
        for file, events in self._epoll.poll(seconds):
            if file in self._by_file:
                self._move(self._by_file[file], events)
        moment = time.monotonic()
        if moment >= self._look_at:
            self._look_at = moment + 1
            self._look_after_all(moment)
        self._open_more(moment)

    def settle(self, seconds: float) -> bool:
        """Wait up to so long until all that was said on open lines has its receipt; whether it has."""
        until = time.monotonic() + seconds
        while self._awaits_receipts():
            if time.monotonic() > until:
                return False
            self.turn(_TURN)
        return True

    def close(self) -> None:
        """Let what is on its way arrive, for a moment, and say goodbye."""
        self.settle(_GOODBYE)
        for line in self._lines.values():
            line.session.goodbye()
            self._write(line)
            if line.sock is not None:
                line.sock.close()
        self._epoll.close()

    def _awaits_receipts(self) -> bool:
        return any(line.sock is not None and line.session.waiting for line in self._lines.values())

    def _move(self, line: _Line, events: int) -> None:
        if line.session.state is State.DOWN:
            self._connected(line)
            return
        if events & select.EPOLLIN:
            self._read(line)
        if line.sock is not None and events & (select.EPOLLERR | select.EPOLLHUP):
            self._close(line)
        elif events & select.EPOLLOUT:
            self._write(line)

    def _connected(self, line: _Line) -> None:
        """The connection that was asked for stands, or nobody answered."""
        if line.sock is None or line.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._close(line)
            return
        if self._tls is None or self._greeted(line, self._tls):
            line.session.opened(time.monotonic())
            self._write(line)

    def _greeted(self, line: _Line, tls: ssl.SSLContext) -> bool:
        """Whether the broker has proved who it is; else go on when it has answered, or give up."""
        if line.sock is None:
            return False
        try:
            if not isinstance(line.sock, ssl.SSLSocket):
                line.sock = tls.wrap_socket(
                    line.sock, server_hostname=self._where[0], do_handshake_on_connect=False
                )
            line.sock.do_handshake()
        except _NOT_NOW as wants:
            self._listen(line, isinstance(wants, ssl.SSLWantWriteError))
            return False
        except OSError as fault:
            log.info("the broker's certificate or its TLS won't do", extra={"error": type(fault).__name__})
            self._close(line)
            return False
        return True

    def _read(self, line: _Line) -> None:
        if line.sock is None:
            return
        try:
            came = line.sock.recv(_READ)
            while isinstance(line.sock, ssl.SSLSocket) and line.sock.pending():
                came += line.sock.recv(_READ)  # deciphered already: the epoll tells of it no more
        except _NOT_NOW:
            return
        except OSError:
            came = b""
        if not came:
            self._close(line)
            return
        try:
            line.session.came(came, time.monotonic())
        except Malformed:
            self._close(line)
            return
        if line.session.state is State.UP:
            self._opening.discard(line)
        if line.session.out:
            self._write(line)

    def _write(self, line: _Line) -> None:
        """Send what is ready; what the line does not take now goes when it does."""
        if line.sock is None or line.session.state is State.DOWN:
            return
        out = line.session.out
        if out:
            try:
                del out[: line.sock.send(out)]
            except _NOT_NOW:
                pass
            except OSError:
                self._close(line)
                return
        self._listen(line, bool(out))

    def _listen(self, line: _Line, writing: bool) -> None:
        """Wait for what comes, and for room to write where there is something to."""
        if line.sock is not None and line.writing != writing:
            line.writing = writing
            wanted = select.EPOLLIN | select.EPOLLOUT if writing else select.EPOLLIN
            self._epoll.modify(line.sock.fileno(), wanted)

    def _look_after_all(self, moment: float) -> None:
        asleep = 0
        for line in self._lines.values():
            if line.sock is not None:
                if not line.session.look(moment):
                    self._close(line)
                elif line.session.out:
                    self._write(line)
            if line.session.state is not State.UP:
                asleep += line.session.waiting
        self._asleep = asleep
        self._wanting = [
            line
            for line in reversed(self._lines.values())
            if line.up and line.sock is None and moment >= line.session.retry_at
        ]
        refused = self.counts.refused - self._refused_before
        if refused:
            log.warning("simulated devices refused", extra={"devices": refused})
            self._refused_before = self.counts.refused

    def _open_more(self, moment: float) -> None:
        if not self._wanting:
            return
        try:
            family, address = self._address = self._address or _resolved(*self._where)
        except OSError:
            log.info("the broker's name is not known")
            self._wanting.clear()
            return
        while self._wanting and len(self._opening) < _OPENING_AT_ONCE:
            line = self._wanting.pop()
            if line.up and line.sock is None and moment >= line.session.retry_at:
                self._open(line, family, address)

    def _open(self, line: _Line, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        line.sock = sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opening.add(line)
        line.writing = True
        self._by_file[sock.fileno()] = line
        self._epoll.register(sock.fileno(), select.EPOLLIN | select.EPOLLOUT)
        try:
            sock.connect(address)
        except BlockingIOError:
            pass
        except OSError:
            self._close(line)

    def _close(self, line: _Line) -> None:
        """Lose the line as a power cut does: no goodbye, so that the broker tells the last will."""
        if line.sock is None:
            return
        del self._by_file[line.sock.fileno()]
        line.sock.close()  # which takes it out of the epoll
        line.sock = None
        self._opening.discard(line)
        line.session.lost(time.monotonic(), self._chance.random())


def _resolved(host: str, port: int) -> _Address:
    """Where a name leads, asked once: ten thousand lines would ask ten thousand times."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, address
