"""How much of a plan somebody is shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import enrol, read, shared
from people.access import Extent
from tests.cast import Cast


def test_an_agency_that_sees_the_sort_only_sees_its_own_part_without_values(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    whole = read.find_published(session, cast.ada, now)
    assert whole is not None
    plan = shared.shown(whole, Extent.CATEGORY, cast.housing.id, {cast.landlord.id})
    assert [action.action.agency_id for goal in plan.goals for action in goal.actions] == [cast.housing.id]
    assert all(goal.progress is None for goal in plan.goals)
    assert (plan.monitoring, plan.ladders, plan.strengths, plan.contingencies) == ((), (), (), ())
    nurses = shared.shown(whole, Extent.CATEGORY, cast.health.id, {cast.nurses.id})
    assert nurses.contingencies
    assert all(each.rules == () for each in nurses.contingencies)


def test_who_may_only_check_sees_when_somebody_looks_and_what_to_do_otherwise(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    whole = read.find_published(session, cast.ada, now)
    assert whole is not None
    plan = shared.shown(whole, Extent.CHECK, cast.housing.id, {cast.landlord.id})
    assert (plan.needs, plan.pathways, plan.schedules, plan.contingencies) == ((), (), (), ())
    assert plan.version.otherwise
    assert shared.shown(whole, Extent.FULL, cast.housing.id, ()) is whole
