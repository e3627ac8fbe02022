"""What becomes of a plan in force."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.plan import doing, drafts, enrol, read
from core.errors import Invalid, NotFound
from tests.cast import Cast

ACTION, GOAL = "copd.first_outing", "copd.get_about"


def test_an_action_that_is_done_moves_no_goal(session: Session, cast: Cast, now: datetime) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    doing.set_status(session, cast.ada, ACTION, ActionStatus.DONE, by=cast.dev, now=now)
    for each in (version, draft):
        assert doing.get_action(session, each, ACTION).status is ActionStatus.DONE
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert next(goal for goal in plan.goals if goal.goal.key == GOAL).progress is None


def test_how_somebody_sees_a_goal_is_kept_with_who_said_so(
    session: Session, cast: Cast, now: datetime
) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    doing.judge(session, cast.ada, GOAL, GoalStatus.ACHIEVED, "She went twice", by=cast.dev, now=now)
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    goal = next(goal for goal in plan.goals if goal.goal.key == GOAL)
    assert goal.progress is not None
    assert goal.progress.status is GoalStatus.ACHIEVED
    ((row, name),) = read.list_progress(session, goal.goal, version.plan_id)
    assert (row.words, name) == ("She went twice", "Dev")
    with pytest.raises(Invalid):
        doing.judge(session, cast.ada, GOAL, GoalStatus.ACHIEVED, " ", by=cast.dev, now=now)


def test_what_is_not_in_force_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        doing.set_status(session, cast.ada, ACTION, ActionStatus.DONE, by=cast.dev, now=now)
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    for key in ("no_such", "\x00"):
        with pytest.raises(NotFound):
            doing.judge(session, cast.ada, key, GoalStatus.ACHIEVED, "x", by=cast.dev, now=now)
