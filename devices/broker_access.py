"""Who may connect to the broker: the files of the embedded one and of Mosquitto, and who a password is of."""

import fcntl
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from core import mosquitto
from core.db import Db
from core.embedded.broker_users import BrokerUser, is_password, subjects, write_users
from core.errors import Invalid
from core.mosquitto import MosquittoFiles
from devices import broker_rules, topics
from devices.broker_rules import Rights
from devices.models import Device, Route

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A device that signs in to the broker itself: the hashes of its secret, and what it may do."""

    device_id: int
    key: str
    secret_hash: str | None
    mosquitto_hash: str | None
    shut_out: bool
    rights: Rights

    @property
    def mark(self) -> str:
        """Tells one secret of it from the next, and nothing of either."""
        return hashlib.sha256((self.secret_hash or "").encode()).hexdigest()[:16]

    def may_connect(self, password: str) -> bool:
        """Whether this is its secret, and nobody has shut it out."""
        return not self.shut_out and self.secret_hash is not None and is_password(password, self.secret_hash)


def list_speakers(session: Session) -> list[Speaker]:
    """Every device that has a secret and may connect, in the order of enrolment."""
    may_connect = _known().where(
        Device.secret_hash.is_not(None), Device.revoked_at.is_(None), Device.deleted_at.is_(None)
    )
    routes: dict[int, list[str]] = {}
    for device_id, topic_filter in session.execute(
        select(Route.device_id, Route.topic_filter).order_by(Route.id)
    ):
        routes.setdefault(device_id, []).append(topic_filter)
    rows = session.execute(may_connect.order_by(Device.id))
    return [_speaker(row, routes.get(row[0], ())) for row in rows]


def find_speaker(session: Session, key: str) -> Speaker | None:
    """The device of that key, also one that was shut out or deleted; None where there never was one."""
    if not topics.is_device_key(key):
        return None
    row = session.execute(_known().where(Device.key == key)).one_or_none()
    if row is None:
        return None
    routes = select(Route.topic_filter).where(Route.device_id == row[0]).order_by(Route.id)
    return _speaker(row, session.scalars(routes).all())


def users(session: Session) -> list[BrokerUser]:
    """Every device that may connect, for the embedded broker.

    A topic that this broker can't express is left out, so that one such route locks nobody else out.
    """
    return [
        BrokerUser(each.key, each.secret_hash, tuple(_expressible(each, _nats_can_say)))
        for each in list_speakers(session)
        if each.secret_hash is not None
    ]


def mosquitto_users(session: Session) -> list[BrokerUser]:
    """Every device that may connect, for Mosquitto.

    One that was enrolled before its password was kept in Mosquitto's form too is not among them.
    """
    return [
        BrokerUser(each.key, each.mosquitto_hash, tuple(_expressible(each, mosquitto.can_say)))
        for each in list_speakers(session)
        if each.mosquitto_hash is not None
    ]


def count_without_mosquitto(session: Session) -> int:
    """How many devices need another password before Mosquitto lets them in."""
    return sum(each.mosquitto_hash is None for each in list_speakers(session))


def refresh(
    db: Db, users_path: Path, internal: Sequence[BrokerUser], reload: Callable[[], None] | None = None
) -> bool:
    """Bring the embedded broker's users up to date with the registry; whether anything had changed.

    `internal` are Hearthline's own users. `reload` makes a running broker take the file over; what it was
    last told is remembered beside the file, so that a reload that fails is tried again by the next call. Call
    it after the commit of what changed. Processes take turns by a lock.
    """
    return _bring(
        users_path,
        lambda: [*internal, *_in_transaction(db, users)],
        lambda wanted: write_users(users_path, wanted),
        reload,
    )


def refresh_mosquitto(db: Db, files: MosquittoFiles, intake: BrokerUser, reload: Callable[[], None]) -> bool:
    """The same for Mosquitto, with `intake` as the only user that is no device's."""

    def wanted() -> list[BrokerUser]:
        return [intake, *(each for each in _in_transaction(db, mosquitto_users) if each.name != intake.name)]

    return _bring(files.passwords, wanted, files.write, reload)


def _known() -> Select[int, str, str | None, str | None, bool]:
    shut_out = or_(Device.revoked_at.is_not(None), Device.deleted_at.is_not(None))
    columns = (Device.id, func.coalesce(Device.key, ""), Device.secret_hash, Device.mosquitto_hash, shut_out)
    return select(*columns).where(Device.key.is_not(None))


def _speaker(row: Row[int, str, str | None, str | None, bool], routes: Iterable[str]) -> Speaker:
    device_id, key, secret_hash, mosquitto_hash, shut_out = row
    rights = broker_rules.of_device(key, routes)
    return Speaker(device_id, key, secret_hash, mosquitto_hash, shut_out, rights)


def _in_transaction(db: Db, read: Callable[[Session], list[BrokerUser]]) -> list[BrokerUser]:
    with db.transaction() as session:
        return read(session)


def _bring(
    path: Path,
    read: Callable[[], list[BrokerUser]],
    write: Callable[[list[BrokerUser]], None],
    reload: Callable[[], None] | None,
) -> bool:
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = read()
        told = path.with_suffix(".told")
        digest = _digest(wanted)
        if path.exists() and told.exists() and told.read_text() == digest:
            return False
        write(wanted)
        if reload is not None:
            reload()
        told.write_text(digest)
        log.info("broker users refreshed", extra={"users": len(wanted)})
        return True


def _expressible(speaker: Speaker, can_say: Callable[[str], bool]) -> Iterator[str]:
    for topic_filter in speaker.rights.publish:
        if can_say(topic_filter):
            yield topic_filter
        else:
            log.warning("a route can't be granted at this broker", extra={"device_id": speaker.device_id})


def _nats_can_say(topic_filter: str) -> bool:
    try:
        subjects(topic_filter)
    except Invalid:
        return False
    return True


def _digest(wanted: Iterable[BrokerUser]) -> str:
    return hashlib.sha256("\n".join(map(repr, wanted)).encode()).hexdigest()
