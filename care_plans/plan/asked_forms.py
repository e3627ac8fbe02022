"""Which forms a person's plan asks for, and why: for a goal it measures, or for a pathway."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.pathways import naming
from care_plans.plan import read
from people.access import SEES_ALL, Extent, RecordClass, Sees
from people.forms import reading
from people.models.people import Person

UNSAID = "Asked for by the plan"
"""Where the plan is not shared."""


def asked(session: Session, person: Person, now: datetime, sees: Sees = SEES_ALL) -> Mapping[str, str]:
    """The code of each form that the plan in force asks for, with the reason as `sees` lets it be told."""
    plan = read.find_published(session, person, now)
    if plan is None:
        return {}
    goals = {
        str(one.goal.measure["kind"]): f"Measures the goal “{one.goal.text}”"
        for one in plan.goals
        if one.goal.measure
    }
    expected = {one.kind: "Expected by the plan" for one in plan.monitoring}
    pathways = {one.pathway: f"For {naming.title(one.pathway, one.title, sees)}" for one in plan.pathways}
    found: dict[str, str] = {}
    for form in reading.in_use().values():
        reasons = (
            *(goals[kind] for kind in sorted(form.readings) if kind in goals),
            *(expected[kind] for kind in sorted(form.readings) if kind in expected),
            *(pathways[code] for code in form.pathways if code in pathways),
        )
        if reasons:
            found[form.code] = reasons[0] if sees[RecordClass.PLAN] is Extent.FULL else UNSAID
    return found
