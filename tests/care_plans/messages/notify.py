"""A small stand-in for GOV.UK Notify: checks tokens, keeps what is sent, and answers as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"a_service-{SERVICE}-{SECRET}"
TEMPLATE = "dc4e8a55-9b1c-4d5f-8d4f-0f2a3cd3f6a1"


class Notify(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.taken: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.loses_the_answer = False
        """It takes a text and then breaks off: whoever sent it can't know."""
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_let_in():
            self._say(403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
            return
        status = self.server.statuses.pop(0) if self.server.statuses else 201
        if status != 201:
            self._say(status, {"status_code": status, "errors": [{"error": "Error", "message": "no"}]})
            return
        self.server.taken.append(told)
        if self.server.loses_the_answer:
            self.server.loses_the_answer = False
            self.close_connection = True
            return
        self._say(201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": told["reference"]})

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)["reference"][0]
        self.server.asked.append(asked)
        found = [each for each in self.server.taken if each["reference"] == asked]
        self._say(200, {"notifications": [{"reference": asked, "status": "sending"} for _ in found]})

    def _is_let_in(self) -> bool:
        try:
            told = jwt.decode(
                self.headers["Authorization"].removeprefix("Bearer "), SECRET, algorithms=["HS256"]
            )
        except jwt.InvalidTokenError:
            return False
        return bool(told["iss"] == SERVICE)

    def _say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def opened() -> Iterator[Notify]:
    with Notify() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
