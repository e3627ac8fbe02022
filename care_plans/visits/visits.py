"""Visits: accepted with a leave-by time, arrived at, made longer, and ended by one press (H22).

The alert about somebody who does not say that they left stands in `care_plans.alerts.lone_workers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from care_plans.models.visits import Visit, VisitEnd, VisitEvent
from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from core.zones import UK
from people import checks, scoping
from people.access import Viewer
from people.models.agencies import Staff, Team, TeamMember
from people.models.homes import Home, Residency
from people.visible import actor

LASTS = timedelta(minutes=60)
"""How long a visit takes where nobody says otherwise; like all times here for a safety officer to set."""
LONGER = timedelta(minutes=30)
"""By how much one press makes it longer."""
AT_MOST = timedelta(hours=12)
"""How far off a leave-by time may be from when the visit is expected to begin."""
VOLUNTEER = "volunteer"
NOWHERE = "Address not recorded"
MACHINE = Actor("Hearthline")
OVERDUE = "Your team is being asked to look for you: say first that you are safe."


@dataclass(frozen=True, slots=True)
class Going:
    """A visit that has not ended, with who goes and with which team."""

    row: Visit
    staff: Staff
    team: str | None


def accept(
    session: Session,
    *,
    by: Viewer,
    now: datetime,
    from_at: datetime,
    leave_by: datetime | None = None,
    team_id: int | None = None,
    follow_up_id: int | None = None,
    alert_id: int | None = None,
    person_id: int | None = None,
    home_id: int | None = None,
    place: str | None = None,
) -> Visit:
    """`by` goes there from `from_at` on, and will have left by `leave_by` (an hour later unless said).

    Saying so again sets the time anew. Invalid for whom a check has lapsed, and for a time that is over or
    too far off.
    """
    checks.refuse_lapsed(session, by.staff_id, now)
    leave_by = leave_by or max(from_at, now) + LASTS
    _refuse_leave_by(leave_by, max(from_at, now), now)
    row = find_open(session, by.staff_id, follow_up_id=follow_up_id, alert_id=alert_id)
    if row is not None:
        if row.overdue_at is not None:
            raise Conflict(OVERDUE)
        row.leave_by, row.reminded_at = leave_by, None
        _write(session, row, "set anew", now, by)
        return row
    there, zone = _place(session, person_id, home_id, now)
    row = Visit(
        staff_id=by.staff_id,
        agency_id=by.agency_id,
        team_id=team_id if team_id is not None else _team_of(session, by, now),
        follow_up_id=follow_up_id,
        alert_id=alert_id,
        place=place or there,
        zone=zone,
        accepted_at=now,
        leave_by=leave_by,
    )
    session.add(row)
    session.flush()
    _write(session, row, "accepted", now, by)
    return row


def arrive(session: Session, visit: Visit, *, by: Viewer, now: datetime) -> Visit:
    """`by` is there now. From now on it lasts an hour at most, unless made longer."""
    _hold(session, visit, by)
    if visit.arrived_at is not None:
        return visit
    visit.arrived_at = now
    if visit.overdue_at is None:
        visit.leave_by = min(visit.leave_by, now + LASTS) if visit.leave_by > now else now + LASTS
        visit.reminded_at = None
    _write(session, visit, "arrived", now, by)
    return visit


def extend(session: Session, visit: Visit, *, by: Viewer, now: datetime) -> Visit:
    """Half an hour more. Conflict once the alert about `by` is raised: that one word must be "safe"."""
    _hold(session, visit, by)
    if visit.overdue_at is not None:
        raise Conflict(OVERDUE)
    later = max(visit.leave_by, now) + LONGER
    _refuse_leave_by(later, max(visit.arrived_at or now, now), now)
    visit.leave_by, visit.reminded_at = later, None
    _write(session, visit, "extended", now, by)
    return visit


def end(
    session: Session,
    visit: Visit,
    *,
    by: Viewer,
    now: datetime,
    how: VisitEnd = VisitEnd.SAFE,
    words: str = "",
) -> Visit:
    """`by` has left and is safe, or never went. Said once more it changes nothing."""
    session.refresh(visit, with_for_update=True)
    _refuse_others(visit, by)
    if visit.ended_at is None:
        _end(session, visit, how, words.strip() or None, now, by)
    return visit


def end_by_itself(session: Session, visit: Visit, how: VisitEnd, words: str, now: datetime) -> None:
    """End one that nobody is on any more: called off before it began, or found out about by others."""
    session.refresh(visit, with_for_update=True)
    if visit.ended_at is None:
        _end(session, visit, how, words, now, None)


def note_overdue(session: Session, visit: Visit, now: datetime) -> None:
    """Its time has passed without a word: an alert about whoever went is raised."""
    visit.overdue_at = now
    _write(session, visit, "overdue", now, None)


@scoping.past
def call_off(session: Session, follow_up_id: int, words: str, now: datetime) -> None:
    """End what was accepted for a follow-up that is no more to be done; who has arrived is still there."""
    for visit in _of_follow_up(session, follow_up_id):
        if visit.arrived_at is None and visit.overdue_at is None:
            end_by_itself(session, visit, VisitEnd.CALLED_OFF, words, now)


@scoping.past
def move(session: Session, follow_up_id: int, due_at: datetime, now: datetime) -> None:
    """Let what was accepted for a follow-up that is put off be left as much later; not by who has arrived."""
    for visit in _of_follow_up(session, follow_up_id):
        if visit.arrived_at is None and visit.overdue_at is None:
            visit.leave_by, visit.reminded_at = due_at + LASTS, None
            _write(session, visit, "set anew", now, None)


def find_open(
    session: Session, staff_id: int, *, follow_up_id: int | None = None, alert_id: int | None = None
) -> Visit | None:
    """The visit that this person is on for a follow-up or an alert."""
    return session.scalar(
        select(Visit)
        .where(
            Visit.staff_id == staff_id,
            Visit.ended_at.is_(None),
            Visit.follow_up_id.is_not_distinct_from(follow_up_id),
            Visit.alert_id.is_not_distinct_from(alert_id),
        )
        .with_for_update()
    )


def find_last(session: Session, staff_id: int, follow_up_id: int) -> Visit | None:
    """The last visit of this person for a follow-up, ended or not."""
    query = select(Visit).where(Visit.staff_id == staff_id, Visit.follow_up_id == follow_up_id)
    return session.scalar(query.order_by(Visit.id.desc()).limit(1))


def list_own(session: Session, staff_id: int) -> list[Visit]:
    """The visits that this person has accepted and not ended, what is to be left first before the rest."""
    query = select(Visit).where(Visit.staff_id == staff_id, Visit.ended_at.is_(None))
    return list(session.scalars(query.order_by(Visit.leave_by, Visit.id)))


def list_going(session: Session, viewer: Viewer) -> list[Going]:
    """Who of the viewer's teams is going, the first to leave first; a volunteer sees themself alone."""
    rows = session.execute(
        select(Visit, Staff, Team.name)
        .join(Staff, Staff.id == Visit.staff_id)
        .outerjoin(Team, Team.id == Visit.team_id)
        .where(Visit.ended_at.is_(None), in_sight(viewer))
        .order_by(Visit.leave_by, Visit.id)
    )
    return [Going(*row) for row in rows]


def place_shown(viewer: Viewer, visit: Visit) -> str | None:
    """Where it is; None for a volunteer, whom their card alone tells, and no longer than it lasts (H22)."""
    return None if viewer.role == VOLUNTEER else visit.place


def get(session: Session, viewer: Viewer, uuid: UUID) -> Visit:
    """The visit, or NotFound when it is neither the viewer's own nor of one of their teams."""
    row = session.scalar(select(Visit).where(Visit.uuid == uuid, in_sight(viewer)))
    if row is None:
        raise NotFound
    return row


def get_own(session: Session, viewer: Viewer, uuid: UUID) -> Visit:
    """The viewer's own visit, or NotFound: nobody else says that somebody is safe."""
    row = get(session, viewer, uuid)
    if row.staff_id != viewer.staff_id:
        raise NotFound
    return row


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """Visits of the viewer, and of their teams; another agency sees none of them."""
    if viewer.everyone:
        return Visit.deleted_at.is_(None)
    own = Visit.staff_id == viewer.staff_id
    if viewer.role == VOLUNTEER:
        return own
    return or_(own, Visit.team_id.in_(viewer.team_ids))


def list_events(session: Session, visit: Visit) -> Sequence[VisitEvent]:
    """What happened on it, first things first."""
    query = select(VisitEvent).where(VisitEvent.visit_id == visit.id)
    return session.scalars(query.order_by(VisitEvent.id)).all()


def _of_follow_up(session: Session, follow_up_id: int) -> Sequence[Visit]:
    query = select(Visit).where(Visit.follow_up_id == follow_up_id, Visit.ended_at.is_(None))
    return session.scalars(query.order_by(Visit.id).with_for_update()).all()


def _hold(session: Session, visit: Visit, by: Viewer) -> None:
    session.refresh(visit, with_for_update=True)
    _refuse_others(visit, by)
    if visit.ended_at is not None:
        raise Conflict("This visit has ended.")


def _refuse_others(visit: Visit, by: Viewer) -> None:
    if visit.staff_id != by.staff_id:
        raise NotFound


def _end(
    session: Session, visit: Visit, how: VisitEnd, words: str | None, now: datetime, by: Viewer | None
) -> None:
    visit.ended_at, visit.how, visit.words = now, how, words
    _write(session, visit, how.value.replace("_", " "), now, by)


def _refuse_leave_by(leave_by: datetime, begins: datetime, now: datetime) -> None:
    if leave_by <= now:
        raise Invalid({"leave_by": "Choose a time that is still to come."})
    if leave_by > begins + AT_MOST:
        raise Invalid({"leave_by": "Nobody is left without a word for longer than twelve hours."})


def _team_of(session: Session, by: Viewer, now: datetime) -> int | None:
    """The team that looks out for them where the visit is of none: the first by name of their own."""
    query = (
        select(Team.id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.staff_id == by.staff_id, TeamMember.period.contains(now), Team.deleted_at.is_(None))
    )
    return session.scalar(query.order_by(Team.name, Team.id).limit(1))


def _place(session: Session, person_id: int | None, home_id: int | None, now: datetime) -> tuple[str, str]:
    """The address on one line, and its time zone."""
    if home_id is None:
        lives = (Residency.person_id == person_id) & Residency.period.contains(now)
        home = session.scalar(select(Home).join(Residency, Residency.home_id == Home.id).where(lives))
    else:
        home = session.get(Home, home_id)
    if home is None:
        return NOWHERE, UK
    return ", ".join(filter(None, (home.address_line, home.locality, home.postcode))), home.time_zone


def _write(session: Session, visit: Visit, what: str, now: datetime, by: Viewer | None) -> None:
    session.add(
        VisitEvent(
            visit_id=visit.id,
            at=now,
            what=what,
            by_staff_id=by.staff_id if by else None,
            leave_by=visit.leave_by,
        )
    )
    journal.write(
        session,
        what,
        actor=actor(by) if by else MACHINE,
        subject="visit",
        subject_uuid=visit.uuid,
        details={"leave_by": visit.leave_by.isoformat()},
    )
    session.flush()
