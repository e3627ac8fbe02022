"""Hands an alert to another team: it stays with the sender, and their ladder runs, until it is accepted."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import asking, deadlines, events, moving
from care_plans.alerts.events import What
from care_plans.alerts.moves import Move
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert
from core.errors import Conflict, Invalid, NotAllowed
from people.access import Viewer
from people.models.agencies import Team

ACCEPT_WITHIN = timedelta(minutes=15)
ACCEPT_AT_MOST = timedelta(hours=24)
SEEN_FOR = timedelta(minutes=30)


def hand_over(
    session: Session,
    alert: Alert,
    *,
    team_id: int,
    reason: str,
    by: Viewer,
    now: datetime,
    accept_by: datetime | None = None,
    seen: int | None = None,
) -> Alert:
    """Ask a team to take it over by `accept_by` (15 minutes unless said otherwise)."""
    moving.take_up(session, alert, Move.HAND_OVER, by, seen)
    faults = {}
    name = session.scalar(select(Team.name).where(Team.id == team_id, Team.deleted_at.is_(None)))
    if name is None or team_id == alert.owner_team_id:
        faults["team"] = "Choose the team that is to take it over."
    if not reason.strip():
        faults["reason"] = "Say why it goes to them, and what they need to know."
    if faults:
        raise Invalid(faults)
    ends = accept_by or now + ACCEPT_WITHIN
    words = "They must say within a day whether they take it."
    moving.refuse_unless_between("accept_by", ends, now, now + ACCEPT_AT_MOST, words)
    alert.handed_to_team_id, alert.handed_until = team_id, ends
    alert.owner_staff_id = alert.owner_staff_id or by.staff_id
    to = Recipient(team_id=team_id)
    asking.open_to(session, alert, to, now)
    event = events.write(
        session, alert, What.HANDED_OVER, now, words=reason.strip(), by=by, team_id=team_id,
        details={"until": ends.isoformat()},
    )  # fmt: skip
    asking.send(
        session, alert, event, to, f"{by.name} asks your team to take it over. Accept or decline it.", now
    )
    return _moved(session, alert, now)


def accept(session: Session, alert: Alert, *, by: Viewer, now: datetime, seen: int | None = None) -> Alert:
    """`by` takes it for the team it was handed to; it counts as acknowledged from now on.

    What the sender had promised or put off ends with that: nobody waits for whoever gave it away.
    """
    team_id = _handed(session, alert, by, seen)
    alert.owner_team_id, alert.owner_staff_id = team_id, by.staff_id
    alert.acknowledged_at, alert.seen_until = now, now + SEEN_FOR
    alert.handed_to_team_id = alert.handed_until = alert.going_until = alert.shelved_until = None
    events.write(session, alert, What.ACCEPTED, now, by=by, team_id=team_id)
    return _moved(session, alert, now)


def decline(
    session: Session, alert: Alert, *, reason: str, by: Viewer, now: datetime, seen: int | None = None
) -> Alert:
    """`by` says, for the team it was handed to, that they don't take it, and why; its owner is told."""
    team_id = _handed(session, alert, by, seen)
    if not reason.strip():
        raise Invalid({"reason": "Say why, so that it can go to somebody else."})
    alert.handed_to_team_id = alert.handed_until = None
    event = events.write(session, alert, What.DECLINED, now, words=reason.strip(), by=by, team_id=team_id)
    asking.tell_owner(
        session, alert, event, f"{by.name} has declined to take it over: it is still yours.", now
    )
    return _moved(session, alert, now)


def _handed(session: Session, alert: Alert, by: Viewer, seen: int | None) -> int:
    """The team it was handed to, which `by` must be in; Conflict when it is no longer handed to anybody."""
    moving.take_up(session, alert, Move.ASSIGN, by, seen)
    team_id = alert.handed_to_team_id
    if team_id is None:
        raise Conflict("It is no longer waiting to be taken over. Look again.")
    if team_id not in by.team_ids and not by.everyone:
        raise NotAllowed("Only the team that it was handed to can answer.")
    return team_id


def _moved(session: Session, alert: Alert, now: datetime) -> Alert:
    deadlines.set_deadline(alert, now)
    session.flush()
    return alert
