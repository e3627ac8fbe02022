"""The browsers in which staff are told: taken up, ended, and where the messages for them go."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from care_plans.models.ways import PushSubscription
from core import outward
from core.errors import Invalid, NotFound
from core.journal import Actor
from people.changes import note
from people.models.agencies import Staff

MOST = 10
"""Browsers of one member of staff; the oldest makes room."""
AUTH_BYTES = 16
WRONG = "This browser gave something else than a push subscription: switch it off there and on again."
_ENDPOINT = re.compile(r"https://[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*(:[0-9]+)?/\S*")
"""A name and a path: push services have no bare numbers, and for those nothing could be signed."""
_KEY = re.compile(r"[A-Za-z0-9_-]+=*")
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")  # each names the later ones as well
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac",
            "Linux": "Linux"}  # fmt: skip


def keep(
    session: Session, staff_id: int, given: Mapping[str, str], *, browser: str, now: datetime, actor: Actor
) -> PushSubscription:
    """Take up a browser, in place of itself if it was. Invalid where it is no subscription.

    A browser is the one's who took it up last: see `addresses`.

    `given` is what the browser's push manager says: endpoint, p256dh and auth (base64url). `browser` is what
    it calls itself (User-Agent).
    """
    endpoint = given.get("endpoint", "")
    fault = outward.why_not(endpoint, inside=False) or (None if _ENDPOINT.fullmatch(endpoint) else WRONG)
    if fault is not None or not _is_point(given.get("p256dh", "")) or not _is_secret(given.get("auth", "")):
        raise Invalid({"endpoint": fault or WRONG})
    values = {"p256dh": given["p256dh"], "auth": given["auth"], "name": named(browser)}
    # two presses at once are one
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    mine = _open(session, staff_id)
    before = next((each for each in mine if each.endpoint == endpoint), None)
    for old in mine[: max(0, len(mine) - MOST + 1)] if before is None else [before]:
        end(session, old, now, actor=actor)
    row = PushSubscription(staff_id=staff_id, endpoint=endpoint, made_at=now, **values)
    session.add(row)
    session.flush()
    note(session, "is told in a browser", row, "push_subscriptions", actor=actor)
    return row


def end(session: Session, row: PushSubscription, now: datetime, *, actor: Actor) -> None:
    """Nothing is sent there any more."""
    row.ended_at = row.ended_at or now
    session.flush()
    note(session, "is told in a browser no more", row, "push_subscriptions", actor=actor)


def gone(session: Session, endpoint: str, now: datetime) -> None:
    """The push service knows it no more: somebody has withdrawn it there."""
    session.execute(
        update(PushSubscription)
        .where(PushSubscription.endpoint == endpoint, PushSubscription.ended_at.is_(None))
        .values(ended_at=now)
    )


def list_of(session: Session, staff_id: int) -> list[PushSubscription]:
    """The browsers in which somebody is told, the newest first."""
    return _open(session, staff_id)[::-1]


def get(session: Session, staff_id: int, uuid: UUID) -> PushSubscription:
    """One of somebody's own, or NotFound."""
    row = next((each for each in _open(session, staff_id) if each.uuid == uuid), None)
    if row is None:
        raise NotFound
    return row


def addresses(session: Session, staff_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Where messages to them go: endpoint, key and secret of each browser, with spaces between.

    Nothing goes to a browser that somebody else has taken up since: it is theirs who sit before it now.
    """
    later = aliased(PushSubscription)
    taken = exists().where(
        later.endpoint == PushSubscription.endpoint,
        later.id > PushSubscription.id,
        later.staff_id != PushSubscription.staff_id,
    )
    rows = session.scalars(
        select(PushSubscription)
        .join(Staff, Staff.id == PushSubscription.staff_id)
        .where(
            PushSubscription.staff_id.in_(staff_ids),
            PushSubscription.ended_at.is_(None),
            Staff.left_at.is_(None),
            ~taken,
        )
        .order_by(PushSubscription.id)
    )
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.staff_id] += (f"{row.endpoint} {row.p256dh} {row.auth}",)
    return dict(found)


def named(browser: str) -> str:
    """A browser in words, as far as it says what it is: "Chrome, Android"."""
    kind = next((each for each in _BROWSERS if each in browser), "")
    system = next((words for each, words in _SYSTEMS.items() if each in browser), "")
    return ", ".join(part for part in (_NAMES.get(kind, kind), system) if part) or "A browser"


def _open(session: Session, staff_id: int) -> list[PushSubscription]:
    rows = session.scalars(
        select(PushSubscription)
        .where(PushSubscription.staff_id == staff_id, PushSubscription.ended_at.is_(None))
        .order_by(PushSubscription.id)
    )
    return list(rows)


def _bytes(text: str) -> bytes:
    """What base64url without padding says; nothing where it is none."""
    if len(text) > 200 or not _KEY.fullmatch(text):  # the library leaves out what it does not know
        return b""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        return b""


def _is_point(text: str) -> bool:
    """Whether it is an uncompressed point on P-256, as RFC 8291 (3.2) asks."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text))
    except ValueError:
        return False
    return len(_bytes(text)) == 65


def _is_secret(text: str) -> bool:
    return len(_bytes(text)) == AUTH_BYTES
