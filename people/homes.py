"""Homes: writing one down, correcting it, who lives there, and the key safe's code behind a logged reveal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db import number, vault_of
from core.errors import Invalid
from core.journal import Actor
from core.zones import UK
from people import identity
from people.access import Viewer
from people.changes import apply, in_conflict, note
from people.faults import LINES, as_given, one_of, read_fields, words
from people.models.homes import Home, Residency, Tenure
from people.models.people import Person
from people.visible import home_ids, person_ids

TAKEN = ("uq_homes_uprn", "Another home has this UPRN. Check it against the address.", "uprn")


def time_zone(text: str) -> str:
    """The name of a time zone that the machine knows."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise Invalid({"time_zone": "Give a time zone, like Europe/London."}) from fault
    return text


REQUIRED = ("address_line", "postcode")
READERS = {
    "uprn": identity.uprn,
    "address_line": words(),
    "locality": words(100),
    "postcode": identity.postcode,
    "area": words(100),
    "tenure": one_of(Tenure),
    "landlord_agency_id": as_given,
    "access_notes": words(LINES),
    "key_safe": words(100),
    "telephone_line": words(100),
    "time_zone": time_zone,
}
EMPTY = {"tenure": Tenure.OTHER, "time_zone": UK}


def add(session: Session, given: Mapping[str, Any], *, actor: Actor) -> Home:
    """Write a home down; Invalid with every field that is wrong, Conflict when its UPRN is another's."""
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY)
    home = Home(**_sealed(session, values))
    number(session, home)
    with in_conflict(session, *TAKEN):
        session.add(home)
    note(session, "added", home, "home", actor=actor)
    return home


def change(session: Session, home: Home, given: Mapping[str, Any], *, actor: Actor) -> Home:
    """Correct the fields that are given; raises like `add`."""
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY, adding=False)
    with in_conflict(session, *TAKEN):
        changed = apply(home, _sealed(session, values), secret=("key_safe_sealed",))
    if changed:
        note(session, "changed", home, "home", actor=actor, details=changed)
    return home


def listing(viewer: Viewer, now: datetime) -> Select[Home]:
    """The homes in sight; no order."""
    return select(Home).where(Home.deleted_at.is_(None), Home.id.in_(home_ids(viewer, now)))


def list_areas(session: Session, viewer: Viewer, now: datetime) -> list[str]:
    """The areas of the homes in sight, by name."""
    query = select(Home.area).where(Home.id.in_(home_ids(viewer, now)), Home.area.is_not(None)).distinct()
    return sorted(area for area in session.scalars(query) if area)


def residents(session: Session, viewer: Viewer, home: Home, now: datetime) -> list[Person]:
    """Who in sight lives there at `now`, by name."""
    query = (
        select(Person)
        .join(Residency, Residency.person_id == Person.id)
        .where(Residency.home_id == home.id, Residency.period.contains(now))
        .where(Person.deleted_at.is_(None), Person.id.in_(person_ids(viewer, now)))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return list(session.scalars(query))


def reveal_key_safe(session: Session, home: Home, *, actor: Actor, now: datetime) -> str | None:
    """The code of the key safe, or None where there is none.

    That it was asked for is written down for everybody who lives there at `now`.
    """
    living_there = select(Residency.person_id).where(
        Residency.home_id == home.id, Residency.period.contains(now)
    )
    for person_id in session.scalars(living_there).all() or (None,):
        note(session, "looked at the key safe", home, "home", actor=actor, person_id=person_id)
    return vault_of(session).open(home.key_safe_sealed) if home.key_safe_sealed else None


def _sealed(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    if "key_safe" in values:
        plain = values.pop("key_safe")
        values["key_safe_sealed"] = vault_of(session).seal(plain) if plain else None
    return values
