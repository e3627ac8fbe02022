"""Somebody who did not answer is rung again, or their team is told."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.reached import Came
from care_plans.ringing import again, attempts
from tests.care_plans.alerting import cora, messages_to
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers, ring
from tests.cast import Cast

LATER = 21 * MINUTE


def test_a_call_that_was_tried_and_left_is_put_to_its_team_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    row.staff_id = cast.cora.id
    ring(session, cast, row, now)
    assert not again.step(session, now + 19 * MINUTE)
    assert again.step(session, now + LATER)
    [told] = messages_to(session, cast.coordinators)
    assert "nobody has rung again" in told.subject
    assert "Ada" not in told.body
    assert len(messages_to(session, staff=cast.cora)) == 1
    assert not again.step(session, now + timedelta(hours=3))


def test_nobody_is_told_where_somebody_rang_again_in_time(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now)
    ring(session, cast, row, now + 15 * MINUTE)
    assert not again.step(session, now + LATER)
    assert again.step(session, now + 36 * MINUTE)
    assert len(messages_to(session, cast.coordinators)) == 1


def test_nobody_is_told_of_whoever_was_reached_or_is_looked_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    reached = call(session, cast, now, person_id=cast.ben.id)
    ring(session, cast, reached, now)
    ring(session, cast, reached, now + MINUTE, Came.WELL)
    nobody_answers(session, cast, call(session, cast, now), now)
    before = len(messages_to(session, cast.coordinators))
    again.step(session, now + timedelta(hours=1))
    assert len(messages_to(session, cast.coordinators)) == before


def test_what_was_taken_back_or_completed_otherwise_asks_for_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    attempt = ring(session, cast, call(session, cast, now), now).attempt
    attempts.undo(session, attempt, by=cora(cast), now=now)
    done = call(session, cast, now, person_id=cast.ben.id)
    ring(session, cast, done, now)
    done.done_at, done.outcome = now, "not_needed"  # type: ignore[assignment]
    session.flush()
    again.step(session, now + LATER)
    assert messages_to(session, cast.coordinators) == []
