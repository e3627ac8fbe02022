"""Looking before somebody is taken on."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people import likeness, looking_first
from tests.care_plans import alerting
from tests.cast import Cast

ADA: dict[str, Any] = {
    "given_name": "Ada",
    "family_name": "Marsh",
    "date_of_birth": date(1948, 5, 4),
    "telephone": "01632 960114",
}


@pytest.fixture(autouse=True)
def compared(session: Session, cast: Cast, now: datetime) -> None:
    likeness.step(session, now)


def test_somebody_in_sight_is_shown_and_the_look_is_written_down(
    session: Session, cast: Cast, now: datetime
) -> None:
    (found,) = looking_first.find(session, alerting.cora(cast), ADA, now)
    assert found.person == cast.ada
    assert found.likelihood.sure
    look = session.scalars(select(JournalEntry).where(JournalEntry.what == "looked at")).one()
    assert (look.person_id, look.details) == (cast.ada.id, {"what": "search before adding"})


def test_of_somebody_out_of_sight_only_whom_to_ask_is_told_and_that_it_was_asked_is_written_down(
    session: Session, cast: Cast, now: datetime
) -> None:
    (found,) = looking_first.find(session, alerting.mallory(cast), ADA, now)
    assert found.person is None
    assert found.ask[0] == "Westmere Hub"
    asked = session.scalars(select(JournalEntry).where(JournalEntry.what == "asked after")).one()
    assert (asked.person_id, asked.staff_id) == (cast.ada.id, cast.mallory.id)


def test_what_cannot_be_read_is_left_out_of_the_comparison(
    session: Session, cast: Cast, now: datetime
) -> None:
    odd = {**ADA, "telephone": "?", "nhs_number": "12", "postcode": "nowhere", "address_line": None}
    assert looking_first.find(session, alerting.cora(cast), odd, now)[0:1] == looking_first.find(
        session, alerting.cora(cast), {**ADA, "telephone": None}, now
    )
    assert looking_first.find(session, alerting.cora(cast), {**ADA, "date_of_birth": "soon"}, now) == []
    assert looking_first.find(session, alerting.cora(cast), {**ADA, "given_name": ""}, now) == []


def test_somebody_new_is_like_nobody(session: Session, cast: Cast, now: datetime) -> None:
    new = {"given_name": "Zoe", "family_name": "Quill", "date_of_birth": "1961-03-09"}
    assert looking_first.find(session, alerting.cora(cast), new, now) == []
