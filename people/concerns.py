"""Safeguarding concerns: raised by anybody who cares, held by one team, known to nobody else (H19).

What is written of a concern in the journal names no person, so that no list about the person tells of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from people import scoping, visible
from people.access import Viewer
from people.faults import LINES, Reader, one_of, read_fields, words, yes_no
from people.models.agencies import Agency, Staff, Team, TeamRole
from people.models.concerns import Concern, ConcernEvent, Enquiry, Knows, Met
from people.models.homes import Home, Residency
from people.models.people import Person

READERS: Mapping[str, Reader] = {
    "worry": words(LINES),
    "danger": yes_no,
    "danger_done": words(LINES),
    "wishes": words(LINES),
    "knows": one_of(Knows),
}
DONE_FIRST = "Ring 999 first, then say what you have done to keep them safe."
NOBODY = (
    "No safeguarding or social work team is on record here, so this could not be sent. Ring the council's "
    "safeguarding line now."
)
TAKES = (TeamRole.SAFEGUARDING, TeamRole.SOCIAL_WORK)


@dataclass(frozen=True, slots=True)
class Held:
    """A concern as its team sees it."""

    concern: Concern
    person: Person
    raised_by: str
    raised_for: str
    team: Team


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a concern."""

    at: datetime
    what: str
    words: str
    by: str


def receiving_team(session: Session, person: Person, now: datetime) -> Team:
    """The team that takes concerns about the person: safeguarding of their area, else social work.

    Of another area where there is none of theirs. Conflict, which says whom to ring, where there is none.
    """
    area = (
        select(Home.area)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person.id, Residency.period.contains(now))
        .limit(1)
        .scalar_subquery()
    )
    found = session.scalar(
        select(Team)
        .where(Team.role.in_(TAKES), Team.deleted_at.is_(None))
        .order_by(
            case((Team.area == area, 0), else_=1),
            case((Team.role == TeamRole.SAFEGUARDING, 0), else_=1),
            Team.id,
        )
        .limit(1)
    )
    if found is None:
        raise Conflict(NOBODY)
    return found


def read_raised(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was said when it was raised; Invalid with every field that is wrong."""
    values = read_fields(given, READERS, required=("worry", "danger", "wishes", "knows"))
    if values["danger"] and not values.get("danger_done"):
        raise Invalid({"danger_done": DONE_FIRST})
    return values


def raise_(
    session: Session,
    person: Person,
    team: Team,
    values: Mapping[str, Any],
    *,
    read_by: datetime,
    decide_by: datetime,
    by: Viewer,
    now: datetime,
    alert_id: int | None = None,
) -> Concern:
    """Put a worry into the hands of `team`, to be read and decided about by these times."""
    row = Concern(
        person_id=person.id,
        alert_id=alert_id,
        raised_by_id=by.staff_id,
        raised_at=now,
        team_id=team.id,
        read_by=read_by,
        decide_by=decide_by,
        **values,
    )
    session.add(row)
    session.flush()
    _write(session, row, "raised", "", by, now)
    return row


def take(session: Session, row: Concern, *, by: Viewer, now: datetime) -> Concern:
    """`by` has read it and has it; the second is told who came first."""
    _hold(session, row)
    if row.read_at is not None:
        who = session.scalar(select(Staff.name).where(Staff.id == row.read_by_id))
        raise Conflict(f"{who} has read it already.")
    row.read_at, row.read_by_id = now, by.staff_id
    _write(session, row, "read", "", by, now)
    return row


def decide(session: Session, row: Concern, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Concern:
    """Say whether an enquiry begins, and why; Conflict before it was read, or when it was decided."""
    _hold(session, row)
    if row.read_at is None:
        raise Conflict("Say first that you have read it.")
    if row.enquiry is not None:
        raise Conflict("This has been decided already. Look again.")
    values = read_fields(
        given, {"enquiry": one_of(Enquiry), "why": words(LINES)}, required=("enquiry", "why")
    )
    row.enquiry, row.enquiry_why, row.enquiry_at = values["enquiry"], values["why"], now
    _write(session, row, f"enquiry {row.enquiry.value.replace('_', ' ')}", values["why"], by, now)
    return row


def plan(session: Session, row: Concern, text: str, *, by: Viewer, now: datetime) -> Concern:
    """Write the safety plan, in words; what it said before stays in what happened."""
    _hold(session, row)
    values = read_fields({"safety_plan": text}, {"safety_plan": words(LINES)}, required=("safety_plan",))
    row.safety_plan = values["safety_plan"]
    _write(session, row, "safety plan", values["safety_plan"], by, now)
    return row


def close(session: Session, row: Concern, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Concern:
    """Close it with what came of it, and whether what the person wished came about."""
    _hold(session, row)
    if row.enquiry is None:
        raise Conflict("Decide about an enquiry first.")
    values = read_fields(
        given, {"outcome": words(LINES), "wishes_met": one_of(Met)}, required=("outcome", "wishes_met")
    )
    row.closed_at, row.outcome, row.wishes_met = now, values["outcome"], values["wishes_met"]
    _write(session, row, "closed", values["outcome"], by, now)
    return row


def list_held(session: Session, viewer: Viewer) -> list[Held]:
    """What the viewer's teams hold: open ones first, what is to be read soonest before all."""
    rows = session.execute(
        _rows().where(held_by(viewer)).order_by(
            Concern.closed_at.desc().nulls_first(), Concern.read_at.is_not(None), Concern.decide_by,
            Concern.id,
        )
    )  # fmt: skip
    return [Held(*row) for row in rows]


def list_raised(session: Session, viewer: Viewer) -> list[Held]:
    """What the viewer raised themself, the latest first: their own words, and whether it was read."""
    query = _rows().where(Concern.raised_by_id == viewer.staff_id).order_by(Concern.id.desc())
    with scoping.lifted(session):  # they may not see the person any more; of them their name alone is told
        return [Held(*row) for row in session.execute(query)]


def count_waiting(session: Session, viewer: Viewer) -> int | None:
    """How many wait for the viewer's teams to be read or decided about; None where none of them takes any."""
    waiting = select(func.count()).where(held_by(viewer), Concern.enquiry.is_(None)).scalar_subquery()
    takes = exists().where(Team.id.in_(viewer.team_ids), Team.role.in_(TAKES))
    holds = exists().where(held_by(viewer))
    return session.scalar(select(case((or_(takes, holds), waiting))))


def get_held(session: Session, viewer: Viewer, uuid: UUID) -> Held:
    """One that the viewer's team holds, or NotFound for everybody else, whoever they are."""
    row = session.execute(_rows().where(Concern.uuid == uuid, held_by(viewer))).first()
    if row is None:
        raise NotFound
    return Held(*row)


def get_known(session: Session, viewer: Viewer, uuid: UUID) -> Held:
    """The same, or one that the viewer raised themself; or NotFound."""
    mine = Concern.raised_by_id == viewer.staff_id
    with scoping.lifted(session):
        row = session.execute(_rows().where(Concern.uuid == uuid, or_(held_by(viewer), mine))).first()
    if row is None:
        raise NotFound
    return Held(*row)


def held_by(viewer: Viewer) -> ColumnElement[bool]:
    """What one of the viewer's teams holds. Sight of everybody opens none: a key is no team."""
    return Concern.team_id.in_(viewer.team_ids) & Concern.deleted_at.is_(None)


def holds(viewer: Viewer, row: Concern) -> bool:
    """Whether one of the viewer's teams holds it."""
    return row.team_id in viewer.team_ids


def record_look(session: Session, viewer: Viewer, row: Concern) -> None:
    """Write down who opened it."""
    journal.write(session, "looked at", actor=visible.actor(viewer), subject="concern", subject_uuid=row.uuid)


def list_events(session: Session, row: Concern) -> Sequence[Happened]:
    """All that happened to it, first things first."""
    rows = session.execute(
        select(ConcernEvent.at, ConcernEvent.what, ConcernEvent.words, Staff.name)
        .join(Staff, Staff.id == ConcernEvent.by_staff_id)
        .where(ConcernEvent.concern_id == row.id)
        .order_by(ConcernEvent.id)
    )
    return [Happened(*each) for each in rows]


def _rows() -> Any:
    return (
        select(Concern, Person, Staff.name, Agency.name, Team)
        .join(Person, Person.id == Concern.person_id)
        .join(Staff, Staff.id == Concern.raised_by_id)
        .join(Agency, Agency.id == Staff.agency_id)
        .join(Team, Team.id == Concern.team_id)
    )


def _hold(session: Session, row: Concern) -> None:
    session.refresh(row, with_for_update=True)
    if row.closed_at is not None:
        raise Conflict("This is closed. Raise it again if there is something new.")


def _write(session: Session, row: Concern, what: str, said: str, by: Viewer, now: datetime) -> None:
    session.add(ConcernEvent(concern_id=row.id, at=now, what=what, words=said, by_staff_id=by.staff_id))
    journal.write(session, what, actor=visible.actor(by), subject="concern", subject_uuid=row.uuid)
    session.flush()
