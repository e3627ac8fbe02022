"""The hand-over to the evaluators."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.evaluating import unread
from care_plans.models.rules import Judgement
from core.db import Db
from devices import subjects
from devices.unread import wake

ADA, BEN, HOME = subjects.person(1), subjects.person(2), subjects.home(1)


def test_a_subject_is_claimed_once_however_often_it_was_woken(session: Session, now: datetime) -> None:
    wake(session, [ADA, HOME], now)
    wake(session, [ADA], now)
    assert set(unread.claim(session, 10)) == {ADA, HOME}
    assert unread.claim(session, 10) == []


def test_two_evaluators_never_hold_the_same_subject(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        wake(session, [ADA, BEN], now)
    with real_db.transaction() as first, real_db.transaction() as second:
        mine = unread.claim(first, 1)
        unread.wake(first, mine, now)
        theirs = unread.claim(second, 10)
        assert len(mine) == 1
        assert not set(mine) & set(theirs)


def test_a_second_evaluator_finds_who_waits_behind_the_first_ones(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        for subject in (ADA, BEN):
            wake(session, [subject], now)
    with real_db.transaction() as first, real_db.transaction() as second:
        assert unread.claim(first, 1) == [ADA]
        assert unread.claim(second, 1) == [BEN]


def test_a_wake_up_during_judging_is_kept_for_the_next_claim(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        wake(session, [ADA], now)
    with real_db.transaction() as judging:
        assert unread.claim(judging, 10) == [ADA]
        with real_db.transaction() as intake:
            unread.wake(intake, [ADA], now)
    with real_db.transaction() as session:
        assert unread.claim(session, 10) == [ADA]


def test_an_evaluator_that_dies_leaves_its_subjects_waiting(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        wake(session, [ADA], now)
    dying = real_db.session()
    assert unread.claim(dying, 10) == [ADA]
    dying.rollback()
    dying.close()
    with real_db.transaction() as session:
        assert unread.claim(session, 10) == [ADA]


def test_time_wakes_what_is_due_once(session: Session, now: datetime) -> None:
    for key, at in (("copd.low", now), ("copd.later", now + timedelta(hours=1))):
        session.add(
            Judgement(
                subject=ADA.number,
                rule_key=key,
                verdict="nothing",
                words="",
                since=now,
                judged_at=now,
                judge_at=at,
            )
        )
    session.flush()
    assert unread.wake_due(session, now) == 1
    assert unread.claim(session, 10) == [ADA]
    assert unread.wake_due(session, now) == 0


def test_it_tells_how_long_the_oldest_has_waited(session: Session, now: datetime) -> None:
    assert unread.oldest_waiting(session, now) is None
    wake(session, [ADA], now - timedelta(seconds=3))
    assert unread.oldest_waiting(session, now) == 3.0
