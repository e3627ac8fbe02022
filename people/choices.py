"""What people have said of who may see what of them: permitting it, dissenting from it, taking that back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.journal import Actor
from people.access import Purpose, RecordClass
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
    values = read_fields(given, READERS, required=("decision", "said_by", "evidence"))
    row = SharingChoice(
        person_id=person.id,
        agency_id=agency.id if agency else None,
        began_at=now,
        recorded_by_id=by.id,
        **values,
    )
    for before in in_force(session, [person.id], now):
        same = (before.agency_id, before.purpose, before.record_class)
        if same == (row.agency_id, values.get("purpose"), values.get("record_class")):
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
        details={name: plain(value) for name, value in values.items()},
    )
    return row


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
        select(SharingChoice, Agency.name, Staff.name)
        .outerjoin(Agency, Agency.id == SharingChoice.agency_id)
        .join(Staff, Staff.id == SharingChoice.recorded_by_id)
        .where(SharingChoice.person_id == person.id, *_holds(now))
        .order_by(SharingChoice.began_at.desc(), SharingChoice.id.desc())
    )
    return [Said(choice, agency, staff) for choice, agency, staff in rows]


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
