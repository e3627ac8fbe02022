"""What a plan expects falls due by the clock or at intervals, each reading once."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from care_plans.work.recurrence import Recurrence
from outcomes.occasions import DAY, Expected, Watch, expected, joined, pieces

HOUR = timedelta(hours=1)
SINCE, UNTIL = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def watch(**changes: object) -> Watch:
    made = Watch(
        1, 1, "oxygen", "spo2", "person", "copd", Recurrence((time(10),)), DAY, 2 * HOUR,
        SINCE - 30 * DAY, LATER,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def due(one: Watch, now: datetime = LATER) -> list[Expected]:
    return expected([one], lambda _: [SINCE, UNTIL], now)


def test_a_daily_reading_counts_from_the_end_of_yesterdays_grace_to_the_end_of_its_own() -> None:
    found = due(watch())
    assert len(found) == 7
    assert found[0].due == SINCE + 10 * HOUR
    assert found[0].until == SINCE + 12 * HOUR
    assert found[0].reach == DAY


def test_a_reading_that_answers_the_morning_does_not_answer_the_evening() -> None:
    twice = watch(by=Recurrence((time(11), time(21))), grace=3 * HOUR)
    morning, evening = due(twice)[:2]
    assert evening.until - evening.reach == morning.until
    assert morning.until - morning.reach == SINCE


def test_a_weekly_reading_counts_from_a_day_before() -> None:
    (monday,) = due(watch(by=Recurrence((time(9, 30),), weekdays=(0,))))
    assert monday.until - monday.reach == monday.due - DAY


def test_it_falls_due_at_the_same_local_time_when_the_clocks_change() -> None:
    since = datetime(2026, 10, 24, tzinfo=UTC)
    found = expected([watch()], lambda _: [since, since + 3 * DAY], LATER)
    assert [one.due.hour for one in found] == [9, 10, 10]


def test_what_is_not_decided_yet_is_not_counted() -> None:
    assert len(due(watch(), now=SINCE + 12 * HOUR - timedelta(seconds=1))) == 0
    assert len(due(watch(), now=SINCE + 12 * HOUR)) == 1
    hourly = watch(by=None, every=HOUR, grace=timedelta(0))
    assert sum(one.times for one in due(hourly, now=SINCE + 3 * HOUR)) == 4


def test_nothing_is_expected_before_the_plan_or_after_it() -> None:
    found = due(watch(start=SINCE + 10 * HOUR, end=SINCE + 3 * DAY + 10 * HOUR))
    assert [one.due for one in found] == [SINCE + 34 * HOUR, SINCE + 58 * HOUR]


def test_at_intervals_the_first_is_due_when_one_could_have_been_missed() -> None:
    (run,) = due(watch(by=None, every=2 * HOUR, grace=HOUR, start=SINCE + timedelta(minutes=10)))
    assert run.due == SINCE + 4 * HOUR
    assert run.reach == 3 * HOUR
    assert run.untils()[0] == run.due
    assert run.last_until == UNTIL - 2 * HOUR
    assert run.times == len(run.untils())


def test_readings_in_a_row_are_cut_without_losing_or_doubling_one() -> None:
    (run,) = due(watch(by=None, every=7 * HOUR, grace=HOUR))
    cuts = [SINCE + number * DAY for number in range(8)]
    cut = list(pieces(run, cuts))
    assert [until for one in cut for until in one.untils()] == run.untils()
    assert len(cut) == 7
    for one in cut:
        assert one.due.date() == one.last_until.date()
        assert one.reach == run.reach
    (single,) = due(watch(by=Recurrence((time(9),), weekdays=(2,))))
    assert list(pieces(single, cuts)) == [single]


@pytest.mark.parametrize("cut_at", [0, 1, 7 * 24])
def test_cuts_at_the_edges_change_nothing(cut_at: int) -> None:
    (run,) = due(watch(by=None, every=DAY, grace=timedelta(0)))
    assert sum(one.times for one in pieces(run, [SINCE + cut_at * HOUR])) == run.times


def test_a_new_version_that_expects_the_same_starts_no_new_clock() -> None:
    first = watch(end=SINCE)
    second = watch(start=SINCE, end=UNTIL)
    third = watch(start=UNTIL, grace=HOUR)
    assert joined([third, first, second]) == [watch(end=UNTIL), third]
    apart = watch(start=SINCE + DAY)
    assert joined([first, apart]) == [first, apart]
