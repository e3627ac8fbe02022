"""Both clock changes of a year, in three zones: nothing that falls due by local time moves.

Shifts of rotas are held to the same in rotas/test_duty.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from care_plans.plan import expecting
from care_plans.work.recurrence import Recurrence, moment, next_after

CHANGES = {
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
}
NIGHTS = [(zone, day) for zone, days in CHANGES.items() for day in days]
TIMES = (time(0), time(8), time(20, 30))


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


@pytest.mark.parametrize("zone", CHANGES)
def test_the_change_of_each_zone_is_where_these_tests_look(zone: str) -> None:
    for day in CHANGES[zone]:
        begins, ends = (
            datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, day + timedelta(days=1))
        )
        assert begins.utcoffset() != ends.utcoffset()


@pytest.mark.parametrize("zone", CHANGES)
def test_what_recurs_falls_due_at_its_local_times_each_day_of_the_year(zone: str) -> None:
    recurrence = Recurrence(times=TIMES, zone=zone)
    at = moment(date(2026, 1, 1), time(), zone) - timedelta(minutes=1)
    found = []
    while (at := next_after(recurrence, at)) < datetime(2027, 1, 1, tzinfo=UTC) - timedelta(days=1):
        found.append(local(at, zone))
    assert [(each.date(), each.time()) for each in found] == [
        (date(2026, 1, 1) + timedelta(days=number // 3), TIMES[number % 3]) for number in range(len(found))
    ]


@pytest.mark.parametrize(("zone", "day"), NIGHTS, ids=[f"{zone} {day}" for zone, day in NIGHTS])
def test_the_windows_in_which_readings_are_expected_do_not_move(zone: str, day: date) -> None:
    calendar = {"times": ["08:00", "20:30"], "zone": zone}
    after = moment(day - timedelta(days=2), time(12), zone)
    windows = []
    for _ in range(8):
        start, end = expecting.next_window(calendar, after)
        windows.append((start, end))
        after = end
    assert {local(end, zone).time() for _start, end in windows} == {time(8), time(20, 30)}
    assert [local(end, zone).date() for _start, end in windows] == [
        day + timedelta(days=days) for days in (-2, -1, -1, 0, 0, 1, 1, 2)
    ]
    assert all(end == later for (_, end), (later, _) in pairwise(windows)), "no hole and no overlap"
