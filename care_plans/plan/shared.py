"""How much of a plan somebody is shown: all of it, what concerns their agency, or only that there is one."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import inspect

from care_plans.models.plans import PlanPathway
from care_plans.pathways import naming
from care_plans.plan.whole import ContingencyRead, GoalRead, NeedRead, PlanRead
from core.db import Base
from people.access import Extent, RecordClass, Sees

Row = TypeVar("Row", bound=Base)


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
    contingencies = tuple(
        replace(
            each,
            contingency=_sorted(each.contingency, sees),
            rules=tuple(replace(one, rule=_sorted(one.rule, sees)) for one in each.rules),
        )
        for each in plan.contingencies
    )
    return replace(
        plan,
        pathways=tuple(_named(one, sees) for one in plan.pathways),
        needs=tuple(
            NeedRead(
                _sorted(each.need, sees),
                tuple(replace(one, goal=_sorted(one.goal, sees)) for one in each.goals),
            )
            for each in plan.needs
        ),
        contingencies=contingencies,
        monitoring=tuple(_sorted(each, sees) for each in plan.monitoring),
        schedules=tuple(_sorted(each, sees) for each in plan.schedules),
        advice=tuple(_sorted(each, sees) for each in plan.advice),
    )


def _named(one: PlanPathway, sees: Sees) -> PlanPathway:
    if naming.is_named(one.pathway, sees):
        return one
    title = naming.title(one.pathway, one.title, sees)
    return PlanPathway(pathway=_sort(one.pathway, sees), pathway_version=one.pathway_version, title=title)


def _sort(code: str, sees: Sees) -> str:
    return code if naming.is_named(code, sees) else naming.class_of(code).value


def _sorted(row: Row, sees: Sees) -> Row:
    """The row, or a copy that belongs to no session, with the sort of each pathway that is not named."""
    values = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    told = {"pathway": values.get("pathway"), "also_by": values.get("also_by")}
    sort = {
        "pathway": _sort(told["pathway"], sees) if told["pathway"] else None,
        "also_by": [_sort(each, sees) for each in told["also_by"]] if told["also_by"] else told["also_by"],
    }
    if sort == told:
        return row
    return type(row)(**{**values, **{name: value for name, value in sort.items() if name in values}})


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
