"""How goals stand, counted from readings."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.goals import GoalProgress, GoalStatus
from care_plans.models.plans import Plan
from care_plans.plan import enrol, progress
from devices import rows, series
from devices.daily import Day
from devices.models import Assignment, Device, Expectation
from devices.rows import Row
from devices.series import SeriesKey
from people.models.homes import Residency
from tests.cast import Cast

AT_LEAST = {
    "kind": "spo2",
    "counts": "days_met",
    "sense": "at_least",
    "target": 88.0,
    "days": 30,
    "enough": 25,
}
NO_FALLS = {
    "kind": "fall",
    "counts": "days_without_event",
    "sense": "at_most",
    "target": 0,
    "days": 30,
    "enough": 28,
}


def day(number: int, mean: float, highest: float | None = None) -> Day:
    return Day(date(2026, 11, number), mean, mean, mean if highest is None else highest, 4)


def test_days_count_whose_mean_meets_the_target() -> None:
    assert progress.days_met(AT_LEAST, [day(1, 90), day(2, 88), day(3, 87.9)]) == 2


def test_days_without_an_event_count_even_without_a_word() -> None:
    assert progress.days_met(NO_FALLS, []) == 30
    assert progress.days_met(NO_FALLS, [day(1, 0.5, 1.0)]) == 29


@pytest.mark.parametrize(
    ("met", "before", "status"),
    [
        (25, None, GoalStatus.ACHIEVED),
        (13, None, GoalStatus.PROGRESSING),
        (3, None, GoalStatus.PROPOSED),
        (4, 3.0, GoalStatus.PROGRESSING),
        (3, 4.0, GoalStatus.NOT_PROGRESSING),
    ],
)
def test_a_goal_progresses_while_it_grows_or_holds_half(
    met: int, before: float | None, status: GoalStatus
) -> None:
    assert progress.standing(met, 25, before) is status


def test_it_reckons_each_measured_goal_once_a_day(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now - timedelta(days=3))
    oximeter = Device(key="ada-oximeter", name="Oximeter", model="test")
    session.add(oximeter)
    session.flush()
    session.add(
        Assignment(device_id=oximeter.id, person_id=cast.ada.id, period=Range(now - timedelta(days=9), None))
    )
    key = SeriesKey(oximeter.id, "", "spo2")
    ids = series.ensure(session, {key})
    rows.put(session, [Row(ids[key], now - timedelta(days=n), 91.0, 0) for n in (1, 2)], now, now)
    assert progress.step(session, now)
    found = session.scalars(select(GoalProgress).where(GoalProgress.goal_key == "copd.stay_home")).one()
    assert (found.done, found.of, found.words) == (2, 25, "2 of 25 days")
    assert not progress.step(session, now), "not again today"
    plan = session.scalars(select(Plan)).one()
    assert plan.reckon_at is not None
    assert now < plan.reckon_at <= now + timedelta(days=1)


def test_the_daily_reckoning_takes_what_is_expected_along_to_where_the_person_lives(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    of_ada = update(Residency).where(Residency.person_id == cast.ada.id)
    session.execute(of_ada.values(home_id=cast.ben_home.id))
    progress.step(session, now + timedelta(hours=1))
    running = select(Expectation.home_id).where(Expectation.ended_at.is_(None))
    assert session.scalars(running).all() == [cast.ben_home.id]
