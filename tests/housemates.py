"""Somebody who shares Ada's home and is in the care of others: what her carers may not learn of him."""

from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.journal import Actor
from people import residencies
from people.models.caring import CareTeam
from people.models.homes import Home, Residency
from people.models.people import Person, ResponderCard
from tests.cast import Cast


def ray(session: Session, cast: Cast, now: datetime) -> Person:
    """Ray Lowe lives with Ada; of the cast only Vi's team cares for him."""
    since = Range(now - timedelta(days=9), None)
    person = Person(given_name="Ray", family_name="Lowe", date_of_birth=date(1951, 1, 1))
    session.add(person)
    session.flush()
    session.add_all(
        [
            Residency(person_id=person.id, home_id=cast.ada_home.id, period=since),
            CareTeam(person_id=person.id, team_id=cast.befrienders.id, lead=True, period=since),
            ResponderCard(person_id=person.id, mobility="Lies in bed upstairs"),
        ]
    )
    session.flush()
    return person


def moves_in_with(session: Session, person: Person, home: Home, at: datetime) -> None:
    """Let somebody of the cast leave where they live and live in `home` from `at` on."""
    by = Actor("a test")
    residencies.move_out(session, person, at, actor=by)
    residencies.move_in(session, person, home, at, actor=by)
