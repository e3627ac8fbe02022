"""Messages as people look at them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.messages import sent
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class
from devices import subjects
from tests.care_plans.alerting import cora, dev, mallory, raised, viewer
from tests.cast import Cast

LATER = timedelta(minutes=5)


def test_messages_come_newest_first_with_whom_they_are_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + LATER)
    found = sent.list_sent(session, cora(cast), now)
    assert [(each.to, each.queued_at) for each in found] == [
        ("Community nurses", now + LATER),
        ("Coordinators", now),
    ]
    assert {each.alert_uuid for each in found} == {alert.uuid}
    assert sent.list_sent(session, cora(cast), now, limit=1, offset=1) == found[1:]


def test_one_that_failed_and_still_waits_says_when_it_is_tried_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerts.raise_(session, raised(cast, now), now)
    row = session.scalars(select(Message)).one()
    assert sent.list_sent(session, cora(cast), now)[0].again_at is None
    row.fault, row.send_after = "450 busy", now + LATER
    session.flush()
    [found] = sent.list_sent(session, cora(cast), now)
    assert (found.again_at, found.fault) == (now + LATER, "450 busy")


def test_they_are_counted_and_chosen_by_state(session: Session, cast: Cast, now: datetime) -> None:
    alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + LATER)
    first = session.scalars(select(Message).order_by(Message.id)).first()
    assert first is not None
    first.state = MessageState.SENT
    session.flush()
    assert sent.count(session, cora(cast), now) == {
        MessageState.WAITING: 1,
        MessageState.SENT: 1,
        MessageState.FAILED: 0,
        MessageState.DROPPED: 0,
    }
    assert [each.to for each in sent.list_sent(session, cora(cast), now, state=MessageState.SENT)] == [
        "Coordinators"
    ]


def test_a_stranger_sees_only_what_was_sent_to_them(session: Session, cast: Cast, now: datetime) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alerts.raise_(session, raised(cast, now), now)
    alert = alerts.raise_(session, cold, now)
    assert len(sent.list_sent(session, dev(cast), now)) == 2
    assert sent.list_sent(session, mallory(cast), now) == []
    assert sum(sent.count(session, mallory(cast), now).values()) == 0
    there = viewer(cast.mallory, cast.strangers)
    alerts.hand_over(session, alert, team_id=cast.strangers.id, reason="Moved", by=cora(cast), now=now)
    assert {each.alert_uuid for each in sent.list_sent(session, there, now)} == {alert.uuid}
