"""A line of two threads: while one stores a batch, the other takes and decodes the next."""

import logging
from queue import Empty, Full, Queue
from threading import Event, Thread

from devices.line import Handful, Line

log = logging.getLogger(__name__)

LOOK_UP_EVERY = 0.1
"""Seconds after which who waits for the other thread looks whether there is still one."""


class Ahead:
    """Works a line a batch ahead: `work` takes and decodes, a thread of its own stores, in the same order.

    The database's answer is waited for without Python's lock, so that both go on at the same time. One batch
    at most lies between them; then `work` waits, the inbox fills, and the broker is slowed down.
    """

    def __init__(self, line: Line, stop: Event, name: str) -> None:
        """Once `stop` is set, what can't be stored at once is left to the broker."""
        self._line = line
        self._stop = stop
        self._next: Queue[Handful] = Queue(1)
        self._over = Event()
        self._failure: Exception | None = None
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def work(self, wait: float) -> bool:
        """Take one batch and leave it to be stored; whether there was one within `wait` seconds.

        Raises what ended the storing, if it has ended.
        """
        taken = self._line.take(wait)
        while taken is not None and self._failure is None:
            try:
                self._next.put(taken, timeout=LOOK_UP_EVERY)
                break
            except Full:
                continue
        if self._failure is not None:
            raise self._failure
        return taken is not None

    def close(self) -> None:
        """Wait until all that was taken is stored, or left to the broker. Raises what ended the storing."""
        self.end()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Let the storing end with what was taken, and wait for nothing."""
        self._over.set()

    def _run(self) -> None:
        try:
            while not (self._over.is_set() and self._next.empty()):
                try:
                    taken = self._next.get(timeout=LOOK_UP_EVERY)
                except Empty:
                    continue
                self._line.store(taken, self._stop)
        except Exception as fault:
            # Raised again by `work` or `close`: nobody must go on taking what nobody stores.
            self._failure = fault
            log.exception("storing ended")
