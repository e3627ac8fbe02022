"""What was agreed of those who do not answer: for a person, else a pathway, else the team that rings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.models.ringing import NoReplyTerms
from care_plans.pathways import reading
from care_plans.ringing import procedure
from care_plans.ringing.procedure import DEFAULT, Terms
from core import journal
from core.db import number
from core.errors import Conflict, Invalid
from people import unseen
from people.access import RecordClass, Viewer
from people.changes import in_conflict
from people.models.agencies import Staff, Team
from people.models.people import Person
from people.visible import actor

CHANGED = "Somebody has changed this meanwhile. Look again."


@dataclass(frozen=True, slots=True)
class Agreed:
    """The terms that hold, whose they are, and who set them; `row` is None for the usual ones.

    `revision` is how often they have been set: what whoever changes them says to have seen.
    """

    terms: Terms
    whose: str
    revision: int = 0
    row: NoReplyTerms | None = None
    set_by: str | None = None


def holding(session: Session, person_id: int | None, team_id: int) -> Agreed:
    """What holds for calls of this team to this person; for its calls to anybody where none is named.

    Their own before that of a pathway they are on (of several the one that acts soonest), that before the
    team's, and last the usual.
    """
    found = None
    if person_id is not None:
        found = find_of_person(session, person_id) or _find_of_pathways(session, person_id)
    return found or find_of_team(session, team_id) or Agreed(DEFAULT, "usual")


def holding_of(session: Session, calls: Collection[tuple[int, int]]) -> dict[tuple[int, int], Terms]:
    """The same for calls to many people, each with the team that rings, in two statements."""
    people, teams = {call[0] for call in calls}, {call[1] for call in calls}
    on = _pathways_of(session, people)
    rows = session.scalars(
        select(NoReplyTerms).where(
            NoReplyTerms.superseded_at.is_(None),
            NoReplyTerms.person_id.in_(people)
            | NoReplyTerms.team_id.in_(teams)
            | NoReplyTerms.pathway.is_not(None),
        )
    ).all()
    own = {row.person_id: _terms(row) for row in rows if row.person_id is not None}
    usual = {row.team_id: _terms(row) for row in rows if row.team_id is not None}
    planned = {row.pathway: _terms(row) for row in rows if row.pathway is not None}
    found = {}
    for call in calls:
        of_pathways = [planned[each] for each in sorted(on.get(call[0], ())) if each in planned]
        soonest = min(of_pathways, key=_sooner, default=None)
        found[call] = own.get(call[0]) or soonest or usual.get(call[1]) or DEFAULT
    return found


def find_of_person(session: Session, person_id: int) -> Agreed | None:
    """What was agreed for one person; None where nothing was."""
    row = _find(session, NoReplyTerms.person_id == person_id)
    return _agreed(session, row) if row is not None else None


def find_of_team(session: Session, team_id: int) -> Agreed | None:
    """What a team has set for its calls; None where it has set nothing."""
    row = _find(session, NoReplyTerms.team_id == team_id)
    return _agreed(session, row) if row is not None else None


def find_of_pathway(session: Session, code: str) -> Agreed | None:
    """What is set for those on a pathway; None where nothing is."""
    row = _find(session, NoReplyTerms.pathway == code)
    return _agreed(session, row) if row is not None else None


def _find_of_pathways(session: Session, person_id: int) -> Agreed | None:
    """Of what is set for the pathways they are on, what acts soonest."""
    codes = sorted(_pathways_of(session, [person_id]).get(person_id, ()))
    found = [each for each in (find_of_pathway(session, code) for code in codes) if each is not None]
    return min(found, key=lambda each: _sooner(each.terms), default=None)


def _sooner(terms: Terms) -> tuple[int, int]:
    return (terms.enough.attempts, sum(step.minutes for step in terms.steps))


def _pathways_of(session: Session, person_ids: Collection[int]) -> dict[int, set[str]]:
    """The pathways of the plans in force of these people."""
    rows = session.execute(
        select(Plan.person_id, PlanPathway.pathway)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanPathway, PlanPathway.version_id == PlanVersion.id)
        .where(Plan.person_id.in_(person_ids), PlanVersion.state == VersionState.PUBLISHED)
    )
    found: dict[int, set[str]] = {}
    for person_id, code in rows:
        found.setdefault(person_id, set()).add(code)
    return found


def set_for_person(
    session: Session,
    person: Person,
    document: Mapping[str, Any],
    *,
    agreed_with: str,
    agreed_on: date,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> NoReplyTerms:
    """Write down what was agreed for one person, with whom and when; what held before is kept.

    `seen` is how often it had been set when `by` looked. Invalid with every field that is wrong; NotAllowed
    where the plan is not shared with `by`.
    """
    unseen.refuse(session, by, person, RecordClass.PLAN, now)
    faults = {}
    if not agreed_with.strip():
        faults["agreed_with"] = "Say with whom it was agreed: the person, or who speaks for them."
    if agreed_on > now.date():
        faults["agreed_on"] = "This day has not come yet."
    terms = _read(session, document, faults)
    row = NoReplyTerms(
        person_id=person.id, document=procedure.to_document(terms), agreed_with=agreed_with.strip(),
        agreed_on=agreed_on, set_at=now, set_by_id=by.staff_id,
    )  # fmt: skip
    _replace(session, row, NoReplyTerms.person_id == person.id, now, seen)
    _note(session, "set", row, by, person.id)
    return row


def set_for_team(
    session: Session,
    team: Team,
    document: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> NoReplyTerms:
    """Set what holds for the calls of a team, but for those of whom something else was agreed."""
    if team.id not in by.team_ids and not by.everyone:
        raise Invalid({"team": "Only somebody in the team sets what holds for its calls."})
    terms = _read(session, document, {})
    row = NoReplyTerms(
        team_id=team.id, document=procedure.to_document(terms), set_at=now, set_by_id=by.staff_id
    )
    _replace(session, row, NoReplyTerms.team_id == team.id, now, seen)
    _note(session, "set", row, by, None)
    return row


def set_for_pathway(
    session: Session,
    code: str,
    document: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> NoReplyTerms:
    """Set what holds for those on a pathway, but for those of whom something else was agreed.

    NotFound for a pathway that there is not.
    """
    reading.get(code)
    terms = _read(session, document, {})
    row = NoReplyTerms(pathway=code, document=procedure.to_document(terms), set_at=now, set_by_id=by.staff_id)
    _replace(session, row, NoReplyTerms.pathway == code, now, seen)
    _note(session, "set", row, by, None)
    return row


def drop_of_person(session: Session, person: Person, *, by: Viewer, now: datetime) -> None:
    """What was agreed for one person no longer holds: that of the team that rings does again."""
    unseen.refuse(session, by, person, RecordClass.PLAN, now)
    row = _find(session, NoReplyTerms.person_id == person.id, hold=True)
    if row is None:
        raise Conflict("Nothing of their own is agreed.")
    row.superseded_at = now
    session.flush()
    _note(session, "dropped", row, by, person.id)


def _read(session: Session, document: Mapping[str, Any], faults: dict[str, str]) -> Terms:
    terms = DEFAULT
    try:
        terms = procedure.from_document(document)
    except Invalid as refused:
        faults |= refused.fields
    for place, step in enumerate(terms.steps):
        if step.team is not None and session.get(Team, step.team) is None:
            faults[f"steps.{place}.team"] = "There is no such team."
    if faults:
        raise Invalid(faults)
    return terms


def _replace(
    session: Session, row: NoReplyTerms, where: ColumnElement[bool], now: datetime, seen: int | None
) -> None:
    before = _find(session, where, hold=True)
    if seen is not None and seen != _revision(session, where):
        raise Conflict(CHANGED)
    if before is not None:
        before.superseded_at = now
        session.flush()
    number(session, row)
    with in_conflict(session, f"uq_no_reply_terms_{_whose(row)[0]}", CHANGED):
        session.add(row)


def _find(session: Session, where: ColumnElement[bool], *, hold: bool = False) -> NoReplyTerms | None:
    query = select(NoReplyTerms).where(where, NoReplyTerms.superseded_at.is_(None))
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def _agreed(session: Session, row: NoReplyTerms) -> Agreed:
    name = session.scalar(select(Staff.name).where(Staff.id == row.set_by_id))
    whose, mine = _whose(row)
    return Agreed(_terms(row), whose, _revision(session, mine), row, name)


def _whose(row: NoReplyTerms) -> tuple[str, ColumnElement[bool]]:
    """Of what they are, and the condition on all that were ever set of the same."""
    if row.person_id is not None:
        return "person", NoReplyTerms.person_id == row.person_id
    if row.pathway is not None:
        return "pathway", NoReplyTerms.pathway == row.pathway
    return "team", NoReplyTerms.team_id == row.team_id


def _terms(row: NoReplyTerms) -> Terms:
    """What cannot be read any more gives way to the usual terms: nobody goes unlooked for."""
    try:
        return procedure.from_document(row.document)
    except Invalid:
        return DEFAULT


def revision_of_person(session: Session, person_id: int) -> int:
    """How often something was agreed for one person: nought before the first time."""
    return _revision(session, NoReplyTerms.person_id == person_id)


def _revision(session: Session, where: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).select_from(NoReplyTerms).where(where)).one()


def _note(session: Session, what: str, row: NoReplyTerms, by: Viewer, person_id: int | None) -> None:
    journal.write(
        session, what, actor=actor(by), subject="no-reply terms", subject_uuid=row.uuid, person_id=person_id,
        details={"document": row.document, "agreed with": row.agreed_with},
    )  # fmt: skip
