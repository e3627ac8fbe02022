"""Family, friends and neighbours around a person, and how to reach them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.errors import NotFound
from core.journal import Actor
from people import identity, unseen, visible
from people.access import RecordClass, Viewer
from people.changes import apply, note
from people.faults import LINES, number, read_fields, words, yes_no
from people.models.people import Contact, Person

READERS = {
    "name": words(),
    "relation": words(100),
    "telephone": identity.telephone,
    "key_holder": yes_no,
    "minutes_away": number(0, 1440),
    "remarks": words(LINES),
}
REQUIRED = ("name",)
EMPTY = {"key_holder": False}
SECRET = ("telephone_sealed", "telephone_blind")


def add(session: Session, person: Person, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Contact:
    """Write down somebody around the person; Invalid with every field that is wrong.

    NotAllowed where contact details are not shared with `by`: they may stand there already.
    """
    unseen.refuse(session, by, person, RecordClass.CONTACT, now)
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY)
    contact = Contact(person_id=person.id, **_sealed(session, values))
    session.add(contact)
    session.flush()
    note(session, "added", contact, "contact", actor=visible.actor(by), person_id=person.id)
    return contact


def change(session: Session, contact: Contact, given: Mapping[str, Any], *, actor: Actor) -> Contact:
    """Correct the fields that are given."""
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY, adding=False)
    changed = apply(contact, _sealed(session, values), secret=SECRET)
    session.flush()
    if changed:
        details = {name: was for name, was in changed.items() if name != "telephone_blind"}
        note(
            session, "changed", contact, "contact", actor=actor, person_id=contact.person_id, details=details
        )
    return contact


def remove(session: Session, contact: Contact, *, actor: Actor, now: datetime) -> None:
    """Take somebody off the list; the row stays for what was said to them."""
    contact.deleted_at = now
    session.flush()
    note(session, "removed", contact, "contact", actor=actor, person_id=contact.person_id)


def list_contacts(session: Session, person: Person) -> list[Contact]:
    """Those around the person, key holders first, then by name."""
    query = select(Contact).where(Contact.person_id == person.id, Contact.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Contact.key_holder.desc(), Contact.name, Contact.id)))


def get(session: Session, person: Person, uuid: UUID) -> Contact:
    """One of those around the person, or NotFound."""
    contact = session.scalar(
        select(Contact).where(
            Contact.uuid == uuid, Contact.person_id == person.id, Contact.deleted_at.is_(None)
        )
    )
    if contact is None:
        raise NotFound
    return contact


def telephone(session: Session, contact: Contact) -> str | None:
    """Their telephone number (E.164), where we know it."""
    return vault_of(session).open(contact.telephone_sealed) if contact.telephone_sealed else None


def _sealed(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    if "telephone" in values:
        vault, plain = vault_of(session), values.pop("telephone")
        values["telephone_sealed"] = vault.seal(plain) if plain else None
        values["telephone_blind"] = vault.blind(plain) if plain else None
    return values
