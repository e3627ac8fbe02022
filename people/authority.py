"""Who may decide for somebody: attorneys, deputies, appointees, verified or not; and who may agree a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import agreements, deciding, identity
from people.changes import note
from people.faults import LINES, Reader, day, one_of, read_fields, words, yes_no
from people.models.agencies import Staff
from people.models.authority import AgreedBy, Authority, AuthorityKind
from people.models.people import Person
from people.standing import holds_for_welfare

READERS: Mapping[str, Reader] = {
    "kind": one_of(AuthorityKind),
    "name": words(),
    "relation": words(100),
    "telephone": identity.telephone,
    "registered": yes_no,
    "reference": words(100),
    "verified_on": day,
    "verified_how": words(),
    "kept_where": words(),
    "limits": words(LINES),
    "begins_on": day,
    "ends_on": day,
}
WORDS = {
    AuthorityKind.ATTORNEY_WELFARE: "attorney for health and welfare",
    AuthorityKind.ATTORNEY_PROPERTY: "attorney for property",
    AuthorityKind.DEPUTY_WELFARE: "deputy for health and welfare",
    AuthorityKind.DEPUTY_PROPERTY: "deputy for property",
    AuthorityKind.APPOINTEE: "appointee for benefits",
}


@dataclass(frozen=True, slots=True)
class MayAgree:
    """Somebody who may agree a plan: the person, or who may decide for them, and what that rests on."""

    name: str
    why: str
    basis: AgreedBy
    uuid: UUID | None = None


def record(
    session: Session, person: Person, given: Mapping[str, Any], *, by: Staff, actor: Actor, now: datetime
) -> Authority:
    """Record what somebody says they hold; Invalid with every field that is wrong.

    It counts only once it is verified: on which day and how, which must be said together.
    """
    values = read_fields(given, READERS, required=("kind", "name"), empty={"registered": False})
    faults = {}
    verified_on, begins, ends = (values.get(name) for name in ("verified_on", "begins_on", "ends_on"))
    if (verified_on is None) != (values.get("verified_how") is None):
        missing = "verified_how" if verified_on else "verified_on"
        faults[missing] = "Say when it was verified and how: what you looked at, or who confirmed it."
    if verified_on is not None and verified_on > now.date():
        faults["verified_on"] = deciding.NOT_TO_COME
    if begins and ends and ends < begins:
        faults["ends_on"] = "It ends before it begins."
    if faults:
        raise Invalid(faults)
    telephone = values.pop("telephone", None)
    row = Authority(
        person_id=person.id,
        recorded_by_id=by.id,
        recorded_at=now,
        verified_by_id=by.id if verified_on else None,
        telephone_sealed=vault_of(session).seal(telephone) if telephone else None,
        **values,
    )
    session.add(row)
    session.flush()
    note(session, "recorded", row, "authority", actor=actor, person_id=person.id)
    return row


def verify(
    session: Session, row: Authority, how: str, *, by: Staff, actor: Actor, now: datetime
) -> Authority:
    """Say that it was looked at, and how, today."""
    if row.withdrawn_at is not None:
        raise Conflict("This was withdrawn.")
    read = read_fields({"how": how}, {"how": words()}, required=("how",))
    row.verified_on, row.verified_how, row.verified_by_id = now.date(), read["how"], by.id
    session.flush()
    note(session, "verified", row, "authority", actor=actor, person_id=row.person_id)
    return row


def withdraw(session: Session, row: Authority, why: str, *, actor: Actor, now: datetime) -> None:
    """Say that it counts no more, and why. Agreements that rest on it are asked about at once."""
    if row.withdrawn_at is not None:
        raise Conflict("This was withdrawn already.")
    read = read_fields({"why": why}, {"why": words(LINES)}, required=("why",))
    row.withdrawn_at, row.withdrawn_why = now, read["why"]
    session.flush()
    note(session, "withdrew", row, "authority", actor=actor, person_id=row.person_id)
    agreements.ask_anew(session, AgreedBy.REPRESENTATIVE, [row.id], now)


def listing(session: Session, person: Person) -> Sequence[Authority]:
    """All that anybody holds or held for them, the latest first."""
    return session.scalars(
        select(Authority).where(Authority.person_id == person.id).order_by(Authority.id.desc())
    ).all()


def get(session: Session, person: Person, uuid: UUID) -> Authority:
    """One of this person's, or NotFound."""
    row = session.scalar(select(Authority).where(Authority.uuid == uuid, Authority.person_id == person.id))
    if row is None:
        raise NotFound
    return row


def telephone(session: Session, row: Authority) -> str | None:
    """Their telephone number (E.164), where we know it."""
    return vault_of(session).open(row.telephone_sealed) if row.telephone_sealed else None


def who_may_agree(session: Session, person: Person, now: datetime) -> tuple[MayAgree, ...]:
    """Who may agree a plan with us: always the person first, then who may decide for them.

    Whether the person can make this decision is for whoever sits with them to find; an assessment on record
    is said beside their name and takes nobody off the list.
    """
    found = [MayAgree(person.preferred_name or person.given_name, "themself", AgreedBy.PERSON)]
    found += [
        MayAgree(row.name, WORDS[row.kind], AgreedBy.REPRESENTATIVE, row.uuid)
        for row in listing(session, person)
        if holds_for_welfare(row, now.date())
    ]
    found += [
        MayAgree(one.decided_by, f"best interests: {one.decision}", AgreedBy.BEST_INTERESTS, one.uuid)
        for one in deciding.list_decisions(session, person)
        if one.withdrawn_at is None and one.review_on >= now.date()
    ]
    return tuple(found)
