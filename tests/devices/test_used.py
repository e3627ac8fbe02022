"""What was used is what the counter counted, whatever the order, the repeats and the gaps of its readings."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import used
from devices.kinds import KINDS, Shape
from devices.measurement import Flags
from devices.used import Step, Taken, Total, Used, between, steps, stretch_by_stretch

START = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
KIND = "electricity_energy"


def at(hours: float) -> datetime:
    return START + HOUR * hours


def totals(*read: tuple[float, float]) -> list[Total]:
    return [Total(at(hours), value) for hours, value in read]


def amounts(*read: tuple[float, float], kind: str = KIND) -> list[float | None]:
    return [
        None if step.amount is None else pytest.approx(step.amount) for step in steps(kind, totals(*read))
    ]


def test_what_was_used_is_the_rise() -> None:
    assert amounts((0, 100), (1, 101.5), (2, 101.5)) == [1.5, 0.0]


def test_a_counter_that_begins_anew_counted_at_least_what_it_shows() -> None:
    assert amounts((0, 100), (1, 0.5), (2, 2)) == [0.5, 1.5]


def test_a_total_that_is_corrected_a_little_is_not_a_new_beginning() -> None:
    assert amounts((0, 6613.4), (300, 6613.3), (301, 6613.35), (302, 6614)) == [None, 0.05, 0.65]


def test_a_total_that_came_late_to_the_wrong_place_is_left_out() -> None:
    assert amounts((0, 100), (1, 101), (2, 100.5), (3, 102)) == [1.0, 1.0]


@pytest.mark.parametrize(("kind", "leap"), [("electricity_energy", 24.1), ("gas_volume", 6.1)])
def test_what_no_supply_carries_is_unknown_and_not_nothing(kind: str, leap: float) -> None:
    assert amounts((0, 100), (1, 100 + leap), (2, 101 + leap), kind=kind) == [None, 1.0]


def test_the_absurd_total_of_an_old_display_spoils_nothing_around_it() -> None:
    read = [*totals((0, 900), (2, 902)), Total(at(1), 4e9, Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE)]

    assert steps("gas_energy", read) == (Step(at(0), at(2), 2.0),)


def test_an_absurd_total_that_nobody_flagged_makes_only_its_own_time_unknown() -> None:
    assert amounts((0, 900), (1, 90_000), (2, 902), (3, 903), kind="gas_energy") == [None, None, 1.0]


def test_a_meter_told_of_more_often_than_it_is_read_rose_while_it_stood() -> None:
    read = totals((0, 100), (1, 101), (1.1, 101), (1.5, 101), (1.501, 103), (2, 103))

    assert steps(KIND, read) == (Step(at(0), at(1), 1), Step(at(1), at(1.501), 2), Step(at(1.501), at(2), 0))


@pytest.mark.parametrize("flag", [Flags.BEYOND_ABSOLUTE, Flags.TEST, Flags.ENTERED_IN_ERROR, Flags.REPLAYED])
def test_totals_that_are_not_of_their_time_are_left_out(flag: Flags) -> None:
    assert steps(KIND, [*totals((0, 100), (2, 102)), Total(at(1), 150, flag)]) == (Step(at(0), at(2), 2.0),)


@pytest.mark.parametrize("flag", [Flags.LATE, Flags.CLOCK_CORRECTED, Flags.IMPLAUSIBLE])
def test_totals_that_came_late_or_by_local_time_count(flag: Flags) -> None:
    assert len(steps(KIND, [*totals((0, 100), (2, 102)), Total(at(1), 101, flag)])) == 2


def test_two_totals_of_one_moment_are_no_reading() -> None:
    assert amounts((0, 100), (1, 101), (1, 105), (2, 102)) == [2.0]


def test_no_readings_and_one_reading_say_nothing() -> None:
    assert steps(KIND, []) == ()
    assert steps(KIND, totals((0, 100))) == ()


def test_a_span_has_its_share_of_a_step_and_says_what_it_does_not_know() -> None:
    counted = steps(KIND, totals((0, 100), (2, 104), (3, 200), (4, 201)))

    assert between(counted, at(1), at(4)) == Used(3.0, HOUR)
    assert between(counted, at(2), at(3)) == Used(None, HOUR)
    assert between(counted, at(-1), at(0)) == Used(None, HOUR)
    assert between(counted, at(3), at(2)) == Used(None, timedelta(0))


def test_use_is_told_stretch_by_stretch_up_to_the_end() -> None:
    read = totals((0, 100), (2, 104), (3, 105))

    assert stretch_by_stretch(KIND, read, [at(0), at(1)], at(4)) == [
        Taken(at(0), at(1), Used(2.0, timedelta(0))),
        Taken(at(1), at(4), Used(3.0, HOUR)),
    ]


def test_every_counter_has_the_most_it_can_count() -> None:
    assert set(used.MOST_AN_HOUR) == {code for code, kind in KINDS.items() if kind.shape is Shape.COUNTER}


MINUTES = st.integers(0, 600).map(lambda minutes: START + timedelta(minutes=minutes))
VALUES = st.integers(0, 40).map(lambda tenths: tenths / 2) | st.floats(0, 1e6)
TOTALS = st.lists(
    st.builds(Total, MINUTES, VALUES, st.sampled_from([Flags.NONE, Flags.LATE, Flags.BEYOND_ABSOLUTE])),
    max_size=12,
)


@given(read=TOTALS, random=st.randoms(use_true_random=False))
def test_neither_order_nor_repeats_matter(read: list[Total], random: Random) -> None:
    again = [*read, *read[::2]]
    random.shuffle(again)

    assert steps(KIND, again) == steps(KIND, read)


@given(read=TOTALS, cuts=st.lists(MINUTES, min_size=2, max_size=5, unique=True))
def test_spans_that_adjoin_add_up_to_the_whole(read: list[Total], cuts: list[datetime]) -> None:
    counted, ends = steps(KIND, read), sorted(cuts)
    parts = [between(counted, since, until) for since, until in pairwise(ends)]
    added = sum(parts[1:], parts[0])
    whole = between(counted, ends[0], ends[-1])

    assert added.unknown == whole.unknown
    assert (added.amount is None) is (whole.amount is None)
    assert (added.amount or 0) == pytest.approx(whole.amount or 0)


@given(read=TOTALS)
def test_it_never_counts_backwards_nor_more_than_a_supply_carries(read: list[Total]) -> None:
    for step in steps(KIND, read):
        most = used.MOST_AN_HOUR[KIND] * ((step.until - step.since) / HOUR)
        assert step.amount is None or 0 <= step.amount <= most


@given(read=TOTALS)
def test_its_steps_follow_each_other_without_a_gap(read: list[Total]) -> None:
    counted = steps(KIND, read)

    assert [step.until for step in counted[:-1]] == [step.since for step in counted[1:]]
