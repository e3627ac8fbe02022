from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging import home_pressure
from care_plans.judging.home_pressure import ENOUGH_DAYS, Stage
from care_plans.judging.track import REPLAYED, Track
from devices.measurement import Flags

LONDON = "Europe/London"
MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def measured(rows: Sequence[tuple[datetime, float, float]], flags: int = 0) -> dict[str, Track]:
    times = [at.timestamp() for at, *_ in rows]
    return {
        kind: Track(kind, times, [row[place] for row in rows], [flags] * len(rows))
        for place, kind in ((1, "systolic"), (2, "diastolic"))
    }


def a_week() -> list[tuple[datetime, float, float]]:
    """The first day high, as first days are; 140/86 on each of the rest."""
    return [
        (
            MORNING + timedelta(days=day, hours=hours, minutes=minutes),
            *((170, 100) if day == 0 else (140, 86)),
        )
        for day in range(7)
        for hours in (0, 12)
        for minutes in (0, 2)
    ]


def test_the_first_day_is_left_out() -> None:
    found = home_pressure.at(measured(a_week()), MORNING + timedelta(days=6, hours=14), LONDON)
    assert (found.systolic, found.diastolic, found.stage) == (140, 86, Stage.ONE)
    assert [day.counts for day in found.days] == [False, *[True] * 6]
    assert found.days[0].systolic == (170, 170, 170, 170)


def test_three_days_are_not_enough_and_it_says_how_many_are_short() -> None:
    three = [row for row in a_week() if row[0] < MORNING + timedelta(days=2, hours=13)]
    found = home_pressure.at(measured(three), three[-1][0], LONDON)
    assert found.stage is None
    assert not found.complete
    assert found.days_short == 1
    assert home_pressure.over_time(measured(three), LONDON) == {}


def test_the_fourth_day_makes_a_mean_of_three() -> None:
    tracks = measured([row for row in a_week() if row[0] < MORNING + timedelta(days=4)])
    made = home_pressure.over_time(tracks, LONDON)
    fourth = MORNING + timedelta(days=3)
    assert made["systolic_home_mean"].times[0] == fourth.timestamp()
    assert set(made["systolic_home_mean"].values) == {140}
    assert set(made["diastolic_home_mean"].values) == {86}


def test_what_is_older_than_the_week_is_nothing() -> None:
    found = home_pressure.at(measured(a_week()), MORNING + timedelta(days=11), LONDON)
    assert [day.day.day for day in found.days] == [7, 8]
    assert found.systolic is None


@pytest.mark.parametrize(
    ("systolic", "diastolic", "stage"),
    [
        (134.9, 84.9, Stage.BELOW), (135, 70, Stage.ONE), (120, 85, Stage.ONE), (149.9, 94.9, Stage.ONE),
        (150, 70, Stage.TWO), (120, 95, Stage.TWO),
    ],
)  # fmt: skip
def test_stages_begin_at_their_limits_and_the_worse_of_the_two_decides(
    systolic: float, diastolic: float, stage: Stage
) -> None:
    assert home_pressure.stage(systolic, diastolic) is stage


def test_a_day_is_that_of_the_home_on_both_sides_of_a_clock_change() -> None:
    zone = ZoneInfo(LONDON)
    rows = [
        (datetime(2026, 10, day, hour, 30, tzinfo=zone), 140.0, 80.0)
        for day in range(22, 28)
        for hour in (0, 23)
    ]
    found = home_pressure.at(measured(rows), datetime(2026, 10, 27, 23, 59, tzinfo=zone), LONDON)
    assert [len(day.systolic) for day in found.days] == [2] * 6


def test_what_a_hub_repeats_may_raise_and_never_clears() -> None:
    tracks = measured(a_week(), flags=int(Flags.REPLAYED))
    made = home_pressure.over_time(tracks, LONDON)["systolic_home_mean"]
    assert made.firm.times == []
    assert {flag & REPLAYED for flag in made.flags} == {REPLAYED}
    assert home_pressure.at(tracks, MORNING + timedelta(days=6, hours=14), LONDON).days == ()


def naive(rows: Sequence[tuple[datetime, float, float]], now: datetime) -> float | None:
    zone = ZoneInfo(LONDON)
    days = {at.astimezone(zone).date() for at, *_ in rows if at <= now}
    last = sorted(day for day in days if (now.astimezone(zone).date() - day).days < 7)
    if len(last) < ENOUGH_DAYS:
        return None
    return mean(value for at, value, _ in rows if at <= now and at.astimezone(zone).date() in last[1:])


@given(
    st.lists(
        st.tuples(st.integers(0, 20 * 24), st.integers(90, 200)),
        min_size=1,
        max_size=60,
        unique_by=lambda row: row[0],
    )
)
def test_as_a_second_way_of_reckoning_has_it_over_a_clock_change(found: list[tuple[int, int]]) -> None:
    start = datetime(2026, 10, 15, tzinfo=UTC)
    rows = sorted((start + timedelta(hours=hours), float(value), 80.0) for hours, value in found)
    tracks = measured(rows)
    made = home_pressure.over_time(tracks, LONDON).get("systolic_home_mean")
    points = dict(zip(made.times, made.values, strict=True)) if made else {}
    for at, *_ in rows:
        expected = naive(rows, at)
        assert points.get(at.timestamp()) == (pytest.approx(expected) if expected is not None else None)
        assert home_pressure.at(tracks, at, LONDON).systolic == (
            pytest.approx(expected) if expected is not None else None
        )
