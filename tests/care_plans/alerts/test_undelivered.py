"""Messages that could not be delivered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, undelivered
from care_plans.alerts.events import What
from care_plans.messages.outbox import Recipient
from care_plans.models.messages import Message, MessageState
from care_plans.models.work import FollowUp
from care_plans.work import follow_ups
from tests.care_plans.alerting import cora, messages_to, raised, times
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
