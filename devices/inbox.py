"""Messages that have arrived and are not stored yet, in order, with a bound on how many and how large."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from threading import Condition
from typing import NamedTuple

MOST_MESSAGES = 4096
MOST_BYTES = 32 * 1024 * 1024


class Message(NamedTuple):
    """One message as it came, and by which lane, connection and packet id (0: nothing to acknowledge)."""

    topic: str
    payload: bytes
    retained: bool
    received_at: datetime
    lane: int = 0
    connection: int = 0
    packet: int = 0


class Inbox:
    """A queue between those who read from the network and the one who stores.

    It never refuses: who reads from the network asks `has_room` first and stops reading while there is none.
    So a database that is slow or away slows the broker down, through TCP, instead of filling our memory.
    """

    def __init__(self, most_messages: int = MOST_MESSAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._changed = Condition()
        self._wanted = 1
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def has_room(self) -> bool:
        """Whether another message should be read from the network now."""
        return (
            len(self._waiting) < self._most_messages and self._bytes < self._most_bytes and not self._closed
        )

    def put(self, messages: Sequence[Message]) -> None:
        """Add messages at the end."""
        with self._changed:
            self._waiting.extend(messages)
            self._bytes += sum(len(message.payload) for message in messages)
            if len(self._waiting) >= self._wanted:
                self._changed.notify()

    def take(self, most: int, linger: float, wait: float) -> list[Message]:
        """Up to `most` messages, oldest first; none if nothing comes within `wait` seconds.

        Once there is one, `linger` seconds are given to others to come along, unless `most` are there sooner.
        """
        with self._changed:
            self._wait_for(1, wait)
            if self._waiting and linger:
                self._wait_for(most, linger)
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._bytes -= sum(len(message.payload) for message in taken)
            return taken

    def close(self) -> None:
        """Have no room any more, and let `take` return at once what is still there."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def oldest_received_at(self) -> datetime | None:
        """When the message that has waited longest came; None when none waits."""
        with self._changed:
            return self._waiting[0].received_at if self._waiting else None

    def _wait_for(self, count: int, seconds: float) -> None:
        self._wanted = count
        self._changed.wait_for(lambda: self._closed or len(self._waiting) >= count, seconds)
        self._wanted = 1
