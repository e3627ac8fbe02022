"""Agreeing a plan is an act of its own."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import agreeing, publish
from care_plans.plan.parts import Part
from core.errors import Conflict, Invalid
from tests.agreeing import assessed, attorney, decided
from tests.care_plans.planning import Draft
from tests.cast import Cast


def beth(session: Session, cast: Cast, now: datetime) -> dict[str, Any]:
    """What says that Beth Marsh, verified attorney for health and welfare, agreed it."""
    held = attorney(session, cast.ada, by=cast.sol, now=now)
    return {"with_whom": "representative", "who": held.uuid}


def test_a_draft_that_changes_afterwards_is_agreed_no_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft, told = Draft(session, cast, now, "copd"), beth(session, cast, now)
    row = agreeing.agree(session, cast.ada, draft.version, told, by=cast.dev, now=now)
    assert agreeing.holds(draft.version, row)
    assert agreeing.said(row) == "Beth Marsh, attorney for health and welfare"
    draft.add(Part.STRENGTHS, text="Cooks")
    assert not agreeing.holds(draft.version, agreeing.find(session, draft.version))
    agreeing.agree(session, cast.ada, draft.version, told, by=cast.dev, now=now)
    version = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")
    assert version.agreed_with == "Beth Marsh, attorney for health and welfare"
    assert agreeing.holds(version, agreeing.find(session, version))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"with_whom": "nobody"}, "why_not"),
        ({"with_whom": "person", "name": "Beth, her daughter"}, "name"),
        ({"with_whom": "representative"}, "who"),
        ({"with_whom": "representative", "who": "Beth"}, "who"),
        ({"with_whom": "representative", "who": "7c0a0d3c-0000-4000-8000-000000000000"}, "who"),
        ({"with_whom": "person", "name": "Ada", "agreed_on": "2031-01-01"}, "agreed_on"),
        ({}, "with_whom"),
    ],
)
def test_who_or_why_nobody_has_to_be_said(
    session: Session, cast: Cast, now: datetime, given: dict[str, Any], field: str
) -> None:
    draft = Draft(session, cast, now, "copd")
    with pytest.raises(Invalid) as refused:
        agreeing.agree(session, cast.ada, draft.version, given, by=cast.dev, now=now)
    assert list(refused.value.fields) == [field]


def test_that_nobody_could_agree_is_on_the_record_with_why(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    given = {"with_whom": "nobody", "why_not": "In hospital", "name": "Ada"}
    row = agreeing.agree(session, cast.ada, draft.version, given, by=cast.dev, now=now)
    assert (row.name, agreeing.said(row)) == (None, "nobody: In hospital")


def test_what_is_in_force_may_be_agreed_later_and_what_is_not_may_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft, told = Draft(session, cast, now, "copd"), beth(session, cast, now)
    first = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")
    agreeing.agree(session, cast.ada, first, told, by=cast.dev, now=now)
    assert first.agreed_with == "Beth Marsh"
    draft = Draft(session, cast, now)
    publish.publish(session, cast.ada, by=cast.dev, now=now, reason="y")
    with pytest.raises(Conflict):
        agreeing.agree(session, cast.ada, first, told, by=cast.dev, now=now)
    assert draft.version.agreed_with is None


def test_only_a_verified_attorney_for_welfare_may_agree_and_the_refusal_says_who_may(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    held = attorney(session, cast.ada, by=cast.sol, now=now, verified_on="", verified_how="")
    given = {"with_whom": "representative", "who": held.uuid}
    with pytest.raises(Invalid) as refused:
        agreeing.agree(session, cast.ada, draft.version, given, by=cast.dev, now=now)
    assert "Here that is Ada (themself)." in refused.value.fields["who"]
    assert "Beth" not in refused.value.fields["who"]


def test_a_best_interests_decision_is_named_without_what_it_was_about(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    decision = decided(session, cast.ada, by=cast.sol, now=now)
    given = {"with_whom": "representative", "who": decision.uuid}
    row = agreeing.agree(session, cast.ada, draft.version, given, by=cast.dev, now=now)
    assert agreeing.said(row) == "Sol, social worker, decided in their best interests"


def test_where_capacity_was_assessed_how_the_person_agreed_has_to_be_said(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    assessed(session, cast.ada, by=cast.sol, now=now)
    with pytest.raises(Invalid) as refused:
        agreeing.agree(session, cast.ada, draft.version, {"with_whom": "person"}, by=cast.dev, now=now)
    assert list(refused.value.fields) == ["how"]
    with pytest.raises(Invalid) as refused:
        publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x", agreed_with="Ada")
    assert list(refused.value.fields) == ["agreed_with"]
    how = {"with_whom": "person", "how": "In the morning, with pictures: she said it back"}
    row = agreeing.agree(session, cast.ada, draft.version, how, by=cast.dev, now=now)
    assert agreeing.said(row) == "Ada Marsh"


def test_names_said_with_the_publishing_are_of_somebody_who_may_agree(
    session: Session, cast: Cast, now: datetime
) -> None:
    Draft(session, cast, now, "copd")
    with pytest.raises(Invalid) as refused:
        publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x", agreed_with="Beth Marsh")
    assert "Here that is Ada (themself)." in refused.value.fields["agreed_with"]
    attorney(session, cast.ada, by=cast.sol, now=now)
    version = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x", agreed_with="Beth Marsh")
    assert version.agreed_with == "Beth Marsh, attorney for health and welfare"
