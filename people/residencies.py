"""Who lives where, from when to when; nobody lives at two places at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core import journal
from core.errors import NotFound
from core.journal import Actor
from people.changes import ended, in_conflict
from people.models.homes import Home, Residency
from people.models.people import Person

ELSEWHERE = "They live somewhere at that time already: let them move out first."


@dataclass(frozen=True, slots=True)
class Stay:
    """A time at a home; `until` is None for one that goes on."""

    home: Home
    since: datetime | None
    until: datetime | None


def move_in(session: Session, person: Person, home: Home, at: datetime, *, actor: Actor) -> Residency:
    """Let the person live at `home` from `at` on; Conflict when they live somewhere then."""
    row = Residency(person_id=person.id, home_id=home.id, period=Range(at, None))
    with in_conflict(session, "ex_residencies_no_overlap", ELSEWHERE):
        session.add(row)
    _note(session, "moved in", person, home, at, actor)
    return row


def move_out(session: Session, person: Person, at: datetime, *, actor: Actor) -> Residency:
    """Let the person's stay end at `at`; NotFound when they live nowhere then."""
    found = session.execute(
        select(Residency, Home)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id == person.id, Residency.period.contains(at))
    ).first()
    if found is None:
        raise NotFound
    row, home = found
    row.period = ended(row.period, at)
    session.flush()
    _note(session, "moved out", person, home, at, actor)
    return row


def stays(session: Session, person: Person) -> list[Stay]:
    """Where the person has lived, the latest first."""
    rows = session.execute(
        select(Residency, Home)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id == person.id)
        .order_by(Residency.period.desc())
    )
    return [Stay(home, row.period.lower, row.period.upper) for row, home in rows]


def find_home(session: Session, person: Person, now: datetime) -> Home | None:
    """Where the person lives at `now`."""
    return session.scalar(
        select(Home)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person.id, Residency.period.contains(now))
    )


def lives_at(session: Session, person_id: int, home_id: int, now: datetime) -> bool:
    """Whether the home is where the person lives at `now`."""
    found = select(Residency.id).where(
        Residency.person_id == person_id, Residency.home_id == home_id, Residency.period.contains(now)
    )
    return session.scalar(found) is not None


def _note(session: Session, what: str, person: Person, home: Home, at: datetime, actor: Actor) -> None:
    journal.write(
        session,
        what,
        actor=actor,
        subject="home",
        subject_uuid=home.uuid,
        person_id=person.id,
        details={"at": at.isoformat()},
    )
