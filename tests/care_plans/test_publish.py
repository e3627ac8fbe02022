"""From draft to published."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating import unread
from care_plans.models.rules import Contingency, PlanLadder, PlanRule, Schedule
from care_plans.plan import drafts, enrol, publish
from core.errors import Invalid, NotFound
from devices import subjects
from tests.cast import Cast


def test_it_wakes_the_person_and_their_home(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    assert set(unread.claim(session, 10)) == {subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)}


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


def _schedules(session: Session, version_id: int) -> list[Schedule]:
    return list(session.scalars(select(Schedule).where(Schedule.version_id == version_id)))
