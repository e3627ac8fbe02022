"""What has happened to an alert: a row and a journal entry for each change; outcomes count these."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from care_plans.models.alerts import Alert, AlertEvent
from care_plans.severity import Severity
from core import journal
from core.errors import Conflict
from core.journal import Actor
from people.access import Viewer
from people.models.agencies import Staff
from people.visible import actor


class What(StrEnum):
    """The changes an alert can go through, as stored in `alert_events.what`."""

    RAISED = "raised"
    WORSE = "worse"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    CLEARED = "cleared"
    STEP = "step"
    REMINDED = "reminded"
    ACKNOWLEDGED = "acknowledged"
    SEEN_ENDED = "seen_ended"
    CONTACT = "contact"
    GOING = "going"
    NOT_ARRIVED = "not_arrived"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    SHELVED = "shelved"
    SHELF_ENDED = "shelf_ended"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_ACCEPTED = "not_accepted"
    EMERGENCY = "emergency"
    MESSAGE_FAILED = "message_failed"
    CALL_ANSWERED = "call_answered"
    CALL_UNANSWERED = "call_unanswered"
    CLOSED = "closed"


MACHINE = Actor("Hearthline")
SAID: Mapping[str, str] = {
    What.ACKNOWLEDGED: "acknowledged it",
    What.CONTACT: "recorded contact",
    What.GOING: "is going",
    What.ASSIGNED: "assigned it",
    What.SHELVED: "shelved it",
    What.HANDED_OVER: "handed it over",
    What.ACCEPTED: "accepted it",
    What.DECLINED: "declined it",
    What.EMERGENCY: "called emergency services",
    What.CLOSED: "closed it",
}


def write(
    session: Session,
    alert: Alert,
    what: What,
    now: datetime,
    *,
    words: str = "",
    by: Viewer | None = None,
    team_id: int | None = None,
    severity: Severity | None = None,
    details: Mapping[str, Any] | None = None,
) -> AlertEvent:
    """Add the event, numbered, and its journal entry; `by` is None for what Hearthline does by itself."""
    event = AlertEvent(
        alert_id=alert.id,
        at=now,
        what=what.value,
        by_staff_id=by.staff_id if by else None,
        team_id=team_id,
        step=alert.step,
        severity=severity or alert.severity,
        words=words,
        details={**(details or {}), "version": alert.version},
    )
    session.add(event)
    journal.write(
        session,
        what.value,
        actor=actor(by) if by else MACHINE,
        subject="alert",
        subject_uuid=alert.uuid,
        person_id=alert.person_id,
        details={"words": words, **(details or {})},
    )
    # The alert's version moves past the event's, whichever of its columns changed or were flushed before.
    flag_modified(alert, "changed_at")
    session.flush()
    return event


def find_last_by(session: Session, alert: Alert, what: What) -> int | None:
    """The member of staff who did this last, whoever has the alert by now."""
    last = (
        select(AlertEvent.by_staff_id)
        .where(AlertEvent.alert_id == alert.id, AlertEvent.what == what)
        .order_by(AlertEvent.id.desc())
        .limit(1)
    )
    return session.scalar(last)


def refuse_if_others_came_first(session: Session, alert: Alert, by: Viewer, seen: int | None) -> None:
    """Raise Conflict when somebody else changed the alert after the version that `by` saw.

    Judging and ladders may have moved it meanwhile: that alone stops nobody from acting.
    """
    if seen is None or seen == alert.version:
        return
    first = session.execute(
        select(AlertEvent.what, Staff.name)
        .join(Staff, Staff.id == AlertEvent.by_staff_id)
        .where(
            AlertEvent.alert_id == alert.id,
            AlertEvent.by_staff_id != by.staff_id,
            AlertEvent.what != What.COMMENTED,
            AlertEvent.details["version"].astext.cast(BigInteger) >= seen,
        )
        .order_by(AlertEvent.id.desc())
        .limit(1)
    ).first()
    if first is not None:
        raise Conflict(f"{first.name} {SAID.get(first.what, 'changed it')} before you. Look again.")
