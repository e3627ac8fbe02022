"""Which forms a plan asks for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Goal
from care_plans.pathways import reading as pathways
from care_plans.plan import asked_forms, enrol
from people.forms import reading as forms
from tests.cast import Cast


def test_nobody_without_a_plan_is_asked_for_anything(session: Session, cast: Cast, now: datetime) -> None:
    assert asked_forms.asked(session, cast.ada, now) == {}


def test_a_plan_asks_for_the_forms_of_its_pathways(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    found = asked_forms.asked(session, cast.ada, now)
    assert found["copd_symptoms"] == "For COPD at home"
    assert "heart_failure_symptoms" not in found
    assert "ons4" not in found


def test_a_goal_asks_for_the_form_that_measures_it(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    goal = session.scalars(select(Goal).where(Goal.measure.is_not(None)).limit(1)).one()
    goal.measure = {**(goal.measure or {}), "kind": "wellbeing_happiness"}
    session.flush()
    assert asked_forms.asked(session, cast.ada, now)["ons4"] == f"Measures the goal “{goal.text}”"


def test_every_pathway_that_a_form_is_meant_for_is_there() -> None:
    known = set(pathways.all_pathways())
    for form in forms.in_use().values():
        assert set(form.pathways) <= known, form.code
