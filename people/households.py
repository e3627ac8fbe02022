"""Who shares a home with a person, as far as whoever asks may know of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Person
from people.visible import person_ids


@dataclass(frozen=True, slots=True)
class Household:
    """Where somebody lives, since when, and with whom: `others` are in sight, and `unseen` more are not."""

    home: Home | None
    since: datetime | None
    others: tuple[Person, ...]
    unseen: int


def of(session: Session, viewer: Viewer, person_id: int, now: datetime) -> Household:
    """The person's household at `now`; nobody and no home for somebody who lives nowhere we know."""
    lives = session.execute(
        select(Home, Residency.period)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person_id, Residency.period.contains(now))
    ).first()
    if lives is None:
        return Household(None, None, (), 0)
    home, period = lives
    rows = session.execute(
        select(Person, Person.id.in_(person_ids(viewer, now)))
        .join(Residency, Residency.person_id == Person.id)
        .where(
            Residency.home_id == home.id,
            Residency.period.contains(now),
            Person.id != person_id,
            Person.deleted_at.is_(None),
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    ).all()
    seen = tuple(other for other, in_sight in rows if in_sight)
    return Household(home, period.lower, seen, len(rows) - len(seen))
