"""Two pathways in one plan: what both ask for is asked once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.pathways import reading
from care_plans.plan import apply, merging, read
from care_plans.plan.parts import Part
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_words_and_times_are_the_same_whatever_their_dress() -> None:
    assert merging.same_words("I want to  stay home.", "i want to stay home")
    assert not merging.same_words("I want to stay home", "I want to go home")
    assert merging.same_time({"times": ["10:00"], "starts": "x"}, {"times": ["10:00"], "starts": "y"})
    assert not merging.same_time({"times": ["10:00"]}, {"times": ["11:00"]})
    assert merging.same_pace({"every": 60}, {"every": 60})
    assert not merging.same_pace({"every": 60}, {"by": {"times": ["10:00"]}})
    assert merging.asked_too(["a"], "b") == merging.asked_too(["a", "b"], "b") == ["a", "b"]
    assert merging.joined("Ring.", "ring") == "Ring."
    assert merging.joined("Ring.", "Visit.") == "Ring. Visit."


def test_duplicate_asks_become_one_that_says_who_asks(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd", "heart_failure")
    stay = {row.key for row in draft.rows(Part.GOALS) if row.key.endswith(".stay_home")}
    assert stay == {"copd.stay_home", "heart_failure.stay_home"}, (
        "their targets differ: somebody has to settle it"
    )
    assert merging.same_aim(None, {"target": 1})
    assert not merging.same_aim({"target": 2}, {"target": 1})
    plan = read.whole(session, cast.ada, draft.version, now)
    calls = [row for row in plan.schedules if row.kind == "review"]
    for row in plan.monitoring:
        others = [
            each for each in plan.monitoring
            if each is not row and each.kind == row.kind and merging.same_pace(each.document, row.document)
        ]  # fmt: skip
        assert others == []
    assert calls


def test_the_same_pathway_text_laid_by_another_is_merged(session: Session, cast: Cast, now: datetime) -> None:

    draft = Draft(session, cast, now, "copd")
    before = {part: len(draft.rows(part)) for part in Part}
    twin = replace(reading.get("copd"), code="copd_again", title="COPD again")
    apply.lay(session, draft.version, cast.ada, twin, now)
    assert {part: len(draft.rows(part)) for part in Part} == before
    plan = read.whole(session, cast.ada, draft.version, now)
    goal = plan.goals[0].goal
    assert plan.asked_by(goal.key, None, goal.also_by) == ("COPD at home", "COPD again")


def test_of_rows_the_first_with_the_same_words_is_found(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    rows = draft.rows(Part.NEEDS)
    assert merging.with_same_words(rows, rows[1].text.upper()) is rows[1]
    assert merging.with_same_words(rows, "Nothing like it") is None
