"""Posts what waits for other systems, several at once and one at a time to each: none delays another."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

import orjson
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from care_plans.messages import outbox
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint
from care_plans.models.work import FollowUpKind
from care_plans.webhooks import endpoints, telling
from care_plans.work import follow_ups
from core import apart, outward, signing
from core.db import Db
from core.errors import Unavailable

log = logging.getLogger(__name__)

AT_ONCE = 6
"""How many addresses are posted to at the same time; one that hangs keeps one of these busy, ten seconds."""
CLAIM = 120.0  # real seconds after which another sender may take over from one that died
RETRIES = tuple(timedelta(seconds=each) for each in (5, 60, 300, 1800, 7200, 21600, 43200, 86400))
"""Waits before each further attempt; after the last, in two days, a message has failed."""
OFF_AFTER = timedelta(days=3)
"""How long an address may take nothing at all before it is told nothing more."""
MEND_WITHIN = timedelta(days=1)
GONE = 410


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message on its way: signed, and nothing of it is held in a transaction."""

    delivery_id: int
    endpoint_id: int
    url: str
    body: bytes
    headers: dict[str, str]


class Sender:
    """Claims what is due and posts it from threads of its own."""

    def __init__(
        self,
        db: Db,
        *,
        inside: bool,
        web_url: str | None,
        real_now: Callable[[], datetime],
        timeout: float = outward.TIMEOUT,
    ) -> None:
        """`inside` allows addresses of our own networks; signatures carry the real time."""
        self._db = db
        self._inside = inside
        self._web_url = web_url
        self._real_now = real_now
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self._busy: set[int] = set()
        self._lock = Lock()

    def step(self) -> bool:
        """Begin to post what is due, to addresses that nothing is posted to just now; whether there was any.

        It waits for no answer.
        """
        now = self._db.clock.now()
        with self._lock:
            busy = frozenset(self._busy)
        if len(busy) >= AT_ONCE:
            return False
        claim = now + timedelta(seconds=CLAIM * max(1.0, self._db.clock.factor))
        with self._db.transaction() as session:
            claimed = _claim(session, busy, AT_ONCE - len(busy), now, claim, self._real_now(), self._web_url)
        for each in claimed:
            with self._lock:
                self._busy.add(each.endpoint_id)
            self._threads.submit(self._post, each)
        return bool(claimed)

    def close(self) -> None:
        """Wait for what is on its way."""
        self._threads.shutdown(wait=True)

    def _post(self, each: Claimed) -> None:
        try:
            fault, status = None, 0
            try:
                answer = outward.post(
                    each.url, each.body, each.headers, inside=self._inside, timeout=self._timeout
                )
                status = answer.status
                fault = None if answer.taken else f"It answered {status}."
            except Unavailable as refused:
                fault = str(refused)
            with self._db.transaction() as session:
                record(session, each, fault, self._db.clock.now(), gone=status == GONE)
        except Exception:
            # Its claim ends by itself, and then it is tried again; nobody waits to hear of it from here.
            log.exception("a webhook could not be posted", extra={"delivery_id": each.delivery_id})
        finally:
            with self._lock:
                self._busy.discard(each.endpoint_id)


def _claim(
    session: Session,
    busy: frozenset[int],
    most: int,
    now: datetime,
    claim_until: datetime,
    real_now: datetime,
    web_url: str | None,
) -> list[Claimed]:
    first = (
        select(func.min(Delivery.id))
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.send_after <= now,
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < now),
            Delivery.endpoint_id.not_in(busy),
            or_(Endpoint.rest_until.is_(None), Endpoint.rest_until <= now),
            Endpoint.off_at.is_(None),
        )
        .group_by(Delivery.endpoint_id)
    )
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(first))
        .order_by(Delivery.send_after, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    found = []
    for row in rows:
        row.claimed_until, row.attempts = claim_until, row.attempts + 1
        letter: list[Claimed | None] = []
        write = partial(_written, session, row, now, real_now, web_url)
        if not apart.attempt(session, lambda: letter.append(write()), "writing webhooks", row.id):  # noqa: B023 - called at once
            row.state, row.fault = DeliveryState.FAILED, "It could not be written."
        elif letter[0] is None:
            row.state, row.claimed_until = DeliveryState.WITHHELD, None
        else:
            found.append(letter[0])
    return found


def _written(
    session: Session, row: Delivery, now: datetime, real_now: datetime, web_url: str | None
) -> Claimed | None:
    """The message, signed; None where the agency may not know of it any more."""
    endpoint = session.get_one(Endpoint, row.endpoint_id)
    what = telling.told(session, telling.viewer_of(session, endpoint), row, now, web_url)
    if what is None:
        return None
    body = orjson.dumps(what)
    keys = endpoints.secrets(session, endpoint, now)
    signed = signing.headers(f"msg_{row.uuid.hex}", body.decode(), real_now, keys)
    headers = {"Content-Type": "application/json", **signed}
    return Claimed(row.id, endpoint.id, endpoint.url, body, headers)


def record(session: Session, each: Claimed, fault: str | None, now: datetime, *, gone: bool) -> None:
    """Write down what came of it; an address that takes nothing for days, or that is gone, is turned off."""
    endpoint = session.get_one(Endpoint, each.endpoint_id, with_for_update=True)
    row = session.get_one(Delivery, each.delivery_id, with_for_update=True)
    if row.state is not DeliveryState.WAITING:
        return
    row.claimed_until, row.fault = None, fault
    if fault is None:
        row.state, row.delivered_at = DeliveryState.DELIVERED, now
        endpoint.failing_since = endpoint.rest_until = None
        return
    endpoint.failing_since = endpoint.failing_since or now
    wait = RETRIES[row.attempts - 1] if row.attempts <= len(RETRIES) else None
    if wait is None:
        row.state = DeliveryState.FAILED
    else:
        row.send_after = now + wait
        endpoint.rest_until = now + min(wait, RETRIES[2])
    if gone or now - endpoint.failing_since >= OFF_AFTER:
        _give_up(session, endpoint, fault, now)


def _give_up(session: Session, endpoint: Endpoint, fault: str, now: datetime) -> None:
    """Turn it off, and ask its team and whoever set it to see to that."""
    endpoints.off(session, endpoint, f"It took nothing since {endpoint.failing_since:%d %B}: {fault}", now)
    text = (
        f"Mend the webhook “{endpoint.name}”: the other system takes nothing, and is told nothing any more."
    )
    follow_up = follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=text,
        team_id=endpoint.team_id,
        due_at=now + MEND_WITHIN,
        now=now,
        endpoint_id=endpoint.id,
    )
    words = Words(
        f"The webhook “{endpoint.name}” is off",
        f"{text}\n{endpoint.off_why}\nAn administrator finds it in Hearthline under Admin, Webhooks.",
    )
    for to in (Recipient(team_id=endpoint.team_id), Recipient(staff_id=endpoint.made_by_id)):
        key = f"webhook {endpoint.uuid} off {now.isoformat()}"
        outbox.queue(session, to, words, key=key, now=now, follow_up_id=follow_up.id)
    log.warning("webhook turned off", extra={"endpoint_id": endpoint.id})
