"""Asking a malware scanner, against a small daemon that speaks INSTREAM as clamd does."""

import io
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.ports import free_port
from core.errors import Unavailable
from core.scan import Clamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.StreamRequestHandler):
    """Reads zINSTREAM with its chunks; knows the EICAR file, and gives up on one that says so."""

    def handle(self) -> None:
        command = self.rfile.read(len(b"zINSTREAM\0"))
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        whole = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            whole += self.rfile.read(size)
        if whole.startswith(b"hang up"):
            return
        if whole.startswith(b"too large"):
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            return
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in whole else b"stream: OK\0"
        self.wfile.write(found)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Local(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    path = str(tmp_path / "clamd.sock")
    server = Server(("127.0.0.1", 0), Daemon) if request.param == "tcp" else Local(path, Daemon)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1] if request.param == "tcp" else 0
    yield Clamd(f"tcp://127.0.0.1:{port}" if port else f"unix://{path}")
    server.shutdown()
    server.server_close()


def test_it_tells_what_it_knows_and_leaves_the_file_at_its_begin(clamd: Clamd) -> None:
    bad, good = io.BytesIO(bytes(200_000) + EICAR), io.BytesIO(bytes(200_000))
    assert clamd.find(bad) == "Eicar-Test-Signature"
    assert clamd.find(good) is None
    assert (bad.tell(), good.tell()) == (0, 0)


@pytest.mark.parametrize("content", [b"hang up", b"too large"])
def test_an_answer_that_says_neither_is_no_all_clear(clamd: Clamd, content: bytes) -> None:
    with pytest.raises(Unavailable, match="not answering"):
        clamd.find(io.BytesIO(content))


def test_one_that_is_not_there_is_no_all_clear(tmp_path: Path) -> None:
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path}/none.sock"):
        with pytest.raises(Unavailable):
            Clamd(url).find(io.BytesIO(b"x"))


def test_it_speaks_to_the_usual_port_where_none_is_given() -> None:
    assert Clamd("tcp://clamd.example")._parts.port is None
    with pytest.raises((Unavailable, socket.gaierror)):
        Clamd("tcp://clamd.invalid").find(io.BytesIO(b"x"))
