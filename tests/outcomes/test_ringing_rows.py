"""The calls that were due, and who was looked for, of those whom the figures count."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.work import FollowUpKind
from care_plans.reached import Came
from care_plans.ringing import attempts
from care_plans.work import follow_ups
from outcomes import ringing_rows
from people import contacts
from tests.care_plans.alerting import cora
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers, ring
from tests.cast import Cast
from tests.outcomes.counting import laid

HOUR = timedelta(hours=1)


def test_each_call_that_was_due_is_told_with_its_attempts_in_order(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now - 3 * HOUR)
    ring(session, cast, row, now - 100 * MINUTE)
    ring(session, cast, row, now - 50 * MINUTE, Came.WELL)
    call(session, cast, now)  # due in an hour
    [found] = ringing_rows.due(laid(session, cast))
    assert found.came == (Came.NO_ANSWER, Came.WELL)
    assert (found.due_at, found.done_at) == (now - 2 * HOUR, now - 50 * MINUTE)


def test_what_was_taken_back_and_rings_to_others_do_not_count(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now - 3 * HOUR)
    attempts.undo(session, ring(session, cast, row, now).attempt, by=cora(cast), now=now)
    [beth] = contacts.list_contacts(session, cast.ada)
    ring(session, cast, row, now, contact=beth.uuid)
    [found] = ringing_rows.due(laid(session, cast))
    assert found.came == ()


def test_what_was_missed_and_put_off_is_told_and_visits_are_left_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now - 3 * HOUR)
    call(session, cast, now - 3 * HOUR, kind=FollowUpKind.VISIT)
    follow_ups.miss_due(session, now - HOUR)
    follow_ups.reschedule(
        session, row, due_at=now - 10 * MINUTE, reason="Asleep", by=cora(cast), now=now - HOUR
    )
    [found] = ringing_rows.due(laid(session, cast))
    assert (found.missed, found.moved) == (True, 1)


def test_whom_somebody_else_sees_counts_for_them_alone(session: Session, cast: Cast, now: datetime) -> None:
    nobody_answers(session, cast, call(session, cast, now - 3 * HOUR), now)
    assert len(ringing_rows.looked_for(laid(session, cast))) == 1
    strangers = laid(
        session, cast, staff_id=cast.mallory.id, agency_id=cast.mallory.agency_id,
        team_ids=frozenset({cast.strangers.id}),
    )  # fmt: skip
    assert ringing_rows.due(strangers) == []
    assert ringing_rows.looked_for(strangers) == []
