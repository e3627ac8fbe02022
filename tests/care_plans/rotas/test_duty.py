"""Who is on duty, gap by gap and shift by shift, on the nights of a clock change as on any other."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.rotas.duty import Cover, Hours, Layer, Rota, gaps, longest, on_duty, shifts, stretches
from care_plans.work.recurrence import moment

LONDON = "Europe/London"
CHANGES = {
    LONDON: (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
}
NIGHTS = [(zone, day) for zone, days in CHANGES.items() for day in days]
CORA, DEV, SOL = 1, 2, 3


def weekly(*people: int, hours: tuple[Hours, ...] = (), starts: date = date(2026, 1, 5)) -> Layer:
    return Layer("Weeks", people, starts, 7, time(8), hours)


def at(day: date, hour: int, minute: int = 0, zone: str = LONDON) -> datetime:
    return moment(day, time(hour, minute), zone)


def local(when: datetime, zone: str) -> time:
    return when.astimezone(ZoneInfo(zone)).time()


def test_people_take_turns_that_change_at_a_local_time() -> None:
    rota = Rota(LONDON, (weekly(CORA, DEV),))
    monday = date(2026, 1, 12)
    assert on_duty(rota, at(monday, 7, 59)).person == CORA
    assert on_duty(rota, at(monday, 8)).person == DEV
    assert on_duty(rota, at(monday + timedelta(days=7), 8)).person == CORA


def test_before_the_first_turn_nobody_is_on_duty() -> None:
    rota = Rota(LONDON, (weekly(CORA),))
    assert on_duty(rota, at(date(2026, 1, 5), 7, 59)).person is None
    assert on_duty(rota, at(date(2026, 1, 5), 8)).person == CORA


def test_hours_that_end_before_they_begin_go_on_into_the_next_day() -> None:
    nights = Hours(time(20), time(8), weekdays=(4,))
    rota = Rota(LONDON, (weekly(CORA, hours=(nights,)),))
    friday = date(2026, 1, 9)
    said = [
        on_duty(rota, at(friday + timedelta(days=days), hour)).person
        for days, hour in ((0, 19), (0, 20), (1, 7), (1, 8), (1, 20))
    ]
    assert said == [None, CORA, CORA, None, None]


def test_the_last_layer_that_has_somebody_counts_and_a_cover_above_all() -> None:
    day = date(2026, 1, 9)
    weekdays = Layer("Days", (DEV,), date(2026, 1, 5), 1, time(8), (Hours(time(9), time(17)),))
    covers = (Cover(1, SOL, at(day, 10), at(day, 12)), Cover(2, CORA, at(day, 11), at(day, 12)))
    rota = Rota(LONDON, (weekly(CORA), weekdays), covers)
    told = [(each.person, each.layer, each.cover) for each in shifts(rota, at(day, 8), at(day, 18))]
    assert told == [
        (CORA, "Weeks", None), (DEV, "Days", None), (SOL, "", 1), (CORA, "", 2), (DEV, "Days", None),
        (CORA, "Weeks", None),
    ]  # fmt: skip


def test_gaps_and_the_most_hours_of_anybody_in_seven_days_are_found() -> None:
    hours = (Hours(time(8), time(20)),)
    rota = Rota(LONDON, (Layer("Days", (CORA, DEV), date(2026, 1, 5), 1, time(8), hours),))
    found = shifts(rota, at(date(2026, 1, 5), 8), at(date(2026, 1, 12), 8))
    assert [(local(each.start, LONDON), each.hours) for each in gaps(found)] == [(time(20), 12.0)] * 7
    assert longest(found) == {CORA: 48.0, DEV: 36.0}


@pytest.mark.parametrize(("zone", "night"), NIGHTS, ids=[f"{zone} {day}" for zone, day in NIGHTS])
def test_no_shift_moves_on_either_night_of_a_clock_change(zone: str, night: date) -> None:
    days = Layer("Days", (CORA,), date(2026, 1, 1), 1, time(8), (Hours(time(7, 30), time(21)),))
    nights = Layer("Nights", (DEV, SOL), date(2026, 1, 1), 1, time(12), (Hours(time(21), time(7, 30)),))
    start, end = night - timedelta(days=3), night + timedelta(days=3)
    found = shifts(Rota(zone, (days, nights)), at(start, 12, zone=zone), at(end, 12, zone=zone))
    assert gaps(found) == []
    assert {local(each.start, zone) for each in found[1:]} == {time(7, 30), time(21)}
    assert [each.person == CORA for each in found] == [n % 2 == 0 for n in range(len(found))]
    lengths = sorted({each.hours for each in found[1:-1]} - {10.5, 13.5})
    half = zone == "Australia/Lord_Howe"
    assert len(lengths) == 1, "the night of the change, and no other, is longer or shorter"
    assert abs(lengths[0] - 10.5) == (0.5 if half else 1.0)


@pytest.mark.parametrize("zone", CHANGES)
def test_turns_of_a_year_change_at_the_same_local_time_and_in_their_order(zone: str) -> None:
    rota = Rota(zone, (Layer("Weeks", (CORA, DEV, SOL), date(2026, 1, 5), 7, time(8, 15)),))
    found = shifts(rota, at(date(2026, 1, 5), 8, 15, zone), at(date(2027, 1, 4), 8, 15, zone))
    assert len(found) == 52
    assert {local(each.start, zone) for each in found} == {time(8, 15)}
    assert [each.person for each in found] == [(CORA, DEV, SOL)[n % 3] for n in range(52)]


times_of_day = st.times().map(lambda each: each.replace(second=0, microsecond=0))
some_hours = st.builds(
    Hours, times_of_day, times_of_day, st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple)
)
layers = st.builds(
    Layer,
    st.just("A"),
    st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
    st.dates(date(2025, 12, 1), date(2026, 4, 30)),
    st.integers(1, 14),
    times_of_day,
    st.lists(some_hours, max_size=2).map(tuple),
)
seconds_in = st.integers(0, 40 * 86400 - 1)


@given(
    st.sampled_from(sorted(CHANGES)),
    st.lists(layers, min_size=1, max_size=3).map(tuple),
    st.lists(st.tuples(seconds_in, st.integers(60, 90000), st.integers(1, 4)), max_size=3),
    st.lists(seconds_in, min_size=1, max_size=20),
)
def test_shifts_have_no_hole_and_no_overlap_and_say_what_each_moment_says(
    zone: str, of: tuple[Layer, ...], covered: list[tuple[int, int, int]], looks: list[int]
) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    end = start + timedelta(days=40)
    covers = tuple(
        Cover(n, who, start + timedelta(seconds=begin), start + timedelta(seconds=begin + length))
        for n, (begin, length, who) in enumerate(covered)
    )
    rota = Rota(zone, of, covers)
    found = shifts(rota, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(one.start < one.end for one in found)
    for seconds in looks:
        moment_ = start + timedelta(seconds=seconds)
        shift = next(each for each in found if each.start <= moment_ < each.end)
        assert on_duty(rota, moment_).person == shift.person


@given(st.integers(0, 2000), st.integers(1, 400))
def test_stretches_say_who_as_shifts_do_and_no_two_of_one_person_touch(
    first_hour: int, length_hours: int
) -> None:
    start = at(date(2026, 3, 1), 0) + timedelta(hours=first_hour)
    nights = Hours(time(20), time(8))
    covers = (Cover(1, DEV, start + timedelta(hours=3), start + timedelta(hours=9)),)
    rota = Rota(LONDON, (weekly(CORA, DEV), weekly(DEV, SOL, hours=(nights,))), covers)
    found = shifts(rota, start, start + timedelta(hours=length_hours))
    merged = stretches(found)
    for one, other in pairwise(merged):
        assert one.end < other.start or one.person != other.person
    for each in found:
        holds = [one.person for one in merged if one.start <= each.start and each.end <= one.end]
        assert holds == ([] if each.person is None else [each.person])
