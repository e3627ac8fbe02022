"""Who might be the same: found by keys, kept for a human, and remembered as two once it was said."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Db
from core.journal import Actor
from people import duplicates, likeness, people
from people.matching import Described, Level
from people.models.identity import MatchKey, Pair, PairState
from people.models.people import Person
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast
from tests.cast import make as make_cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    return twice.lay(session, cast, now)


def run(session: Session, now: datetime) -> None:
    while likeness.step(session, now):
        pass


def test_a_likely_pair_is_proposed_with_its_reasons_and_without_a_value(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    run(session, now)
    pair = session.scalars(select(Pair)).one()
    assert {pair.one_id, pair.other_id} == {cast.ada.id, again.id}
    assert not pair.sure
    assert Level.BORN_SWAPPED in likeness.reasons_of(pair)
    assert "Marsh" not in str(pair.reasons)


def test_nobody_is_compared_again_before_they_change_or_a_day_has_gone(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    run(session, now)
    assert not likeness.step(session, now)
    later = now + timedelta(hours=1)
    session.get_one(Person, again.id).changed_at = later
    people.change(session, again, {"date_of_birth": "1948-05-04"}, actor=Actor("a test"), now=later)
    session.flush()
    again.changed_at = later
    assert likeness.step(session, later + timedelta(days=2))
    assert session.scalars(select(Pair.sure)).one()


def test_two_who_were_said_to_be_two_are_not_proposed_again(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    run(session, now)
    (likely,) = duplicates.list_likely(session, alerting.cora(cast), now)
    duplicates.say_different(session, likely, why="Cousins", by=alerting.cora(cast), now=now)
    run(session, now + timedelta(days=2))
    assert session.scalars(select(Pair.state)).all() == [PairState.DIFFERENT]
    assert duplicates.list_likely(session, alerting.cora(cast), now) == []


def test_whoever_changed_after_the_moment_they_are_compared_at_is_not_compared_for_ever(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ada.changed_at = now + timedelta(minutes=5)
    session.flush()
    assert likeness.step(session, now)
    assert not likeness.step(session, now)


def test_numbers_stand_in_keys_only_as_their_blind_index(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    run(session, now)
    keys = session.scalars(select(MatchKey.key)).all()
    assert keys
    assert not any("960114" in key or "9990000018" in key for key in keys)


def test_whoever_was_brought_into_another_is_found_by_no_key(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    run(session, now)
    again.deleted_at = now
    session.flush()
    described = likeness.describe(session, [cast.ada.id, again.id], now)
    assert set(described) == {cast.ada.id}
    assert likeness.like(session, described[cast.ada.id], now, leave_out=cast.ada.id) == []


def test_a_stranger_to_everybody_is_like_nobody(session: Session, cast: Cast, now: datetime) -> None:
    run(session, now)
    assert likeness.like(session, Described("Zoe", "Quill", now.date()), now) == []


def test_two_workers_share_the_people(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        make_cast(session)
    with real_db.transaction() as one, real_db.transaction() as other:
        assert likeness.step(one, now, limit=1)
        assert likeness.step(other, now, limit=1)
    with real_db.transaction() as session:
        assert session.scalars(select(func.count(func.distinct(MatchKey.person_id)))).one() == 2
