"""Signs what leaves for another system, and checks what comes from one: the scheme of Standard Webhooks."""

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook

from core.errors import NotAllowed

PREFIX = "whsec_"
BYTES = 32
SHORTEST, LONGEST = 24, 64  # bytes of a secret, as the scheme asks
STALE = timedelta(minutes=5)
"""What was signed longer ago, or that far ahead, is refused: it may be an old message that is sent again."""
REFUSED = "This was not signed as it should be."
_AN_ID = re.compile(r"[\x21-\x7e]{1,200}")


def made() -> str:
    """A new secret."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether it is `whsec_` and 24 to 64 bytes in base64."""
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except (NotBase64, ValueError):
        return False
    return text.startswith(PREFIX) and SHORTEST <= len(key) <= LONGEST


def headers(name: str, body: str, at: datetime, keys: Iterable[str]) -> dict[str, str]:
    """The headers of one message: `name` is its id, which stays the same however often it is sent.

    Signed with each of `keys`, so that a receiver may change from one secret to the next when it suits.
    """
    signed = [Webhook(key).sign(name, at, body) for key in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def check(given: Mapping[str, str], body: bytes, key: str, now: datetime) -> str:
    """The id of a message that was signed with `key` lately; NotAllowed for every other.

    `given` are its headers, with small letters; `now` is the real time.
    """
    name, signed = given.get("webhook-id", ""), given.get("webhook-signature", "")
    at = _moment(given.get("webhook-timestamp", ""))
    if at is None or not _AN_ID.fullmatch(name) or not now - STALE <= at <= now + STALE:
        raise NotAllowed(REFUSED)
    try:
        right = Webhook(key).sign(name, at, body.decode())
    except UnicodeDecodeError:
        raise NotAllowed(REFUSED) from None
    if not any(hmac.compare_digest(right.encode(), each.encode()) for each in signed.split(" ")):
        raise NotAllowed(REFUSED)
    return name


def _moment(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{1,11}", text, re.ASCII):
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)
