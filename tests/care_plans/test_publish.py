"""From draft to published."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating import unread
from care_plans.models.plans import Contingency, PlanLadder, PlanRule, Schedule, VersionState
from care_plans.plan import drafts, enrol, publish, read
from core.errors import Conflict, Invalid, NotFound
from devices import subjects
from devices.models import Expectation
from people.models import CareTeam
from tests.cast import Cast


def test_enrolling_puts_the_pathway_in_force(session: Session, cast: Cast, now: datetime) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    assert (version.state, version.number, version.published_by_id) == (
        VersionState.PUBLISHED,
        1,
        cast.dev.id,
    )
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert [pathway.pathway for pathway in plan.pathways] == ["copd"]
    assert all(action.agency for goal in plan.goals for action in goal.actions)
    assert any(rule.rule.key == "copd.oxygen_low" for each in plan.contingencies for rule in each.rules)


def test_it_expects_what_the_plan_monitors(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    expected = session.scalars(select(Expectation).where(Expectation.person_id == cast.ada.id)).all()
    assert {each.kind for each in expected} >= {"spo2"}
    assert all(each.expected_by > now for each in expected)


def test_it_wakes_the_person_and_their_home(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    assert set(unread.claim(session, 10)) == {subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)}


def test_a_second_pathway_joins_the_same_plan(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    version = enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    assert version.number == 2
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert {pathway.pathway for pathway in plan.pathways} == {"copd", "warm_dry_home"}
    assert [one.state for one in read.list_versions(session, cast.ada)] == [
        VersionState.PUBLISHED,
        VersionState.SUPERSEDED,
    ]


def test_the_same_pathway_twice_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    with pytest.raises(Conflict, match="already"):
        enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)


def test_an_unknown_pathway_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        enrol.enrol(session, cast.ada, "levitation", by=cast.dev, now=now)


def test_a_limit_is_kept_with_who_when_and_why(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rule = _rule_with_limit(session, cast)
    personal = drafts.personal_limits(rule)[0]
    drafts.set_limit(
        session,
        cast.ada,
        rule.key,
        personal.name,
        personal.lowest,
        why="Agreed with her GP",
        by=cast.dev,
        now=now,
    )
    version = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="Her usual is lower")
    changed = session.scalars(
        select(PlanRule).where(PlanRule.version_id == version.id, PlanRule.key == rule.key)
    ).one()
    assert (changed.set_by_id, changed.set_at, changed.set_why) == (cast.dev.id, now, "Agreed with her GP")
    before, after = (
        read.whole(session, cast.ada, one, now) for one in reversed(read.list_versions(session, cast.ada))
    )
    assert any(personal.label in said for said in read.differences(before, after))


@pytest.mark.parametrize(("limit", "why", "field"), [(1000.0, "because", "limit"), (None, "  ", "why")])
def test_an_unsafe_or_unexplained_limit_is_refused_at_its_field(
    session: Session, cast: Cast, now: datetime, limit: float | None, why: str, field: str
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rule = _rule_with_limit(session, cast)
    personal = drafts.personal_limits(rule)[0]
    with pytest.raises(Invalid) as refused:
        drafts.set_limit(
            session,
            cast.ada,
            rule.key,
            personal.name,
            limit or personal.lowest,
            why=why,
            by=cast.dev,
            now=now,
        )
    assert list(refused.value.fields) == [field]


def test_a_ladder_whose_team_cannot_see_the_person_is_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    ladder = session.scalars(select(PlanLadder).where(PlanLadder.version_id == draft.id)).first()
    assert ladder is not None
    steps = [dict(step) for step in ladder.document["steps"]]
    steps[0]["team"] = cast.strangers.id
    ladder.document = {**ladder.document, "steps": steps}
    session.flush()
    with pytest.raises(Invalid, match="can't see the person"):
        publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")


def test_a_life_safety_ladder_that_ends_in_the_evening_is_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ben, "frailty_falls", by=cast.dev, now=now, publish_now=False)
    draft = drafts.find_draft(session, cast.ben)
    assert draft is not None
    falls = session.scalars(
        select(PlanRule.contingency_key).where(
            PlanRule.version_id == draft.id, PlanRule.class_ == "life_safety"
        )
    ).first()
    key = session.scalars(
        select(Contingency.ladder_key).where(Contingency.version_id == draft.id, Contingency.key == falls)
    ).one()
    ladder = session.scalars(
        select(PlanLadder).where(PlanLadder.version_id == draft.id, PlanLadder.key == key)
    ).one()
    steps = [
        dict(step) | {"receiving_centre": False, "staffed_all_hours": False}
        for step in ladder.document["steps"]
    ]
    ladder.document = {**ladder.document, "steps": steps}
    session.flush()
    with pytest.raises(Invalid, match="round the clock"):
        publish.publish(session, cast.ben, by=cast.dev, now=now, reason="x")


def test_nothing_to_publish_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        publish.publish(session, cast.ada, by=cast.dev, now=now, reason="x")


def test_a_schedule_keeps_its_next_time_when_nothing_about_it_changed(
    session: Session, cast: Cast, now: datetime
) -> None:
    first = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    due = {row.key: row.next_at for row in _schedules(session, first.id)}
    assert due
    second = enrol.enrol(session, cast.ada, "hypertension", by=cast.dev, now=now)
    again = {row.key: row.next_at for row in _schedules(session, second.id)}
    assert {key: again[key] for key in due} == due
    assert all(row.next_at is None for row in _schedules(session, first.id))


def test_a_team_that_a_pathway_needs_joins_the_care_team(session: Session, cast: Cast, now: datetime) -> None:
    session.query(CareTeam).filter_by(person_id=cast.ada.id, team_id=cast.nurses.id).delete()
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    joined = session.query(CareTeam).filter_by(person_id=cast.ada.id, team_id=cast.nurses.id).one()
    assert joined.reason == "COPD at home pathway"


def _rule_with_limit(session: Session, cast: Cast) -> PlanRule:
    version = drafts.find_published(session, cast.ada)
    assert version is not None
    rules = session.scalars(select(PlanRule).where(PlanRule.version_id == version.id).order_by(PlanRule.id))
    return next(rule for rule in rules if drafts.personal_limits(rule))


def _schedules(session: Session, version_id: int) -> list[Schedule]:
    return list(session.scalars(select(Schedule).where(Schedule.version_id == version_id)))
