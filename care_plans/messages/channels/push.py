"""Web push: a few words to a browser, which its maker's push service carries and can't read."""

import logging
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException

from care_plans.messages.letter import TAKEN, Answer, Letter
from care_plans.messages.wording import local
from core import outward
from core.errors import Invalid, Unavailable

log = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds for one push service: somebody may have ten browsers
LASTS = timedelta(hours=1)
"""How long the push service keeps it for a browser that is off; by then the other ways have been used."""
SIGNED_FOR = timedelta(hours=12)  # RFC 8292 (2) allows 24
LENGTH = 1000  # bytes before they are encrypted: always the same, so that the length says nothing
LONGEST = 200  # letters of the title
SILENT = timedelta(seconds=10)
"""How long a push service that did not answer is let alone (real time); its letters are tried again."""
GONE = frozenset({404, 410})
LATER = frozenset({408, 429})
UNUSABLE = 0
"""Stands for a status where nothing could be sealed or signed for a browser."""
KEY_BYTES = 32


def new_key() -> str:
    """A new private key of an installation: 32 bytes on P-256, in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(number.to_bytes(KEY_BYTES, "big"))


def public_key(key: str) -> str:
    """What browsers are given of a private key; Invalid where it is none."""
    point = _vapid(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def origin_of(endpoint: str) -> str:
    """Whom a signature is for, as RFC 6454 writes it; ValueError where it is no address."""
    parts = urlsplit(endpoint)
    own_port = parts.port not in (None, outward.PORTS.get(parts.scheme))
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if own_port else "")


class PushCarrier:
    """Sends letters to browsers, encrypted for each (RFC 8291) and signed with one key (RFC 8292).

    `subject` is whom a push service writes to about us ("mailto:…" or "https://…"). `gone` is told of the
    endpoints that a push service knows no more. `zone` is whose clock times are told by.
    """

    def __init__(
        self,
        key: str,
        subject: str,
        *,
        zone: str,
        gone: Callable[[str], None],
        real_now: Callable[[], datetime],
        inside: bool = False,
        timeout: float = TIMEOUT,
    ) -> None:
        """Raises Invalid where the key can't be one."""
        self._vapid = _vapid(key)
        self._subject = subject
        self._zone = zone
        self._gone = gone
        self._real_now = real_now
        self._inside = inside
        self._timeout = timeout
        self._silent: dict[str, datetime] = {}  # until when, by origin

    def send(self, letter: Letter) -> Answer:
        """Send it to each browser; taken where one of them took it.

        Never Unavailable: each browser names a push service of its own, and whoever's does not answer
        keeps nobody else's messages back.
        """
        answers = [self._post(letter, address) for address in letter.to]
        if any(status is not None and 200 <= status < 300 for status in answers):
            return TAKEN
        if all(status in GONE for status in answers):
            return Answer("No browser of theirs takes messages any more.")
        worst = max((status for status in answers if status is not None), default=None)
        if worst is None:
            return Answer("The push service does not answer.", again=True)
        again = any(status is None or status in LATER or status >= 500 for status in answers)
        if worst == UNUSABLE:
            return Answer("What their browser gave can't be used.", again=again)
        return Answer(f"The push service answered {worst}.", again=again)

    def _post(self, letter: Letter, address: str) -> int | None:
        """The status that one push service answers with; None where it does not."""
        try:
            endpoint, p256dh, auth = address.split(" ")
            origin = origin_of(endpoint)
            headers = self._headers(letter, origin)
            body = self._sealed(letter, p256dh, auth)
        except (ValueError, http_ece.ECEException, VapidException) as fault:
            log.warning("a browser can not be written to", extra={"error": type(fault).__name__})
            return UNUSABLE
        now = self._real_now()
        if self._silent.get(origin, now) > now:
            return None
        try:
            answer = outward.post(endpoint, body, headers, inside=self._inside, timeout=self._timeout)
        except Unavailable:
            log.warning("a push service does not answer")
            later = {each: until for each, until in self._silent.items() if until > now}
            self._silent = later | {origin: self._real_now() + SILENT}
            return None
        if answer.status in GONE:
            self._gone(endpoint)
        return answer.status

    def _sealed(self, letter: Letter, p256dh: str, auth: str) -> bytes:
        sealed: bytes = http_ece.encrypt(
            self.content(letter),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_bytes(p256dh),
            auth_secret=_bytes(auth),
            salt=secrets.token_bytes(16),
            version="aes128gcm",
        )
        return sealed

    def content(self, letter: Letter) -> bytes:
        """What the browser shows: the subject, when that was, and the page that a press opens."""
        told = {
            "title": letter.subject[:LONGEST],
            "body": local(letter.at, self._zone) if letter.at else "",
            "path": letter.path or "/",
            "tag": str(letter.uuid),
        }
        return orjson.dumps(told).ljust(LENGTH)

    def _headers(self, letter: Letter, origin: str) -> Mapping[str, str]:
        claims = {
            "aud": origin,
            "exp": int((self._real_now() + SIGNED_FOR).timestamp()),
            "sub": self._subject,
        }
        signed: Mapping[str, str] = self._vapid.sign(claims)
        return {
            **signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(LASTS.total_seconds())),
            "Urgency": "high",
            "Topic": letter.uuid.hex,  # what is sent again replaces itself
        }


def _vapid(key: str) -> Vapid02:
    fault = Invalid({"HEARTH_PUSH_KEY": "Give 32 bytes in base64url: a private key on P-256."})
    try:
        made = Vapid02.from_raw(key.encode())
        long_enough = len(_bytes(key)) == KEY_BYTES
    except ValueError:
        raise fault from None
    if not long_enough:
        raise fault
    made.conf = {"no-strict": True}  # the library knows fewer subjects than are right; config has read it
    return made


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
