"""However a call is completed: one that reached nobody counts."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.ringing import ContactAttempt
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.reached import Came
from care_plans.ringing import ending
from core.errors import Invalid
from tests.care_plans.alerting import cora
from tests.care_plans.ringing.ringing import MINUTE, call, ring
from tests.cast import Cast


def complete(
    session: Session, cast: Cast, row: FollowUp, now: datetime, outcome: FollowUpOutcome, remarks: str = "x"
) -> object:
    return ending.complete(session, row, outcome=outcome, remarks=remarks, by=cora(cast), now=now)


def test_a_call_completed_without_a_reply_is_an_attempt_and_may_be_the_last_that_was_needed(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now - 30 * MINUTE)
    ring(session, cast, row, now - 15 * MINUTE)
    assert complete(session, cast, row, now, FollowUpOutcome.NO_REPLY) is not None
    came = session.scalars(select(ContactAttempt.came)).all()
    assert came == [Came.NO_ANSWER] * 3
    assert row.outcome is FollowUpOutcome.NO_REPLY


def test_one_is_not_enough_and_no_other_outcome_is_an_attempt(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert complete(session, cast, call(session, cast, now), now, FollowUpOutcome.NO_REPLY) is None
    assert complete(session, cast, call(session, cast, now), now, FollowUpOutcome.DECLINED) is None
    visit = call(session, cast, now, kind=FollowUpKind.VISIT)
    assert complete(session, cast, visit, now, FollowUpOutcome.NO_REPLY) is None
    assert len(session.scalars(select(ContactAttempt)).all()) == 1


def test_what_is_refused_is_no_attempt(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid, match="why"):
        complete(session, cast, call(session, cast, now), now, FollowUpOutcome.NO_REPLY, " ")
    assert session.scalars(select(ContactAttempt)).all() == []


def test_a_call_about_somebody_who_has_died_looks_for_nobody(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ada.died_on = now.date()
    session.flush()
    assert complete(session, cast, call(session, cast, now), now, FollowUpOutcome.NO_REPLY) is None
