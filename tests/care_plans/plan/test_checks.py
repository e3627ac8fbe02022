"""Why a draft can't be published: each fault at its place."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import checks, publish
from care_plans.plan.parts import Part
from core.errors import Invalid
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_an_action_nobody_owns_and_a_goal_without_a_measure_are_refused_at_their_places(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now)
    goal = draft.goal()
    action = draft.add(Part.ACTIONS, goal=goal.key, text="Go along")
    with pytest.raises(Invalid) as refused:
        publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")
    assert dict(refused.value.fields) == {
        f"goals.{goal.key}.measure": checks.NO_MEASURE,
        f"actions.{action.key}.team": checks.NOBODY,
    }
    draft.change(Part.GOALS, goal.key, measure_words="She went")
    draft.change(Part.ACTIONS, action.key, team=str(cast.nurses.uuid))
    assert publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x").number == 1


def test_a_team_that_cannot_see_the_person_owns_nothing(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    goal = draft.goal(measure_words="She went")
    action = draft.add(Part.ACTIONS, goal=goal.key, text="Go", team=str(cast.nurses.uuid))
    action.team_id, action.agency_id = cast.strangers.id, cast.stranger_agency.id
    session.flush()
    found = checks.faults(session, cast.ada, draft.version, now)
    assert found == {f"actions.{action.key}.team": checks.BLIND}
    draft.change(Part.ACTIONS, action.key, status="cancelled", team=None)
    assert checks.faults(session, cast.ada, draft.version, now) == {}


def test_a_trigger_without_a_response_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    answer = draft.add(Part.CONTINGENCIES, name="Fast pulse")
    assert set(checks.faults(session, cast.ada, draft.version, now)) == {
        f"contingencies.{answer.key}.triggers",
        f"contingencies.{answer.key}.what_should_happen",
        f"contingencies.{answer.key}.ladder",
    }


def test_a_limit_outside_safe_bounds_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    rule = next(row for row in draft.rows(Part.TRIGGERS) if row.key == "copd.oxygen_low")
    steps = [dict(step) for step in rule.document["steps"]]
    steps[1] = {**steps[1], "when": {"kind": "spo2", "below": 60}}
    rule.document = {**rule.document, "steps": steps}
    session.flush()
    found = checks.faults(session, cast.ada, draft.version, now)
    assert "choose from 82 to 94 %" in found["triggers.copd.oxygen_low.limit"]


def test_a_review_date_needs_an_owner_who_is_still_there(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    draft.version.review_on = (now + timedelta(days=30)).date()
    assert checks.faults(session, cast.ada, draft.version, now) == {"review_by": checks.NO_REVIEWER}
    draft.version.review_by_id, cast.sol.left_at = cast.sol.id, now
    session.flush()
    assert "has left" in checks.faults(session, cast.ada, draft.version, now)["review_by"]


def test_contradictions_have_to_be_settled_first(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd", "heart_failure")
    found = checks.faults(session, cast.ada, draft.version, now)
    assert len(found) >= 2
    assert all(place.startswith("contradictions.") for place in found)
    assert "Oxygen" in " ".join(found.values())
