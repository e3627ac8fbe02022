"""Attempts as somebody sees them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.reached import Came
from care_plans.ringing import attempts, read
from core.errors import NotFound
from people import contacts
from people.access import Viewer
from tests.care_plans.alerting import cora, dev, hana, mallory, vi
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers, ring
from tests.cast import Cast

DAY = timedelta(days=1)


def seen(session: Session, viewer: Viewer, cast: Cast, now: datetime) -> list[read.Told]:
    return read.list_of_people(session, viewer, [cast.ada.id], now, since=now - DAY)


def test_the_latest_stands_first_with_who_rang_whom(session: Session, cast: Cast, now: datetime) -> None:
    row = call(session, cast, now)
    [beth] = contacts.list_contacts(session, cast.ada)
    ring(session, cast, row, now - 5 * MINUTE)
    ring(session, cast, row, now, Came.ENGAGED, contact=beth.uuid, words="Twice")
    told = seen(session, cora(cast), cast, now)
    assert [(each.by, each.whom, each.came, each.words) for each in told] == [
        ("Cora", "Beth Marsh", Came.ENGAGED, "Twice"),
        ("Cora", None, Came.NO_ANSWER, None),
    ]
    assert all(each.may_undo for each in told)


def test_another_agency_that_sees_no_notes_learns_only_that_somebody_rang(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    [beth] = contacts.list_contacts(session, cast.ada)
    ring(session, cast, row, now, Came.WELL, words="Had a fall last week")
    ring(session, cast, row, now, contact=beth.uuid)
    told = seen(session, hana(cast), cast, now)
    assert [(each.came, each.words, each.may_undo) for each in told] == [(None, None, False)] * 2
    assert read.last_spoken(session, hana(cast), cast.ada.id, now) is None
    mine = read.last_spoken(session, cora(cast), cast.ada.id, now)
    assert mine is not None
    assert mine.words == "Had a fall last week"


def test_strangers_and_volunteers_who_are_not_asked_find_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    attempt = ring(session, cast, call(session, cast, now), now).attempt
    for viewer in (mallory(cast), vi(cast)):
        assert seen(session, viewer, cast, now) == []
        with pytest.raises(NotFound):
            read.get(session, viewer, attempt.uuid, now)
    assert read.get(session, cora(cast), attempt.uuid, now) is attempt


def test_what_was_taken_back_is_told_as_that_and_is_no_conversation(
    session: Session, cast: Cast, now: datetime
) -> None:
    attempt = ring(session, cast, call(session, cast, now), now, Came.WELL).attempt
    attempts.undo(session, attempt, by=cora(cast), now=now)
    [told] = seen(session, cora(cast), cast, now)
    assert told.undone
    assert read.last_spoken(session, cora(cast), cast.ada.id, now) is None


def test_who_is_looked_for_now_is_found_for_many_at_once(session: Session, cast: Cast, now: datetime) -> None:
    row = nobody_answers(session, cast, call(session, cast, now), now).no_reply
    assert read.looked_for(session, [cast.ada.id, cast.ben.id]) == {cast.ada.id: row}
    assert seen(session, dev(cast), cast, now)
