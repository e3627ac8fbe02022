"""What a channel is given to deliver, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Spoken:
    """What goes with words by telephone: whether they tell a receiving centre, and what it is told."""

    centre: bool
    told: Mapping[str, Any]


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
    spoken: Spoken | None = None


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
