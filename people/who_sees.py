"""Which agency sees how much of a person's record, and why: for the person, and for whoever shares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from people import access, care_teams, choices
from people.access import OPENS, Choice, Extent, Purpose, RecordClass
from people.models.agencies import Agency
from people.models.people import Person
from people.models.sharing import Decision, LawfulBasis, SharingBasis, SharingChoice

CLASSES = tuple(each for each in RecordClass if each is not RecordClass.RESTRICTED)
"""What is shared class by class; restricted entries are opened one by one, to those who hold them."""


class Because(StrEnum):
    """Why an agency sees as much as it does."""

    BASIS = "basis"
    """A basis of the agency gives it."""
    DISSENT = "dissent"
    """The person said no to something that a basis would give."""
    NO_CONSENT = "no_consent"
    """A basis rests on consent, and the person has not given it."""
    NO_BASIS = "no_basis"


@dataclass(frozen=True, slots=True)
class Cell:
    """How much of one class, why, and the basis or the choice that decides it."""

    record_class: RecordClass
    extent: Extent
    because: Because
    basis: SharingBasis | None = None
    choice: SharingChoice | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One agency in the care team, with its teams there."""

    agency: Agency
    teams: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a choice would change for one agency and class."""

    agency: Agency
    record_class: RecordClass
    before: Extent
    after: Extent


def table(session: Session, person: Person, now: datetime) -> list[Row]:
    """Every agency that cares for the person now, and what each sees of each class."""
    said = choices.in_force(session, [person.id], now)
    caring = care_teams.around(session, person, now)
    agencies = {each.agency.id: each.agency for each in caring}
    bases = _held_by(session, agencies, now)
    return [
        Row(
            agency,
            tuple(each.team.name for each in caring if each.agency.id == key),
            tuple(_cell(key, each, bases, said) for each in CLASSES),
        )
        for key, agency in agencies.items()
    ]


def changes(session: Session, person: Person, asked: SharingChoice, now: datetime) -> list[Change]:
    """What would change, for whom, if the person's choice were `asked`, which need not be stored."""
    before = choices.in_force(session, [person.id], now)
    after = [each for each in before if not choices.same_place(each, asked)] + [asked]
    agencies = {each.agency.id: each.agency for each in care_teams.around(session, person, now)}
    bases = _held_by(session, agencies, now)
    found = []
    for key, agency in agencies.items():
        for each in CLASSES:
            was, becomes = _cell(key, each, bases, before).extent, _cell(key, each, bases, after).extent
            if was is not becomes:
                found.append(Change(agency, each, was, becomes))
    return found


def counted(said: Collection[SharingChoice], agency_id: int) -> bool:
    """Whether the person is counted in an agency's figures: planning has a consent of its own."""
    whole = [choices.plain_choice(each) for each in said if each.record_class is None]
    return access.permitted(agency_id, Purpose.PLANNING, RecordClass.PLAN, whole)


def _cell(
    agency_id: int,
    record_class: RecordClass,
    bases: Sequence[SharingBasis],
    said: Sequence[SharingChoice],
) -> Cell:
    """The best that a basis gives and the person leaves open; else what stands in the way."""
    here = [
        each
        for each in bases
        if each.agency_id == agency_id and each.record_class is record_class and each.purpose in OPENS
    ]
    given = [choices.plain_choice(each) for each in said]
    left = [each for each in here if _permitted(agency_id, each, given)]
    best = max(left, key=lambda each: each.extent.rank, default=None)
    barred = [each for each in here if each not in left]
    more = max(barred, key=lambda each: each.extent.rank, default=None)
    if more is None or (best is not None and best.extent.rank >= more.extent.rank):
        if best is None:
            return Cell(record_class, Extent.CHECK, Because.NO_BASIS)
        return Cell(record_class, best.extent, Because.BASIS, best, _permit(agency_id, best, said))
    extent = best.extent if best is not None else Extent.CHECK
    no = _decisive(agency_id, more, said)
    why = Because.DISSENT if no is not None else Because.NO_CONSENT
    return Cell(record_class, extent, why, more, no)


def _permitted(agency_id: int, basis: SharingBasis, said: Collection[Choice]) -> bool:
    asked = basis.lawful_basis is LawfulBasis.CONSENT
    return access.permitted(agency_id, basis.purpose, basis.record_class, said, asked=asked)


def _permit(agency_id: int, basis: SharingBasis, said: Sequence[SharingChoice]) -> SharingChoice | None:
    found = _decisive(agency_id, basis, said)
    return found if found is not None and found.decision is Decision.PERMIT else None


def _decisive(agency_id: int, basis: SharingBasis, said: Sequence[SharingChoice]) -> SharingChoice | None:
    """The choice that counts for a basis; None where the person said nothing of it."""
    about = [
        (choices.plain_choice(each), each)
        for each in said
        if choices.plain_choice(each).speaks_of(agency_id, basis.purpose, basis.record_class)
    ]
    return max(about, key=lambda each: each[0].weight)[1] if about else None


def _held_by(session: Session, agency_ids: Collection[int], now: datetime) -> Sequence[SharingBasis]:
    query = select(SharingBasis).where(
        SharingBasis.agency_id.in_(agency_ids),
        SharingBasis.began_at <= now,
        or_(SharingBasis.ended_at.is_(None), SharingBasis.ended_at > now),
    )
    return session.scalars(query.order_by(SharingBasis.id)).all()
