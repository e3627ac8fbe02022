"""What the network says of texts after it took them: delivered, or not, hours later at times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.messages import outbox, ways
from care_plans.messages.outbox import Told
from care_plans.models.messages import Message, MessageState
from care_plans.models.ways import TextReport
from core import apart
from core.errors import Invalid

RECORDED_WITHIN = timedelta(minutes=10)
"""Within which a sender has recorded, or given up, what it was sending."""
DELIVERED = "delivered"
PERMANENT = "permanent-failure"
FAULTS: Mapping[str, str] = {
    PERMANENT: "The network says that this number does not exist, or takes no texts.",
    "temporary-failure": "The telephone was off or out of reach for too long.",
    "technical-failure": "Notify and the network could not agree: nobody got it.",
}


def note(session: Session, message: UUID, status: str, *, name: str, now: datetime) -> None:
    """Keep a report until it is read: once, however often it comes; Invalid for one that says nothing."""
    if status != DELIVERED and status not in FAULTS:
        raise Invalid({"status": f"Say one of {', '.join([DELIVERED, *FAULTS])}."})
    session.execute(
        insert(TextReport)
        .values(name=name, message=message, status=status, at=now)
        .on_conflict_do_nothing(index_elements=[TextReport.name])
    )


def read(session: Session, now: datetime, failed: Told, limit: int = 50) -> bool:
    """Act on reports that have come; whether there were any.

    One may come before its text is on record as sent: it waits for that. One of a text that is not known by
    then does nothing.
    """
    sent = exists().where(_of(TextReport.message), Message.state != MessageState.WAITING)
    rows = session.scalars(
        select(TextReport)
        .where(TextReport.read_at.is_(None), or_(sent, TextReport.at <= now - RECORDED_WITHIN))
        .order_by(TextReport.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for report in rows:
        report.read_at = now
        apart.attempt(
            session, partial(_act, session, report, now, failed), "reading reports of texts", report.id
        )
    session.flush()
    return bool(rows)


def _of(reference: Any) -> ColumnElement[bool]:
    """The message, or each of those in the letter, that a reference names."""
    return or_(Message.uuid == reference, Message.sent_in == reference)


def _act(session: Session, report: TextReport, now: datetime, failed: Told) -> None:
    """A text that did not arrive is no text: the next way goes instead, and a dead number is remembered."""
    mine = select(Message).where(_of(report.message))
    for message in session.scalars(mine.order_by(Message.id).with_for_update()).all():
        if report.status == DELIVERED:
            message.delivered_at = message.delivered_at or report.at
        elif message.state is MessageState.SENT and message.delivered_at is None:
            outbox.no_longer_reached(session, message, FAULTS[report.status], now, failed)
        if report.status == PERMANENT and message.staff_id is not None:
            ways.found_bad(session, message.staff_id, now)
