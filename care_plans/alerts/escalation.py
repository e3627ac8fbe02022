"""Climbs ladders: takes alerts whose deadline has come, ends what has ended, and asks the next people."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from care_plans.alerts import asking, deadlines, events
from care_plans.alerts.deadlines import Hold
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Due
from care_plans.models.alerts import Alert
from people.models.agencies import Team

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
"""The database is away, or in a deadlock: nothing is wrong with the alert; the whole step is taken anew."""
REMINDERS = {
    Hold.DECIDE: "Somebody was reached, or emergency services were called. Decide: close it, or hand it on.",
    Hold.CLEARED: "It has cleared, and is still open. Look at it and close it.",
}


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """See to the alerts whose deadline has come, the longest overdue first; whether there were any.

    Two escalators share the work: a row that another holds is passed over. One that can't be seen to is left
    overdue for the auditor to show, and does not hold up the others.
    """
    due = session.scalars(
        select(Alert)
        .where(Alert.closed_at.is_(None), Alert.escalate_after <= now)
        .order_by(Alert.escalate_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    seen_to = 0
    for alert in due:
        try:
            with session.begin_nested():
                see_to(session, alert, now)
            seen_to += 1
        except PASSING:
            raise
        except Exception as fault:
            # Whatever is wrong with one alert must not keep all others from escalating.
            log.exception(
                "alert could not be escalated", extra={"alert_id": alert.id, "error": type(fault).__name__}
            )
    return seen_to > 0


def see_to(session: Session, alert: Alert, now: datetime) -> None:
    """End what has ended by `now`, then climb or remind if that is due, and set the next deadline."""
    _end_shelf(session, alert, now)
    _end_seen(session, alert, now)
    _end_handing(session, alert, now)
    _end_going(session, alert, now)
    hold = deadlines.held(alert)
    if hold is None:
        due = deadlines.next_step(alert, now)
        if isinstance(due, Due) and due.at <= now:
            asking.begin_step(session, alert, due, now)
    elif hold in REMINDERS and deadlines.reminder_at(alert, hold) <= now:
        asking.remind(session, alert, REMINDERS[hold], now)
    if alert.going_until is not None and alert.going_until <= now:
        alert.going_until = None
    deadlines.set_deadline(alert, now)
    session.flush()


def _end_shelf(session: Session, alert: Alert, now: datetime) -> None:
    if alert.shelved_until is not None and alert.shelved_until <= now:
        alert.shelved_until = None
        event = events.write(session, alert, What.SHELF_ENDED, now)
        asking.tell_owner(session, alert, event, "You had shelved it; that has ended.", now)


def _end_seen(session: Session, alert: Alert, now: datetime) -> None:
    if alert.seen_until is not None and alert.seen_until <= now:
        alert.seen_until = alert.acknowledged_at = None
        event = events.write(session, alert, What.SEEN_ENDED, now)
        goes_on = " and its ladder goes on" if deadlines.held(alert) is None else ""
        asking.tell_owner(session, alert, event, f"You had seen it; that has ended{goes_on}.", now)


def _end_handing(session: Session, alert: Alert, now: datetime) -> None:
    if alert.handed_until is not None and alert.handed_until <= now:
        team_id = alert.handed_to_team_id
        name = session.scalar(select(Team.name).where(Team.id == team_id))
        alert.handed_to_team_id = alert.handed_until = None
        event = events.write(session, alert, What.NOT_ACCEPTED, now, words=name or "", team_id=team_id)
        asking.tell_owner(session, alert, event, "Nobody has taken it over in time: it is still yours.", now)


def _end_going(session: Session, alert: Alert, now: datetime) -> None:
    """Nobody said that they arrived: the ladder goes on at once, and no acknowledgement holds it (H8)."""
    going_ended = alert.going_until is not None and alert.going_until <= now
    if going_ended and deadlines.held(alert) is not Hold.DECIDE:
        alert.seen_until = None
        alert.step_at = min(alert.step_at, now)
        event = events.write(session, alert, What.NOT_ARRIVED, now)
        going = events.find_last_by(session, alert, What.GOING)
        if going is not None:
            asking.tell(session, alert, event, going, "You were going, and no arrival is recorded.", now)
