"""Agreeing a plan is an act of its own."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import agreeing, publish
from care_plans.plan.parts import Part
from core.errors import Conflict, Invalid
from tests.care_plans.planning import Draft
from tests.cast import Cast

BETH = {"with_whom": "representative", "name": "Beth Marsh", "role": "daughter and attorney"}


def test_a_draft_that_changes_afterwards_is_agreed_no_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    row = agreeing.agree(session, cast.ada, draft.version, BETH, by=cast.dev, now=now)
    assert agreeing.holds(draft.version, row)
    assert agreeing.said(row) == "Beth Marsh, daughter and attorney"
    draft.add(Part.STRENGTHS, text="Cooks")
    assert not agreeing.holds(draft.version, agreeing.find(session, draft.version))
    agreeing.agree(session, cast.ada, draft.version, BETH, by=cast.dev, now=now)
    version = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")
    assert version.agreed_with == "Beth Marsh, daughter and attorney"
    assert agreeing.holds(version, agreeing.find(session, version))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"with_whom": "nobody"}, "why_not"),
        ({"with_whom": "person"}, "name"),
        ({"with_whom": "representative", "name": "Beth"}, "role"),
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
    draft = Draft(session, cast, now, "copd")
    first = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")
    agreeing.agree(session, cast.ada, first, BETH, by=cast.dev, now=now)
    assert first.agreed_with == "Beth Marsh"
    draft = Draft(session, cast, now)
    publish.publish(session, cast.ada, by=cast.dev, now=now, reason="y")
    with pytest.raises(Conflict):
        agreeing.agree(session, cast.ada, first, BETH, by=cast.dev, now=now)
    assert draft.version.agreed_with is None
