import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from devices.simulator.kit import APPLIANCE, BED, DOOR, MOTION, cuff, oximeter, scale
from devices.simulator.routines import Act, day_acts, local, takings
from tests.devices.simulator.made import LONDON, profile

WEEK = [date(2026, 11, 2) + timedelta(days=n) for n in range(28)]


def acts(kind: str, room: str | None = None) -> list[Act]:
    found = [act for day in WEEK for act in day_acts(profile(), 5, day, LONDON) if act.kind == kind]
    return sorted((act for act in found if room in (None, act.room)), key=lambda act: act.at)


@pytest.mark.parametrize(("kind", "room"), [(BED, "bedroom"), (DOOR, "hall"), (APPLIANCE, "kitchen")])
def test_it_opens_and_shuts_in_turn(kind: str, room: str) -> None:
    values = [bool(act.value) for act in acts(kind, room)]
    assert all(a != b for a, b in itertools.pairwise(values))


def test_people_sleep_at_night_and_are_up_by_day() -> None:
    in_bed = timedelta()
    turns = acts(BED)
    for lies, rises in zip(turns[1::2], turns[2::2], strict=False):
        assert (lies.value, rises.value) == (1.0, 0.0)
        in_bed += rises.at - lies.at
    assert timedelta(hours=6.5) < in_bed / len(WEEK) < timedelta(hours=10)


def test_the_kettle_is_on_in_the_morning_of_nearly_every_day() -> None:
    mornings = {
        act.at.date() for act in acts(APPLIANCE) if act.value and 5 <= act.at.astimezone(LONDON).hour < 10
    }
    assert len(mornings) >= 24


def test_nobody_moves_about_while_they_are_out() -> None:
    for day in WEEK:
        today = day_acts(profile(), 5, day, LONDON)
        out = [act.at for act in today if act.kind == DOOR and act.value]
        seen = sorted(act.at for act in today if act.kind == MOTION and act.value)
        gaps = [later - earlier for earlier, later in itertools.pairwise(seen)]
        assert len(seen) > 10
        assert len(out) in (0, 2, 4)
        assert max(gaps) < timedelta(hours=12)


def test_it_counts_a_believable_number_of_movements() -> None:
    count = Counter(act.room for act in acts(MOTION) if act.value)
    assert 15 * len(WEEK) < count.total() < 60 * len(WEEK)
    assert count["living room"] > count["hall"]


def test_nothing_of_a_day_happens_before_it() -> None:
    for day in WEEK:
        assert min(act.at for act in day_acts(profile(), 5, day, LONDON)) >= local(day, 0, LONDON)


def test_readings_are_taken_one_to_four_times_a_day_and_more_when_worse() -> None:
    quiet = [len(takings(profile(), oximeter(), day, LONDON, worse=False)) for day in WEEK]
    worse = [len(takings(profile(), oximeter(), day, LONDON, worse=True)) for day in WEEK]
    assert max(quiet) <= 4
    assert min(worse) >= 4
    assert sum(worse) > 2 * sum(quiet)


def test_blood_pressure_is_taken_twice_a_minute_or_more_apart() -> None:
    for day in WEEK:
        times = takings(profile(), cuff(), day, LONDON, worse=False)
        pairs = list(zip(times[::2], times[1::2], strict=True))
        assert all(timedelta(minutes=1) <= second - first <= timedelta(minutes=4) for first, second in pairs)


def test_now_and_then_a_weighing_is_missed() -> None:
    weighings = [len(takings(profile(), scale(), day, LONDON, worse=False)) for day in WEEK * 1]
    assert set(weighings) == {0, 1}


@pytest.mark.parametrize(
    ("day", "minutes", "expected"),
    [
        (date(2026, 7, 1), 420, datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (date(2026, 12, 1), 420, datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (date(2026, 10, 24), 1440, datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 25), 1440, datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_it_reads_the_clock_on_the_wall(day: date, minutes: float, expected: datetime) -> None:
    assert local(day, minutes, LONDON) == expected
