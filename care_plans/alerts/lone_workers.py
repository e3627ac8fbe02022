"""The alert about a worker who did not say by their leave-by time that they are safe (H22)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import asking, deadlines, events
from care_plans.alerts.escalation import PASSING
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.alerts.raising import Raised, raise_
from care_plans.messages import outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.alerts import Alert, ContactKind
from care_plans.models.visits import Visit, VisitEnd
from care_plans.severity import Class, Severity
from care_plans.visits import visits
from devices import subjects
from people.models.agencies import Agency, Staff, Team, TeamRole

log = logging.getLogger(__name__)

NEVER_LATE = 100 * 366 * 86400
"""Seconds: nobody's silence is old news, however late it is noticed."""
RULE_KEY = "visit.no_word"
WAIT = 300
"""Seconds each step has: as long as it takes to ring somebody twice."""
REMIND_BEFORE = timedelta(minutes=10)
WHAT_SHOULD_HAPPEN = (
    "Ring them now. No answer: ring whoever they are with, and have two people go there together. Afraid for "
    "them, or no answer there either: 999, with the address. Record the contact: it stops the ladder."
)


@dataclass(frozen=True, slots=True)
class NoWord:
    """What was found: nothing was heard since `at`."""

    words: str
    at: datetime
    severity: Severity = Severity.RED
    kind: str = ""
    value: float | None = None
    unit: str | None = None
    evidence: Sequence[tuple[str, datetime, float]] = ()
    unconfirmed: bool = False

    @property
    def latest(self) -> datetime:
        """The same moment: nothing is measured."""
        return self.at


def step(session: Session, now: datetime, limit: int = 50) -> bool:
    """Remind who is to leave soon, raise the alerts whose time has come, settle what is over; if any was."""
    worked = [act(session, now, limit) for act in (_remind, _raise_due, _settle)]
    return any(worked)


def ladder(session: Session, staff: Staff, team_id: int | None) -> Ladder:
    """Their own team first, then whoever of their agency is always there or coordinates.

    Where nobody of their agency is there round the clock it ends with whoever of the installation is (H9):
    those are told who it is and how to ring them, and not where they are.
    """
    rows = session.execute(
        select(Team, Agency.name)
        .join(Agency, Agency.id == Team.agency_id)
        .where(Team.deleted_at.is_(None))
        .order_by(Team.receiving_centre.desc(), Team.staffed_all_hours.desc(), Team.id)
    ).all()
    mine = [row for row in rows if row[0].id == team_id]
    own = [row for row in rows if row[0].agency_id == staff.agency_id and row[0].id != team_id]
    day = [row for row in own if row[0].role is TeamRole.COORDINATOR and not _always(row[0])]
    always = [row for row in own if _always(row[0])][:1]
    order = [*mine, *day, *always] or own
    if not any(_always(team) for team, _agency in order):
        order += [row for row in rows if _always(row[0])][:1]
    if order and not _always(order[-1][0]):
        order += [row for row in order if _always(row[0])][:1]
    steps = [
        LadderStep(
            position=position,
            words=f"{team.name}, {agency}",
            way=Way.CALL,
            wait=WAIT,
            team=team.id,
            staffed_all_hours=team.staffed_all_hours,
            receiving_centre=team.receiving_centre,
        )
        for position, (team, agency) in enumerate(order, 1)
    ]
    unnamed = LadderStep(1, "Receiving centre", Way.CALL, WAIT, receiving_centre=True)
    return Ladder(key="worker", name="Those who look out for a worker", steps=tuple(steps) or (unnamed,))


def _always(team: Team) -> bool:
    return team.receiving_centre or team.staffed_all_hours


def _remind(session: Session, now: datetime, limit: int) -> bool:
    """Tell whoever is to leave within ten minutes, so that forgetting wakes nobody."""
    rows = _waiting(session, now + REMIND_BEFORE, limit, Visit.reminded_at.is_(None))
    for visit in rows:
        visit.reminded_at = now
        words = Words(
            f"Leave by {wording.local(visit.leave_by, visit.zone)}",
            "Say in Hearthline that you are safe, or that you need longer: otherwise your team is asked to "
            "look for you.",
        )
        key = f"visit {visit.uuid} {visit.leave_by.isoformat()}"
        outbox.queue(session, Recipient(staff_id=visit.staff_id), words, key=key, now=now, important=True)
    return bool(rows)


def _raise_due(session: Session, now: datetime, limit: int) -> bool:
    """Raise what is due. One that can't be raised stays for the auditor to show, and holds up no other."""
    raised = 0
    for visit in _waiting(session, now, limit):
        try:
            with session.begin_nested():
                _raise(session, visit, now)
            raised += 1
        except PASSING:
            raise
        except Exception as fault:
            # Whatever is wrong with one visit must not keep all others from being looked out for.
            log.exception(
                "worker could not be looked for", extra={"visit_id": visit.id, "error": type(fault).__name__}
            )
    return raised > 0


def _raise(session: Session, visit: Visit, now: datetime) -> None:
    staff = session.get_one(Staff, visit.staff_id)
    there = "is on a visit" if visit.arrived_at else "was going on a visit"
    found = NoWord(f"{staff.name} {there} and has not said that they are safe.", visit.leave_by)
    raised = Raised(
        subject=subjects.visit(visit.id),
        rule_key=RULE_KEY,
        name=f"No word from {staff.name}",
        class_=Class.LIFE_SAFETY,
        finding=found,
        ladder=ladder(session, staff, visit.team_id),
        what_should_happen=WHAT_SHOULD_HAPPEN,
        worker_id=staff.id,
        pages_within=NEVER_LATE,
    )
    visits.note_overdue(session, visit, now)
    raise_(session, raised, now)


def _settle(session: Session, now: datetime, limit: int) -> bool:
    """Bring what the worker said into the alert about them, and what others found into the visit."""
    rows = session.execute(
        select(Visit, Alert)
        .join(Alert, Alert.visit_id == Visit.id)
        .where(Visit.overdue_at.is_not(None), Visit.settled_at.is_(None))
        .where(Visit.ended_at.is_not(None) | Alert.closed_at.is_not(None))
        .order_by(Visit.overdue_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for visit, alert in rows:
        visit.settled_at = now
        if visit.ended_at is None:
            visits.end_by_itself(session, visit, VisitEnd.FOUND, alert.action or "", now)
        elif alert.closed_at is None:
            _said_safe(session, visit, alert, now)
    return bool(rows)


def _said_safe(session: Session, visit: Visit, alert: Alert, now: datetime) -> None:
    """Their own word is a contact: the ladder stops, and whoever has the alert makes sure and closes it."""
    name = session.scalars(select(Staff.name).where(Staff.id == visit.staff_id)).one()
    alert.contact_at, alert.contact = now, ContactKind.SPOKE_TO
    alert.seen_until = alert.going_until = None
    alert.step_at = now
    words = f"{name} says: I am safe. {visit.words or ''}".strip()
    event = events.write(session, alert, What.CONTACT, now, words=words, details={"kind": "spoke_to"})
    deadlines.set_deadline(alert, now)
    asked = deadlines.current_step(alert).team
    if asked is not None:
        asking.send(session, alert, event, Recipient(team_id=asked), f"{words} Make sure, and close it.", now)
    session.flush()


def _waiting(session: Session, until: datetime, limit: int, *also: object) -> Sequence[Visit]:
    return session.scalars(
        select(Visit)
        .where(Visit.ended_at.is_(None), Visit.overdue_at.is_(None), Visit.leave_by <= until, *also)  # type: ignore[arg-type]
        .order_by(Visit.leave_by)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
