from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.goals import Action
from care_plans.referral_states import Result
from care_plans.referrals import answering, read, relationships
from core.errors import NotFound
from people import care_teams, choices, visible
from people.models.people import Person
from people.visible import actor
from tests.care_plans.alerting import raised
from tests.care_plans.referrals.referring import HOUR, plan, send, viewer
from tests.cast import Cast


def done(session: Session, cast: Cast, now: datetime, **more: object) -> object:
    row, mallory = send(session, cast, now, to=cast.strangers, **more), viewer(session, cast.mallory, now)  # type: ignore[arg-type]
    answering.accept(session, row, by=mallory, now=now)
    answering.finish(session, row, result=Result.HELPED, note="Done.", by=mallory, now=now + HOUR)
    return row


def test_a_team_that_went_reads_what_it_saw_then_and_nothing_later(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    row = done(session, cast, now)
    later = now + 2 * HOUR
    mallory = viewer(session, cast.mallory, later)
    alert = alerts.raise_(session, raised(cast, later), later)
    cast.ada.preferred_name = "Addy"
    session.flush()
    with pytest.raises(NotFound):
        visible.get_person(session, mallory, cast.ada.uuid, later)
    with pytest.raises(NotFound):
        alerts.get(session, mallory, alert.uuid, later)
    shown = read.whole(session, mallory, read.get(session, mallory, row.uuid, later), later)  # type: ignore[attr-defined]
    assert shown.summary is not None
    told = str(shown.summary.document)
    assert "Ada Marsh" in told
    assert "Addy" not in told
    assert not shown.opens


def test_what_stays_readable_is_no_more_than_the_team_saw(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    row = done(session, cast, now)
    summary = relationships.find_summary(session, row, frozenset({cast.strangers.id}))  # type: ignore[arg-type]
    assert summary is not None
    parts = {part["class"]: part for part in summary.document}
    assert parts["plan"]["extent"] == "category"  # a private agency sees that there is a plan
    assert "bath" not in str(parts["plan"])
    assert relationships.find_summary(session, row, frozenset({cast.nurses.id})) is None  # type: ignore[arg-type]


def test_what_the_person_dissented_from_is_not_kept_either(
    session: Session, cast: Cast, now: datetime
) -> None:
    said = {"decision": "dissent", "said_by": "Ada", "evidence": "By letter"}
    cora = viewer(session, cast.cora, now)
    choices.choose(session, cast.ada, cast.stranger_agency, said, by=cast.cora, actor=actor(cora), now=now)
    row = done(session, cast, now)
    summary = relationships.find_summary(session, row, frozenset({cast.strangers.id}))  # type: ignore[arg-type]
    assert summary is not None
    assert {part["extent"] for part in summary.document} == {"check"}


def test_another_referral_or_the_plan_keeps_the_team_caring(
    session: Session, cast: Cast, now: datetime
) -> None:
    mallory = viewer(session, cast.mallory, now)
    first = send(session, cast, now, to=cast.strangers)
    second = send(session, cast, now, to=cast.strangers, reason="Something else")
    for row in (first, second):
        answering.accept(session, row, by=mallory, now=now)
    answering.finish(session, first, result=Result.HELPED, note="x", by=mallory, now=now + HOUR)
    assert care_teams.find(session, cast.ada.id, cast.strangers.id, now + HOUR) is not None
    answering.finish(session, second, result=Result.HELPED, note="x", by=mallory, now=now + HOUR)
    assert care_teams.find(session, cast.ada.id, cast.strangers.id, now + HOUR) is None


def test_a_team_that_the_plan_names_goes_on_caring(session: Session, cast: Cast, now: datetime) -> None:
    action: Action = plan(session, cast, now)
    action.team_id = cast.strangers.id
    session.flush()
    done(session, cast, now)
    assert care_teams.find(session, cast.ada.id, cast.strangers.id, now + HOUR) is not None


def test_nobody_is_left_without_a_team(session: Session, cast: Cast, now: datetime) -> None:
    person = Person(given_name="Vera", family_name="Long", date_of_birth=cast.ada.date_of_birth)
    session.add(person)
    session.flush()
    cora = viewer(session, cast.cora, now)
    care_teams.add(session, person, cast.nurses, {"from": now, "lead": True}, actor=actor(cora))
    row = send(session, cast, now, person=person, to=cast.strangers)
    mallory = viewer(session, cast.mallory, now)
    answering.accept(session, row, by=mallory, now=now)
    care_teams.end(session, person, cast.nurses, now + timedelta(minutes=5), actor=actor(cora))
    answering.finish(session, row, result=Result.HELPED, note="x", by=mallory, now=now + HOUR)
    assert care_teams.find(session, person.id, cast.strangers.id, now + HOUR) is not None
