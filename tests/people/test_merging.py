"""Asking for a merge, and for parting again."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import merging
from people.models.identity import Merge, MergeState
from people.models.people import Person
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    return twice.lay(session, cast, now)


def ask(session: Session, cast: Cast, again: Person, now: datetime, why: str = "Sure") -> Merge:
    return merging.ask(session, cast.ada, again, {}, why=why, by=alerting.cora(cast), now=now)


def test_it_needs_two_records_and_a_reason(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    with pytest.raises(Invalid, match="how you know"):
        ask(session, cast, again, now, " ")
    with pytest.raises(Invalid, match="one already"):
        ask(session, cast, cast.ada, now)


def test_somebody_who_died_is_never_brought_together_with_somebody_living(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    again.died_on = date(2026, 11, 1)
    with pytest.raises(Invalid, match="having died"):
        ask(session, cast, again, now)


def test_the_second_who_asks_is_told(session: Session, cast: Cast, again: Person, now: datetime) -> None:
    ask(session, cast, again, now)
    with pytest.raises(Conflict):
        ask(session, cast, again, now)


def test_only_records_that_are_together_are_parted_and_the_last_merge_first(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    first = ask(session, cast, again, now)
    with pytest.raises(Conflict, match="not together"):
        merging.ask_undo(session, first, why="Two", by=alerting.cora(cast), now=now)
    first.state = MergeState.DONE
    session.flush()
    later = merging.ask(session, cast.ada, cast.ben, {}, why="Sure", by=alerting.cora(cast), now=now)
    later.state = MergeState.DONE
    session.flush()
    with pytest.raises(Conflict, match="part those first"):
        merging.ask_undo(session, first, why="Two", by=alerting.cora(cast), now=now)
    merging.ask_undo(session, later, why="Two", by=alerting.cora(cast), now=now)
    assert later.state is MergeState.UNDOING


def test_a_stranger_finds_no_merge(session: Session, cast: Cast, again: Person, now: datetime) -> None:
    merge = ask(session, cast, again, now)
    assert merging.get(session, alerting.cora(cast), merge.uuid, now) == merge
    assert merging.list_of(session, alerting.cora(cast), again, now) == [merge]
    with pytest.raises(NotFound):
        merging.get(session, alerting.mallory(cast), merge.uuid, now)
