"""Somebody outside who listens: an HTTP address that keeps what it is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


class Listener(HTTPServer):
    """Keeps every JSON that is posted; `status` and `body` are what it answers.

    With `elsewhere` it sends whoever asks on to there; `garbled` is no answer of HTTP.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[dict[str, Any]] = []
        self.got = list[str]()
        self.status = 204
        self.body = b""
        self.elsewhere = ""
        self.garbled = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/alarm"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        self.server.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def do_GET(self) -> None:
        self.server.got.append(self.path)
        self._answer()

    def _answer(self) -> None:
        if self.server.garbled:
            self.wfile.write(b"SMTP 220 mail.example\r\n\r\n")
            return
        self.send_response(self.server.status)
        if self.server.elsewhere:
            self.send_header("Location", self.server.elsewhere)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    thread = Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield listener
    finally:
        listener.shutdown()
        thread.join(10)
        listener.server_close()
