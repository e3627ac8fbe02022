"""Follow-ups that plans ask for again and again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import Schedule
from care_plans.models.work import FollowUp
from care_plans.work import recurrence, scheduled
from core.db import Db
from tests.cast import Cast
from tests.cast import make as make_cast

DAILY = {"times": ["09:00"]}
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def asked(
    session: Session, cast: Cast, now: datetime, recurrence: dict[str, object], next_at: datetime
) -> Schedule:
    plan = Plan(person_id=cast.ada.id)
    session.add(plan)
    session.flush()
    version = PlanVersion(
        plan_id=plan.id, number=1, state=VersionState.PUBLISHED, drafted_by_id=cast.dev.id, published_at=now
    )
    session.add(version)
    session.flush()
    row = Schedule(
        version_id=version.id,
        key="copd.call",
        kind="call",
        text="Weekly call",
        team_id=cast.nurses.id,
        recurrence=recurrence,
        goal_key="lunch",
        next_at=next_at,
    )
    session.add(row)
    session.flush()
    return row


def due(session: Session) -> list[datetime]:
    return list(session.scalars(select(FollowUp.due_at).order_by(FollowUp.due_at)))


def test_one_is_made_a_day_ahead_and_only_once(session: Session, cast: Cast, now: datetime) -> None:
    row = asked(session, cast, now, DAILY, NINE)
    assert not scheduled.step(session, NINE - timedelta(hours=24, seconds=1))
    assert scheduled.step(session, now)
    assert due(session) == [NINE]
    assert row.next_at == NINE + timedelta(days=1)
    made = session.scalars(select(FollowUp)).one()
    assert (made.person_id, made.team_id, made.schedule_key, made.goal_key) == (
        cast.ada.id, cast.nurses.id, "copd.call", "lunch",
    )  # fmt: skip
    row.next_at = NINE
    session.flush()
    scheduled.step(session, now)
    assert due(session) == [NINE]


def test_a_rule_that_has_come_to_its_end_asks_for_nothing_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    twice = {"times": ["09:00"], "rule": "FREQ=DAILY;COUNT=2", "starts": "2026-11-22"}
    row = asked(session, cast, now, twice, NINE)
    while scheduled.step(session, NINE + timedelta(days=9)):
        pass
    assert due(session) == [NINE, NINE + timedelta(days=1)]
    assert row.next_at is None


def test_what_may_be_done_before_its_time_is_made_a_day_before_that_and_is_due_when_its_window_ends(
    session: Session, cast: Cast, now: datetime
) -> None:
    wide = {"times": ["09:00"], "weekdays": ["monday"], "opens_before": "3 days", "due_within": "4 h"}
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)
    row = asked(session, cast, now, recurrence.to_document(recurrence.from_document(wide)), monday)
    assert not scheduled.step(session, monday - timedelta(days=4, seconds=1))
    assert scheduled.step(session, monday - timedelta(days=4))
    made = session.scalars(select(FollowUp)).one()
    assert (made.opens_at, made.due_at) == (monday - timedelta(days=3), monday + timedelta(hours=4))
    assert row.next_at == monday + timedelta(days=7)


def test_after_an_outage_none_is_left_out(session: Session, cast: Cast, now: datetime) -> None:
    asked(session, cast, now, DAILY, NINE)
    while scheduled.step(session, NINE + timedelta(days=2)):
        pass
    assert due(session) == [NINE + timedelta(days=number) for number in range(4)]


def test_local_time_and_bank_holidays_are_kept(session: Session, cast: Cast, now: datetime) -> None:
    summer = asked(session, cast, now, DAILY, datetime(2026, 3, 28, 9, tzinfo=UTC))
    scheduled.step(session, datetime(2026, 3, 28, tzinfo=UTC))
    assert summer.next_at == datetime(2026, 3, 29, 8, tzinfo=UTC), "nine o'clock, summer time"
    summer.recurrence = {"times": ["09:00"], "weekdays": ["friday"], "bank_holidays": "next_working_day"}
    summer.next_at = datetime(2026, 12, 18, 9, tzinfo=UTC)
    scheduled.step(session, datetime(2026, 12, 18, tzinfo=UTC))
    assert summer.next_at.date() == date(2026, 12, 29), "Christmas Day and the Monday after are bank holidays"


@pytest.mark.parametrize("why", ["superseded", "died"])
def test_what_is_no_longer_in_force_stops(session: Session, cast: Cast, now: datetime, why: str) -> None:
    row = asked(session, cast, now, DAILY, NINE)
    if why == "died":
        cast.ada.died_on = now.date()
    else:
        version = session.get_one(PlanVersion, row.version_id)
        version.state = VersionState.SUPERSEDED
    session.flush()
    scheduled.step(session, now)
    assert (due(session), row.next_at) == ([], None)
    assert not scheduled.step(session, now)


def test_two_schedulers_make_each_once(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        asked(session, make_cast(session), now, DAILY, NINE)

    def make(_: int) -> bool:
        with real_db.transaction() as session:
            return scheduled.step(session, NINE + timedelta(days=5))

    with ThreadPoolExecutor(4) as pool:
        while any(list(pool.map(make, range(4)))):
            pass
    with real_db.transaction() as session:
        assert due(session) == [NINE + timedelta(days=number) for number in range(7)]


def test_a_schedule_that_cannot_be_read_holds_up_no_other(
    session: Session, cast: Cast, now: datetime
) -> None:
    broken = asked(session, cast, now, {"times": "nine"}, NINE)
    sound = Schedule(
        version_id=broken.version_id, key="copd.review", kind="call", text="Review", team_id=cast.nurses.id,
        recurrence=DAILY, goal_key=None, next_at=NINE,
    )  # fmt: skip
    session.add(sound)
    session.flush()
    assert scheduled.step(session, now)
    assert (broken.next_at, sound.next_at) == (NINE, NINE + timedelta(days=1))
    assert not scheduled.step(session, now), "nothing more can be done, so it must not spin"
