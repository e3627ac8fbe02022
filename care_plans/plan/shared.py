"""How much of a plan somebody is shown: all of it, what concerns their agency, or only that there is one."""

from collections.abc import Collection
from dataclasses import replace

from care_plans.models.plans import PlanPathway
from care_plans.pathways import naming
from care_plans.plan.whole import ContingencyRead, GoalRead, NeedRead, PlanRead
from people.access import Extent, RecordClass, Sees


def shown(plan: PlanRead, sees: Sees, agency_id: int, team_ids: Collection[int]) -> PlanRead:
    """The plan as far as somebody of this agency, who works in these teams, sees it.

    FULL is the plan as it is. CATEGORY keeps the agency's own actions with the titles of the goals they
    serve, and what should happen where one of the teams is contacted, without values. CHECK keeps when
    somebody looks and what to do otherwise, which everybody may need (H12), and nothing else.
    """
    extent, plan = sees[RecordClass.PLAN], named(plan, sees)
    if extent is Extent.FULL:
        return plan
    if extent is Extent.CHECK:
        return replace(_bare(plan), needs=(), contingencies=(), schedules=(), pathways=())
    return replace(
        _bare(plan),
        needs=tuple(need for need in (_need(each, agency_id) for each in plan.needs) if need.goals),
        contingencies=tuple(
            replace(each, rules=()) for each in plan.contingencies if _is_told(each, team_ids)
        ),
        schedules=tuple(each for each in plan.schedules if each.team_id in team_ids),
    )


def named(plan: PlanRead, sees: Sees) -> PlanRead:
    """The plan with the sort of a pathway in place of a name that says what somebody may not know."""
    if all(naming.is_named(one.pathway, sees) for one in plan.pathways):
        return plan
    return replace(plan, pathways=tuple(_named(one, sees) for one in plan.pathways))


def _named(one: PlanPathway, sees: Sees) -> PlanPathway:
    if naming.is_named(one.pathway, sees):
        return one
    sort = naming.class_of(one.pathway).value
    title = naming.title(one.pathway, one.title, sees)
    return PlanPathway(pathway=sort, pathway_version=one.pathway_version, title=title)


def _bare(plan: PlanRead) -> PlanRead:
    return replace(
        plan, strengths=(), ladders=(), monitoring=(), documents=(), advice=(), acceptances=(), agreement=None
    )


def _need(need: NeedRead, agency_id: int) -> NeedRead:
    goals = (
        GoalRead(
            goal.goal,
            tuple(replace(one, stages=()) for one in goal.actions if one.action.agency_id == agency_id),
            None,
        )
        for goal in need.goals
    )
    return NeedRead(need.need, tuple(goal for goal in goals if goal.actions))


def _is_told(each: ContingencyRead, team_ids: Collection[int]) -> bool:
    if each.ladder is None:
        return False
    return any(step.get("team") in team_ids for step in each.ladder.document["steps"])
