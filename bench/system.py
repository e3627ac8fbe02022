"""A whole system for a measurement: started as anybody starts it, asked over REST, stopped at the end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import Any, Self
from urllib.parse import urlsplit

import psutil
from sqlalchemy import Engine, create_engine, make_url

from app import opening
from core.children import LEASH
from core.db import Db
from core.embedded.secrets import Secrets
from core.errors import Unavailable
from devices.lanes import MqttAddress

HEARTHLINE = str(Path(sys.executable).with_name("hearthline"))
LOOK_EVERY = 0.05
STOPS_WITHIN = 60.0
"""Seconds that `hearthline up` has to stop: each of its processes may take ten."""


class WholeSystem:
    """`hearthline up` under `folder`, on ports of its own; use it as a context manager."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """`arguments` are further ones of `hearthline up`; `environment` replaces our own."""
        self.folder = folder
        self.state_dir = folder / "state"
        self.ready_file = folder / "ready.json"
        self._log = folder / "up.log"
        self._arguments = arguments
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it and wait until everything answers."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it with all its processes."""
        self.stop()

    def start(self, *, within: float = 180.0) -> None:
        """Start it and wait until it is ready; Unavailable, with the end of what it said, if it isn't."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [
            *LEASH, str(os.getpid()), str(int(signal.SIGTERM)), "-", HEARTHLINE, "up",
            "--state-dir", str(self.state_dir), "--web-port", "0", "--mqtt-port", "0",
            "--ready-file", str(self.ready_file), *self._arguments,
        ]  # fmt: skip
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env=None if self._environment is None else dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + within
        while not self.ready_file.exists():
            if self._process.poll() is not None:
                raise Unavailable(f"The system ended while starting.\n{self.said()}")
            if time.monotonic() > deadline:
                self.stop()
                raise Unavailable(f"The system was not ready in time.\n{self.said()}")
            pause(LOOK_EVERY)

    def stop(self) -> int:
        """Ask it to stop and wait until it has; its exit code."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait until it has ended; its exit code."""
        return self._process.wait(STOPS_WITHIN) if self._process else 0

    def said(self) -> str:
        """The end of what it printed."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-12:])

    def ready(self) -> dict[str, Any]:
        """What the ready file says now."""
        found: dict[str, Any] = json.loads(self.ready_file.read_text())
        return found

    def pid(self, name: str) -> int:
        """The pid of the process of that name, as the ready file tells it."""
        return int(self.ready()["processes"][name])

    def pids(self) -> dict[str, int]:
        """The pids of every process by name, and that of the one that watches them."""
        own = {"up": self._process.pid} if self._process else {}
        return {**own, **self.ready()["processes"]}

    def kill(self, name: str) -> int:
        """End a process outright; the pid it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def await_restart(self, name: str, old: int, *, within: float = 60.0) -> float:
        """Wait until the ready file names another pid than `old`; the seconds it took."""
        began = time.monotonic()
        while self.pid(name) == old:
            if time.monotonic() - began > within:
                raise Unavailable(f"{name} was not started again.\n{self.said()}")
            pause(LOOK_EVERY)
        return time.monotonic() - began

    def open_db(self, name: str = "bench") -> Db:
        """The installation's database, as its workers open it."""
        secrets = Secrets(self.state_dir / "secrets")
        key = secrets.keep("secret_key") + secrets.keep("secret_key.more")
        return opening.open_db(self.ready()["database_url"], key, name)

    def owner_engine(self) -> Engine:
        """The database as its owner sees it, to lay in at once what would take long one by one."""
        password = Secrets(self.state_dir / "secrets").keep("postgres.owner")
        url = make_url(self.ready()["database_url"]).set(username="hearth_owner", password=password)
        return create_engine(url)

    def mqtt(self, user: str, password: str) -> MqttAddress:
        """Where the broker is, for this user."""
        at = MqttAddress.of_url(self.ready()["mqtt_url"])
        return MqttAddress(at.host, at.port, user, password)

    def api(self) -> "Api":
        """The REST API, with the key that has every scope."""
        ready = self.ready()
        return Api(ready["api_url"], ready["token"])


class Api:
    """A client of the REST API on one connection that is kept open."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def __enter__(self) -> Self:
        """Use it until the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def get(self, path: str) -> Any:
        """What is there; an AssertionError with the answer for any other status than 200."""
        return self._expect(200, "GET", path)

    def post(self, path: str, body: object | None = None, status: int = 201) -> Any:
        """Send `body` and return the answer; an AssertionError for any other status than asked for."""
        return self._expect(status, "POST", path, {} if body is None else body)

    def ask(self, method: str, path: str, body: object | None = None) -> tuple[int, Any]:
        """The status and the answer, read as JSON; once more where the connection had been closed."""
        payload = None if body is None else json.dumps(body)
        for tries_left in (1, 0):
            try:
                self._connection.request(method, self._prefix + path, payload, self._headers)
                answer = self._connection.getresponse()
                text = answer.read()
            except (HTTPException, ConnectionError):
                self._connection.close()
                if not tries_left:
                    raise
            else:
                return answer.status, json.loads(text) if text else None
        raise AssertionError("a request was neither answered nor failed")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _expect(self, status: int, method: str, path: str, body: object | None = None) -> Any:
        found, answer = self.ask(method, path, body)
        if found != status:
            raise AssertionError(f"{method} {path} answered {found} instead of {status}: {answer}")
        return answer


def pause(seconds: float) -> None:
    """Let others work."""
    Event().wait(seconds)


class CpuShares:
    """How much of a processor each of some programs, with all that they started, has used since."""

    def __init__(self, programs: Mapping[str, int]) -> None:
        """`programs` are pids by name."""
        self._programs = programs
        self._began = time.monotonic()
        self._before = {name: cpu_seconds(pid) for name, pid in programs.items()}
        self._all_before = _busy_seconds()

    def said(self) -> str:
        """Percent of one processor by name, and what others on this machine took meanwhile."""
        took = time.monotonic() - self._began
        used = {name: cpu_seconds(pid) - self._before[name] for name, pid in self._programs.items()}
        others = max(0.0, _busy_seconds() - self._all_before - sum(used.values()))
        parts = {**used, "others on this machine": others}
        return ", ".join(f"{name} {seconds / took:.0%}" for name, seconds in parts.items())


def cpu_seconds(pid: int) -> float:
    """Seconds of processors that this program, with all that it started, has used since it began."""
    total = 0.0
    try:
        process = psutil.Process(pid)
        everybody = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return total
    for each in everybody:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def machine() -> str:
    """What the machine is doing, for a number that depends on it."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load average {one:.1f} (1 min) {five:.1f} (5 min)"


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; the nearest there is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
