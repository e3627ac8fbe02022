"""A small SMTP server for tests: keeps what it is sent, and refuses what it is told to refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any


class PostOffice(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[Message] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuses: dict[str, str] = {}
        self.hangs_up_on: set[str] = set()
        self.asked_for_password = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Counter(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        sender, to = "", list[str]()
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split()[0].upper()
            if verb in self.server.refuses:
                self._say(self.server.refuses[verb])
            elif verb == "EHLO":
                self._say("250-post office\r\n250 SIZE 1000000")
            elif verb == "MAIL":
                sender, to = line.split("<")[1].split(">")[0], []
                self._say("250 ok")
            elif verb == "RCPT":
                address = line.split("<")[1].split(">")[0]
                if address in self.server.hangs_up_on:
                    return
                if address in self.server.refuses:
                    self._say(self.server.refuses[address])
                else:
                    to.append(address)
                    self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.letters.append(message_from_bytes(self._text()))
                self.server.envelopes.append((sender, to))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self.server.asked_for_password |= verb == "AUTH"
                self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)


@contextmanager
def opened() -> Iterator[PostOffice]:
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
