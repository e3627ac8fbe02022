"""Asking people to see to an alert."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.messages.outbox import Recipient
from care_plans.models.messages import Message
from care_plans.models.rotas import TeamRota
from care_plans.rotas import rotas
from care_plans.severity import Severity
from people import teams
from people.models.people import Contact
from people.visible import actor
from tests.care_plans.alerting import cora, ladder, messages_to, raised
from tests.care_plans.checking import lapse
from tests.care_plans.rotas.test_rotas import layer, set_rota
from tests.cast import Cast

LATER = timedelta(minutes=5)


def with_second(cast: Cast, step: LadderStep) -> Ladder:
    steps = ladder(cast).steps
    return replace(ladder(cast), steps=(steps[0], step, steps[2]))


def test_a_step_on_the_board_sends_nothing(session: Session, cast: Cast, now: datetime) -> None:
    first = LadderStep(1, "Board", Way.BOARD, 60, team=cast.coordinators.id)
    quiet = replace(ladder(cast), steps=(first, *ladder(cast).steps[1:]))
    alert = alerts.raise_(session, replace(raised(cast, now), ladder=quiet), now)
    assert alert.step == 1
    assert session.scalars(select(Message)).all() == []


def test_a_step_can_ask_one_member_of_staff(session: Session, cast: Cast, now: datetime) -> None:
    step = LadderStep(2, "Dev", Way.CALL, 600, staff=cast.dev.id)
    alert = alerts.raise_(session, replace(raised(cast, now), ladder=with_second(cast, step)), now)
    escalation.step(session, now + LATER)
    [message] = messages_to(session, staff=cast.dev)
    assert "You are called as step 2: Dev." in message.body
    assert (message.alert_id, message.person_id) == (alert.id, cast.ada.id)


@pytest.mark.parametrize("assigned", [True, False])
def test_family_is_rung_by_whoever_has_the_alert_and_is_not_named_in_the_message(
    session: Session, cast: Cast, now: datetime, assigned: bool
) -> None:
    daughter = session.scalars(select(Contact.id)).one()
    step = LadderStep(2, "Ring Beth Marsh", Way.CALL, 600, contact=daughter)
    alert = alerts.raise_(session, replace(raised(cast, now), ladder=with_second(cast, step)), now)
    if assigned:
        alerts.assign(session, alert, to=Recipient(staff_id=cast.cora.id), by=cora(cast), now=now)
    escalation.step(session, now + LATER)
    told = messages_to(session, staff=cast.cora) if assigned else messages_to(session, cast.coordinators)
    assert "Ring the daughter named on the alert's page." in told[-1].body
    assert "Beth" not in told[-1].body


def test_a_receiving_centre_that_only_the_contract_names_is_rung_by_staff(
    session: Session, cast: Cast, now: datetime
) -> None:
    step = LadderStep(2, "Receiving centre", Way.CALL, 600, receiving_centre=True)
    alerts.raise_(session, replace(raised(cast, now), ladder=with_second(cast, step)), now)
    escalation.step(session, now + LATER)
    assert "Ring the receiving centre." in messages_to(session, cast.coordinators)[-1].body


def test_no_message_names_the_person_or_holds_a_value(session: Session, cast: Cast, now: datetime) -> None:
    alerts.raise_(session, raised(cast, now), now)
    for message in session.scalars(select(Message)):
        for private in ("Ada", "Marsh", "84", "Orchard", "xygen", "COPD"):
            assert private not in message.subject + message.body


@pytest.mark.parametrize("by_name", [True, False])
def test_the_whole_team_is_asked_where_the_step_before_asked_the_same_person(
    session: Session, cast: Cast, now: datetime, by_name: bool
) -> None:
    teams.join(session, cast.coordinators, cast.dev, now, actor=actor(cora(cast)))
    set_rota(session, cast, now, layer(cast.dev))
    of = raised(cast, now)
    if by_name:
        first = LadderStep(1, "Dev", Way.MESSAGE, 300, staff=cast.dev.id)
        of = replace(of, ladder=replace(of.ladder, steps=(first, *of.ladder.steps[1:])))
    else:
        rotas.set_rota(session, cast.coordinators, [layer(cast.dev)], "Europe/London", by=cora(cast), now=now)
    alerts.raise_(session, of, now)
    assert (len(messages_to(session, staff=cast.dev)), messages_to(session, cast.nurses)) == (1, [])
    escalation.step(session, now + LATER)
    assert len(messages_to(session, staff=cast.dev)) == 2
    assert len(messages_to(session, cast.nurses)) == 1


def test_a_ladder_that_begins_anew_asks_whoever_is_on_duty_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.coordinators, cast.dev, now, actor=actor(cora(cast)))
    rotas.set_rota(session, cast.coordinators, [layer(cast.dev)], "Europe/London", by=cora(cast), now=now)
    alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.raise_(session, raised(cast, now), now + timedelta(minutes=1))
    assert len(messages_to(session, staff=cast.dev)) == 2
    assert messages_to(session, cast.coordinators) == []


def test_whose_check_has_lapsed_is_taken_off_the_ladder_and_the_team_is_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    layers = [{"name": "Weeks", "people": [str(cast.cora.uuid)], "starts": "2026-01-05", "turn_days": 7,
               "changes_at": "08:00"}]  # fmt: skip
    session.add(TeamRota(team_id=cast.coordinators.id, zone="Europe/London", layers=layers))
    lapse(session, cast.cora, now)
    alerts.raise_(session, raised(cast, now), now)
    assert messages_to(session, staff=cast.cora) == []
    assert len(messages_to(session, cast.coordinators)) == 1


def test_in_place_of_whose_check_has_lapsed_a_step_asks_the_teams_they_are_in(
    session: Session, cast: Cast, now: datetime
) -> None:
    lapse(session, cast.dev, now)
    step = LadderStep(1, "Dev", Way.CALL, 300, staff=cast.dev.id)
    alerts.raise_(session, replace(raised(cast, now), ladder=Ladder("one", "One", (step,))), now)
    assert messages_to(session, staff=cast.dev) == []
    assert len(messages_to(session, cast.nurses)) == 1
