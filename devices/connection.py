"""paho's client, past which messages come in and acknowledgements go out many at a time."""

import contextlib
import ssl
from collections.abc import Callable, Iterable

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from devices import packets
from devices.packets import Published

READ_AT_ONCE = 64 * 1024


class Connection(Client):
    """A persistent session with a broker, driven from one thread by `read` and `write`.

    paho signs in, subscribes, keeps the session alive and deciphers. But it reads a packet by three calls of
    the system and writes each acknowledgement by one, which cost more than all the rest of intake. So bytes
    are read here as many as there are, messages are picked out of them, and any other packet is given to
    paho as if it came from the network. Acknowledgements are written together, between paho's own packets.
    """

    def __init__(
        self,
        client_id: str,
        take: Callable[[list[Published]], None],
        *,
        user: str | None,
        password: str | None,
        context: ssl.SSLContext | None,
    ) -> None:
        """`take` is given messages as they come: before whatever came after them has been dealt with.

        `context` says how the connection is enciphered; None where it isn't.
        """
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True
        )
        if user:
            self.username_pw_set(user, password)
        if context is not None:
            self.tls_set_context(context)
        # With this set, the client only queues what it has to write, and `write` writes it.
        self.on_socket_register_write = lambda _client, _userdata, _sock: None
        self._take = take
        self.begin_anew()

    def begin_anew(self) -> None:
        """Leave nothing of the last connection to the next."""
        self._held, self._read_to, self._full = b"", 0, False
        self._for_paho = b""
        self._stored: list[int] = []
        self._writing = b""

    @property
    def holds_more(self) -> bool:
        """Whether there is more to read than the network shows: it was received, or deciphered, already."""
        sock = self.socket()
        return self._full or (isinstance(sock, ssl.SSLSocket) and sock.pending() > 0)

    @property
    def wants_to_write(self) -> bool:
        """Whether something is to be written."""
        return bool(self._writing or self._stored or self.want_write())

    def read(self, most: int) -> None:
        """Deal with what has come, up to `most` messages."""
        left = self._pick(most)
        if left and self._receive():
            left = self._pick(left)
        self._full = not left

    def acknowledge(self, stored: Iterable[int]) -> None:
        """Let `write` acknowledge the messages with these packet ids."""
        self._stored.extend(stored)

    def write(self) -> None:
        """Write what the network takes: never a part of one packet within another."""
        if not self._writing:
            if self.want_write():
                self.loop_write()
            if self.want_write():
                return
            self._writing, self._stored = packets.acknowledgements(self._stored), []
        if not self._writing:
            return
        # Whoever reads next finds out that the connection is gone, and nobody else need.
        with contextlib.suppress(OSError):
            self._writing = self._writing[self._sock_send(self._writing) :]

    def _pick(self, most: int) -> int:
        """Deal with what is held, up to `most` messages; how many more it might have been."""
        while self.socket() is not None:
            picked = packets.pick(self._held, self._read_to, most)
            self._read_to = picked.until
            most -= len(picked.messages)
            self._take(picked.messages)
            if not picked.other:
                break
            self._for_paho = picked.other
            self.loop_read()
            self._for_paho = b""
        return most

    def _receive(self) -> bool:
        """Hold what the network has; whether it had anything."""
        try:
            fresh = super()._sock_recv(READ_AT_ONCE)
        except BlockingIOError:
            return False
        except OSError:
            fresh = b""
        if not fresh:
            self.loop_read()  # which meets the same, and ends the connection
            return False
        self._held, self._read_to = self._held[self._read_to :] + fresh, 0
        return True

    def _sock_recv(self, bufsize: int) -> bytes:
        """Give paho what was kept for it; beyond that it reads for itself."""
        if not self._for_paho:
            return super()._sock_recv(bufsize)
        given, self._for_paho = self._for_paho[:bufsize], self._for_paho[bufsize:]
        return given
