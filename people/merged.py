"""Records that were found to be one person: old ids and old looks lead to the record that stays."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from people import scoping
from people.models.people import Person

LONGEST = 20  # records brought together one into the other; more is a fault of ours


def ids(person_id: int) -> Select[int]:
    """The inner keys of a person and of every record that was brought into theirs."""
    return select(Person.id).where(or_(Person.id == person_id, Person.merged_into_id == person_id))


def uuid_of(session: Session, uuid: UUID) -> UUID:
    """The outer id of the record that stays; the same for somebody who was never brought together."""
    with scoping.lifted(session):  # only an id leaves, and whether it may be opened is asked of that
        for _ in range(LONGEST):
            kept = session.scalar(
                select(Person.uuid).where(
                    Person.id == select(Person.merged_into_id).where(Person.uuid == uuid).scalar_subquery()
                )
            )
            if kept is None:
                break
            uuid = kept
    return uuid


def old_uuids(session: Session, person_ids: Collection[int]) -> dict[int, list[UUID]]:
    """The outer ids under which each of these was known before, by inner key."""
    rows = session.execute(
        select(Person.merged_into_id, Person.uuid)
        .where(Person.merged_into_id.in_(person_ids))
        .order_by(Person.id)
    )
    found: dict[int, list[UUID]] = {}
    for key, uuid in rows:
        if key is not None:
            found.setdefault(key, []).append(uuid)
    return found
