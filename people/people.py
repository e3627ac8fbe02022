"""Whom we care for: taking somebody on, correcting what we know of them, finding them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from core.db import number, vault_of
from core.errors import Invalid
from core.journal import Actor
from people import care_teams, identity
from people.access import Viewer
from people.changes import apply, in_conflict, note
from people.faults import LINES, day, one_of, read_fields, words, yes_no
from people.models.agencies import Team
from people.models.people import Person, Sex
from people.visible import person_ids

OLDEST = 130  # years
REQUIRED = ("given_name", "family_name", "date_of_birth")
READERS = {
    "given_name": words(100),
    "family_name": words(100),
    "preferred_name": words(100),
    "title": words(40),
    "date_of_birth": day,
    "sex": one_of(Sex),
    "ethnicity": words(100),
    "nhs_number": identity.nhs_number,
    "telephone": identity.telephone,
    "gp_practice_code": identity.practice_code,
    "gp_practice_name": words(),
    "language": words(100),
    "interpreter_needed": yes_no,
    "communication_needs": words(LINES),
    "disability": words(LINES),
    "digital_exclusion": words(LINES),
}
EMPTY = {"sex": Sex.NOT_KNOWN, "interpreter_needed": False}
SEALED = ("nhs_number", "telephone")
TAKEN = (
    "uq_people_nhs_number_blind",
    "Somebody else has this NHS number. Check it against a letter or card.",
    "nhs_number",
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is kept sealed of a person, opened."""

    nhs_number: str | None
    telephone: str | None


def add(
    session: Session,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    team: Team | None = None,
    anyway: str | None = None,
) -> Person:
    """Take somebody on, in the care of `team`, which leads; READERS say which fields there are.

    `anyway` is why this is nobody of those who are like them. Invalid with every field that is wrong;
    Conflict when the NHS number is somebody else's.
    """
    values = _read(given, now, adding=True)
    person = Person(**_sealed(session, values))
    number(session, person)
    with in_conflict(session, *TAKEN):
        session.add(person)
    details = {"though others are like them": anyway} if anyway else None
    note(session, "added", person, "person", actor=actor, person_id=person.id, details=details)
    if team is not None:
        care_teams.add(session, person, team, {"from": now, "lead": True}, actor=actor)
    return person


def change(
    session: Session, person: Person, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Person:
    """Correct the fields that are given; raises like `add`."""
    values = _read(given, now, adding=False)
    with in_conflict(session, *TAKEN):
        changed = apply(person, _sealed(session, values), secret=_SECRET)
    if changed:
        details = {name: was for name, was in changed.items() if not name.endswith("_blind")}
        note(session, "changed", person, "person", actor=actor, person_id=person.id, details=details)
    return person


def hold(session: Session, person: Person) -> None:
    """Let nobody else who holds the person write about them until this is committed.

    For what has no version before it is first written: of two who begin with nothing, the second has to see
    what the first wrote.
    """
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def listing(viewer: Viewer, now: datetime, name: str = "") -> Select[Person]:
    """The people in sight whose family, given or preferred name begins with each word of `name`; no order."""
    query = select(Person).where(Person.deleted_at.is_(None), Person.id.in_(person_ids(viewer, now)))
    return query.where(*(called(word) for word in name.lower().split()))


def called(word: str) -> ColumnElement[bool]:
    """Whether a family, given or preferred name begins with `word` (in small letters)."""
    names = (Person.family_name, Person.given_name, func.coalesce(Person.preferred_name, ""))
    return or_(*(func.lower(part).startswith(word, autoescape=True) for part in names))


def by_nhs_number(session: Session, viewer: Viewer, text: str, now: datetime) -> Select[Person]:
    """Who in sight has this NHS number; Invalid when it is none."""
    blind = vault_of(session).blind(identity.nhs_number(text))
    return listing(viewer, now).where(Person.nhs_number_blind == blind)


def by_telephone(session: Session, viewer: Viewer, text: str, now: datetime) -> Select[Person]:
    """Those in sight with this telephone number; Invalid when it is none."""
    blind = vault_of(session).blind(identity.telephone(text))
    return listing(viewer, now).where(Person.telephone_blind == blind)


def numbers(session: Session, person: Person) -> Numbers:
    """The person's NHS number (10 digits) and telephone number (E.164), where we know them."""
    vault = vault_of(session)
    sealed = (person.nhs_number_sealed, person.telephone_sealed)
    nhs_number, telephone = (vault.open(value) if value else None for value in sealed)
    return Numbers(nhs_number, telephone)


_SECRET = tuple(f"{name}_{form}" for name in SEALED for form in ("sealed", "blind"))


def _read(given: Mapping[str, Any], now: datetime, *, adding: bool) -> dict[str, Any]:
    def born(value: Any) -> date:
        birth = day(value)
        if birth > now.date():
            raise Invalid({"": "This day has not come yet."})
        if now.year - birth.year > OLDEST:
            raise Invalid({"": f"Nobody is over {OLDEST} years old: check the year."})
        return birth

    readers = READERS | {"date_of_birth": born}
    return read_fields(given, readers, required=REQUIRED, empty=EMPTY, adding=adding)


def _sealed(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    vault = vault_of(session)
    for name in SEALED:
        if name in values:
            plain = values.pop(name)
            values[f"{name}_sealed"] = vault.seal(plain) if plain else None
            values[f"{name}_blind"] = vault.blind(plain) if plain else None
    return values
