"""What an open alert waits for, and until when: the one place that sets its next deadline."""

from datetime import datetime, timedelta
from enum import StrEnum

from care_plans.alerts import ladder
from care_plans.alerts.ladder import Due, Ladder, LadderStep, Stopped
from care_plans.alerts.moves import Standing
from care_plans.models.alerts import Alert
from care_plans.severity import Severity

DECIDE_WITHIN = timedelta(minutes=60)
"""After a contact or a call to emergency services, how long until its maker is asked what was decided."""
LOOK_WITHIN = timedelta(hours=4)
"""After an alert has cleared by itself, how long until somebody is asked to look at it and close it."""

MOST_BETWEEN = timedelta(hours=8)
"""The longest between two reminders: whoever comes on duty next is asked as well."""

UNTIL_FOUND = "no_reply"
"""The rule key of the alert that somebody does not answer: only finding out how they are ends it."""


class Hold(StrEnum):
    """Why the ladder of an open alert does not climb for now."""

    SHELVED = "shelved"
    DECIDE = "decide"
    SEEN = "seen"
    CLEARED = "cleared"


def standing(alert: Alert, *, clinical_reason: bool = False, in_bulk: bool = False) -> Standing:
    """The alert as the table of moves sees it."""
    return Standing(
        open=alert.closed_at is None,
        severity=alert.severity,
        class_=alert.class_,
        contact_made=alert.contact_at is not None,
        emergency_called=alert.emergency_at is not None,
        cleared=alert.cleared_at is not None,
        clinical_reason=clinical_reason,
        in_bulk=in_bulk,
        until_found=alert.rule_key == UNTIL_FOUND,
    )


def held(alert: Alert) -> Hold | None:
    """What holds the ladder; only a contact or a call to emergency services holds a pressing one (H7)."""
    if alert.shelved_until is not None:
        return Hold.SHELVED
    if alert.contact_at is not None or alert.emergency_at is not None:
        return Hold.DECIDE
    if standing(alert).pressing:
        return None
    if alert.seen_until is not None:
        return Hold.SEEN
    return Hold.CLEARED if alert.cleared_at is not None else None


def ladder_of(alert: Alert) -> Ladder:
    """The ladder that was copied onto the alert when it was raised."""
    return ladder.from_document(alert.ladder)


def current_step(alert: Alert) -> LadderStep:
    """The step the alert stands on; the first where its ladder has not begun."""
    return ladder_of(alert).steps[max(0, alert.step - 1)]


def next_step(alert: Alert, now: datetime) -> Due | Stopped:
    """The ladder's next step."""
    # For a pressing alert an acknowledgement changes nothing, whatever its colour.
    severity = Severity.RED if standing(alert).pressing else alert.severity
    return ladder.next_step(
        ladder_of(alert),
        alert.step,
        alert.step_at,
        now,
        contact_made=alert.contact_at is not None or alert.emergency_at is not None,
        acknowledged=alert.seen_until is not None,
        severity=severity,
        going_until=alert.going_until,
        times=alert.times_raised,
    )


def reminder_at(alert: Alert, hold: Hold) -> datetime:
    """When somebody is asked again about an alert held for a decision or a last look.

    Each wait is as long as all before it together, up to a shift: what is asked every hour is read by nobody.
    """
    first = DECIDE_WITHIN if hold is Hold.DECIDE else LOOK_WITHIN
    began = (alert.contact_at, alert.emergency_at) if hold is Hold.DECIDE else (alert.cleared_at,)
    so_far = alert.step_at - max((each for each in began if each is not None), default=alert.step_at)
    return alert.step_at + min(max(first, so_far), MOST_BETWEEN)


def set_deadline(alert: Alert, now: datetime) -> None:
    """Set `escalate_after` to the first thing that happens by itself; a closed alert waits for nothing."""
    if alert.closed_at is not None:
        alert.escalate_after = None
        return
    ends = [alert.seen_until, alert.handed_until, alert.going_until, alert.shelved_until]
    hold = held(alert)
    if hold in (Hold.DECIDE, Hold.CLEARED):
        ends.append(reminder_at(alert, hold))
    elif hold is None:
        due = next_step(alert, now)
        if isinstance(due, Due):
            ends.append(due.at)
    alert.escalate_after = min(end for end in ends if end is not None)
