"""Which kit serves no goal, and what is asked about it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.goals import Goal, GoalProgress, GoalStatus, Need
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.work import kit_reviews
from care_plans.work.kit_reviews import Aim, Why
from core.errors import Conflict, Invalid
from devices.models import Assignment, Device
from people.models.agencies import Staff
from people.models.sharing import SharingBasis
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.devices import kit

DAY = timedelta(days=1)
GOAL = "copd.stay_home"
Status = GoalStatus


@pytest.fixture
def oximeter(session: Session, cast: Cast) -> Device:
    return kit.device(session, "adas-oximeter")


@pytest.fixture
def held(session: Session, cast: Cast, oximeter: Device) -> Assignment:
    """Ada's, for the goal of her plan."""
    made = kit.give(session, oximeter, person_id=cast.ada.id)
    made.goal_key = GOAL
    session.flush()
    return made


@pytest.fixture
def plan(session: Session, cast: Cast, now: datetime) -> Plan:
    """Ada's, with one goal."""
    made = Plan(person_id=cast.ada.id)
    session.add(made)
    session.flush()
    version = PlanVersion(
        plan_id=made.id, number=1, state=VersionState.PUBLISHED, drafted_by_id=cast.cora.id, published_at=now,
        published_by_id=cast.cora.id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    session.add_all(
        [
            Need(version_id=version.id, key="copd.breathing", text="Breathlessness"),
            Goal(version_id=version.id, need_key="copd.breathing", key=GOAL, text="I want to stay home."),
        ]
    )
    session.flush()
    return made


def stands(session: Session, plan: Plan, status: Status, at: datetime) -> None:
    session.add(GoalProgress(plan_id=plan.id, goal_key=GOAL, at=at, status=status))
    session.flush()


def listed(session: Session, staff: Staff, now: datetime) -> list[tuple[str, Why, datetime | None]]:
    found = kit_reviews.list_goalless(session, viewer_of(session, staff, now), now)
    return [(each.device.name, each.why, each.since) for each in found]


@pytest.mark.usefixtures("held", "plan")
def test_kit_for_a_goal_of_the_plan_in_force_is_not_among_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert listed(session, cast.cora, now) == []


@pytest.mark.parametrize(
    ("status", "why"), [(Status.ACHIEVED, Why.ACHIEVED), (Status.GIVEN_UP, Why.GIVEN_UP)]
)
@pytest.mark.usefixtures("held")
def test_kit_whose_goal_is_over_is_listed_since_then(
    session: Session, cast: Cast, plan: Plan, now: datetime, status: Status, why: Why
) -> None:
    stands(session, plan, Status.PROGRESSING, now - 9 * DAY)
    stands(session, plan, status, now - 3 * DAY)
    assert listed(session, cast.cora, now) == [("Oximeter", why, now - 3 * DAY)]


@pytest.mark.usefixtures("held")
def test_a_goal_that_was_taken_up_again_counts(
    session: Session, cast: Cast, plan: Plan, now: datetime
) -> None:
    stands(session, plan, Status.ACHIEVED, now - 9 * DAY)
    stands(session, plan, Status.PROGRESSING, now - 3 * DAY)
    assert listed(session, cast.cora, now) == []


@pytest.mark.usefixtures("held")
def test_kit_whose_goal_the_plan_has_no_more_is_listed(session: Session, cast: Cast, now: datetime) -> None:
    assert listed(session, cast.cora, now) == [("Oximeter", Why.GONE, None)]


def test_kit_that_was_given_for_no_goal_is_listed_since_it_was_given(
    session: Session, cast: Cast, held: Assignment, now: datetime
) -> None:
    held.goal_key = None
    session.flush()
    assert listed(session, cast.cora, now) == [("Oximeter", Why.NONE, held.period.lower)]


@pytest.mark.usefixtures("held")
def test_what_became_of_the_goal_is_not_told_where_the_plan_is_not_shared(
    session: Session, cast: Cast, plan: Plan, now: datetime
) -> None:
    stands(session, plan, Status.ACHIEVED, now)
    session.query(SharingBasis).filter_by(agency_id=cast.housing.id).delete()
    assert listed(session, cast.hana, now) == [("Oximeter", Why.NOT_SHARED, None)]


@pytest.mark.usefixtures("held")
def test_a_stranger_is_shown_none(session: Session, cast: Cast, now: datetime) -> None:
    assert listed(session, cast.mallory, now) == []


def test_neither_life_safety_kit_nor_a_hub_that_others_speak_through_is_among_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    hub = kit.device(session, "hub", name="Hub")
    kit.sensor(session, hub, "0x1")
    smoke = kit.device(session, "smoke", life_safety=True)
    for each in (hub, smoke):
        kit.give(session, each, home_id=cast.ada_home.id)
    assert listed(session, cast.cora, now) == []


@pytest.mark.usefixtures("plan")
def test_kit_of_a_home_may_serve_the_goal_of_anybody_there(
    session: Session, cast: Cast, oximeter: Device, now: datetime
) -> None:
    held = kit.give(session, oximeter, home_id=cast.ada_home.id)
    kit_reviews.set_goal(session, held, GOAL, by=viewer_of(session, cast.cora, now), now=now)
    assert listed(session, cast.cora, now) == []


@pytest.mark.usefixtures("plan")
def test_a_goal_that_the_plan_has_not_is_refused(
    session: Session, cast: Cast, held: Assignment, now: datetime
) -> None:
    with pytest.raises(Invalid):
        kit_reviews.set_goal(session, held, "another", by=viewer_of(session, cast.cora, now), now=now)


def test_whoever_leads_the_care_is_asked_once(
    session: Session, cast: Cast, oximeter: Device, held: Assignment, now: datetime
) -> None:
    cora = viewer_of(session, cast.cora, now)
    made = kit_reviews.ask(session, oximeter, held, by=cora, now=now)
    assert (made.team_id, made.person_id, made.due_at > now) == (cast.coordinators.id, cast.ada.id, True)
    [listed_one] = kit_reviews.list_goalless(session, cora, now)
    assert listed_one.asked is made
    with pytest.raises(Conflict):
        kit_reviews.ask(session, oximeter, held, by=cora, now=now)


def test_one_goal_that_goes_on_is_enough(now: datetime) -> None:
    over, on = (Aim(GOAL, "Home", status, now) for status in (Status.ACHIEVED, Status.PROGRESSING))
    assert kit_reviews.why(GOAL, [over, on], now) is None
