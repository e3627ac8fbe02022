"""A small HTTP server for tests: keeps what is posted to it; answers, refuses, trickles or hangs as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Listener(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.posted: list[Posted] = []
        self.statuses: list[int] = []
        self.location = ""
        self.hangs = False
        self.trickles = False
        self.let_go = threading.Event()
        self.asked = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Answers(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        self.server.asked.set()
        if self.server.hangs:
            self.server.let_go.wait(30)
            return
        if self.server.trickles:
            self._trickle()
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.posted.append(Posted(self.path, headers, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _trickle(self) -> None:
        for letter in b"HTTP/1.1 200 " + b"o" * 300:
            try:
                self.wfile.write(bytes([letter]))
                self.wfile.flush()
            except OSError:
                return
            if self.server.let_go.wait(0.1):
                return

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def opened() -> Iterator[Listener]:
    """A listener that has gone again by the end."""
    with Listener() as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.let_go.set()
            listener.shutdown()
            thread.join()
