"""What is kept only for a while: unreadable messages, ids, sensors nobody placed, when kit was not heard."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from devices import partitions, placing, rejected, silences
from devices.models import Batch, MessageSeen

REJECTED_KEPT = timedelta(days=90)
SETTLED_KEPT = timedelta(days=14)
IDS_KEPT = timedelta(days=7)
"""Longer than any hub keeps what it could not send; the identity of a reading holds for ever anyway."""


def step(session: Session, now: datetime) -> bool:
    """Forget a batch of what is past its time; whether there was any."""
    forgotten = rejected.forget(session, now - REJECTED_KEPT, now - SETTLED_KEPT)
    unplaced = placing.forget(session, now)
    forgotten += _forget_ids(session, now - IDS_KEPT) + silences.forget(session, now - partitions.KEPT)
    return forgotten > 0 or unplaced


def _forget_ids(session: Session, before: datetime, limit: int = 5000) -> int:
    newest = select(func.max(Batch.id)).where(Batch.received_at < before).scalar_subquery()
    old = (
        select(MessageSeen.device_id, MessageSeen.message_id, MessageSeen.payload_hash)
        .where(MessageSeen.batch_id <= newest)
        .order_by(MessageSeen.batch_id)
        .limit(limit)
        .cte("old")
    )
    deleted = delete(MessageSeen).where(
        MessageSeen.device_id == old.c.device_id,
        MessageSeen.message_id == old.c.message_id,
        MessageSeen.payload_hash == old.c.payload_hash,
    )
    return len(session.execute(deleted.returning(MessageSeen.batch_id)).all())
