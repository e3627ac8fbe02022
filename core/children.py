"""Keep the processes of one installation running: start them in order, restart the dead, stop them all."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from core.errors import Unavailable

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between looks at the children
STEADY = 30.0  # a child that lived this long did not die of its start
QUICK_RESTARTS = 5  # so many deaths in a row are answered at once, then the pause grows
SHORT_PAUSE, LONG_PAUSE = 0.2, 30.0
GRACE = 10.0  # seconds a child has to stop when asked
BIGGEST_LOG = 20_000_000  # bytes; then the log moves to .1
LOGS_EVERY = 60.0  # seconds between looks at how long the logs are
TELL_AGAIN_AFTER = 1.0  # seconds until a change that could not be told is told again
LEASH = (sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")))


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running. Its command starts with the program's full path.

    `ready` answers whether it does its work; `before` runs before each start; `account` is the system
    account to run as (only root can change it); `death_signal` is what the kernel sends it when its
    supervisor dies. A `worker` is needed by no other child: workers are stopped at the same time.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    env: Mapping[str, str] | None = None
    before: Callable[[], None] | None = None
    account: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    worker: bool = False


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float
    quick_deaths: int = 0
    restart_at: float | None = field(default=None)


def pause_after(quick_deaths: int) -> float:
    """Seconds to wait before the next start after so many deaths in quick succession."""
    doublings = min(10, max(0, quick_deaths - QUICK_RESTARTS))
    return min(LONG_PAUSE, SHORT_PAUSE * (1 << doublings))


class Children:
    """The children of this process. Start them from the main thread: its death is what the kernel watches.

    `say` gets one plain line for each start, death and stop; `on_change` gets every child's pid after
    each restart. Each child's output goes to its own file in `logs`.
    """

    def __init__(
        self,
        logs: Path,
        stop: Event,
        *,
        say: Callable[[str], None] = lambda _line: None,
        on_change: Callable[[dict[str, int]], None] = lambda _pids: None,
    ) -> None:
        self._logs = logs
        self._stop = stop
        self._say = say
        self._on_change = on_change
        self._running: list[_Running] = []
        self._tell_at = self._logs_at = float("inf")
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, child: Child, *, within: float = 60.0) -> None:
        """Start a child and wait until it is ready; Unavailable, with the end of its log, if it isn't.

        Returns early, with the child not ready, when the stop event is set meanwhile.
        """
        running = _Running(child, self._spawn(child), time.monotonic())
        self._running.append(running)
        self._logs_at = min(self._logs_at, running.started + LOGS_EVERY)
        deadline = time.monotonic() + within
        while not self._stop.is_set() and not child.ready():
            if running.process.poll() is not None:
                raise Unavailable(f"{child.name} ended while starting.\n{self.last_lines(child.name)}")
            if time.monotonic() > deadline:
                raise Unavailable(f"{child.name} did not answer in time.\n{self.last_lines(child.name)}")
            self._stop.wait(TICK)
        if self._stop.is_set():
            return
        log.info("child started", extra={"child": child.name, "pid": running.process.pid})
        self._say(f"{child.name} is up")

    def pids(self) -> dict[str, int]:
        """The children's pids by name, in the order they were started."""
        return {running.child.name: running.process.pid for running in self._running}

    def watch(self) -> None:
        """Restart whatever dies, until the stop event is set."""
        while not self._stop.wait(TICK):
            self.tend()

    def tend(self) -> None:
        """One look: note the dead, start again those whose pause is over, keep logs from growing."""
        now = time.monotonic()
        for running in self._running:
            if running.restart_at is None and running.process.poll() is not None:
                self._note_death(running, now)
            if running.restart_at is not None and now >= running.restart_at:
                self._start_again(running, now)
        if now >= self._tell_at:
            self._tell(now)
        if now >= self._logs_at:
            for running in self._running:
                self._shorten_log(running.child.name)
            self._logs_at = now + LOGS_EVERY

    def stop_all(self) -> None:
        """Stop the children, the last started first, workers together; who doesn't stop in time is killed."""
        while self._running:
            last = [self._running.pop()]
            while last[0].child.worker and self._running and self._running[-1].child.worker:
                last.append(self._running.pop())
            self._stop_together(last)

    def _stop_together(self, stopping: list[_Running]) -> None:
        for running in stopping:
            if running.process.poll() is None:
                running.process.send_signal(running.child.stop_signal)
        deadline = time.monotonic() + GRACE
        for running in stopping:
            process = running.process
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("child did not stop", extra={"child": running.child.name, "pid": process.pid})
            self._end_group(process)

    def last_lines(self, name: str, count: int = 8) -> str:
        """The end of a child's log."""
        path = self._logs / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:]) if path.exists() else ""

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        if child.before is not None:
            child.before()
        path = self._logs / f"{child.name}.log"
        tie = (*LEASH, str(os.getpid()), str(int(child.death_signal)), child.account or "-")
        with path.open("ab") as output:
            return subprocess.Popen(
                [*tie, *child.command],
                env=None if child.env is None else dict(child.env),
                cwd=child.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                start_new_session=True,
            )

    def _start_again(self, running: _Running, now: float) -> None:
        """Start a child again; where that fails (the disk is full, no memory), it is tried later."""
        try:
            running.process = self._spawn(running.child)
        except (OSError, Unavailable) as fault:
            running.quick_deaths += 1
            running.restart_at = now + pause_after(running.quick_deaths)
            log.warning(
                "child could not be started",
                extra={"child": running.child.name, "error": type(fault).__name__},
            )
            return
        running.started, running.restart_at = now, None
        log.info("child restarted", extra={"child": running.child.name, "pid": running.process.pid})
        self._say(f"{running.child.name} was started again")
        self._tell(now)

    def _tell(self, now: float) -> None:
        try:
            self._on_change(self.pids())
        except OSError as fault:
            # Nothing may end because its pid could not be written down.
            log.warning("the change could not be told", extra={"error": type(fault).__name__})
            self._tell_at = now + TELL_AGAIN_AFTER
        else:
            self._tell_at = float("inf")

    def _shorten_log(self, name: str) -> None:
        """Begin a log anew that has grown too long; the child, which appends, goes on writing to it."""
        path = self._logs / f"{name}.log"
        with contextlib.suppress(OSError):
            if path.stat().st_size > BIGGEST_LOG:
                shutil.copyfile(path, path.with_suffix(".log.1"))
                os.truncate(path, 0)

    def _note_death(self, running: _Running, now: float) -> None:
        self._end_group(running.process)
        running.quick_deaths = 0 if now - running.started >= STEADY else running.quick_deaths + 1
        running.restart_at = now + pause_after(running.quick_deaths)
        code = running.process.returncode
        log.warning("child died", extra={"child": running.child.name, "code": code})
        self._say(f"{running.child.name} ended by itself (code {code})")

    def _end_group(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what is left of the child's group (a web server's own workers) and reap the child."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
