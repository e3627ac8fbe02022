"""Ends alerts: each with a cause, an action and an outcome, so that it can be learnt from."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import all_clear, deadlines, events, moving, sights
from care_plans.alerts.events import What
from care_plans.alerts.moves import Move
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.severity import Severity
from core.errors import Invalid
from people.access import Viewer

SEEN_FOR = timedelta(hours=24)
CLINICIAN = "clinician"


def close(
    session: Session,
    alert: Alert,
    *,
    cause: Cause,
    action: str,
    outcome: Outcome,
    by: Viewer,
    now: datetime,
    clinical_reason: str = "",
    seen: int | None = None,
) -> Alert:
    """Close it. A pressing alert needs a contact or a call to emergency services on record first.

    A clinician may give a `clinical_reason` in writing instead (a kit fault, a test press).
    """
    reason = clinical_reason.strip()
    if reason and by.role != CLINICIAN:
        raise Invalid({"clinical_reason": "Only a clinician can give a reason instead of a contact."})
    moving.take_up(session, alert, Move.CLOSE, by, seen, clinical_reason=bool(reason))
    if not action.strip():
        raise Invalid({"action": "Say what was done, even if it was nothing."})
    _end(session, alert, cause, action.strip(), outcome, now)
    alert.closed_by_id = by.staff_id
    event = events.write(
        session,
        alert,
        What.CLOSED,
        now,
        words=action.strip(),
        by=by,
        details={
            "cause": cause.value,
            "outcome": outcome.value,
            **({"clinical_reason": reason} if reason else {}),
        },
    )
    all_clear.tell(session, alert, event, now, by_staff_id=by.staff_id)
    return alert


def close_by_itself(session: Session, alert: Alert, now: datetime) -> None:
    """End a watch that has cleared and needs nobody any more."""
    words = "It cleared by itself; nobody had to act."
    _end(session, alert, Cause.TRUE_NO_ACTION, words, Outcome.NONE, now)
    events.write(
        session,
        alert,
        What.CLOSED,
        now,
        words=words,
        details={"cause": Cause.TRUE_NO_ACTION.value, "outcome": Outcome.NONE.value},
    )


def close_as_known(
    session: Session, alert: Alert, words: str, outcome: Outcome, *, by_staff_id: int | None, now: datetime
) -> None:
    """End one whose question somebody named has answered elsewhere; what they wrote there stands there."""
    _end(session, alert, Cause.TRUE_ACTED, words, outcome, now)
    alert.closed_by_id = by_staff_id
    details = {"cause": Cause.TRUE_ACTED.value, "outcome": outcome.value}
    event = events.write(session, alert, What.CLOSED, now, words=words, details=details)
    all_clear.tell(session, alert, event, now, by_staff_id=by_staff_id)
    session.flush()


def close_as_duplicate(
    session: Session, alert: Alert, stays: Alert, *, by_staff_id: int, now: datetime
) -> None:
    """End one of two that are of one person and one rule; the other, which is no less bad, stays open."""
    words = f"The same as another alert, “{stays.name}”, of the same person, which stays open."
    _end(session, alert, Cause.DUPLICATE, words, Outcome.NONE, now)
    alert.closed_by_id = by_staff_id
    events.write(
        session,
        alert,
        What.CLOSED,
        now,
        words=words,
        details={"cause": Cause.DUPLICATE.value, "outcome": Outcome.NONE.value, "stays": str(stays.uuid)},
    )
    session.flush()


def see_all(session: Session, alerts: Iterable[Alert], *, by: Viewer, now: datetime) -> int:
    """Mark as seen, together, what only had to be looked at; how many that were. Nobody else is told (H12).

    Watches are seen for a day, and closed where they have cleared; so are cleared ambers seen, and stay open.
    What is pressing, or shelved, or was handed to another team, is passed over.
    """
    count = 0
    # Rows that somebody is working on are passed over: this never waits while it holds others.
    held = session.scalars(
        select(Alert)
        .where(Alert.id.in_([alert.id for alert in alerts]), Alert.closed_at.is_(None))
        .order_by(Alert.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for alert in held:
        if not _may_be_seen_in_bulk(alert):
            continue
        alert.acknowledged_at, alert.seen_until = now, now + SEEN_FOR
        events.write(session, alert, What.ACKNOWLEDGED, now, by=by, details={"in_bulk": True})
        if alert.severity is Severity.WATCH and alert.cleared_at is not None:
            close_by_itself(session, alert, now)
        deadlines.set_deadline(alert, now)
        count += 1
    session.flush()
    return count


def _may_be_seen_in_bulk(alert: Alert) -> bool:
    if alert.shelved_until is not None or alert.handed_to_team_id is not None:
        return False
    quiet = alert.severity is Severity.WATCH or alert.cleared_at is not None
    return quiet and moving.why_not(alert, Move.ACKNOWLEDGE, in_bulk=True) is None


def _end(session: Session, alert: Alert, cause: Cause, action: str, outcome: Outcome, now: datetime) -> None:
    alert.closed_at, alert.cause, alert.action, alert.outcome = now, cause, action, outcome
    alert.seen_until = alert.shelved_until = alert.going_until = alert.handed_until = None
    alert.handed_to_team_id = None
    deadlines.set_deadline(alert, now)
    sights.end(session, alert, now)
