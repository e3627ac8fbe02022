"""Agencies of the five sectors: adding, changing, finding them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db import clock_of
from core.errors import NotFound
from core.journal import Actor
from people import grants, identity
from people.changes import apply, in_conflict, note
from people.faults import one_of, read_fields, words
from people.models.agencies import Agency, Sector

REQUIRED = ("name", "sector")
READERS = {
    "name": words(),
    "sector": one_of(Sector),
    "telephone": identity.telephone,
    "email": identity.email,
}
TAKEN = ("uq_agencies_name", "Another agency has this name.", "name")


def add(session: Session, given: Mapping[str, Any], *, actor: Actor) -> Agency:
    """Add an agency, which sees what its sector usually sees until somebody sets that otherwise.

    Invalid with every field that is wrong, Conflict when its name is taken.
    """
    agency = Agency(**read_fields(given, READERS, required=REQUIRED))
    with in_conflict(session, *TAKEN):
        session.add(agency)
    grants.lay_usual(session, agency, now=clock_of(session).now())
    note(session, "added", agency, "agency", actor=actor)
    return agency


def change(session: Session, agency: Agency, given: Mapping[str, Any], *, actor: Actor) -> Agency:
    """Change the fields that are given; raises like `add`."""
    values = read_fields(given, READERS, required=REQUIRED, adding=False)
    with in_conflict(session, *TAKEN):
        changed = apply(agency, values)
    if changed:
        note(session, "changed", agency, "agency", actor=actor, details=changed)
    return agency


def listing() -> Select[Agency]:
    """Every agency; no order."""
    return select(Agency).where(Agency.deleted_at.is_(None))


def get(session: Session, uuid: UUID) -> Agency:
    """The agency, or NotFound."""
    agency = session.scalar(listing().where(Agency.uuid == uuid))
    if agency is None:
        raise NotFound
    return agency


def uuids(session: Session, ids: Collection[int | None]) -> dict[int | None, UUID]:
    """The outer ids of agencies by their inner keys."""
    rows = session.execute(
        select(Agency.id, Agency.uuid).where(Agency.id.in_([i for i in ids if i is not None]))
    )
    return {row.id: row.uuid for row in rows}
