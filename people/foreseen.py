"""What a team will see of a person, class by class, and why: its agency's basis, or what the person said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from people import choices, sharing
from people.access import OPENS, Extent, RecordClass, permitted
from people.models.agencies import Team
from people.models.sharing import Decision, LawfulBasis, SharingBasis, SharingChoice

NO_BASIS = (
    "Their agency has no basis for this: they see only that there is something, and check on the person."
)
NEVER = "Opened entry by entry to those who hold it, and by nothing else."
BASES = {
    LawfulBasis.PUBLIC_TASK: "public task",
    LawfulBasis.LEGAL_OBLIGATION: "legal obligation",
    LawfulBasis.VITAL_INTERESTS: "vital interests",
    LawfulBasis.LEGITIMATE_INTERESTS: "legitimate interests",
    LawfulBasis.CONSENT: "the person's consent",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How much of a class of record a team will see, and a sentence that says why."""

    record_class: RecordClass
    extent: Extent
    why: str


def foresee(session: Session, team: Team, person_id: int, now: datetime) -> tuple[Foreseen, ...]:
    """Every class of record, as it stands now; nothing of it blocks the work (H17, H20)."""
    seen = sharing.team_sees(session, team, person_id, now)
    bases = session.scalars(
        select(SharingBasis).where(
            SharingBasis.agency_id == team.agency_id,
            SharingBasis.purpose.in_(OPENS),
            SharingBasis.began_at <= now,
            or_(SharingBasis.ended_at.is_(None), SharingBasis.ended_at > now),
        )
    ).all()
    said = choices.in_force(session, [person_id], now)
    return tuple(Foreseen(each, seen[each], _why(each, team, bases, said)) for each in RecordClass)


def _why(
    record_class: RecordClass, team: Team, bases: Sequence[SharingBasis], said: Sequence[SharingChoice]
) -> str:
    if record_class is RecordClass.RESTRICTED:
        return NEVER
    own = [basis for basis in bases if basis.record_class is record_class]
    if not own:
        return NO_BASIS
    choices_of = [choices.plain_choice(row) for row in said]
    counting = [
        basis
        for basis in own
        if permitted(
            team.agency_id,
            basis.purpose,
            record_class,
            choices_of,
            asked=basis.lawful_basis is LawfulBasis.CONSENT,
        )
    ]
    if not counting:
        return _dissent(team.agency_id, record_class, own, said)
    best = max(counting, key=lambda basis: basis.extent.rank)
    purpose = best.purpose.value.replace("_", " ")
    return f"For {purpose}, by {BASES[best.lawful_basis]}: {best.agreement}."


def _dissent(
    agency_id: int,
    record_class: RecordClass,
    own: Iterable[SharingBasis],
    said: Sequence[SharingChoice],
) -> str:
    """Why none of the agency's bases counts: the choice that weighs most, or that nobody was asked."""
    against = [
        row
        for row in said
        if row.decision is Decision.DISSENT
        and any(choices.plain_choice(row).speaks_of(agency_id, basis.purpose, record_class) for basis in own)
    ]
    if not against:
        return "It rests on the person's consent, and none is recorded: asking them is all it takes."
    row = max(against, key=lambda each: choices.plain_choice(each).weight)
    day = f"{row.began_at.day} {row.began_at:%B %Y}"
    return f"They dissented on {day} ({row.said_by}): only that somebody should check on them is shown."
