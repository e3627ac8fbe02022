"""Numbers that stand for a person, by whose they are: written down, ended, found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.errors import Invalid, NotFound
from core.journal import Actor
from people import identity, unseen
from people.access import RecordClass, Viewer
from people.changes import in_conflict, note
from people.faults import Reader, day, one_of, read_fields
from people.models.agencies import Agency
from people.models.identity import Identifier, IdentifierKind, Verification
from people.models.people import Person

ISSUED = frozenset({IdentifierKind.SOCIAL_CARE, IdentifierKind.TENANCY, IdentifierKind.HOSPITAL})
"""Kinds that an agency gives out: the same number of two agencies is two numbers."""
TAKEN = (
    "uq_identifiers_scheme",
    "Somebody else has this number. Check it against a letter or card; if it is one person, bring the "
    "records together.",
    "value",
)  # fmt: skip
READERS: Mapping[str, Reader] = {
    "kind": one_of(IdentifierKind),
    "value": str,
    "issuer_id": int,
    "verification": one_of(Verification),
    "began_on": day,
    "ended_on": day,
}
REQUIRED = ("kind", "value")
EMPTY = {"verification": Verification.NOT_TRACED}


@dataclass(frozen=True, slots=True)
class Known:
    """A number, opened, with the agency that gave it out."""

    row: Identifier
    value: str
    issuer: Agency | None


def add(session: Session, person: Person, given: Mapping[str, Any], *, actor: Actor) -> Identifier:
    """Write a number down; Invalid with every field that is wrong, Conflict when it is somebody else's."""
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY)
    kind: IdentifierKind = values["kind"]
    faults = {}
    try:
        values["value"] = read(kind, values["value"], person.date_of_birth)
    except Invalid as fault:
        faults["value"] = next(iter(fault.fields.values()))
    if kind in ISSUED and values.get("issuer_id") is None:
        faults["issuer_id"] = "Say which agency gave it out."
    if kind not in ISSUED and values.get("issuer_id") is not None:
        faults["issuer_id"] = "No agency gives out this kind of number: leave it empty."
    began, ended_ = values.get("began_on"), values.get("ended_on")
    if began and ended_ and ended_ < began:
        faults["ended_on"] = "It can't end before it began."
    if faults:
        raise Invalid(faults)
    vault, plain = vault_of(session), values.pop("value")
    row = Identifier(
        person_id=person.id, value_sealed=vault.seal(plain), value_blind=vault.blind(plain), **values
    )
    with in_conflict(session, *TAKEN):
        session.add(row)
    note(session, "added", row, "identifier", actor=actor, person_id=person.id, details={"kind": kind.value})
    return row


def end(session: Session, row: Identifier, on: date, *, actor: Actor) -> Identifier:
    """From `on` it is in use no more; it stays, and still finds the person."""
    if row.began_on is not None and on < row.began_on:
        raise Invalid({"ended_on": "It can't end before it began."})
    row.ended_on = on
    session.flush()
    note(session, "ended", row, "identifier", actor=actor, person_id=row.person_id)
    return row


def remove(session: Session, row: Identifier, *, actor: Actor, now: datetime) -> None:
    """Take away a number that was never this person's."""
    row.deleted_at = now
    session.flush()
    note(session, "removed", row, "identifier", actor=actor, person_id=row.person_id)


def list_of(session: Session, person: Person) -> list[Known]:
    """The person's numbers, those in use first."""
    rows = session.execute(
        select(Identifier, Agency)
        .outerjoin(Agency, Agency.id == Identifier.issuer_id)
        .where(Identifier.person_id == person.id, Identifier.deleted_at.is_(None))
        .order_by(Identifier.ended_on.is_not(None), Identifier.kind, Identifier.id)
    )
    vault = vault_of(session)
    return [Known(row, vault.open(row.value_sealed), agency) for row, agency in rows]


def list_seen(session: Session, viewer: Viewer, person: Person, now: datetime) -> tuple[list[Known], bool]:
    """Those of the person's numbers that are shown to the viewer, and whether these are all there may be.

    Numbers are contact details; one that the viewer's own agency gave out it knows in any event.
    """
    known = list_of(session, person)
    if unseen.shown(session, viewer, person, RecordClass.CONTACT, now):
        return known, True
    return [each for each in known if each.row.issuer_id == viewer.agency_id], False


def get_seen(session: Session, viewer: Viewer, person: Person, uuid: UUID, now: datetime) -> Identifier:
    """One of the person's numbers that the viewer is shown, or NotFound."""
    row = get(session, person, uuid)
    if all(each.row is not row for each in list_seen(session, viewer, person, now)[0]):
        raise NotFound
    return row


def get(session: Session, person: Person, uuid: UUID) -> Identifier:
    """One of the person's numbers, or NotFound."""
    row = session.scalar(
        select(Identifier).where(
            Identifier.uuid == uuid, Identifier.person_id == person.id, Identifier.deleted_at.is_(None)
        )
    )
    if row is None:
        raise NotFound
    return row


def with_number(session: Session, text: str) -> Select[int]:
    """Inner keys of whoever has this number of any kind, as any kind would write it; nobody for no number."""
    vault = vault_of(session)
    blinds = [vault.blind(value) for value in _as_any(text)]
    return select(Identifier.person_id).where(
        Identifier.value_blind.in_(blinds), Identifier.deleted_at.is_(None)
    )


def spaced(kind: IdentifierKind, value: str) -> str:
    """The number as it is printed."""
    ten = kind in (IdentifierKind.NHS, IdentifierKind.CHI, IdentifierKind.HEALTH_AND_CARE)
    return identity.spaced_nhs_number(value) if ten else value


def read(kind: IdentifierKind, text: str, born: date | None = None) -> str:
    """The one form of a number of this kind; Invalid (field "value") with one sentence."""
    if kind is IdentifierKind.NHS:
        try:
            return identity.nhs_number(text)
        except Invalid as fault:
            raise Invalid({"value": fault.fields["nhs_number"]}) from fault
    if kind is IdentifierKind.CHI:
        return identity.chi_number(text, born)
    if kind is IdentifierKind.HEALTH_AND_CARE:
        return identity.health_and_care_number(text)
    return identity.reference(text)


def _as_any(text: str) -> Sequence[str]:
    found = []
    for kind in IdentifierKind:
        try:
            found.append(read(kind, text))
        except Invalid:
            continue  # it is no number of this kind
    return list(dict.fromkeys(found))
