"""Messages that could not be delivered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation, undelivered
from care_plans.alerts.events import What
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert
from care_plans.models.messages import Message, MessageState
from care_plans.models.work import FollowUp
from care_plans.rotas import rotas
from care_plans.work import follow_ups
from people import teams
from people.visible import actor
from tests.care_plans.alerting import cora, hana, messages_to, raised, times
from tests.care_plans.rotas.test_rotas import layer, set_rota
from tests.cast import Cast


def test_a_message_that_failed_is_on_its_alert_and_somebody_is_asked_to_ring(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    [message] = messages_to(session, cast.coordinators)
    message.fault = "550 no such mailbox"
    undelivered.note(session, message, now)
    assert times(session, alert, What.MESSAGE_FAILED) == 1
    follow_up = session.scalars(select(FollowUp)).one()
    assert (follow_up.team_id, follow_up.alert_id) == (cast.coordinators.id, alert.id)
    assert follow_up.due_at == now + timedelta(minutes=15)
    assert "Coordinators" in follow_up.text


def test_a_message_about_no_alert_leaves_its_mark_in_the_outbox_only(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerts.raise_(session, raised(cast, now), now)
    message = session.scalars(select(Message)).one()
    message.alert_id = None
    undelivered.note(session, message, now)
    assert session.scalars(select(FollowUp)).all() == []


def test_who_is_to_be_rung_is_asked_for_once_until_it_is_done(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.assign(session, alert, to=Recipient(staff_id=cast.dev.id), by=cora(cast), now=now)
    messages = [*messages_to(session, cast.coordinators), *messages_to(session, staff=cast.dev)]
    for message in (*messages, *messages):
        undelivered.note(session, message, now)
    asked = session.scalars(select(FollowUp.text).order_by(FollowUp.id)).all()
    assert [text.split(":")[0] for text in asked] == ["Ring Coordinators", "Ring Dev"]


def test_a_mailbox_that_takes_nothing_does_not_breed_follow_ups(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerts.raise_(session, raised(cast, now), now)
    for hours in range(6):
        at = now + timedelta(hours=hours)
        follow_ups.miss_due(session, at)
        for message in messages_to(session, cast.coordinators):
            if message.state is MessageState.WAITING:
                message.state = MessageState.FAILED
                undelivered.note(session, message, at)
    assert len(session.scalars(select(FollowUp)).all()) == 1


def asked_on_duty(session: Session, cast: Cast, now: datetime) -> tuple[Alert, Message]:
    """A pressing alert at its second step, and the words to Dev, who is on duty for it."""
    set_rota(session, cast, now, layer(cast.dev))
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + timedelta(minutes=5))
    [message] = messages_to(session, staff=cast.dev)
    return alert, message


def test_where_whoever_is_on_duty_cannot_be_told_their_whole_team_is_asked_at_once_and_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert, message = asked_on_duty(session, cast, now)
    assert messages_to(session, cast.nurses) == []
    at = now + timedelta(minutes=6)
    for _ in range(2):
        undelivered.note(session, message, at)
    [asked] = messages_to(session, cast.nurses)
    assert (asked.alert_id, asked.send_after) == (alert.id, at)
    assert "could not be sent a message. You are asked as step 2: Community nurses" in asked.body
    assert len(messages_to(session, staff=cast.dev)) == 1
    undelivered.note(session, asked, at)
    assert len(messages_to(session, cast.nurses)) == 1


def test_a_team_that_its_step_has_asked_since_is_not_asked_twice(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.centre, cast.hana, now, actor=actor(cora(cast)))
    rotas.set_rota(session, cast.centre, [layer(cast.hana)], "Europe/London", by=hana(cast), now=now)
    alerts.raise_(session, raised(cast, now), now)
    for minutes in (5, 15, 35):
        escalation.step(session, now + timedelta(minutes=minutes))
    first, again = messages_to(session, staff=cast.hana)
    assert len(messages_to(session, cast.centre)) == 1
    for message in (first, again):
        undelivered.note(session, message, now + timedelta(minutes=36))
    assert len(messages_to(session, cast.centre)) == 1


def test_nobody_else_is_asked_once_somebody_was_reached_or_for_words_that_were_no_step(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert, message = asked_on_duty(session, cast, now)
    alerts.assign(session, alert, to=Recipient(staff_id=cast.dev.id), by=cora(cast), now=now)
    assigned = messages_to(session, staff=cast.dev)[-1]
    assert assigned is not message
    undelivered.note(session, assigned, now)
    assert messages_to(session, cast.nurses) == []
    alert.contact_at = now
    undelivered.note(session, message, now)
    assert messages_to(session, cast.nurses) == []
