"""Warnings about a visit: evidence, an owner, a review (H22)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import visit_warnings
from people.models.identity import VisitWarning
from tests.care_plans import alerting
from tests.cast import Cast


def given(cast: Cast, now: datetime, **more: Any) -> dict[str, Any]:
    return {
        "words": "Go in pairs",
        "evidence": "Dev was shouted at on 3 November.",
        "owner_team_id": cast.nurses.id,
        "review_on": (now + timedelta(days=30)).date(),
        **more,
    }


def add(session: Session, cast: Cast, now: datetime, **more: Any) -> VisitWarning:
    return visit_warnings.add(
        session, given(cast, now, **more), by=alerting.dev(cast), now=now, person=cast.ada
    )


def test_a_warning_of_a_person_shows_at_their_home_and_one_of_a_home_with_its_people(
    session: Session, cast: Cast, now: datetime
) -> None:
    of_person = add(session, cast, now)
    of_home = visit_warnings.add(
        session,
        given(cast, now, words="The stairs are loose"),
        by=alerting.dev(cast),
        now=now,
        home=cast.ada_home,
    )
    both = [of_person, of_home]
    assert [each.row for each in visit_warnings.about(session, now, person_id=cast.ada.id)] == both
    assert [each.row for each in visit_warnings.about(session, now, home_id=cast.ada_home.id)] == both
    assert visit_warnings.about(session, now, person_id=cast.ben.id) == []


def test_it_needs_evidence_an_owner_and_a_review_within_a_year(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as fault:
        visit_warnings.add(session, {}, by=alerting.dev(cast), now=now, person=cast.ada)
    assert set(fault.value.fields) == {"words", "evidence", "owner_team_id", "review_on"}
    for days in (0, 400):
        with pytest.raises(Invalid) as fault:
            add(session, cast, now, review_on=(now + timedelta(days=days)).date())
        assert set(fault.value.fields) == {"review_on"}


def test_a_review_puts_it_off_and_an_end_ends_it(session: Session, cast: Cast, now: datetime) -> None:
    row = add(session, cast, now)
    (warned,) = visit_warnings.about(session, now + timedelta(days=40), person_id=cast.ada.id)
    assert warned.late
    again = {"evidence": "Seen again", "review_on": (now + timedelta(days=60)).date()}
    visit_warnings.review(session, row, again, by=alerting.dev(cast), now=now)
    with pytest.raises(Invalid):
        visit_warnings.end(session, row, why="", by=alerting.dev(cast), now=now)
    visit_warnings.end(session, row, why="He moved out.", by=alerting.dev(cast), now=now)
    assert visit_warnings.about(session, now, person_id=cast.ada.id) == []
    with pytest.raises(Conflict):
        visit_warnings.end(session, row, why="Again", by=alerting.dev(cast), now=now)


def test_a_stranger_finds_no_warning(session: Session, cast: Cast, now: datetime) -> None:
    row = add(session, cast, now)
    assert visit_warnings.get(session, alerting.cora(cast), row.uuid, now) == row
    with pytest.raises(NotFound):
        visit_warnings.get(session, alerting.mallory(cast), row.uuid, now)
