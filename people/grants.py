"""What an agency has a basis to see: setting, ending and listing it, and the first proposal for a sector."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.journal import Actor
from core.models import JournalEntry
from people.access import Extent, Purpose, RecordClass
from people.changes import in_conflict, note, plain
from people.faults import Reader, one_of, read_fields, words
from people.models.agencies import Agency, Staff
from people.models.sharing import LawfulBasis, SharingBasis
from people.usual_sharing import PROPOSED, USUAL

READERS: Mapping[str, Reader] = {
    "purpose": one_of(Purpose),
    "record_class": one_of(RecordClass),
    "extent": one_of(Extent),
    "lawful_basis": one_of(LawfulBasis),
    "agreement": words(),
}
AT_ONCE = ("uq_sharing_bases_in_force", "Somebody else changed this basis at the same moment.")


def lay_usual(session: Session, agency: Agency, *, now: datetime) -> None:
    """Give a new agency what its sector usually sees, as a proposal for somebody to confirm or change."""
    session.add_all(
        SharingBasis(
            agency_id=agency.id,
            purpose=purpose,
            record_class=record_class,
            extent=extent,
            lawful_basis=LawfulBasis(lawful_basis),
            agreement=PROPOSED,
            began_at=now,
        )
        for purpose, record_class, extent, lawful_basis in USUAL[agency.sector.value]
    )
    session.flush()


def set_(
    session: Session, agency: Agency, given: Mapping[str, Any], *, by: Staff, actor: Actor, now: datetime
) -> SharingBasis:
    """Put a basis in place of what the agency had for this purpose and class; that one ends, and stays known.

    Invalid with every field that is wrong: arrears, occupancy and tenancy enforcement are no purpose (H21).
    """
    values = read_fields(given, READERS, required=tuple(READERS))
    with in_conflict(session, *AT_ONCE):
        before = _in_force(session, agency, values["purpose"], values["record_class"])
        if before is not None:
            before.ended_at = now
            session.flush()
        row = SharingBasis(agency_id=agency.id, began_at=now, set_by_id=by.id, **values)
        session.add(row)
    note(session, "set", row, "sharing basis", actor=actor, details=_told(agency, values))
    return row


def end(session: Session, basis: SharingBasis, *, reason: str, actor: Actor, now: datetime) -> None:
    """End a basis, with a reason: its agency sees no more than that somebody should check on the person.

    Invalid without a reason, Conflict when it has ended already.
    """
    read_fields({"reason": reason}, {"reason": words()}, required=("reason",))
    if basis.ended_at is not None:
        raise Conflict("This basis has ended already.")
    basis.ended_at = now
    session.flush()
    note(session, "ended", basis, "sharing basis", actor=actor, details={"reason": reason.strip()})


def listing(session: Session, agency: Agency, *, ended: bool = False) -> list[SharingBasis]:
    """What the agency has a basis for, class by class; `ended` adds what it had before."""
    query = select(SharingBasis).where(SharingBasis.agency_id == agency.id)
    if not ended:
        query = query.where(SharingBasis.ended_at.is_(None))
    return list(session.scalars(query.order_by(SharingBasis.record_class, SharingBasis.began_at.desc())))


def count_proposed(session: Session) -> dict[int, int]:
    """How many bases of each agency, by its inner key, are a proposal that nobody has confirmed yet."""
    rows = session.execute(
        select(SharingBasis.agency_id, func.count())
        .where(SharingBasis.ended_at.is_(None), SharingBasis.agreement == PROPOSED)
        .group_by(SharingBasis.agency_id)
    )
    return dict(rows.all())


def list_ends(session: Session, bases: Collection[SharingBasis]) -> dict[UUID, tuple[str, str]]:
    """Who ended these bases and why, by their outer ids, where somebody did."""
    rows = session.scalars(
        select(JournalEntry).where(
            JournalEntry.subject == "sharing basis",
            JournalEntry.what == "ended",
            JournalEntry.subject_uuid.in_([each.uuid for each in bases]),
        )
    )
    return {
        row.subject_uuid: (row.by, str(row.details.get("reason", ""))) for row in rows if row.subject_uuid
    }


def get(session: Session, uuid: UUID) -> SharingBasis:
    """One basis, in force or ended, or NotFound."""
    row = session.scalar(select(SharingBasis).where(SharingBasis.uuid == uuid))
    if row is None:
        raise NotFound
    return row


def _in_force(
    session: Session, agency: Agency, purpose: Purpose, record_class: RecordClass
) -> SharingBasis | None:
    return session.scalar(
        select(SharingBasis).where(
            SharingBasis.agency_id == agency.id,
            SharingBasis.purpose == purpose,
            SharingBasis.record_class == record_class,
            SharingBasis.ended_at.is_(None),
        )
    )


def _told(agency: Agency, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"agency": str(agency.uuid), **{name: plain(value) for name, value in values.items()}}
