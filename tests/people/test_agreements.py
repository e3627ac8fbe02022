from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import agreements
from people.watching import RESTRICTIVE, Watched
from tests.agreeing import BY, agree, attorney, decided, said
from tests.cast import Cast
from tests.housemates import moves_in_with

DAY = timedelta(days=1)


def test_it_holds_for_its_own_sort_and_person_alone(session: Session, cast: Cast, now: datetime) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    both = [cast.ada.id, cast.ben.id]
    assert agreements.in_force(session, both, now) == {
        cast.ada.id: {Watched.MOVEMENT},
        cast.ben.id: frozenset(),
    }
    assert agreements.lacking(session, both, [Watched.MOVEMENT], now) == {cast.ben.id: {Watched.MOVEMENT}}
    assert agreements.lacking(session, [cast.ada.id], [Watched.DOORS], now) == {cast.ada.id: {Watched.DOORS}}


def test_it_says_less_intrusive_ways_objections_and_when_it_is_reviewed(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        agreements.agree(
            session, cast.ada, {"watched": "movement", "agreed_by": "person"}, by=cast.sol, actor=BY, now=now
        )
    assert set(refused.value.fields) == {"why", "said", "less_intrusive", "objections", "review_on"}


@pytest.mark.parametrize("watched", sorted(RESTRICTIVE))
def test_what_can_restrict_somebody_needs_a_social_care_review_and_an_end(
    watched: Watched, session: Session, cast: Cast, now: datetime
) -> None:
    bare = said(Watched.MOVEMENT, now) | {"watched": watched.value}
    with pytest.raises(Invalid) as refused:
        agreements.agree(session, cast.ada, bare, by=cast.sol, actor=BY, now=now)
    assert set(refused.value.fields) == {"reviewed_by", "reviewed_on", "expires_on"}
    long = said(watched, now, expires_on=(now + timedelta(days=500)).date())
    with pytest.raises(Invalid, match="within a year"):
        agreements.agree(session, cast.ada, long, by=cast.sol, actor=BY, now=now)
    agree(session, cast.ada, watched, by=cast.sol, now=now)


def test_one_that_rests_on_somebody_elses_word_names_what_gives_them_that_right(
    session: Session, cast: Cast, now: datetime
) -> None:
    by_attorney = said(Watched.MOVEMENT, now, agreed_by="representative")
    with pytest.raises(Invalid) as refused:
        agreements.agree(session, cast.ada, by_attorney, by=cast.sol, actor=BY, now=now)
    assert set(refused.value.fields) == {"authority_id"}
    unverified = attorney(session, cast.ada, by=cast.sol, now=now, verified_on=None, verified_how=None)
    of_property = attorney(session, cast.ada, by=cast.sol, now=now, kind="attorney_property")
    for held in (unverified, of_property):
        with pytest.raises(Invalid, match="verified and in force"):
            agreements.agree(session, cast.ada, by_attorney, by=cast.sol, actor=BY, now=now, authority=held)
    held = attorney(session, cast.ada, by=cast.sol, now=now)
    agreements.agree(session, cast.ada, by_attorney, by=cast.sol, actor=BY, now=now, authority=held)


def test_one_in_best_interests_names_the_decision(session: Session, cast: Cast, now: datetime) -> None:
    given = said(Watched.MOVEMENT, now, agreed_by="best_interests")
    with pytest.raises(Invalid) as refused:
        agreements.agree(session, cast.ada, given, by=cast.sol, actor=BY, now=now)
    assert set(refused.value.fields) == {"best_interests_id"}
    decision = decided(session, cast.ada, by=cast.sol, now=now)
    row = agreements.agree(session, cast.ada, given, by=cast.sol, actor=BY, now=now, decision=decision)
    assert row.best_interests_id == decision.id
    with pytest.raises(Invalid, match="not else"):
        agreements.agree(
            session, cast.ada, said(Watched.APPLIANCES, now), by=cast.sol, actor=BY, now=now,
            decision=decision,
        )  # fmt: skip


def test_a_second_about_the_same_is_in_conflict_with_the_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    with pytest.raises(Conflict, match="end that one first"):
        agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)


def test_it_ends_by_somebodys_word_and_can_be_made_anew(session: Session, cast: Cast, now: datetime) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    later = now + timedelta(hours=1)
    with pytest.raises(Invalid):
        agreements.end(session, row, said_by="", why="", actor=BY, now=later)
    agreements.end(session, row, said_by="Ada", why="I do not like it", actor=BY, now=later)
    assert agreements.in_force(session, [cast.ada.id], later)[cast.ada.id] == frozenset()
    assert agreements.in_force(session, [cast.ada.id], now)[cast.ada.id] == {Watched.MOVEMENT}
    with pytest.raises(Conflict):
        agreements.end(session, row, said_by="Ada", why="again", actor=BY, now=later)
    [again] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=later)
    assert list(agreements.listing(session, cast.ada)) == [again, row]


def test_it_holds_through_the_day_it_runs_out_and_no_longer(
    session: Session, cast: Cast, now: datetime
) -> None:
    end = (now + 5 * DAY).date()
    agree(session, cast.ada, Watched.DOORS, by=cast.sol, now=now, expires_on=end.isoformat())
    assert agreements.in_force(session, [cast.ada.id], now + 5 * DAY)[cast.ada.id] == {Watched.DOORS}
    assert agreements.in_force(session, [cast.ada.id], now + 6 * DAY)[cast.ada.id] == frozenset()


def test_it_may_have_been_given_some_days_before_it_is_written_down(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now, agreed_on=(now - 3 * DAY).date())
    assert agreements.in_force(session, [cast.ada.id], now - 2 * DAY)[cast.ada.id] == {Watched.MOVEMENT}
    with pytest.raises(Invalid, match="lies ahead"):
        agree(session, cast.ada, Watched.APPLIANCES, by=cast.sol, now=now, agreed_on=(now + DAY).date())


def test_everybody_who_lives_in_a_home_is_watched_there(session: Session, cast: Cast, now: datetime) -> None:
    moves_in_with(session, cast.ben, cast.ada_home, now)
    assert set(agreements.residents(session, cast.ada_home.id, now)) == {cast.ada.id, cast.ben.id}


def test_it_is_found_for_its_own_person_alone(session: Session, cast: Cast, now: datetime) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    assert agreements.get(session, cast.ada, row.uuid) is row
    with pytest.raises(NotFound):
        agreements.get(session, cast.ben, row.uuid)
