"""Times that people are away from home: who is, until when, and when they were last (H15)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from people.access import Viewer
from people.models.absences import Absence, Away
from people.models.agencies import Staff
from people.models.homes import Residency
from people.models.people import Person

WORDS = {
    Away.HOSPITAL: "in hospital",
    Away.RESPITE: "in respite care",
    Away.HOLIDAY: "on holiday",
    Away.ELSEWHERE: "staying elsewhere",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An absence with the names of those who wrote it down, confirmed it and ended it."""

    row: Absence
    recorded_by: str
    confirmed_by: str | None
    ended_by: str | None


def find_open(session: Session, person: Person) -> Absence | None:
    """What is proposed, to come or going on; None when the person is at home as far as anybody said."""
    return session.scalar(select(Absence).where(Absence.person_id == person.id, Absence.ended_at.is_(None)))


def find_running(session: Session, person_id: int, now: datetime) -> Absence | None:
    """The absence that goes on at `now`, or None."""
    return session.scalar(select(Absence).where(Absence.person_id == person_id, _running(now)))


def away_now(session: Session, person_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Who of these is away at `now`."""
    rows = session.scalars(select(Absence.person_id).where(Absence.person_id.in_(person_ids), _running(now)))
    return frozenset(rows)


def list_of(session: Session, person: Person) -> list[Told]:
    """Every absence that was written down of the person, the latest first."""
    recorded, confirmed, ended = aliased(Staff), aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(Absence, recorded.name, confirmed.name, ended.name)
        .join(recorded, recorded.id == Absence.recorded_by_id)
        .outerjoin(confirmed, confirmed.id == Absence.confirmed_by_id)
        .outerjoin(ended, ended.id == Absence.ended_by_id)
        .where(Absence.person_id == person.id, Absence.deleted_at.is_(None))
        .order_by(Absence.began_at.desc(), Absence.id.desc())
    )
    return [Told(*row) for row in rows]


def back_of_people(session: Session, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these came back, or is to come back, from the last time away that has begun."""
    rows = session.execute(
        select(Absence.person_id, func.max(func.coalesce(Absence.ended_at, Absence.ends_at)))
        .where(Absence.person_id.in_(person_ids), _begun())
        .group_by(Absence.person_id)
    )
    return dict(rows.all())


def back_in_homes(session: Session, home_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Until when each of these homes was, or is, empty because everybody who lives there is away.

    A home where anybody has never been away is left out: it is never quiet for others (H15).
    """
    last = (
        select(func.max(func.coalesce(Absence.ended_at, Absence.ends_at)))
        .where(Absence.person_id == Residency.person_id, _begun())
        .scalar_subquery()
    )
    back = (
        select(Residency.home_id, last.label("at"))
        .where(Residency.home_id.in_(home_ids), Residency.period.contains(now))
        .subquery()
    )
    rows = session.execute(
        select(back.c.home_id, func.min(back.c.at))
        .group_by(back.c.home_id)
        .having(func.count() == func.count(back.c.at))
    )
    return dict(rows.all())


def spans(session: Session) -> dict[int, list[tuple[datetime, datetime]]]:
    """When each person was, is and is to be away, from absences that have begun, the earliest first."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = session.execute(
        select(Absence.person_id, Absence.began_at, func.coalesce(Absence.ended_at, Absence.ends_at))
        .where(_begun())
        .order_by(Absence.person_id, Absence.began_at)
    )
    for person_id, start, end in rows:
        found.setdefault(person_id, []).append((start, end))
    return found


def words_shown(session: Session, viewer: Viewer, row: Absence, *, notes: bool) -> bool:
    """Whether what staff wrote of it is shown: to their own agency, and by the class of notes."""
    return notes or session.get_one(Staff, row.recorded_by_id).agency_id == viewer.agency_id


def _running(now: datetime) -> ColumnElement[bool]:
    return and_(_begun(), Absence.ended_at.is_(None), Absence.ends_at > now)


def _begun() -> ColumnElement[bool]:
    return and_(Absence.begun_at.is_not(None), Absence.deleted_at.is_(None))
