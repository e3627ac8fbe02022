"""Pairs as far as whoever looks may know of them."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people import duplicates, likeness
from people.models.caring import CareTeam
from people.models.people import Person
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    person = twice.lay(session, cast, now)
    likeness.step(session, now)
    return person


def test_a_pair_of_whom_both_are_in_sight_is_for_them_to_decide(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    (likely,) = duplicates.list_likely(session, alerting.cora(cast), now)
    assert {each.id for each in (likely.one, likely.other) if each} == {cast.ada.id, again.id}
    assert likely.ask == ()
    assert duplicates.count(session, alerting.cora(cast), now) == 1
    assert duplicates.of_person(session, alerting.cora(cast), cast.ada, now) == [likely]


def test_of_one_out_of_sight_only_the_agencies_to_ask_are_told(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    (likely,) = duplicates.list_likely(session, alerting.hana(cast), now)
    assert (likely.one, likely.other) == (cast.ada, None)
    assert likely.ask[0] == "Westmere Hub"
    assert "Westmere Hub" in duplicates.ask_words(likely)
    with pytest.raises(Invalid, match="not in your sight"):
        duplicates.say_different(session, likely, why="Cousins", by=alerting.hana(cast), now=now)


def test_a_stranger_to_both_finds_nothing(session: Session, cast: Cast, again: Person, now: datetime) -> None:
    (likely,) = duplicates.list_likely(session, alerting.cora(cast), now)
    assert duplicates.list_likely(session, alerting.mallory(cast), now) == []
    with pytest.raises(NotFound):
        duplicates.get(session, alerting.mallory(cast), likely.pair.uuid, now)


def test_it_is_written_down_for_both_who_said_that_they_are_two(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    (likely,) = duplicates.list_likely(session, alerting.cora(cast), now)
    with pytest.raises(Invalid, match="how you know"):
        duplicates.say_different(session, likely, why=" ", by=alerting.cora(cast), now=now)
    duplicates.say_different(session, likely, why="Cousins", by=alerting.cora(cast), now=now)
    said = session.scalars(select(JournalEntry).where(JournalEntry.what == "said to be somebody else")).all()
    assert {each.person_id for each in said} == {cast.ada.id, again.id}
    with pytest.raises(Conflict):
        duplicates.say_different(session, likely, why="Cousins", by=alerting.cora(cast), now=now)


def test_whoever_nobody_cares_for_has_no_agency_to_ask(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    session.execute(delete(CareTeam).where(CareTeam.person_id == again.id))
    (likely,) = duplicates.list_likely(session, alerting.hana(cast), now)
    assert "whoever runs this installation" in duplicates.ask_words(likely)
