"""Whom a ladder would ask in vain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from care_plans.plan import unreached
from care_plans.plan.parts import Part
from people.models.agencies import TeamMember
from tests.care_plans.checking import lapse
from tests.care_plans.planning import Draft
from tests.cast import Cast


def with_step(session: Session, cast: Cast, now: datetime, **step: Any) -> Draft:
    """A draft with one ladder, whose only step is that one."""
    draft = Draft(session, cast, now, "copd")
    first, *rest = draft.rows(Part.LADDERS)
    for row in rest:
        session.delete(row)
    usual = {"position": 1, "words": "Ask them", "way": "message", "wait": "10 min",
             "staffed_all_hours": True, "receiving_centre": False}  # fmt: skip
    first.key, first.document = "red", {"key": "red", "name": "Red", "steps": [usual | step]}
    session.flush()
    return draft


def found(session: Session, draft: Draft, now: datetime) -> Mapping[str, str]:
    return unreached.doubts(session, draft.version, now)


def test_a_team_that_is_called_and_has_no_number_is_said(session: Session, cast: Cast, now: datetime) -> None:
    draft = with_step(session, cast, now, team=cast.nurses.id, way="call")
    cast.nurses.telephone = cast.dev.telephone = None
    session.flush()
    words = unreached.NO_NUMBER.format(name=cast.nurses.name)
    assert found(session, draft, now) == {"ladders.red.steps.1": f"“Red”, step 1: {words}"}
    cast.dev.telephone = "07700 900111"
    session.flush()
    assert found(session, draft, now) == {}
    cast.dev.telephone, cast.nurses.telephone = None, "01632 960100"
    session.flush()
    assert found(session, draft, now) == {}


def test_where_nobody_is_rung_a_ladder_that_calls_says_so_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    told = "Nobody is rung: no telephone is set."
    cast.nurses.telephone = "01632 960100"
    calls = with_step(session, cast, now, team=cast.nurses.id, way="call")
    assert unreached.doubts(session, calls.version, now, unrung=told) == {"ladders": told}


def test_where_nobody_is_rung_a_ladder_that_only_writes_says_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    writes = with_step(session, cast, now, team=cast.nurses.id)
    assert unreached.doubts(session, writes.version, now, unrung="Nobody is rung.") == {}


def test_a_team_that_is_only_written_to_needs_no_number(session: Session, cast: Cast, now: datetime) -> None:
    draft = with_step(session, cast, now, team=cast.nurses.id)
    cast.nurses.telephone = cast.dev.telephone = None
    session.flush()
    assert found(session, draft, now) == {}


def test_a_team_without_people_and_a_mailbox_is_said(session: Session, cast: Cast, now: datetime) -> None:
    draft = with_step(session, cast, now, team=cast.nurses.id)
    cast.nurses.telephone = cast.nurses.email = None
    session.execute(
        update(TeamMember)
        .where(TeamMember.team_id == cast.nurses.id)
        .values(period=func.tstzrange(func.lower(TeamMember.period), now))
    )
    session.flush()
    (words,) = found(session, draft, now).values()
    assert "would reach nobody" in words


def test_a_receiving_centre_answers_by_contract(session: Session, cast: Cast, now: datetime) -> None:
    draft = with_step(session, cast, now, way="call", receiving_centre=True)
    assert found(session, draft, now) == {}


@pytest.mark.parametrize("why", ["left", "lapsed", "no number", "fit"])
def test_somebody_by_name_is_looked_at_as_well(session: Session, cast: Cast, now: datetime, why: str) -> None:
    draft = with_step(session, cast, now, staff=cast.dev.id, way="call")
    cast.dev.telephone = None if why == "no number" else "07700 900111"
    if why == "left":
        cast.dev.left_at = now
    elif why == "lapsed":
        lapse(session, cast.dev, now)
    session.flush()
    said = [*found(session, draft, now).values()]
    expected = {"left": "can't be asked now", "lapsed": "can't be asked now", "no number": "would only write"}
    assert bool(said) is (why != "fit")
    assert expected.get(why, "") in "".join(said)
