"""Family and carers whom a person lets in, by class of record, after staff have seen them alone (H17).

Staff may make what somebody sees smaller without their noticing. It ends by its date, by staff, by the
person's own word, and when the person dies. After the person has moved out of a home that both shared,
nothing is shown until staff have seen them alone again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import accounts, residencies, scoping, visitors
from people.access import RecordClass
from people.changes import in_conflict, note
from people.faults import LINES, Reader, day, read_fields, words, yes_no
from people.models.accounts import Account, Proxy
from people.models.agencies import Staff
from people.models.people import Person
from people.visible import LOOKED
from people.visitors import OWN, Visitor

LONGEST = 366
"""Days that an access may be granted for at once; a default, to be confirmed."""
ALREADY = "They have access already: end it first, or change what it shows."


@dataclass(frozen=True, slots=True)
class Granted:
    """An access, whose it is, and who granted it."""

    proxy: Proxy
    account: Account
    granted_by: str
    moved: bool


def classes_of(value: Any) -> list[str]:
    """Classes that can be granted, from a list or a text with commas between."""
    named = value.split(",") if isinstance(value, str) else value
    known = {str(each).strip() for each in named} - {""}
    if known - {each.value for each in visitors.GRANTED} or not known:
        raise Invalid({"": f"Choose from: {', '.join(visitors.GRANTED)}."})
    return [each.value for each in visitors.GRANTED if each.value in known]


READERS: Mapping[str, Reader] = {
    "name": words(100),
    "email": words(),
    "relation": words(100),
    "classes": classes_of,
    "seen_alone_on": day,
    "seen_alone_by": words(100),
    "seen_alone_where": words(),
    "said": words(LINES),
    "shares_home": yes_no,
    "expires_on": day,
}
NEEDED = tuple(name for name in READERS if name != "shares_home")


def grant(
    session: Session, person: Person, given: Mapping[str, Any], *, by: Staff, actor: Actor, now: datetime
) -> Granted:
    """Let somebody see some classes of the person's record; they need a code before they can sign in.

    Invalid with every field that is wrong: that the person was seen alone, when, by whom and where, and what
    they said, are always needed. Conflict when they have access already.
    """
    values = read_fields(given, READERS, required=NEEDED, empty={"shares_home": False})
    faults = {}
    if values["seen_alone_on"] > now.date():
        faults["seen_alone_on"] = "See them alone first: give the day when that was."
    days = (values["expires_on"] - now.date()).days
    if not 0 < days <= LONGEST:
        faults["expires_on"] = "Give a day that is still to come, within a year."
    home = residencies.find_home(session, person, now) if values.pop("shares_home") else None
    if faults:
        raise Invalid(faults)
    name, email = values.pop("name"), values.pop("email")
    with scoping.lifted(session):  # theirs may be the sign-in for somebody whom the viewer does not see
        account = accounts.find_by_email(session, email) or accounts.open_(
            session, name, email, actor=actor, about=person
        )
    if account.person_id == person.id:
        raise Invalid({"email": "This is the person's own sign-in."})
    row = Proxy(
        person_id=person.id,
        account_id=account.id,
        began_at=now,
        granted_by_id=by.id,
        shares_home_id=home.id if home else None,
        **values,
    )
    with in_conflict(session, "uq_proxies_in_force", ALREADY, "email"):
        session.add(row)
    note(
        session, "granted", row, "proxy", actor=actor, person_id=person.id,
        details={"classes": row.classes, "seen_alone_on": row.seen_alone_on.isoformat()},
    )  # fmt: skip
    return Granted(row, account, by.name, moved=False)


def change_classes(session: Session, row: Proxy, classes: Any, *, actor: Actor, now: datetime) -> Proxy:
    """Grant other classes."""
    _refuse_ended(row, now)
    read = read_fields({"classes": classes}, {"classes": classes_of}, required=("classes",))
    before, row.classes = row.classes, read["classes"]
    session.flush()
    note(
        session, "changed", row, "proxy", actor=actor, person_id=row.person_id,
        details={"classes": [before, row.classes]},
    )  # fmt: skip
    return row


def restrict(session: Session, row: Proxy, why: str, *, by: Staff, actor: Actor, now: datetime) -> Proxy:
    """Show nothing more to them, on a page that looks as it did; why is kept, and never told to them."""
    _refuse_ended(row, now)
    if row.restricted_at is not None:
        raise Conflict("It is restricted already.")
    read = read_fields({"why": why}, {"why": words(LINES)}, required=("why",))
    row.restricted_at, row.restricted_why, row.restricted_by_id = now, read["why"], by.id
    session.flush()
    note(session, "restricted", row, "proxy", actor=actor, person_id=row.person_id)
    return row


def unrestrict(session: Session, row: Proxy, *, actor: Actor, now: datetime) -> Proxy:
    """Show again what was granted."""
    _refuse_ended(row, now)
    if row.restricted_at is None:
        raise Conflict("It is not restricted.")
    row.restricted_at = row.restricted_why = row.restricted_by_id = None
    session.flush()
    note(session, "unrestricted", row, "proxy", actor=actor, person_id=row.person_id)
    return row


def end(session: Session, row: Proxy, *, said_by: str, why: str, actor: Actor, now: datetime) -> Proxy:
    """End it now, by staff or by the person's own word."""
    _refuse_ended(row, now)
    given = {"said_by": said_by, "why": why}
    read = read_fields(given, {"said_by": words(), "why": words(LINES)}, required=tuple(given))
    row.ended_at, row.ended_by, row.ended_why = now, read["said_by"], read["why"]
    session.flush()
    note(session, "ended", row, "proxy", actor=actor, person_id=row.person_id)
    return row


def listing(session: Session, person: Person, now: datetime) -> Sequence[Granted]:
    """All accesses to a person's record, those in force first."""
    rows = session.execute(
        select(Proxy, Account, Staff.name)
        .join(Account, Account.id == Proxy.account_id)
        .join(Staff, Staff.id == Proxy.granted_by_id)
        .where(Proxy.person_id == person.id)
        .order_by(Proxy.ended_at.desc().nulls_first(), Proxy.began_at.desc(), Proxy.id)
    )
    return [Granted(row, account, by, moved=_moved(session, row, now)) for row, account, by in rows.all()]


def get(session: Session, person: Person, uuid: UUID) -> Proxy:
    """One access to this person's record, or NotFound."""
    row = session.scalar(select(Proxy).where(Proxy.uuid == uuid, Proxy.person_id == person.id))
    if row is None:
        raise NotFound
    return row


def account_of(session: Session, row: Proxy) -> Account:
    """Whose access it is."""
    return session.get_one(Account, row.account_id)


def open_to(session: Session, account: Account, now: datetime) -> list[tuple[Visitor, Person]]:
    """Whose pages an account opens now: their own first, then by name; nobody's who has died."""
    found: list[tuple[Visitor, Person]] = []
    if account.person_id is not None:
        person = session.get_one(Person, account.person_id)
        if person.deleted_at is None and person.died_on is None:
            found.append((_visitor(account, person, own=True), person))
    rows = session.execute(
        select(Proxy, Person)
        .join(Person, Person.id == Proxy.person_id)
        .where(
            Proxy.account_id == account.id,
            Proxy.ended_at.is_(None),
            Person.died_on.is_(None),
            Person.deleted_at.is_(None),
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    for row, person in rows.all():
        parts = visitors.classes(
            row.classes,
            ended=row.ended_at is not None,
            expires_on=row.expires_on,
            restricted=row.restricted_at is not None,
            moved=_moved(session, row, now),
            today=now.date(),
        )
        if parts is not None:
            found.append((_visitor(account, person, own=False, relation=row.relation, parts=parts), person))
    return found


def find_visitor(
    session: Session, uuid: UUID, epoch: int, whose: UUID | None, now: datetime
) -> Visitor | None:
    """Who a session belongs to, at the page of `whose`, or of the first whose page they may open."""
    account = accounts.find_session(session, uuid, epoch)
    if account is None:
        return None
    pages = open_to(session, account, now)
    here = next((visitor for visitor, person in pages if person.uuid == whose), None)
    chosen = here or (pages[0][0] if pages else None)
    if chosen is None:
        return None
    return replace(chosen, others=len(pages) - 1)


def record_look(session: Session, visitor: Visitor, at_what: str) -> None:
    """Write down that they looked, so that the person and their staff can read it."""
    own = "their own page" if visitor.own else visitor.relation
    journal.write(
        session,
        LOOKED[0],
        actor=Actor(by=f"{visitor.name} ({own})"),
        subject="person",
        subject_uuid=visitor.person_uuid,
        person_id=visitor.person_id,
        details={"what": at_what},
    )


def _visitor(
    account: Account,
    person: Person,
    *,
    own: bool,
    relation: str = "",
    parts: tuple[frozenset[RecordClass], frozenset[RecordClass]] = (OWN, OWN),
) -> Visitor:
    return Visitor(
        account_id=account.id,
        account_uuid=account.uuid,
        name=account.name,
        relation=relation,
        person_id=person.id,
        person_uuid=person.uuid,
        own=own,
        named=parts[0],
        shows=parts[1],
    )


def _moved(session: Session, row: Proxy, now: datetime) -> bool:
    """Whether the person has left the home that they shared when this was granted."""
    if row.shares_home_id is None:
        return False
    return not residencies.lives_at(session, row.person_id, row.shares_home_id, now)


def _refuse_ended(row: Proxy, now: datetime) -> None:
    if row.ended_at is not None or now.date() > row.expires_on:
        raise Conflict("This access has ended.")
