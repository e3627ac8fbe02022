"""What people do with an alert; each change is an event and a journal entry, and sets the next deadline.

All take `seen`, the version that `by` was looking at: when somebody else has changed the alert since,
Conflict says who. A move that may not be made raises Invalid or, on a closed alert, Conflict. What judging
does stands in `raising`, what ends an alert in `closing`, what moves it to another team in `handing`.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.alerts import asking, deadlines, events, moving
from care_plans.alerts.closing import close, see_all
from care_plans.alerts.events import What
from care_plans.alerts.handing import accept, decline, hand_over
from care_plans.alerts.moves import Move
from care_plans.alerts.raising import AskedFollowUp, Raised, clear, raise_
from care_plans.alerts.read import get
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent, ContactKind
from care_plans.models.visits import Visit
from care_plans.severity import Severity
from care_plans.visits import visits
from core.errors import Invalid
from people import checks
from people.access import Viewer
from people.models.agencies import Staff, Team

__all__ = [
    "AskedFollowUp",
    "Raised",
    "accept",
    "acknowledge",
    "assign",
    "clear",
    "close",
    "comment",
    "contact",
    "decline",
    "emergency",
    "get",
    "going",
    "hand_over",
    "raise_",
    "see_all",
    "shelve",
]

SEEN_FOR = timedelta(minutes=30)
SEEN_AT_MOST = {
    Severity.RED: timedelta(hours=1),
    Severity.AMBER: timedelta(hours=4),
    Severity.WATCH: timedelta(hours=24),
}
GOING_AT_MOST = timedelta(minutes=60)
"""Telecare responders are on site within 60 minutes (TSA key performance indicator): no longer wait."""
SHELVED_AT_MOST = {Severity.AMBER: timedelta(hours=24), Severity.WATCH: timedelta(days=7)}


def acknowledge(
    session: Session,
    alert: Alert,
    *,
    by: Viewer,
    now: datetime,
    until: datetime | None = None,
    seen: int | None = None,
) -> Alert:
    """`by` has seen it and has it, until `until` (half an hour unless said otherwise).

    The ladder of an amber or a watch waits until then; that of a pressing alert goes on (H7).
    """
    moving.take_up(session, alert, Move.ACKNOWLEDGE, by, seen)
    ends = until or now + SEEN_FOR
    latest = now + SEEN_AT_MOST[alert.severity]
    moving.refuse_unless_between("until", ends, now, latest, "That is too long for an alert like this.")
    alert.acknowledged_at, alert.seen_until = now, ends
    alert.owner_staff_id = by.staff_id
    events.write(session, alert, What.ACKNOWLEDGED, now, by=by, details={"until": ends.isoformat()})
    return _moved(session, alert, now)


def contact(
    session: Session,
    alert: Alert,
    *,
    kind: ContactKind,
    words: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> Alert:
    """Somebody was spoken to, seen, or is being seen now: this stops the ladder, also of a red (H7).

    `by` keeps the alert, and is asked within the hour what was decided.
    """
    moving.take_up(session, alert, Move.CONTACT, by, seen)
    if not words.strip():
        raise Invalid({"words": "Say how they are."})
    alert.contact_at, alert.contact = now, kind
    _settle_with(alert, by, now)
    events.write(session, alert, What.CONTACT, now, words=words.strip(), by=by, details={"kind": kind.value})
    return _moved(session, alert, now)


def emergency(
    session: Session,
    alert: Alert,
    *,
    at: datetime,
    reference: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> Alert:
    """Emergency services were called at `at`; `by` is asked within the hour what came of it."""
    moving.take_up(session, alert, Move.EMERGENCY, by, seen)
    faults = {}
    if not now - timedelta(days=1) < at <= now:
        faults["at"] = "Give the time of the call; it can't be to come or more than a day ago."
    if not reference.strip():
        faults["reference"] = "Give the reference that they gave, or who took the call."
    if faults:
        raise Invalid(faults)
    alert.emergency_at, alert.emergency_reference = at, reference.strip()
    _settle_with(alert, by, now)
    events.write(
        session, alert, What.EMERGENCY, now, words=reference.strip(), by=by, details={"at": at.isoformat()}
    )
    return _moved(session, alert, now)


def going(
    session: Session,
    alert: Alert,
    *,
    until: datetime,
    by: Viewer,
    now: datetime,
    leave_by: datetime | None = None,
    seen: int | None = None,
) -> Alert:
    """`by` is on the way and will be there by `until`; the ladder waits for that, and no longer (H8).

    Saying so again before arriving can't hold it for more than an hour in all. They will have left by
    `leave_by`, an hour after `until` unless they say otherwise (H22).
    """
    moving.take_up(session, alert, Move.GOING, by, seen)
    since = now
    if alert.going_until is not None:
        since = session.scalar(
            select(func.min(AlertEvent.at)).where(
                AlertEvent.alert_id == alert.id,
                AlertEvent.what == What.GOING,
                AlertEvent.at >= alert.step_at,
            )
        ) or now  # fmt: skip
    latest = since + GOING_AT_MOST
    moving.refuse_unless_between("until", until, now, latest, "Nobody waits longer than an hour for arrival.")
    _visit(session, alert, by, until, leave_by, now)
    alert.going_until = until
    alert.owner_staff_id = by.staff_id
    events.write(session, alert, What.GOING, now, by=by, details={"until": until.isoformat()})
    return _moved(session, alert, now)


def assign(
    session: Session,
    alert: Alert,
    *,
    to: Recipient,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> Alert:
    """Give it to a member of staff or a team, who can open it from now on; the ladder goes on meanwhile."""
    moving.take_up(session, alert, Move.ASSIGN, by, seen)
    name = _name_of(session, to)
    if name is None:
        raise Invalid({"to": "Choose a team, or somebody who works here."})
    if to.staff_id is not None and not checks.may_be_asked(session, to.staff_id, now):
        raise Invalid({"to": "They can't be asked now: a check or an induction of theirs has lapsed."})
    alert.owner_staff_id, alert.owner_team_id = to.staff_id, to.team_id
    asking.open_to(session, alert, to, now)
    event = events.write(
        session, alert, What.ASSIGNED, now, words=name, by=by, team_id=to.team_id,
        details={"staff": to.staff_id},
    )  # fmt: skip
    if to.staff_id != by.staff_id:
        asking.send(session, alert, event, to, f"{by.name} has assigned it to you.", now)
    return _moved(session, alert, now)


def comment(session: Session, alert: Alert, *, words: str, by: Viewer, now: datetime) -> Alert:
    """Add words to the record; a note resets no clock."""
    moving.take_up(session, alert, Move.COMMENT, by, None)
    if not words.strip():
        raise Invalid({"words": "Write something."})
    events.write(session, alert, What.COMMENTED, now, words=words.strip(), by=by)
    return alert


def shelve(
    session: Session,
    alert: Alert,
    *,
    until: datetime,
    reason: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> Alert:
    """Let it rest until `until`; something worse ends that at once. Never a pressing one (H7)."""
    moving.take_up(session, alert, Move.SHELVE, by, seen)
    if not reason.strip():
        raise Invalid({"reason": "Say why it can rest."})
    latest = now + SHELVED_AT_MOST[alert.severity]
    moving.refuse_unless_between("until", until, now, latest, "That is too long for an alert like this.")
    alert.shelved_until = until
    alert.owner_staff_id = by.staff_id
    events.write(
        session, alert, What.SHELVED, now, words=reason.strip(), by=by, details={"until": until.isoformat()}
    )
    return _moved(session, alert, now)


def _visit(
    session: Session, alert: Alert, by: Viewer, until: datetime, leave_by: datetime | None, now: datetime
) -> None:
    """Whoever goes is looked out for, also where they go to look for a colleague."""
    followed = session.get(Visit, alert.visit_id) if alert.visit_id is not None else None
    visits.accept(
        session,
        by=by,
        now=now,
        from_at=until,
        leave_by=leave_by,
        alert_id=alert.id,
        person_id=alert.person_id,
        home_id=alert.home_id,
        place=followed.place if followed else None,
    )


def _settle_with(alert: Alert, by: Viewer, now: datetime) -> None:
    """The ladder ends here: `by` has it, and `step_at` becomes the start of the time to decide."""
    alert.owner_staff_id = by.staff_id
    alert.acknowledged_at = alert.acknowledged_at or now
    alert.seen_until = alert.going_until = alert.shelved_until = None
    alert.step_at = now


def _moved(session: Session, alert: Alert, now: datetime) -> Alert:
    deadlines.set_deadline(alert, now)
    session.flush()
    return alert


def _name_of(session: Session, to: Recipient) -> str | None:
    if to.staff_id is not None:
        return session.scalar(select(Staff.name).where(Staff.id == to.staff_id, Staff.left_at.is_(None)))
    return session.scalar(select(Team.name).where(Team.id == to.team_id, Team.deleted_at.is_(None)))
