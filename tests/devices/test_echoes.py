"""What several hubs hear of one sensor is stored once."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from devices.echoes import Echoes, Uttered
from devices.edges import edges, press_events
from devices.measurement import Flags
from devices.series import SeriesKey
from tests.conftest import NOW
from tests.devices.kit import SECOND

DOOR, PENDANT, SMOKE = (SeriesKey(1, "", kind) for kind in ("door_open", "pendant", "smoke"))
Arrival = tuple[float, int, float]
"""Seconds after NOW, the hub, the value."""


def stored(series: SeriesKey, *arrivals: Arrival, flags: int = 0) -> list[tuple[datetime, float]]:
    """What is kept of what comes in this order."""
    echoes, kept = Echoes(), []
    for seconds, hub, value in arrivals:
        at = NOW + timedelta(seconds=seconds)
        if not echoes.is_echo(series, hub, Uttered(value, flags, at)):
            kept.append((at, value))
    return kept


def values(series: SeriesKey, *arrivals: Arrival) -> list[float]:
    return [value for _, value in stored(series, *arrivals)]


def test_what_a_second_hub_brings_of_the_same_word_is_left_out() -> None:
    assert stored(DOOR, (0, 1, 1), (2, 2, 1)) == [(NOW, 1)]


def test_a_hub_that_lags_behind_opens_no_door_again() -> None:
    assert values(DOOR, (0, 1, 1), (1, 1, 0), (2, 2, 1), (3, 2, 0)) == [1, 0]


def test_a_hub_that_repeats_itself_while_it_lags_opens_no_door_again() -> None:
    assert values(DOOR, (0, 1, 1), (1, 1, 0), (2, 2, 1), (2.5, 2, 1), (3, 2, 0)) == [1, 0]


def test_what_the_first_hub_missed_the_second_brings() -> None:
    assert values(DOOR, (0, 1, 1), (3, 2, 0)) == [1, 0]
    assert values(DOOR, (1, 1, 0), (2, 2, 1), (3, 2, 0)) == [0, 1, 0], "the last word stands in the end"


def test_the_same_hub_again_is_no_echo() -> None:
    assert values(PENDANT, (0, 1, 1), (2, 1, 1)) == [1, 1]


def test_what_comes_long_after_is_no_echo() -> None:
    assert values(PENDANT, (0, 1, 1), (11, 2, 1)) == [1, 1]


def test_another_value_or_another_mark_is_no_echo() -> None:
    temperature = SeriesKey(1, "", "room_temperature")
    assert values(temperature, (0, 1, 21.5), (1, 2, 21.6)) == [21.5, 21.6]
    echoes = Echoes()
    assert not echoes.is_echo(PENDANT, 1, Uttered(1, int(Flags.REPLAYED), NOW))
    assert not echoes.is_echo(PENDANT, 2, Uttered(1, 0, NOW + SECOND)), (
        "a fresh press confirms a replayed one"
    )


def test_a_danger_is_left_out_only_while_it_is_the_newest_word() -> None:
    assert values(SMOKE, (0, 1, 1), (1, 2, 1)) == [1]
    assert values(SMOKE, (0, 1, 1), (1, 1, 0), (2, 2, 1)) == [1, 0, 1]


@st.composite
def heard(draw: st.DrawFn, gap: st.SearchStrategy[int]) -> tuple[list[float], list[Arrival]]:
    """When a sensor spoke, and what each of one to three hubs brings of it: all of it, in order, and late."""
    times: list[float] = []
    for each in draw(st.lists(gap, min_size=1, max_size=8)):
        times.append((times[-1] if times else 0) + each)
    arrivals: list[tuple[float, int, int]] = []
    for hub in range(draw(st.integers(1, 3))):
        last = 0.0
        for number, at in enumerate(times):
            for _ in range(draw(st.integers(1, 3)) if hub else 1):
                last = max(last + 0.01, at + draw(st.floats(0, 4)))
                arrivals.append((last, hub, number))
    return times, [(at, hub, float(number)) for at, hub, number in sorted(arrivals)]


@given(heard(st.integers(1, 60)))
def test_a_door_opens_and_shuts_as_often_through_any_mix_of_hubs_as_through_one(
    case: tuple[list[float], list[Arrival]],
) -> None:
    times, arrivals = case
    kept = stored(DOOR, *((at, hub, (number + 1) % 2) for at, hub, number in arrivals))
    found = edges([at for at, _ in kept], [value for _, value in kept], [0] * len(kept))
    assert [edge.value for edge in found] == [(number + 1) % 2 for number in range(len(times))]
    late = [(edge.at - NOW).total_seconds() - at for edge, at in zip(found, times, strict=True)]
    assert all(0 <= each < 10 for each in late)


@given(heard(st.integers(45, 120)))
def test_each_press_is_one_call_through_any_mix_of_hubs(case: tuple[list[float], list[Arrival]]) -> None:
    times, arrivals = case
    kept = stored(PENDANT, *((at, hub, 1.0) for at, hub, _ in arrivals))
    calls = press_events([at for at, _ in kept], [1.0] * len(kept), [0] * len(kept))
    assert len(calls) == len(times)


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 3)), min_size=1, max_size=20),
    st.sampled_from([PENDANT, SMOKE]),
)
def test_whatever_hubs_miss_no_danger_is_further_than_seconds_from_one_that_is_stored(
    heard: list[tuple[int, int]], series: SeriesKey
) -> None:
    arrivals: list[Arrival] = [(at, hub, 1.0) for at, hub in sorted(heard)]
    kept = [(at - NOW).total_seconds() for at, _ in stored(series, *arrivals)]
    assert all(any(0 <= at - each <= 10 for each in kept) for at, _, _ in arrivals)
