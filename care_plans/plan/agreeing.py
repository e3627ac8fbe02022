"""Agreeing a plan is an act of its own: who agreed it, in which role, when and how, or why nobody could."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import AgreedWith, PlanAgreement, PlanVersion, VersionState
from core import journal
from core.errors import Conflict, Invalid
from core.journal import Actor
from people.faults import LINES, day, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.people import Person

READERS = {
    "with_whom": one_of(AgreedWith),
    "name": words(),
    "role": words(),
    "how": words(LINES),
    "why_not": words(LINES),
    "agreed_on": day,
}


def agree(
    session: Session,
    person: Person,
    version: PlanVersion,
    given: Mapping[str, Any],
    *,
    by: Staff,
    now: datetime,
) -> PlanAgreement:
    """Record who agreed the version as it stands; a draft that changes afterwards is agreed no more.

    Conflict for a version that is no longer in force; Invalid with each fault at its field.
    """
    if version.state is VersionState.SUPERSEDED:
        raise Conflict("This version is no longer in force: agree the one that is.")
    values = read_fields(given, READERS, required=("with_whom",))
    values.setdefault("agreed_on", None)
    values["agreed_on"] = values["agreed_on"] or now.date()
    faults = _faults(values, now.date())
    if faults:
        raise Invalid(faults)
    row = PlanAgreement(version_id=version.id, of=version.version, at=now, by_id=by.id, **_said(values))
    session.add(row)
    if version.state is VersionState.PUBLISHED:
        version.agreed_with = row.name
        session.flush()
        row.of = version.version
    session.flush()
    journal.write(
        session,
        "agreed",
        actor=Actor(by.name, by.id),
        subject="plan",
        subject_uuid=version.uuid,
        person_id=person.id,
        details={"number": version.number, "with_whom": row.with_whom.value},
    )
    return row


def find(session: Session, version: PlanVersion) -> PlanAgreement | None:
    """The latest agreement of the version, of whatever it said then; see `holds`."""
    return session.scalar(
        select(PlanAgreement)
        .where(PlanAgreement.version_id == version.id)
        .order_by(PlanAgreement.at.desc(), PlanAgreement.id.desc())
        .limit(1)
    )


def holds(version: PlanVersion, agreement: PlanAgreement | None) -> bool:
    """Whether what was agreed is what the version says: of a published one nothing changes any more."""
    if agreement is None:
        return False
    return version.state is not VersionState.DRAFT or agreement.of == version.version


def said(agreement: PlanAgreement) -> str:
    """In words: "Ada Marsh", "Beth Marsh, daughter", "nobody: she was asleep"."""
    if agreement.with_whom is AgreedWith.NOBODY:
        return f"nobody: {agreement.why_not}"
    return ", ".join(each for each in (agreement.name, agreement.role) if each)


def _faults(values: Mapping[str, Any], today: date) -> dict[str, str]:
    faults: dict[str, str] = {}
    if values["with_whom"] is AgreedWith.NOBODY:
        if not values.get("why_not"):
            faults["why_not"] = "Say why neither the person nor a representative could."
    else:
        if not values.get("name"):
            faults["name"] = "Say who agreed it."
        if values["with_whom"] is AgreedWith.REPRESENTATIVE and not values.get("role"):
            faults["role"] = "Say what gives them the right to speak for the person."
    if values["agreed_on"] > today:
        faults["agreed_on"] = "Give the day it was agreed, today or before."
    return faults


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what belongs to the choice: no name where nobody agreed, no excuse where somebody did."""
    left_out = {"name", "role", "how"} if values["with_whom"] is AgreedWith.NOBODY else {"why_not"}
    return {name: None if name in left_out else value for name, value in values.items()}
