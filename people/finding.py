"""Finds people in sight by whatever was typed into one box: names, a date of birth, a street, a number."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union
from sqlalchemy.orm import Session

from core.db import vault_of
from core.errors import Invalid
from people import identifiers, identity, people
from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Contact, Person

DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")
LONGEST = 200


def search(session: Session, viewer: Viewer, text: str, now: datetime) -> Select[Person]:
    """Who in sight fits `text`; nothing typed fits everybody. No order.

    Any number of theirs, a telephone number of somebody near them, or a date of birth is taken for that; of
    anything else each word must
    begin a name, or stand in the address where they live at `now`.
    """
    text = text.strip()[:LONGEST].replace("\0", "")
    everybody = people.listing(viewer, now)
    by_number = _by_number(session, text)
    if by_number is not None:
        return everybody.where(Person.id.in_(by_number))
    born = _date(text)
    if born is not None:
        return everybody.where(Person.date_of_birth == born)
    for word in text.lower().split():
        everybody = everybody.where(or_(people.called(word), _lives_at(word, now)))
    return everybody


def whose_number(session: Session, ids: Sequence[int], text: str) -> dict[UUID, list[str]]:
    """Of these people (inner keys), found by a telephone number: whose it is, where it is not their own."""
    try:
        blind = vault_of(session).blind(identity.telephone(text))
    except Invalid:
        return {}
    rows = session.execute(
        select(Person.uuid, Contact.name, Contact.relation)
        .join(Contact, Contact.person_id == Person.id)
        .where(Person.id.in_(ids), Contact.telephone_blind == blind, Contact.deleted_at.is_(None))
        .order_by(Contact.name)
    )
    found: dict[UUID, list[str]] = {}
    for uuid, name, relation in rows:
        found.setdefault(uuid, []).append(f"{name} ({relation})" if relation else name)
    return found


def _by_number(session: Session, text: str) -> Select[int] | None:
    """Inner keys of those whom a number leads to: their own of any kind, or one of somebody near them.

    None for what can't be a number. One of a record that was brought into another leads to that.
    """
    vault, ways = vault_of(session), []
    try:
        blind = vault.blind(identity.nhs_number(text))
        ways.append(
            select(func.coalesce(Person.merged_into_id, Person.id)).where(Person.nhs_number_blind == blind)
        )
    except Invalid:
        pass  # it was not meant as one
    try:
        blind = vault.blind(identity.telephone(text))
        ways.append(select(Person.id).where(Person.telephone_blind == blind))
        ways.append(
            select(Contact.person_id).where(Contact.telephone_blind == blind, Contact.deleted_at.is_(None))
        )
    except Invalid:
        pass
    if any(letter.isdigit() for letter in text) and _date(text) is None:
        numbered = identifiers.with_number(session, text)
        if ways or session.scalar(numbered.limit(1)) is not None:
            ways.append(numbered)
    return union(*ways).subquery().select() if ways else None


def _date(text: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _lives_at(word: str, now: datetime) -> ColumnElement[bool]:
    address = func.lower(func.concat_ws(" ", Home.address_line, Home.locality, Home.postcode))
    return exists(
        select(Residency.id)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id == Person.id, Residency.period.contains(now))
        .where(address.contains(word, autoescape=True))
    )
