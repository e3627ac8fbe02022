"""Reminders of what is due soon."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.messages import ways
from care_plans.models.messages import Message
from care_plans.models.work import FollowUpOutcome
from care_plans.work import follow_ups, reminders
from core.journal import Actor
from tests.care_plans.alerting import dev
from tests.care_plans.work.test_follow_ups import made
from tests.cast import Cast

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def said(session: Session) -> list[tuple[int | None, int | None, str]]:
    rows = session.scalars(select(Message).order_by(Message.id))
    return [(row.team_id, row.staff_id, row.subject) for row in rows]


def remind(session: Session, at: datetime) -> int:
    """How often the tick found something, until it finds nothing."""
    times = 0
    while reminders.step(session, at):
        times += 1
    return times


def test_whoever_has_taken_it_is_reminded_within_the_hour_and_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    made(session, cast, now, due_at=now + DAY, staff_id=cast.dev.id)
    assert remind(session, now + DAY - HOUR - timedelta(seconds=1)) == 0
    for minutes in (60, 30, 1):
        remind(session, now + DAY - timedelta(minutes=minutes))
    assert said(session) == [(None, cast.dev.id, "Call for A.M., Westmere: due within the hour")]


def test_of_what_nobody_has_taken_the_team_is(session: Session, cast: Cast, now: datetime) -> None:
    made(session, cast, now, due_at=now + DAY)
    remind(session, now + DAY - HOUR)
    assert said(session) == [
        (cast.nurses.id, None, "Call for A.M., Westmere: due within the hour, and nobody has taken it")
    ]


def test_what_is_worked_through_from_a_list_reminds_no_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = made(session, cast, now, due_at=now + DAY)
    row.schedule_key = "copd.weekly_call"
    session.flush()
    assert remind(session, now + DAY - HOUR) == 1
    assert said(session) == []


def test_what_was_asked_a_short_time_before_needs_none(session: Session, cast: Cast, now: datetime) -> None:
    made(session, cast, now, due_at=now + 3 * HOUR, staff_id=cast.dev.id)
    remind(session, now + 2 * HOUR)
    assert said(session) == []


def test_what_is_moved_is_reminded_of_at_its_new_time(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now, due_at=now + DAY, staff_id=cast.dev.id)
    remind(session, now + DAY - HOUR)
    follow_ups.reschedule(
        session, row, due_at=now + 2 * DAY, reason="They are out.", by=dev(cast), now=now + DAY - HOUR
    )
    remind(session, now + DAY - HOUR)
    assert len(said(session)) == 1
    remind(session, now + 2 * DAY - HOUR)
    assert len(said(session)) == 2


@pytest.mark.parametrize("gone", ["done", "deleted", "missed"])
def test_what_is_over_is_reminded_of_by_nobody(
    session: Session, cast: Cast, now: datetime, gone: str
) -> None:
    row = made(session, cast, now, due_at=now + DAY, staff_id=cast.dev.id)
    at = now + DAY - HOUR
    if gone == "done":
        follow_ups.complete(session, row, outcome=FollowUpOutcome.DONE, remarks="", by=dev(cast), now=now)
    elif gone == "deleted":
        row.deleted_at = now
    else:
        at = now + DAY
    session.flush()
    assert remind(session, at) == 0
    assert said(session) == []


def test_a_restricted_one_says_nothing_of_anybody(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now, due_at=now + DAY, staff_id=cast.dev.id)
    row.restricted = True
    session.flush()
    remind(session, now + DAY - HOUR)
    message = session.scalars(select(Message)).one()
    assert message.subject == "Something waits for your team only: due within the hour"
    assert (message.person_id, message.follow_up_id) == (None, None)
    assert "A.M." not in message.body


def test_a_reminder_in_quiet_hours_waits(session: Session, cast: Cast, now: datetime) -> None:
    quiet = {"important": ["email"], "ordinary": ["email"], "quiet_from": "07:00", "quiet_until": "08:00"}
    ways.choose(session, cast.dev.id, quiet, zone="Europe/London", version=0, actor=Actor("Dev"))
    made(session, cast, now - DAY, due_at=now + HOUR, staff_id=cast.dev.id)
    remind(session, now)
    message = session.scalars(select(Message)).one()
    assert message.send_after == now.replace(hour=8, minute=0)
