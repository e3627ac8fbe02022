"""Messages that could not be read: kept sealed with their reason, tried again when the cause is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.db import vault_of
from core.errors import Conflict, NotFound
from core.journal import Actor
from devices import not_kept, partitions, speakers, storing, visible
from devices.gather import Arrivals, Batch, Refusal, gather
from devices.inbox import Message
from devices.models import Device, Rejected
from devices.redact import redacted
from people.access import Viewer

WHOLE_UP_TO = 64 * 1024
"""Bytes up to which a message is kept whole; of a longer one, which no format reads, only the start."""
START_KEPT = 4 * 1024
LONGEST_TOPIC = 1024
STORED, READ, SET_ASIDE = "stored", "read", "set_aside"
"""How a message was settled: with readings, without any to store, or by somebody who gave it up."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A rejected message as a list shows it, without what was in it."""

    id: int
    received_at: datetime
    device_id: int | None
    device_name: str | None
    topic: str
    size: int
    retained: bool
    code: str
    reason: str
    where: str
    tries: int


def keep(session: Session, refusals: Sequence[Refusal]) -> None:
    """Keep refused messages with their reasons; of unknown traffic so many, the rest is counted (`not_kept`).

    What identifies people is blotted out of what we can recognise, and all of it is sealed: who may not read
    the database's rows with the installation's key can't read it.
    """
    refusals = not_kept.within_bounds(session, refusals) if refusals else refusals
    if not refusals:
        return
    vault = vault_of(session)
    session.execute(
        insert(Rejected),
        [
            {
                "received_at": refusal.message.received_at,
                "device_id": refusal.device_id,
                "topic": _storable(refusal.message.topic)[:LONGEST_TOPIC],
                "payload_sealed": vault.seal(_kept(refusal.message.payload).decode("latin-1")),
                "size": len(refusal.message.payload),
                "retained": refusal.message.retained,
                "code": refusal.code,
                "reason": refusal.reason,
                "where": _storable(refusal.where),
            }
            for refusal in refusals
        ],
    )


def list_open(
    session: Session, *, devices: Sequence[int] | None = None, before: int | None = None, limit: int = 50
) -> list[RejectedRow]:
    """Messages that nobody has settled, newest first, from before the row `before`.

    With `devices`, only those of these devices (by id).
    """
    wanted = (
        select(Rejected, Device.name)
        .outerjoin(Device, Device.id == Rejected.device_id)
        .where(Rejected.settled_at.is_(None))
        .order_by(Rejected.id.desc())
        .limit(limit)
    )
    if devices is not None:
        wanted = wanted.where(Rejected.device_id.in_(devices))
    if before is not None:
        wanted = wanted.where(Rejected.id < before)
    return [
        RejectedRow(
            row.id,
            row.received_at,
            row.device_id,
            device_name,
            row.topic,
            row.size,
            row.retained,
            row.code,
            row.reason,
            row.where,
            row.tries,
        )
        for row, device_name in session.execute(wanted)
    ]


def count_open(session: Session) -> int:
    """How many messages nobody has settled."""
    return session.scalars(select(func.count()).where(Rejected.settled_at.is_(None))).one()


def get(session: Session, rejected_id: int) -> Rejected:
    """One rejected message; NotFound if there is none."""
    row = session.get(Rejected, rejected_id)
    if row is None:
        raise NotFound
    return row


def listing(viewer: Viewer, now: datetime, *, code: str | None = None) -> Select[Rejected, UUID, str]:
    """Messages that nobody has settled, each with the outer id and name of its device, if known; no order.

    They are of kit in sight. What came from unknown kit tells of nobody, and is for everybody who may look.
    """
    query = (
        select(Rejected, Device.uuid, Device.name)
        .outerjoin(Device, Device.id == Rejected.device_id)
        .where(Rejected.settled_at.is_(None), _in_sight(viewer, now))
    )
    return query if code is None else query.where(Rejected.code == code)


def list_in_sight(
    session: Session, viewer: Viewer, now: datetime, *, like: str = "", limit: int = 50, offset: int = 0
) -> list[tuple[Rejected, UUID | None, str | None]]:
    """A page of `listing`, the newest first; `like` is part of the key that the topic or the device has."""
    query = listing(viewer, now).order_by(Rejected.id.desc()).limit(limit).offset(offset)
    if like:
        part = like.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        speaks = func.split_part(Rejected.topic, "/", 3)  # the key of kit of ours; what follows may be a name
        query = query.where(or_(speaks.ilike(f"%{part}%"), Device.key.ilike(f"%{part}%")))
    return [(row, device_uuid, name) for row, device_uuid, name in session.execute(query)]


def count_in_sight(session: Session, viewer: Viewer, now: datetime, *, device_id: int | None = None) -> int:
    """How many messages of kit in sight nobody has settled; of one device where that is asked for."""
    query = select(func.count()).where(Rejected.settled_at.is_(None), _in_sight(viewer, now))
    if device_id is not None:
        query = query.where(Rejected.device_id == device_id)
    return session.scalars(query).one()


def get_in_sight(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Rejected:
    """The message of this outer id; NotFound if there is none, or none from kit that `viewer` may see."""
    row = session.scalar(select(Rejected).where(Rejected.uuid == uuid, _in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def _in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    return Rejected.device_id.is_(None) | Rejected.device_id.in_(visible.device_ids(viewer, now))


def payload(session: Session, row: Rejected) -> bytes:
    """What the message held, as far as it was kept, with personal values blotted out."""
    return vault_of(session).open(row.payload_sealed).encode("latin-1") if row.payload_sealed else b""


def retry(session: Session, rejected_id: int, now: datetime, *, actor: Actor) -> Rejected:
    """Read a message again as of when it came: it is settled, stored or read, or stays with one more try.

    Of what announces something, or tells of the kit itself, nothing is kept: newer words may stand.
    Conflict when somebody settled it before.
    """
    row = _take(session, rejected_id)
    if row.size > WHOLE_UP_TO:
        raise Conflict("Only the start of this message was kept, so that it can't be tried again.")
    message = Message(row.topic, payload(session, row), row.retained, row.received_at)
    try:
        with session.begin_nested():
            how, refusal = _store(session, message, now)
    except storing.POISON:
        how, refusal = READ, Refusal(message, row.device_id, storing.UNSTORABLE, storing.WHY_UNSTORABLE)
    if refusal is not None:
        row.tries += 1
        row.code, row.reason, row.where = refusal.code, refusal.reason, refusal.where
        row.device_id = refusal.device_id
    else:
        row.settled_at, row.settled_how = now, how
    session.flush()
    stored = refusal is None and how == STORED
    _note(session, "tried again", row, actor, {"code": row.code, "stored": stored})
    return row


def read(session: Session, message: Message, now: datetime) -> Batch | None:
    """What one message says, outside intake, by kit as it is registered now; None where it says nothing."""
    said = speakers.find(session, message.topic, now)
    return gather([message], lambda _topic: said, Arrivals(), partitions.retention_start(now))


def _store(session: Session, message: Message, now: datetime) -> tuple[str, Refusal | None]:
    """Store the readings of a message: whether it had any, and why the rest can't be read, if it can't.

    What it says of the kit itself, or announces, is long past, and newer words may stand: that is left.
    """
    batch = read(session, message, now)
    if batch is None:
        return READ, None
    put = storing.store(session, batch, {}, now)
    how = STORED if put.stored or put.duplicates or put.conflicts else READ
    return how, batch.refusals[0] if batch.refusals else None


def set_aside(session: Session, rejected_id: int, now: datetime, *, actor: Actor) -> Rejected:
    """Settle a message that will never be stored; Conflict when somebody settled it before."""
    row = _take(session, rejected_id)
    row.settled_at, row.settled_how = now, SET_ASIDE
    session.flush()
    _note(session, "set aside", row, actor, {"code": row.code})
    return row


def forget(session: Session, received_before: datetime, settled_before: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` messages received or settled long ago, as they may be personal; how many."""
    old = (
        select(Rejected.id)
        .where(or_(Rejected.received_at < received_before, Rejected.settled_at < settled_before))
        .limit(limit)
    )
    return len(session.scalars(delete(Rejected).where(Rejected.id.in_(old)).returning(Rejected.id)).all())


def _take(session: Session, rejected_id: int) -> Rejected:
    """Lock one message that nobody has settled."""
    row = session.scalars(select(Rejected).where(Rejected.id == rejected_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.settled_at is not None:
        raise Conflict("This message was settled before; load the list again.")
    return row


def _note(session: Session, what: str, row: Rejected, actor: Actor, details: Mapping[str, object]) -> None:
    """Write down who did it; whose the message may be is not known, so that nobody is named."""
    journal.write(
        session, what, actor=actor, subject="rejected message", subject_uuid=row.uuid, details=details
    )


def _kept(payload: bytes) -> bytes:
    return redacted(payload if len(payload) <= WHOLE_UP_TO else payload[:START_KEPT])


def _storable(text: str) -> str:
    """PostgreSQL's text can't hold a zero byte."""
    return text.replace("\x00", "\ufffd")
