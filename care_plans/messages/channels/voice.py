"""The telephone: asks the adaptor of a provider to ring somebody, or to tell a receiving centre."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from care_plans.messages.letter import TAKEN, Answer, Letter
from core import outward, signing
from core.errors import Invalid

REFUSED = range(400, 500)
LATER = frozenset({408, 425, 429})
"""Of the answers that refuse, those that only mean "not now"."""
PLACE, TELL = "call.place", "centre.tell"
KEYS: Mapping[str, str] = {"1": "taken"}


class VoiceCarrier:
    """Posts letters to one adaptor, signed by the scheme of Standard Webhooks.

    That the adaptor takes one means that it was told to ring, and nothing more: what came of it the adaptor
    reports, to an address under `web_url`.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        web_url: str,
        ring: int,
        real_now: Callable[[], datetime],
        timeout: float = outward.TIMEOUT,
    ) -> None:
        """`ring` is for how many seconds it may ring. Raises Invalid when `url` can't be used."""
        fault = outward.why_not(url, inside=True)
        if fault is not None:
            raise Invalid({"HEARTH_VOICE_URL": fault})
        self._url, self._secret = url, secret
        self._web_url = web_url.rstrip("/")
        self._ring = ring
        self._real_now = real_now
        self._timeout = timeout

    def send(self, letter: Letter) -> Answer:
        """Have one call placed; Unavailable when the adaptor does not answer."""
        at = self._real_now()
        body = orjson.dumps(self._told(letter, at))
        headers = signing.headers(f"msg_{letter.uuid.hex}", body.decode(), at, [self._secret])
        answer = outward.post(
            self._url,
            body,
            {"Content-Type": "application/json", **headers},
            inside=True,
            timeout=self._timeout,
        )
        if answer.taken:
            return TAKEN
        again = answer.status not in REFUSED or answer.status in LATER
        return Answer(f"The telephone's provider answered {answer.status}.", again=again)

    def _told(self, letter: Letter, at: datetime) -> Mapping[str, Any]:
        what: dict[str, Any] = {
            "call_id": str(letter.uuid),
            "number": next(iter(letter.to), None),
            "words": letter.body,
            "ring_seconds": self._ring,
            "callback_url": f"{self._web_url}/api/v1/calls/{letter.uuid}/reports",
        }
        spoken = letter.spoken
        if spoken is not None and spoken.centre:
            page = f"{self._web_url}{letter.path}" if letter.path else None
            return _message(TELL, at, what | {"alert": {**spoken.told, "url": page}})
        return _message(PLACE, at, what | {"keys": dict(KEYS)})


def _message(kind: str, at: datetime, what: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": kind, "timestamp": at.isoformat(), "data": what}
