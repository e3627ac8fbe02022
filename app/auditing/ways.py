"""The ways by which somebody is told that the system stands still, past its own outbox."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.request import Request
from uuid import uuid4

from app.auditing import direct
from care_plans.messages.letter import Carrier, Letter
from core.errors import Unavailable

log = logging.getLogger(__name__)
TIMEOUT = 10.0  # seconds for an answer


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is told: troubles by key in words, and which of those told before are over; nothing personal.

    `still` are the troubles that stand as well and are not told anew.
    """

    at: datetime
    troubles: Mapping[str, str]
    over: Mapping[str, str]
    still: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What it is about in a line; never that all is well while anything stands."""
        standing = sorted({*self.troubles, *self.still})
        if not standing:
            return "Hearthline: all is running again"
        return f"Hearthline stands still: {', '.join(standing)}"

    @property
    def body(self) -> str:
        """All of it, a line each."""
        return "\n".join(
            [
                *self.troubles.values(),
                *(f"Over: {words}" for words in self.over.values()),
                *(f"Still: {words}" for words in self.still.values()),
            ]
        )


class Way(Protocol):
    """A way to somebody outside, with a name that no other has."""

    @property
    def name(self) -> str:
        """By which we remember what it took."""

    def tell(self, alarm: Alarm) -> None:
        """Tell it; Unavailable where nobody was told."""


class LogWay:
    """Our own log, which nobody need read: it takes everything and counts as nobody told."""

    name = "log"

    def tell(self, alarm: Alarm) -> None:
        """Write it down."""
        log.critical("alarm", extra={"subject": alarm.subject, "troubles": sorted(alarm.troubles)})


class MailWay:
    """E-mail, handed to a server directly."""

    name = "mail"

    def __init__(self, carrier: Carrier, to: tuple[str, ...]) -> None:
        self._carrier = carrier
        self._to = to

    def tell(self, alarm: Alarm) -> None:
        """Tell it; Unavailable where the server does not take it."""
        answer = self._carrier.send(Letter(uuid4(), self._to, alarm.subject, alarm.body, "/"))
        if answer.fault is not None:
            raise Unavailable(answer.fault)


class WebWay:
    """An HTTP POST of JSON to whatever calls people: an on-call service, a chat."""

    name = "web"

    def __init__(self, url: str) -> None:
        self._url = url

    def tell(self, alarm: Alarm) -> None:
        """Tell it; Unavailable where the answer is none of 200 to 299."""
        said = {
            "type": "hearthline.alarm",
            "timestamp": alarm.at.isoformat(),
            "text": f"{alarm.subject}\n{alarm.body}",
            "troubles": dict(alarm.troubles),
            "over": dict(alarm.over),
            "still": dict(alarm.still),
        }
        post(self._url, said)


def post(url: str, said: Mapping[str, object]) -> None:
    """Send JSON to this address and no other; Unavailable where it is not taken there."""
    try:
        asked = Request(  # noqa: S310 - the settings allow http and https alone
            url, json.dumps(said).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with direct.OPENER.open(asked, timeout=TIMEOUT):
            return
    except direct.FAULTS as fault:
        raise Unavailable(f"The alarm's address does not take it ({type(fault).__name__}).") from fault
