"""What a channel is given to deliver, and what it answers."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves: `uuid` makes it the same message however often it is sent.

    `to` holds addresses of the channel's own kind; `path` is the page it is about ("/alerts/…").
    """

    uuid: UUID
    to: tuple[str, ...]
    subject: str
    body: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one letter: taken (no fault), refused for good, or refused for now (`again`)."""

    fault: str | None = None
    again: bool = False


TAKEN = Answer()


class Carrier(Protocol):
    """A way out of the house."""

    def send(self, letter: Letter) -> Answer:
        """Deliver one letter. Raises Unavailable when the whole channel does not answer."""
