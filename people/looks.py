"""Who has looked at a person's record, as the journal has it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people import merged
from people.models.agencies import Agency, Staff
from people.models.people import Person
from people.models.sharing import Override
from people.visible import LOOKED


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked, and at what: the record, an alert, the key safe."""

    at: datetime
    by: str
    agency: str | None
    at_what: str


def count_lookers(session: Session, person: Person, since: datetime) -> int:
    """How many members of staff have looked at anything of the person's."""
    return session.scalars(
        select(func.count(func.distinct(JournalEntry.staff_id))).where(
            JournalEntry.person_id.in_(merged.ids(person.id)),
            JournalEntry.what.in_(LOOKED),
            JournalEntry.at >= since,
        )
    ).one()


def list_looks(session: Session, person: Person, *, limit: int = 50, offset: int = 0) -> list[Look]:
    """Every look, the latest first."""
    rows = session.execute(
        select(JournalEntry, Agency.name)
        .outerjoin(Staff, Staff.id == JournalEntry.staff_id)
        .outerjoin(Agency, Agency.id == Staff.agency_id)
        .where(JournalEntry.person_id.in_(merged.ids(person.id)), JournalEntry.what.in_(LOOKED))
        .order_by(JournalEntry.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Look(row.at, row.by, agency, _what(row)) for row, agency in rows]


def list_during(session: Session, override: Override) -> list[Look]:
    """What whoever used an override opened of that person while it lasted, first things first."""
    rows = session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.person_id == override.person_id,
            JournalEntry.staff_id == override.staff_id,
            JournalEntry.what.in_(LOOKED),
            JournalEntry.at >= override.at,
            JournalEntry.at < override.until,
        )
        .order_by(JournalEntry.id)
    )
    return [Look(row.at, row.by, None, _what(row)) for row in rows]


def _what(row: JournalEntry) -> str:
    if row.what == LOOKED[1]:
        return "key safe"
    return str(row.details.get("what", row.subject))
