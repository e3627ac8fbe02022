"""Outer ids and names of rows by their inner keys, many at once: what an answer says instead of a key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models.agencies import Staff, Team
from people.models.homes import Home
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Named:
    """A row as others refer to it."""

    uuid: UUID
    name: str


def staff(session: Session, ids: Iterable[int | None]) -> Mapping[int | None, Named]:
    """Members of staff, also those who have left."""
    return _named(session, Staff, ids)


def teams(session: Session, ids: Iterable[int | None]) -> Mapping[int | None, Named]:
    """Teams, also those that are no more."""
    return _named(session, Team, ids)


def people(session: Session, ids: Iterable[int | None]) -> Mapping[int | None, UUID]:
    """The outer ids of people."""
    return _uuids(session, Person, ids)


def homes(session: Session, ids: Iterable[int | None]) -> Mapping[int | None, UUID]:
    """The outer ids of homes."""
    return _uuids(session, Home, ids)


def _named(
    session: Session, table: type[Staff] | type[Team], ids: Iterable[int | None]
) -> dict[int | None, Named]:
    rows = _rows(session, (table.id, table.uuid, table.name), ids)
    return {key: Named(uuid, name) for key, uuid, name in rows}


def _uuids(
    session: Session, table: type[Person] | type[Home], ids: Iterable[int | None]
) -> dict[int | None, UUID]:
    return dict(_rows(session, (table.id, table.uuid), ids))


def _rows(session: Session, columns: tuple[Any, ...], ids: Iterable[int | None]) -> Iterable[Any]:
    wanted = sorted({each for each in ids if each is not None})
    return session.execute(select(*columns).where(columns[0].in_(wanted))).all() if wanted else ()
