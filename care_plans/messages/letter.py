"""What a channel is given to deliver, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Spoken:
    """What goes with words by telephone: whether they tell a receiving centre, and what it is told."""

    centre: bool
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves, or several in one: `uuid` makes it the same however often it is sent.

    `to` holds addresses of the channel's own kind; `path` is the page it is about ("/alerts/…"). `at` is when
    it was queued, and `again` whether it may have left before. `parts` are the messages that it holds, where
    they are several.
    """

    uuid: UUID
    to: tuple[str, ...]
    subject: str
    body: str
    path: str | None = None
    spoken: Spoken | None = None
    at: datetime | None = None
    again: bool = False
    parts: tuple["Letter", ...] = ()


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
