"""Who may connect to the embedded broker: its file of users, written from the registry."""

import fcntl
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from core.embedded.broker_users import BrokerUser, subjects, write_users
from core.errors import Invalid
from devices import topics
from devices.models import Device, Route

log = logging.getLogger(__name__)


def users(session: Session) -> list[BrokerUser]:
    """Every device that may connect, and what it may publish: under its own key, and its routes.

    A topic that this broker can't express is left out, so that one such route locks nobody else out.
    """
    routes: dict[int, list[str]] = {}
    for device_id, topic_filter in session.execute(
        select(Route.device_id, Route.topic_filter).order_by(Route.id)
    ):
        routes.setdefault(device_id, []).append(topic_filter)
    rows = session.execute(
        select(Device.id, Device.key, Device.secret_hash)
        .where(
            Device.key.is_not(None),
            Device.secret_hash.is_not(None),
            Device.revoked_at.is_(None),
            Device.deleted_at.is_(None),
        )
        .order_by(Device.id)
    )
    return [
        BrokerUser(
            key, secret_hash, (f"{topics.ROOT}{key}/#", *_expressible(device_id, routes.get(device_id, ())))
        )
        for device_id, key, secret_hash in rows
        if key is not None and secret_hash is not None
    ]


def refresh(
    db: Db, users_path: Path, internal: Sequence[BrokerUser], reload: Callable[[], None] | None = None
) -> bool:
    """Bring the broker's users up to date with the registry; whether anything had changed.

    `internal` are Hearthline's own users. `reload` makes a running broker take the file over; what it was
    last told is remembered beside the file, so that a reload that fails is tried again by the next call. Call
    it after the commit of what changed. Processes take turns by a lock.
    """
    with users_path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with db.transaction() as session:
            wanted = [*internal, *users(session)]
        told = users_path.with_suffix(".told")
        digest = _digest(wanted)
        if users_path.exists() and told.exists() and told.read_text() == digest:
            return False
        write_users(users_path, wanted)
        if reload is not None:
            reload()
        told.write_text(digest)
        log.info("broker users refreshed", extra={"users": len(wanted)})
        return True


def _expressible(device_id: int, filters: Iterable[str]) -> Iterable[str]:
    for topic_filter in filters:
        try:
            subjects(topic_filter)
        except Invalid:
            log.warning("a route can't be granted at this broker", extra={"device_id": device_id})
        else:
            yield topic_filter


def _digest(wanted: Iterable[BrokerUser]) -> str:
    return hashlib.sha256("\n".join(map(repr, wanted)).encode()).hexdigest()
