"""A test message to oneself."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import trials
from care_plans.models.messages import Message
from tests.cast import Cast


def test_a_test_goes_by_the_way_that_is_tried_whatever_was_chosen(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert trials.send(session, cast.dev.id, Channel.SMS, now)
    row = session.scalars(select(Message)).one()
    assert (row.channel, row.staff_id, row.important) == (Channel.SMS, cast.dev.id, True)
    assert (row.person_id, row.alert_id) == (None, None)


def test_whoever_presses_twice_gets_one_a_minute_of_each_way(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert trials.send(session, cast.dev.id, Channel.SMS, now)
    assert not trials.send(session, cast.dev.id, Channel.SMS, now + timedelta(seconds=3))
    assert trials.send(session, cast.dev.id, Channel.EMAIL, now)
    assert trials.send(session, cast.dev.id, Channel.SMS, now + timedelta(minutes=1))
