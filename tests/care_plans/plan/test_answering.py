"""Which pathway answers a trigger that several ask for."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.plan.parts import Part
from tests.care_plans.planning import Draft
from tests.cast import Cast


@pytest.mark.parametrize("first", ["end_of_life", "frailty_falls"])
def test_whoever_is_dying_is_answered_by_the_palliative_line_first_whichever_pathway_came_first(
    session: Session, cast: Cast, now: datetime, first: str
) -> None:
    """A press and a fall each have one ladder, before anybody has settled anything (H11)."""
    draft = Draft(
        session, cast, now, *sorted(["end_of_life", "frailty_falls"], key=lambda code: code != first)
    )
    for name, key in (("Pendant pressed", "pendant"), ("Fall detected", "fall")):
        (rule,) = [row for row in draft.rows(Part.TRIGGERS) if row.document["name"] == name]
        (answer,) = [row for row in draft.rows(Part.CONTINGENCIES) if row.name == name]
        assert (rule.contingency_key, answer.key) == (f"end_of_life.{key}", f"end_of_life.{key}")
        assert answer.ladder_key == "end_of_life.help_now"
        assert "999 only as the form says" in answer.what_should_happen
        assert "frailty_falls" in (answer.also_by or [])
    # Whatever only the other pathway looks after keeps its ladder.
    (smoke,) = [row for row in draft.rows(Part.CONTINGENCIES) if row.name == "Smoke alarm"]
    assert smoke.ladder_key == "frailty_falls.help_now"
    ladders = {row.key for row in draft.rows(Part.LADDERS)}
    assert {row.ladder_key for row in draft.rows(Part.CONTINGENCIES)} == ladders


def test_who_is_not_dying_is_answered_as_before(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "frailty_falls")
    (answer,) = [row for row in draft.rows(Part.CONTINGENCIES) if row.name == "Fall detected"]
    assert answer.ladder_key == "frailty_falls.help_now"
