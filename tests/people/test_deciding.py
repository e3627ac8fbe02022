from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import agreements, deciding
from people.models.authority import Capacity
from people.watching import Watched
from tests.agreeing import BY, assessed, decided, said
from tests.cast import Cast


def test_an_assessment_is_of_one_decision_with_the_support_that_was_given(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = assessed(session, cast.ada, by=cast.sol, now=now)
    assert (row.outcome, row.assessed_on) == (Capacity.LACKS, now.date())
    assert deciding.list_assessments(session, cast.ada) == [row]
    assert deciding.get_assessment(session, cast.ada, row.uuid) is row
    with pytest.raises(NotFound):
        deciding.get_assessment(session, cast.ben, row.uuid)


def test_all_that_is_missing_is_said_at_once(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        deciding.assess(session, cast.ada, {}, by=cast.sol, actor=BY, now=now)
    assert {"decision", "assessed_on", "assessed_by", "outcome", "support", "reasons"} == set(
        refused.value.fields
    )


def test_an_assessment_of_tomorrow_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid, match="lies ahead"):
        assessed(session, cast.ada, by=cast.sol, now=now) and deciding.assess(
            session,
            cast.ada,
            {
                "decision": "x", "assessed_by": "Sol", "outcome": "lacks_capacity", "support": "x",
                "reasons": "x", "assessed_on": (now + timedelta(days=1)).date().isoformat(),
            },
            by=cast.sol, actor=BY, now=now,
        )  # fmt: skip


def test_nothing_is_decided_for_somebody_who_could_decide(
    session: Session, cast: Cast, now: datetime
) -> None:
    found = assessed(session, cast.ada, by=cast.sol, now=now, outcome="has_capacity")
    with pytest.raises(Conflict, match="decide for themselves"):
        deciding.decide(session, cast.ada, found, {}, by=cast.sol, actor=BY, now=now)


def test_a_best_interests_record_says_who_was_asked_and_what_else_was_weighed(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = decided(session, cast.ada, by=cast.sol, now=now)
    assert "Beth" in row.asked
    assert "neighbour" in row.less_intrusive
    assert "nothing" in row.objections
    assert deciding.list_decisions(session, cast.ada) == [row]
    with pytest.raises(Invalid) as refused:
        deciding.decide(
            session, cast.ada, assessed(session, cast.ada, by=cast.sol, now=now), {},
            by=cast.sol, actor=BY, now=now,
        )  # fmt: skip
    assert {"asked", "options", "less_intrusive", "objections", "review_on"} <= set(refused.value.fields)


def test_an_agreement_that_rests_on_what_was_withdrawn_falls_due_for_review(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = decided(session, cast.ada, by=cast.sol, now=now)
    resting = agreements.agree(
        session, cast.ada, said(Watched.MOVEMENT, now, agreed_by="best_interests"),
        by=cast.sol, actor=BY, now=now, decision=row,
    )  # fmt: skip
    assessment = deciding.list_assessments(session, cast.ada)[0]
    deciding.withdraw(session, assessment, "She can decide now", actor=BY, now=now)
    session.refresh(resting)
    assert resting.review_on == now.date()
    with pytest.raises(Conflict):
        deciding.withdraw(session, assessment, "again", actor=BY, now=now)
