"""Run a step over and over until told to stop: the only place of the product that waits."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.25  # seconds before the first retry; doubled each time
LONGEST_PAUSE = 5.0  # people wait for what is tried again, and one more try in five seconds costs nothing
COLLECT_EVERY = 50_000  # new objects, for those who ask for it
BEAT_EVERY = 5.0  # seconds between heartbeats


@dataclass(frozen=True, slots=True)
class Beat:
    """What a worker says of itself: steps taken, how many of them found work, how many were tried again."""

    name: str
    steps: int
    worked: int
    retried: int


def collect_seldom() -> None:
    """Look for garbage in cycles only after so many new objects, for a worker that holds many at a time.

    By itself Python looks every 700, again and again through all that a step has read and still needs: a
    quarter of an evaluator's time, for next to nothing. What is in no cycle is let go of at once, as ever.
    """
    gc.set_threshold(COLLECT_EVERY, 20, 20)


def stop_on_signals() -> Event:
    """An event that SIGTERM or SIGINT sets. Call it from the main thread.

    The handler sets it from a thread of its own: a signal that arrives while the main thread holds the
    event's lock would otherwise wait for itself.
    """
    stop = Event()

    def ask_to_stop(_number: int, _frame: object) -> None:
        threading.Thread(target=stop.set, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop


def run(
    step: Callable[[], bool],
    *,
    name: str,
    idle: float,
    stop: Event,
    heartbeat: Callable[[Beat], None] | None = None,
    retry_on: tuple[type[Exception], ...] = (),
) -> None:
    """Take `step` again and again until `stop` is set.

    A step returns whether it found work; when it found none, the next comes after `idle` seconds.
    `retry_on` names the errors that pass by themselves (a database that is away): they are logged and the
    step is tried again after a growing pause. Any other error ends the worker: its supervisor starts it anew.
    """
    steps = worked = retried = failures = 0
    beat_due = 0.0
    while not stop.is_set():
        try:
            if heartbeat is not None and time.monotonic() >= beat_due:
                heartbeat(Beat(name, steps, worked, retried))
                beat_due = time.monotonic() + BEAT_EVERY
            found_work = step()
        except retry_on as fault:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**failures)
            failures = min(failures + 1, 10)
            retried += 1
            log.warning(
                "step failed, trying again",
                extra={"worker": name, "error": type(fault).__name__, "pause": pause},
            )
            stop.wait(pause)
            continue
        failures = 0
        steps += 1
        worked += found_work
        if not found_work:
            stop.wait(idle)
