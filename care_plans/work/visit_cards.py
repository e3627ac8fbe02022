"""The card of whoever is asked to go: the address once accepted, the key code once there (H22).

It is a volunteer's only way to a visit. It ends with the visit, or some hours after it should have ended, and
shows nothing from then on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.visits import Visit, VisitEnd
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.visits import visits
from care_plans.work import agenda, follow_ups
from core.errors import Conflict, NotFound
from core.zones import UK
from people import cards, homes, visible, visit_warnings
from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Person, ResponderCard

ANSWER_WITHIN = timedelta(hours=4)
"""After a visit was due, how long its card may still be accepted."""
SHOWN_AFTER = timedelta(hours=2)
"""After a leave-by time that nobody answered, how long the card shows where they went."""
ENDED = "This card has ended."


class CardState(StrEnum):
    """How far somebody is with a visit they were asked to make."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class VisitCard:
    """What is shown of a visit; `address` once accepted, `access` and `code` once there, nothing when ended.

    `visit` is the viewer's own, which they can end though the card has. `may_accept` is whether their team is
    asked, `may_complete` whether they had it and have not said what became of it.
    """

    uuid: UUID
    state: CardState
    visit: Visit | None = None
    zone: str = UK
    first_name: str | None = None
    text: str | None = None
    due_at: datetime | None = None
    ends_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    address: str | None = None
    card: ResponderCard | None = None
    access: str | None = None
    code: str | None = None
    may_accept: bool = False
    may_complete: bool = False


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> VisitCard:
    """The card of a visit to be made; each sight is written down. NotFound when it is none in sight.

    When somebody else has it, it has ended for the viewer.
    """
    row = _asked(session, viewer, uuid, now)
    visit = visits.find_last(session, viewer.staff_id, row.id)
    state, ends_at = _state(row, visit, viewer, now)
    open_visit = visit if visit is not None and visit.ended_at is None else None
    if state is CardState.ENDED:
        theirs = row.done_at is None and row.staff_id == viewer.staff_id
        return VisitCard(row.uuid, state, open_visit, may_complete=theirs)
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    home = _home(session, row, now)
    taken = state is not CardState.ASKED
    there = state is CardState.ARRIVED
    if person is not None:
        visible.record_look(session, viewer, person, at_what="address" if taken else "visit card")
    return VisitCard(
        uuid=row.uuid,
        state=state,
        visit=open_visit,
        zone=home.time_zone if home else UK,
        first_name=(person.preferred_name or person.given_name) if person else None,
        text=row.text,
        due_at=row.due_at,
        ends_at=ends_at,
        warnings=visit_warnings.before_going(session, now, person_id=row.person_id, home_id=row.home_id),
        address=open_visit.place if taken and open_visit else None,
        card=cards.find(session, person) if taken and person is not None else None,
        access=home.access_notes if there and home is not None else None,
        code=homes.reveal_key_safe(session, home, actor=visible.actor(viewer), now=now)
        if there and home is not None
        else None,
        may_complete=taken,
        may_accept=state is CardState.ASKED and row.team_id in viewer.team_ids,
    )


def accept(
    session: Session, viewer: Viewer, uuid: UUID, now: datetime, *, leave_by: datetime | None = None
) -> None:
    """The viewer goes. Conflict when the card has ended; raises like `follow_ups.take`."""
    row = _asked(session, viewer, uuid, now)
    state, _ends_at = _state(row, visits.find_last(session, viewer.staff_id, row.id), viewer, now)
    if state is CardState.ENDED:
        raise Conflict(ENDED)
    follow_ups.take(session, row, by=viewer, now=now, leave_by=leave_by)


def arrive(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> None:
    """The viewer is there. Conflict unless they had accepted and the card goes on."""
    row = _asked(session, viewer, uuid, now)
    visit = visits.find_last(session, viewer.staff_id, row.id)
    state, _ends_at = _state(row, visit, viewer, now)
    if visit is None or state in (CardState.ASKED, CardState.ENDED):
        raise Conflict(ENDED if state is CardState.ENDED else "Accept it first.")
    visits.arrive(session, visit, by=viewer, now=now)


def call_off(session: Session, viewer: Viewer, visit: Visit, now: datetime) -> None:
    """The viewer does not go: a follow-up is their team's again, an alert's ladder goes on as it was."""
    row = session.get(FollowUp, visit.follow_up_id) if visit.follow_up_id is not None else None
    if row is not None and row.done_at is None and row.staff_id == viewer.staff_id:
        follow_ups.give_back(session, row, by=viewer, now=now)
    visits.end(session, visit, by=viewer, now=now, how=VisitEnd.CALLED_OFF)


def _asked(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> FollowUp:
    row = agenda.get(session, viewer, uuid, now)
    if row.kind is not FollowUpKind.VISIT or row.restricted:
        raise NotFound
    return row


def _state(
    row: FollowUp, visit: Visit | None, viewer: Viewer, now: datetime
) -> tuple[CardState, datetime | None]:
    """How far the viewer is, and when the card ends if nothing more is said."""
    if row.done_at is not None or (row.staff_id is not None and row.staff_id != viewer.staff_id):
        return CardState.ENDED, None
    if visit is None or (visit.ended_at is not None and row.staff_id is None):
        ends_at = row.due_at + ANSWER_WITHIN
        return (CardState.ASKED, ends_at) if now < ends_at else (CardState.ENDED, None)
    ends_at = visit.leave_by + SHOWN_AFTER
    if visit.ended_at is not None or now >= ends_at:
        return CardState.ENDED, None
    return (CardState.ARRIVED if visit.arrived_at is not None else CardState.ACCEPTED), ends_at


def _home(session: Session, row: FollowUp, now: datetime) -> Home | None:
    if row.home_id is not None:
        return session.get(Home, row.home_id)
    lives = (Residency.person_id == row.person_id) & Residency.period.contains(now)
    return session.scalar(select(Home).join(Residency, Residency.home_id == Home.id).where(lives))
