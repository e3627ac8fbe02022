"""What people have said of who may see what of them: permitting it, dissenting from it, taking that back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people.access import Choice, Purpose, RecordClass
from people.changes import note, plain
from people.faults import LINES, Reader, one_of, read_fields, words
from people.models.agencies import Agency, Staff
from people.models.people import Person
from people.models.sharing import Decision, SharingChoice

READERS: Mapping[str, Reader] = {
    "purpose": one_of(Purpose),
    "record_class": one_of(RecordClass),
    "decision": one_of(Decision),
    "said_by": words(),
    "evidence": words(LINES),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A choice with the agency that it is about and who wrote it down."""

    choice: SharingChoice
    agency: str | None
    agency_uuid: UUID | None
    recorded_by: str


def choose(
    session: Session,
    person: Person,
    agency: Agency | None,
    given: Mapping[str, Any],
    *,
    by: Staff,
    actor: Actor,
    now: datetime,
) -> SharingChoice:
    """Record what the person permits or dissents from; one that said the same place before ends.

    `agency` None stands for every agency. Invalid with every field that is wrong: who said it, and how we
    know, are always needed.
    """
    row = drafted(person, agency, given, by=by, now=now)
    for before in in_force(session, [person.id], now):
        if same_place(before, row):
            before.ended_at = now
    session.add(row)
    session.flush()
    note(
        session,
        "chose",
        row,
        "sharing choice",
        actor=actor,
        person_id=person.id,
        details={
            "agency": str(agency.uuid) if agency else None,
            **{name: plain(getattr(row, name)) for name in READERS},
        },
    )
    return row


def drafted(
    person: Person, agency: Agency | None, given: Mapping[str, Any], *, by: Staff, now: datetime
) -> SharingChoice:
    """The choice as it would be recorded, in no session yet; Invalid with every field that is wrong."""
    values = read_fields(given, READERS, required=("decision", "said_by", "evidence"))
    if values.get("record_class") is RecordClass.RESTRICTED:
        raise Invalid({"record_class": "Restricted entries are opened one by one, to those who hold them."})
    return SharingChoice(
        person_id=person.id,
        agency_id=agency.id if agency else None,
        began_at=now,
        recorded_by_id=by.id,
        **values,
    )


def same_place(one: SharingChoice, other: SharingChoice) -> bool:
    """Whether both speak of the same agency, purpose and class: the later takes the other's place."""
    return (one.agency_id, one.purpose, one.record_class) == (
        other.agency_id,
        other.purpose,
        other.record_class,
    )


def plain_choice(row: SharingChoice) -> Choice:
    """A choice as `people.access` decides with it."""
    return Choice(row.decision is Decision.PERMIT, row.agency_id, row.purpose, row.record_class, row.began_at)


def end(session: Session, choice: SharingChoice, *, actor: Actor, now: datetime) -> None:
    """Take a choice back: the agencies' own bases count again."""
    if choice.ended_at is not None:
        raise Conflict("This choice has ended already.")
    choice.ended_at = now
    session.flush()
    note(session, "took back", choice, "sharing choice", actor=actor, person_id=choice.person_id)


def listing(session: Session, person: Person, now: datetime) -> list[Said]:
    """What the person has said that is in force, the latest first."""
    rows = session.execute(
        select(SharingChoice, Agency.name, Agency.uuid, Staff.name)
        .outerjoin(Agency, Agency.id == SharingChoice.agency_id)
        .join(Staff, Staff.id == SharingChoice.recorded_by_id)
        .where(SharingChoice.person_id == person.id, *_holds(now))
        .order_by(SharingChoice.began_at.desc(), SharingChoice.id.desc())
    )
    return [Said(*row) for row in rows]


def get(session: Session, person: Person, uuid: UUID) -> SharingChoice:
    """One choice of this person's, or NotFound."""
    row = session.scalar(
        select(SharingChoice).where(SharingChoice.uuid == uuid, SharingChoice.person_id == person.id)
    )
    if row is None:
        raise NotFound
    return row


def in_force(session: Session, person_ids: Collection[int], now: datetime) -> Sequence[SharingChoice]:
    """What these people have said that holds at `now`."""
    query = select(SharingChoice).where(SharingChoice.person_id.in_(person_ids), *_holds(now))
    return session.scalars(query).all()


def _holds(now: datetime) -> tuple[Any, ...]:
    return (
        SharingChoice.began_at <= now,
        or_(SharingChoice.ended_at.is_(None), SharingChoice.ended_at > now),
        SharingChoice.deleted_at.is_(None),
    )
