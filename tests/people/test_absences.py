"""Who is away, until when, and which homes are empty by it."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from people import absences
from people.models.absences import Absence, Away
from people.models.homes import Residency
from people.models.people import Person
from tests.cast import Cast

DAY = timedelta(days=1)


def away(
    session: Session, cast: Cast, person: Person, start: datetime, end: datetime, *, begun: bool
) -> Absence:
    row = Absence(
        person_id=person.id, why=Away.HOLIDAY, known_from="Beth", began_at=start, ends_at=end,
        recorded_at=start, recorded_by_id=cast.dev.id, confirmed_at=start, confirmed_by_id=cast.dev.id,
        begun_at=start if begun else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_only_what_has_begun_and_goes_on_is_running(session: Session, cast: Cast, now: datetime) -> None:
    row = away(session, cast, cast.ada, now, now + DAY, begun=False)
    assert absences.find_open(session, cast.ada) is row
    assert absences.find_running(session, cast.ada.id, now) is None
    row.begun_at = now
    session.flush()
    assert absences.find_running(session, cast.ada.id, now) is row
    assert absences.find_running(session, cast.ada.id, now + DAY) is None
    row.ended_at = now
    session.flush()
    assert absences.find_open(session, cast.ada) is None


def test_back_is_the_end_of_the_last_time_away(session: Session, cast: Cast, now: datetime) -> None:
    first = away(session, cast, cast.ada, now - 9 * DAY, now - 5 * DAY, begun=True)
    first.ended_at = now - 6 * DAY
    session.flush()
    people = [cast.ada.id, cast.ben.id]
    assert absences.back_of_people(session, people) == {cast.ada.id: now - 6 * DAY}
    away(session, cast, cast.ada, now, now + DAY, begun=True)
    assert absences.back_of_people(session, people) == {cast.ada.id: now + DAY}


def test_a_home_is_empty_until_the_first_of_all_who_live_there_is_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    homes = [cast.ada_home.id, cast.ben_home.id]
    away(session, cast, cast.ada, now, now + 3 * DAY, begun=True)
    assert absences.back_in_homes(session, homes, now) == {cast.ada_home.id: now + 3 * DAY}
    there = update(Residency).where(Residency.person_id == cast.ben.id)
    session.execute(there.values(home_id=cast.ada_home.id))
    assert absences.back_in_homes(session, homes, now) == {}
    away(session, cast, cast.ben, now, now + DAY, begun=True)
    assert absences.back_in_homes(session, homes, now) == {cast.ada_home.id: now + DAY}


def test_who_wrote_confirmed_and_ended_it_is_told(session: Session, cast: Cast, now: datetime) -> None:
    row = away(session, cast, cast.ada, now, now + DAY, begun=True)
    row.ended_at, row.ended_by_id = now, cast.cora.id
    session.flush()
    [told] = absences.list_of(session, cast.ada)
    assert (told.recorded_by, told.confirmed_by, told.ended_by) == (
        cast.dev.name, cast.dev.name, cast.cora.name,
    )  # fmt: skip


def test_who_of_many_is_away_is_found_at_once(session: Session, cast: Cast, now: datetime) -> None:
    away(session, cast, cast.ada, now - DAY, now + DAY, begun=True)
    assert absences.away_now(session, [cast.ada.id, cast.ben.id], now) == {cast.ada.id}
    assert absences.away_now(session, [cast.ada.id], now + 2 * DAY) == frozenset()
