"""What measured goals add to figures, week by week."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.goals import Goal, GoalProgress, GoalStatus, Need
from care_plans.models.plans import PlanVersion
from outcomes.goal_parts import GoalAt, goals_progressing
from tests.cast import Cast
from tests.outcomes.counting import laid, planned

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 9, tzinfo=UTC)


def wanted(session: Session, version: PlanVersion, key: str, *, measured: bool = True) -> None:
    session.add(
        Goal(
            version_id=version.id,
            need_key="need",
            key=key,
            text="I want to get about.",
            measure={"kind": "steps"} if measured else None,
        )
    )
    session.flush()


def stood(session: Session, version: PlanVersion, key: str, at: datetime, status: GoalStatus) -> None:
    session.add(GoalProgress(plan_id=version.plan_id, goal_key=key, at=at, status=status))
    session.flush()


def test_the_latest_progress_within_the_week_counts(session: Session, cast: Cast) -> None:
    version = planned(session, cast, cast.ada, MONDAY - DAY)
    session.add(Need(version_id=version.id, key="need", pathway="copd", text="A need"))
    wanted(session, version, "about")
    wanted(session, version, "unmeasured", measured=False)
    stood(session, version, "about", MONDAY + DAY, GoalStatus.NOT_PROGRESSING)
    stood(session, version, "about", MONDAY + 2 * DAY, GoalStatus.ACHIEVED)
    first, second = goals_progressing(laid(session, cast, since=MONDAY.date()))
    assert (first.met, first.of, first.without, first.pathways) == (1, 1, False, ("copd",))
    assert isinstance(first.source, GoalAt)
    assert first.source.seen_at == MONDAY + 2 * DAY
    # In the running week nobody has looked yet: what it was before says nothing of now.
    assert (second.met, second.of, second.without) == (0, 1, True)


def test_only_the_version_in_force_at_the_end_of_the_week_counts(session: Session, cast: Cast) -> None:
    before = planned(session, cast, cast.ada, MONDAY, MONDAY + 3 * DAY)
    wanted(session, before, "old")
    after = planned(session, cast, cast.ada, MONDAY + 3 * DAY, number=2)
    wanted(session, after, "new")
    stood(session, after, "new", MONDAY + DAY, GoalStatus.PROGRESSING)
    first, _ = goals_progressing(laid(session, cast, since=MONDAY.date()))
    assert first.met == 1


def test_a_plan_that_has_ended_leaves_no_goal_to_count(session: Session, cast: Cast) -> None:
    version = planned(session, cast, cast.ada, MONDAY)
    wanted(session, version, "about")
    cast.ada.died_on = (MONDAY + 8 * DAY).date()
    session.flush()
    assert len(goals_progressing(laid(session, cast, since=MONDAY.date()))) == 1
