"""How much of a plan somebody is shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import enrol, read, shared
from care_plans.referrals import extracts
from people.access import SEES_ALL, Extent, RecordClass
from tests.cast import Cast

SORT = {**SEES_ALL, RecordClass.PLAN: Extent.CATEGORY}
CHECK = {**SEES_ALL, RecordClass.PLAN: Extent.CHECK}


def test_an_agency_that_sees_the_sort_only_sees_its_own_part_without_values(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    whole = read.find_published(session, cast.ada, now)
    assert whole is not None
    plan = shared.shown(whole, SORT, cast.housing.id, {cast.landlord.id})
    assert [action.action.agency_id for goal in plan.goals for action in goal.actions] == [cast.housing.id]
    assert all(goal.progress is None for goal in plan.goals)
    assert (plan.monitoring, plan.ladders, plan.strengths, plan.contingencies) == ((), (), (), ())
    nurses = shared.shown(whole, SORT, cast.health.id, {cast.nurses.id})
    assert nurses.contingencies
    assert all(each.rules == () for each in nurses.contingencies)


def test_who_may_only_check_sees_when_somebody_looks_and_what_to_do_otherwise(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    whole = read.find_published(session, cast.ada, now)
    assert whole is not None
    plan = shared.shown(whole, CHECK, cast.housing.id, {cast.landlord.id})
    assert (plan.needs, plan.pathways, plan.schedules, plan.contingencies) == ((), (), (), ())
    assert plan.version.otherwise
    assert shared.shown(whole, SEES_ALL, cast.housing.id, ()) is whole


def test_a_pathway_whose_name_is_not_shared_is_told_as_its_sort(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "dementia", by=cast.dev, now=now)
    whole = read.find_published(session, cast.ada, now)
    assert whole is not None
    assert "dementia" not in (whole.version.reason or "").casefold()
    sees = {**SEES_ALL, RecordClass.MENTAL_HEALTH: Extent.CATEGORY}
    (one,) = shared.shown(whole, sees, cast.health.id, ()).pathways
    assert (one.pathway, one.title) == ("mental_health", "A pathway about mental health")
    (own,) = shared.shown(whole, SEES_ALL, cast.health.id, ()).pathways
    assert own.pathway == "dementia"
    lines = str(extracts.make(session, cast.ada, SEES_ALL, now))
    assert "A pathway about mental health" in lines
    assert "dementia" not in lines.casefold()
