"""Asks a ClamAV daemon whether it knows a file as malware, by its INSTREAM command."""

import socket
from typing import BinaryIO
from urllib.parse import urlsplit

from core.errors import Unavailable

CHUNK = 64 * 1024
PATIENCE = 30.0  # seconds for each answer
PORT = 3310
AWAY = "The malware scanner is not answering, so nothing can be attached just now. Try again in a moment."


class Clamd:
    """A daemon at tcp://host:3310 or unix:///run/clamav/clamd.sock."""

    def __init__(self, url: str) -> None:
        """Nothing is asked of it yet."""
        self._parts = urlsplit(url)

    def find(self, content: BinaryIO) -> str | None:
        """The name of what was found, or None; Unavailable when it can't say."""
        content.seek(0)
        try:
            with self._connect() as line:
                line.sendall(b"zINSTREAM\0")
                while chunk := content.read(CHUNK):
                    line.sendall(len(chunk).to_bytes(4, "big") + chunk)
                line.sendall(bytes(4))
                answer = _answer(line)
        except OSError as fault:
            raise Unavailable(AWAY) from fault
        content.seek(0)
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise Unavailable(AWAY)

    def _connect(self) -> socket.socket:
        if self._parts.scheme == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(PATIENCE)
            try:
                line.connect(self._parts.path)
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection((self._parts.hostname or "", self._parts.port or PORT), PATIENCE)


def _answer(line: socket.socket) -> str:
    """One line, up to its zero byte."""
    said = b""
    while not said.endswith(b"\0") and len(said) < CHUNK:
        more = line.recv(CHUNK)
        if not more:
            break
        said += more
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()
