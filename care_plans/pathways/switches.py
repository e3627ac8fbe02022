"""Clinical rules are off until a named clinician takes responsibility for a pathway, on the record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import PathwaySwitch, Plan, PlanPathway, PlanVersion, VersionState
from care_plans.pathways import reading
from core import journal
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.journal import Actor
from devices import subjects
from devices.unread import wake
from people.models.agencies import Role, Staff


def find(session: Session, pathway: str) -> PathwaySwitch | None:
    """The switch that is on for this pathway, or None."""
    return session.scalar(
        select(PathwaySwitch).where(PathwaySwitch.pathway == pathway, PathwaySwitch.off_at.is_(None))
    )


def all_on(session: Session) -> dict[str, PathwaySwitch]:
    """The switches that are on, by pathway."""
    rows = session.scalars(select(PathwaySwitch).where(PathwaySwitch.off_at.is_(None)))
    return {switch.pathway: switch for switch in rows}


def switch_on(session: Session, pathway: str, *, by: Staff, reason: str, now: datetime) -> PathwaySwitch:
    """Switch a pathway's clinical rules on, or take responsibility for its newer version.

    NotAllowed but for clinicians; Conflict when they are on for this version already.
    """
    known = reading.get(pathway)
    _check_clinician(by)
    if not reason.strip():
        raise Invalid({"reason": "Say on whose authority, and for whom."})
    before = find(session, pathway)
    if before is not None and before.pathway_version >= known.version:
        raise Conflict("These clinical rules are on already.")
    if before is not None:
        before.off_at, before.off_by_id = now, by.id
        session.flush()
    switch = PathwaySwitch(
        pathway=pathway, pathway_version=known.version, on_at=now, on_by_id=by.id, on_reason=reason.strip()
    )
    session.add(switch)
    _write(session, "switched on", pathway, by, reason)
    _wake(session, pathway, now)
    session.flush()
    return switch


def switch_off(session: Session, pathway: str, *, by: Staff, reason: str, now: datetime) -> None:
    """Switch them off again; NotFound when they are off."""
    _check_clinician(by)
    switch = find(session, pathway)
    if switch is None:
        raise NotFound("These clinical rules are off already.")
    switch.off_at, switch.off_by_id = now, by.id
    _write(session, "switched off", pathway, by, reason)
    _wake(session, pathway, now)
    session.flush()


def _check_clinician(by: Staff) -> None:
    if by.role is not Role.CLINICIAN:
        raise NotAllowed("Only a clinician can take responsibility for clinical rules.")


def _write(session: Session, what: str, pathway: str, by: Staff, reason: str) -> None:
    journal.write(
        session,
        what,
        actor=Actor(by.name, by.id),
        subject="pathway",
        details={"pathway": pathway, "reason": reason},
    )


def _wake(session: Session, pathway: str, now: datetime) -> None:
    people = session.scalars(
        select(Plan.person_id)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanPathway, PlanPathway.version_id == PlanVersion.id)
        .where(PlanVersion.state == VersionState.PUBLISHED, PlanPathway.pathway == pathway)
    )
    wake(session, [subjects.person(person_id) for person_id in people], now)
