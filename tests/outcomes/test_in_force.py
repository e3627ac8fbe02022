"""A version is in force from its publication to the next one's, or to the end of a life."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.plans import PlanVersion
from outcomes.in_force import list_in_force
from outcomes.sight import Sight
from outcomes.ties import NEVER
from tests.cast import Cast
from tests.outcomes.counting import ZONE, planned, viewer

DAY = timedelta(days=1)


def test_versions_follow_each_other_without_a_gap(session: Session, cast: Cast, now: datetime) -> None:
    planned(session, cast, cast.ada, now - 9 * DAY, now - 4 * DAY, pathway="heart_failure")
    second = planned(session, cast, cast.ada, now - 4 * DAY, number=2)
    session.add(PlanVersion(plan_id=second.plan_id, number=3, drafted_by_id=cast.dev.id))
    session.flush()
    first_found, found = list_in_force(session, Sight(viewer(cast), now), now - 7 * DAY, now, ZONE)
    assert (first_found.start, first_found.end) == (now - 9 * DAY, now - 4 * DAY)
    assert (found.start, found.end, found.pathways) == (now - 4 * DAY, NEVER, ("copd",))
    assert found.version_uuid == second.uuid
    (only,) = list_in_force(session, Sight(viewer(cast), now), now - 4 * DAY, now, ZONE)
    assert only == found


def test_a_plan_ends_with_the_day_on_which_somebody_died(session: Session, cast: Cast, now: datetime) -> None:
    planned(session, cast, cast.ada, datetime(2026, 7, 1, tzinfo=UTC))
    cast.ada.died_on = date(2026, 7, 5)
    session.flush()
    sight = Sight(viewer(cast), now)
    (found,) = list_in_force(session, sight, datetime(2026, 7, 1, tzinfo=UTC), now, ZONE)
    assert found.end == datetime(2026, 7, 5, 23, tzinfo=UTC)
    assert list_in_force(session, sight, found.end, now, ZONE) == []


def test_nothing_of_somebody_out_of_sight_is_listed(session: Session, cast: Cast, now: datetime) -> None:
    planned(session, cast, cast.ada, now - DAY)
    stranger = Sight(viewer(cast, team_ids=frozenset({cast.strangers.id})), now)
    assert list_in_force(session, stranger, now - DAY, now, ZONE) == []
