"""Whom a step rings."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.ladder import LadderStep, Way
from care_plans.calls import placing
from care_plans.channel import Channel
from care_plans.messages import about
from care_plans.models.alerts import ContactKind
from care_plans.models.calls import CallState
from care_plans.models.messages import Message, MessageState
from care_plans.models.work import FollowUp
from care_plans.severity import Severity
from core.db import Db
from people.models.people import Contact
from tests import listening
from tests.care_plans.alerting import dev, messages_to
from tests.care_plans.calls.calling import (
    NUMBER,
    calls,
    carrier,
    laid,
    place,
    placed,
    rings,
    states,
    steps,
)
from tests.care_plans.rotas.test_rotas import layer, set_rota
from tests.cast import Cast

LATER = timedelta(minutes=10)


def numbers(db: Db, url: str, now: datetime) -> None:
    while place(db, carrier(url), now):
        pass


def test_a_step_that_calls_rings_whom_it_names_and_mails_them_too(real_db: Db, now: datetime) -> None:
    laid(real_db, now)
    with listening.opened() as adaptor:
        numbers(real_db, adaptor.url, now)
        numbers(real_db, adaptor.url, now)
        [posted] = adaptor.posted
    asked = posted.json
    assert asked["type"] == "call.place"
    assert (asked["data"]["number"], asked["data"]["keys"]) == (NUMBER, {"1": "taken"})
    with real_db.transaction() as session:
        [(call, message)] = calls(session)
        assert asked["data"]["callback_url"] == f"https://care.example/api/v1/calls/{message.uuid}/reports"
        assert (message.state, message.channel) == (MessageState.SENT, Channel.VOICE)
        assert call.state is CallState.PLACED, "asking to ring is no answer"
        channels = session.scalars(select(Message.channel).order_by(Message.id)).all()
        assert channels == [Channel.EMAIL, Channel.VOICE]


def test_the_words_name_nobody_and_no_value(session: Session, cast: Cast, now: datetime) -> None:
    rings(session, cast, now)
    [(_, message)] = placed(session, now)
    assert message.body.startswith("This is Hearthline. Red alert, clinical, for A.M., Westmere. It began ")
    assert message.body.endswith(placing.PRESS_BY_NAME)
    for word in ("Ada", "84", "xygen"):
        assert word not in message.body


def test_whoever_is_on_duty_is_rung_and_the_teams_number_when_it_repeats(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.dev.telephone = NUMBER
    set_rota(session, cast, now, layer(cast.dev))
    last = LadderStep(1, "Nurses", Way.CALL, 60, team=cast.nurses.id, staffed_all_hours=True)
    rings(session, cast, now, some=[last])
    placing.queue(session, now)
    assert [message.staff_id for _, message in calls(session)] == [cast.dev.id]
    escalation.step(session, now + timedelta(minutes=1))
    placing.queue(session, now + timedelta(minutes=1))
    assert [(each.staff_id, each.team_id) for _, each in calls(session)[1:]] == [
        (cast.dev.id, None), (None, cast.nurses.id),
    ]  # fmt: skip


def test_a_team_without_a_number_is_rung_by_its_people(session: Session, cast: Cast, now: datetime) -> None:
    cast.nurses.telephone = None
    rings(session, cast, now, some=[LadderStep(1, "Nurses", Way.CALL, 60, team=cast.nurses.id)])
    placing.queue(session, now)
    assert [message.staff_id for _, message in calls(session)] == [cast.dev.id]


def test_where_there_is_no_number_at_all_it_becomes_work_and_the_ladder_keeps_its_time(
    real_db: Db, now: datetime
) -> None:
    cast = laid(real_db, now)
    with real_db.transaction() as session:
        session.merge(cast.dev).telephone = None
    with listening.opened() as adaptor:
        numbers(real_db, adaptor.url, now)
        assert adaptor.posted == []
    with real_db.transaction() as session:
        [(call, message)] = calls(session)
        assert (call.state, message.state) == (CallState.FAILED, MessageState.FAILED)
        assert message.fault == "Nobody there has a telephone number."
        assert "Ring Dev" in session.scalars(select(FollowUp.text)).one()


@pytest.mark.parametrize("way", [Way.BOARD, Way.MESSAGE])
def test_a_step_that_does_not_call_rings_nobody(
    session: Session, cast: Cast, now: datetime, way: Way
) -> None:
    first = replace(steps(cast)[0], way=way)
    rings(session, cast, now, some=[first, *steps(cast)[1:]])
    assert not placing.queue(session, now)


def test_family_is_never_rung_by_a_machine(session: Session, cast: Cast, now: datetime) -> None:
    daughter = session.scalars(select(Contact.id)).one()
    second = LadderStep(2, "Ring Beth", Way.CALL, 600, contact=daughter)
    rings(session, cast, now, some=[steps(cast)[0], second, steps(cast)[2]])
    placing.queue(session, now)
    escalation.step(session, now + LATER)
    assert not placing.queue(session, now + LATER)
    assert len(calls(session)) == 1


def test_a_telephone_that_is_set_later_rings_nobody_for_old_steps(
    session: Session, cast: Cast, now: datetime
) -> None:
    rings(session, cast, now)
    assert not placing.queue(session, now + placing.RECENT)


def test_a_receiving_centre_is_told_and_told_is_not_answered(real_db: Db, now: datetime) -> None:
    cast = laid(real_db, now)
    with real_db.transaction() as session:
        for minutes in (10, 20):
            escalation.step(session, now + timedelta(minutes=minutes))
    later = now + timedelta(minutes=20)
    with listening.opened() as adaptor:
        numbers(real_db, adaptor.url, later)
        [posted] = adaptor.posted
    told = posted.json
    assert told["type"] == "centre.tell"
    assert "keys" not in told["data"]
    assert told["data"]["alert"]["severity"] == "red"
    assert told["data"]["alert"]["about"] == "A.M., Westmere"
    assert told["data"]["alert"]["url"].startswith("https://care.example/alerts/")
    with real_db.transaction() as session:
        [(call, message)] = calls(session)
        assert (call.centre, call.state, message.team_id) == (True, CallState.PLACED, cast.centre.id)


def test_who_was_reached_meanwhile_is_not_rung_for(session: Session, cast: Cast, now: datetime) -> None:
    alert = rings(session, cast, now)
    placing.queue(session, now)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=dev(cast), now=now)
    assert placing.drop_needless(session, now)
    [(call, message)] = calls(session)
    assert (call.state, message.state) == (CallState.NOT_NEEDED, MessageState.DROPPED)


def test_for_what_is_settled_nobody_is_rung_at_all(session: Session, cast: Cast, now: datetime) -> None:
    alert = rings(session, cast, now)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=dev(cast), now=now)
    assert not placing.queue(session, now)


def test_one_that_can_not_be_queued_stops_no_other(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings(session, cast, now)
    find, left = about.find, [1]

    def fails_once(*given: object) -> object:
        if left:
            left.pop()
            raise ZeroDivisionError
        return find(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(about, "find", fails_once)
    placing.queue(session, now)
    assert states(session) == []
    placing.queue(session, now)
    assert states(session) == ["placed"]


def test_an_amber_is_rung_for_as_its_step_says(session: Session, cast: Cast, now: datetime) -> None:
    rings(session, cast, now, Severity.AMBER)
    assert placing.queue(session, now)
    assert messages_to(session, staff=cast.dev)[-1].subject.startswith("Amber alert")
