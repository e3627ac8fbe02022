"""A pathway whose very name is not shared with a reader stands in no page and no answer that they get."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.plans import PlanVersion
from care_plans.models.rules import PlanRule, Schedule
from care_plans.models.work import FollowUpKind
from care_plans.plan import enrol
from care_plans.severity import Severity
from care_plans.work import follow_ups
from devices import subjects
from people.access import RecordClass
from people.models.agencies import Staff
from tests.app import raising
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.people.looking import unshare

ApiAs = Callable[..., FlaskClient]
NAME = re.compile("dementia", re.IGNORECASE)


@pytest.fixture
def paths(session: Session, cast: Cast, now: datetime) -> tuple[str, ...]:
    """Every page and answer about Ada, who is on the pathway, with an alert and a follow-up of it."""
    enrol.enrol(session, cast.ada, "dementia", by=cast.dev, now=now)
    version = session.scalars(select(PlanVersion).where(PlanVersion.published_at.is_not(None))).one()
    given = raising.what(cast, now, Severity.AMBER, subject=subjects.person(cast.ada.id))
    alert = alerts.raise_(session, given, now)
    rule = session.scalars(select(PlanRule).where(PlanRule.pathway == "dementia")).first()
    assert rule is not None
    alert.pathway, alert.rule_key, alert.version_id = "dementia", rule.key, version.id
    alert.rule = {**alert.rule, "key": rule.key}
    alert.goal_key = "mental_health.my_own_home"
    session.flush()
    asked = session.scalars(select(Schedule).where(Schedule.version_id == version.id)).first()
    assert asked is not None
    made = follow_ups.make_from_schedule(
        session, schedule_key=asked.key, kind=FollowUpKind.CALL, text=asked.text, team_id=cast.nurses.id,
        person_id=cast.ada.id, opens_at=None, due_at=now, goal_key=asked.goal_key, now=now,
    )  # fmt: skip
    assert made is not None
    page, answer = f"/people/{cast.ada.uuid}", f"/api/v1/people/{cast.ada.uuid}"
    return (
        page, f"{page}/open", f"{page}/happened", f"{page}/history", f"{page}/plan", f"{page}/plan/paper",
        f"{page}/forms", f"{page}/sharing", "/", "/people", "/follow-ups",
        f"/follow-ups/{made.uuid}", f"/alerts/{alert.uuid}",
        answer, f"{answer}/care-plans", f"{answer}/care-plans/{version.uuid}", f"{answer}/forms",
        f"{answer}/care-team", "/api/v1/alerts", f"/api/v1/alerts/{alert.uuid}",
        "/api/v1/follow-ups", f"/api/v1/follow-ups/{made.uuid}",
    )  # fmt: skip


def named(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = answer.text
    return [text[max(0, m.start() - 90) : m.end() + 40].replace("\n", " ") for m in NAME.finditer(text)]


@pytest.mark.parametrize("name", ["dev", "hana", "cora"])
def test_the_name_stands_nowhere_for_who_may_not_know_it(
    session: Session, cast: Cast, client_as: ClientAs, api_as: ApiAs, paths: tuple[str, ...], name: str
) -> None:
    who: Staff = getattr(cast, name)
    unshare(session, who.agency_id, RecordClass.MENTAL_HEALTH)
    browser, program = client_as(who), api_as(who)
    told = {path: named(program if path.startswith("/api") else browser, path) for path in paths}
    assert {path: found for path, found in told.items() if found} == {}
