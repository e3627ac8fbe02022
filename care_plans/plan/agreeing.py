"""Agreeing a plan is an act of its own: who agreed it, in which role, when and how, or why nobody could.

Only the person, or who may decide for them (`people.authority`), agrees it: a daughter who was there is part
of how it was agreed, not somebody who agreed it (H18).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import AgreedWith, PlanAgreement, PlanVersion, VersionState
from core import journal
from core.errors import Conflict, Invalid
from core.journal import Actor
from people import authority, deciding
from people.authority import MayAgree
from people.faults import LINES, day, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.authority import AgreedBy
from people.models.people import Person


def _identifier(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as fault:
        raise Invalid({"": "Choose who it was."}) from fault


READERS = {
    "with_whom": one_of(AgreedWith),
    "who": _identifier,
    "name": words(),
    "how": words(LINES),
    "why_not": words(LINES),
    "agreed_on": day,
}
NOBODY_ELSE = "Only the person, or who may decide for them, agrees a plan. {}"
ASSESSED = (
    "An assessment of capacity is on record: say how it was found that this is their own decision, or who "
    "may decide it for them."
)


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

    `who` is the uuid that `authority.who_may_agree` gives a representative; `name`, for the person, is who
    was there with them. Conflict for a version that is no longer in force; Invalid with each fault.
    """
    if version.state is VersionState.SUPERSEDED:
        raise Conflict("This version is no longer in force: agree the one that is.")
    values = read_fields(given, READERS, required=("with_whom",))
    values.setdefault("agreed_on", None)
    values["agreed_on"] = values["agreed_on"] or now.date()
    listed = authority.who_may_agree(session, person, now)
    faults = _faults(values, now.date()) | _wrong_person(session, person, values, listed)
    if faults:
        raise Invalid(faults)
    chosen = _representative(listed, values.pop("who", None))
    if values["with_whom"] is AgreedWith.REPRESENTATIVE and chosen is not None:
        values["name"], values["role"] = chosen.name, role(chosen)
    elif values["with_whom"] is AgreedWith.PERSON:
        values["name"] = values.get("name") or f"{person.given_name} {person.family_name}"
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


def told(session: Session, person: Person, said: str, now: datetime) -> dict[str, Any]:
    """What `agree` takes, out of the names of who was there ("Ada and Beth"): the person first of all.

    Invalid at `agreed_with` where nobody of them may agree it, with who may and why.
    """
    listed = authority.who_may_agree(session, person, now)
    if _names(person, said):
        if is_assessed(session, person):
            raise Invalid({"agreed_with": ASSESSED})
        return {"with_whom": AgreedWith.PERSON, "name": said}
    for each in listed:
        if each.basis is not AgreedBy.PERSON and each.name.casefold() in said.casefold():
            return {"with_whom": AgreedWith.REPRESENTATIVE, "who": each.uuid, "how": said}
    raise Invalid({"agreed_with": NOBODY_ELSE.format(who_may(listed))})


def who_may(listed: Sequence[MayAgree]) -> str:
    """In words: "Here that is Ada (themself); Beth Marsh (attorney for health and welfare)."."""
    return f"Here that is {'; '.join(f'{each.name} ({role(each)})' for each in listed)}."


def role(one: MayAgree) -> str:
    """Why they may; not what a best-interests decision was about, which fewer may see than the plan."""
    return "decided in their best interests" if one.basis is AgreedBy.BEST_INTERESTS else one.why


def is_assessed(session: Session, person: Person) -> bool:
    """Whether an assessment of their capacity is on record, whatever it found."""
    return any(each.withdrawn_at is None for each in deciding.list_assessments(session, person))


def _representative(listed: Sequence[MayAgree], who: UUID | None) -> MayAgree | None:
    return next((each for each in listed if who is not None and each.uuid == who), None)


def _names(person: Person, said: str) -> bool:
    """Whether the person is among those named."""
    names = (person.given_name, person.preferred_name)
    return any(name and name.casefold() in said.casefold() for name in names)


def _wrong_person(
    session: Session, person: Person, values: Mapping[str, Any], listed: Sequence[MayAgree]
) -> dict[str, str]:
    """Where it is not the person, nor who may decide for them."""
    if values["with_whom"] is AgreedWith.REPRESENTATIVE and not _representative(listed, values.get("who")):
        return {"who": NOBODY_ELSE.format(who_may(listed))}
    if values["with_whom"] is not AgreedWith.PERSON:
        return {}
    if values.get("name") and not _names(person, values["name"]):
        return {"name": NOBODY_ELSE.format(who_may(listed))}
    return {"how": ASSESSED} if not values.get("how") and is_assessed(session, person) else {}


def _faults(values: Mapping[str, Any], today: date) -> dict[str, str]:
    faults: dict[str, str] = {}
    if values["with_whom"] is AgreedWith.NOBODY and not values.get("why_not"):
        faults["why_not"] = "Say why neither the person nor a representative could."
    if values["agreed_on"] > today:
        faults["agreed_on"] = "Give the day it was agreed, today or before."
    return faults


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what belongs to the choice: no name where nobody agreed, no excuse where somebody did."""
    left_out = {"name", "role", "how"} if values["with_whom"] is AgreedWith.NOBODY else {"why_not"}
    return {name: None if name in left_out else value for name, value in values.items() if name != "who"}
