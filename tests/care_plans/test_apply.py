"""A pathway laid into a draft."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action
from care_plans.models.rules import Contingency, PlanLadder, Schedule
from care_plans.pathways import reading
from care_plans.pathways.terms import InForce
from care_plans.plan import apply, drafts, enrol, read, teams
from core.errors import Conflict
from tests.cast import Cast


def test_everything_the_pathway_says_is_in_the_plan(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ben, "frailty_falls", by=cast.dev, now=now)
    plan = read.find_published(session, cast.ben, now)
    pathway = reading.get("frailty_falls")
    assert plan is not None
    assert [goal.goal.text for goal in plan.goals] == [goal.text for goal in pathway.goals]
    assert [one.contingency.name for one in plan.contingencies] == [one.name for one in pathway.contingencies]
    assert {one.kind for one in plan.monitoring} == {one.kind for one in pathway.monitoring}
    assert plan.version.otherwise == pathway.watch.otherwise


def test_a_step_for_family_names_the_nearest_key_holder_or_is_left_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    for person in (cast.ada, cast.ben):
        enrol.enrol(session, person, "frailty_falls", by=cast.dev, now=now)
    ladders = session.scalars(select(PlanLadder)).all()
    with_contact = [row for row in ladders if any("contact" in step for step in row.document["steps"])]
    assert with_contact, "Ada has a key holder"
    assert len(with_contact) < len(ladders), "Ben has nobody"
    assert all(
        [step["position"] for step in row.document["steps"]] == list(range(1, len(row.document["steps"]) + 1))
        for row in ladders
    )


def test_recurrences_go_by_the_time_of_the_persons_home(session: Session, cast: Cast, now: datetime) -> None:
    cast.ada_home.time_zone = "Europe/Dublin"
    session.flush()
    assert apply.zone_of(session, cast.ada, now) == "Europe/Dublin"
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    schedules = session.scalars(select(Schedule).where(Schedule.version_id == version.id)).all()
    assert {row.recurrence["zone"] for row in schedules} == {"Europe/Dublin"}


def test_the_first_of_a_long_interval_comes_after_the_interval(
    session: Session, cast: Cast, now: datetime
) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rows = session.scalars(select(Schedule).where(Schedule.version_id == version.id)).all()
    assert all((row.next_at - now).days >= row.recurrence["every_days"] - 1 for row in rows if row.next_at)


def test_the_follow_up_of_an_alert_names_a_real_team(session: Session, cast: Cast, now: datetime) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rows = session.scalars(select(Contingency).where(Contingency.version_id == version.id)).all()
    assert {row.follow_up["team_id"] for row in rows if row.follow_up} == {cast.nurses.id}


def test_a_version_that_is_not_in_force_yet_or_any_more_is_refused_with_the_day(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    for in_force, why in (
        (InForce(since=date(2026, 11, 23)), "comes into force on 23 November 2026"),
        (InForce(until=date(2026, 11, 21)), "was in force until 21 November 2026"),
    ):
        pathway = replace(reading.get("copd"), in_force=in_force)
        with pytest.raises(Conflict, match=why):
            apply.lay(session, draft, cast.ada, pathway, now)


@pytest.mark.parametrize("code", sorted(reading.all_pathways()))
def test_every_action_of_every_pathway_is_owned_by_a_team_that_can_see_the_person(
    session: Session, cast: Cast, now: datetime, code: str
) -> None:
    version = enrol.enrol(session, cast.ada, code, by=cast.dev, now=now)
    rows = session.scalars(select(Action).where(Action.version_id == version.id)).all()
    assert len(rows) == sum(len(goal.actions) for goal in reading.get(code).goals)
    owners = {row.team_id for row in rows}
    assert None not in owners
    assert not teams.who_cannot_see(session, cast.ada.id, [each for each in owners if each], now)
