"""Whether somebody could make a decision, and what was decided for them where they could not.

Words and structure only: no test of law stands here. An assessment is of one decision on one day; whoever
assessed says why, in their own words, and what helped the person to decide for themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import agreements
from people.changes import note
from people.faults import LINES, Reader, day, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.authority import AgreedBy, BestInterests, Capacity, CapacityAssessment
from people.models.people import Person

ASSESSED: Mapping[str, Reader] = {
    "decision": words(),
    "assessed_on": day,
    "assessed_by": words(),
    "outcome": one_of(Capacity),
    "support": words(LINES),
    "reasons": words(LINES),
    "review_on": day,
}
DECIDED: Mapping[str, Reader] = {
    "decision": words(),
    "asked": words(LINES),
    "wishes": words(LINES),
    "options": words(LINES),
    "less_intrusive": words(LINES),
    "objections": words(LINES),
    "decided": words(LINES),
    "decided_by": words(),
    "decided_on": day,
    "review_on": day,
}
NOT_TO_COME = "This lies ahead: give the day it happened."
TO_COME = "Give a day that is still to come."
FOR_WHOM = (Capacity.LACKS, Capacity.FLUCTUATES)


def assess(
    session: Session, person: Person, given: Mapping[str, Any], *, by: Staff, actor: Actor, now: datetime
) -> CapacityAssessment:
    """Record an assessment; Invalid with every field that is wrong."""
    needed = ("decision", "assessed_on", "assessed_by", "outcome", "support", "reasons")
    values = read_fields(given, ASSESSED, required=needed)
    _refuse_days(values, "assessed_on", now)
    row = CapacityAssessment(person_id=person.id, recorded_by_id=by.id, recorded_at=now, **values)
    session.add(row)
    session.flush()
    note(session, "recorded", row, "capacity assessment", actor=actor, person_id=person.id)
    return row


def decide(
    session: Session,
    person: Person,
    assessment: CapacityAssessment,
    given: Mapping[str, Any],
    *,
    by: Staff,
    actor: Actor,
    now: datetime,
) -> BestInterests:
    """Record what was decided for somebody who could not decide it themselves, as `assessment` found.

    Invalid with every field that is wrong; Conflict when the assessment found that they could decide, or was
    withdrawn.
    """
    if assessment.withdrawn_at is not None or assessment.outcome not in FOR_WHOM:
        why = "By this assessment they could decide for themselves, or it was withdrawn: ask them."
        raise Conflict(why, {"assessment_id": why})
    values = read_fields(given, DECIDED, required=tuple(DECIDED))
    _refuse_days(values, "decided_on", now)
    row = BestInterests(
        person_id=person.id, assessment_id=assessment.id, recorded_by_id=by.id, recorded_at=now, **values
    )
    session.add(row)
    session.flush()
    note(session, "recorded", row, "best interests decision", actor=actor, person_id=person.id)
    return row


def withdraw(
    session: Session,
    row: CapacityAssessment | BestInterests,
    why: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Say that it counts no more, and why. Agreements that rest on it are asked about at once."""
    if row.withdrawn_at is not None:
        raise Conflict("This was withdrawn already.")
    read = read_fields({"why": why}, {"why": words(LINES)}, required=("why",))
    row.withdrawn_at, row.withdrawn_why = now, read["why"]
    session.flush()
    subject = "capacity assessment" if isinstance(row, CapacityAssessment) else "best interests decision"
    note(session, "withdrew", row, subject, actor=actor, person_id=row.person_id)
    resting = [row.id] if isinstance(row, BestInterests) else _resting_on(session, row)
    agreements.ask_anew(session, AgreedBy.BEST_INTERESTS, resting, now)


def list_assessments(session: Session, person: Person) -> Sequence[CapacityAssessment]:
    """All assessments, the latest first; withdrawn ones too."""
    return session.scalars(
        select(CapacityAssessment)
        .where(CapacityAssessment.person_id == person.id)
        .order_by(CapacityAssessment.assessed_on.desc(), CapacityAssessment.id.desc())
    ).all()


def list_decisions(session: Session, person: Person) -> Sequence[BestInterests]:
    """All that was decided for them, the latest first; withdrawn ones too."""
    return session.scalars(
        select(BestInterests)
        .where(BestInterests.person_id == person.id)
        .order_by(BestInterests.decided_on.desc(), BestInterests.id.desc())
    ).all()


def get_assessment(session: Session, person: Person, uuid: UUID) -> CapacityAssessment:
    """One assessment of this person, or NotFound."""
    row = session.scalar(
        select(CapacityAssessment).where(
            CapacityAssessment.uuid == uuid, CapacityAssessment.person_id == person.id
        )
    )
    if row is None:
        raise NotFound
    return row


def get_decision(session: Session, person: Person, uuid: UUID) -> BestInterests:
    """One decision made for this person, or NotFound."""
    row = session.scalar(
        select(BestInterests).where(BestInterests.uuid == uuid, BestInterests.person_id == person.id)
    )
    if row is None:
        raise NotFound
    return row


def _resting_on(session: Session, assessment: CapacityAssessment) -> list[int]:
    return list(session.scalars(select(BestInterests.id).where(BestInterests.assessment_id == assessment.id)))


def _refuse_days(values: Mapping[str, Any], past: str, now: datetime) -> None:
    faults = {}
    review: date | None = values.get("review_on")
    if values[past] > now.date():
        faults[past] = NOT_TO_COME
    if review is not None and review <= now.date():
        faults["review_on"] = TO_COME
    if faults:
        raise Invalid(faults)
