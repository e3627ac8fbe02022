import itertools
import time
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.decode import decode
from devices.measurement import Measurement
from devices.simulator.homes import emissions, history
from devices.simulator.house import Home
from devices.simulator.kit import MOTION
from devices.simulator.places import home_of, households
from devices.simulator.scenarios import COURSES
from devices.topics import parse
from tests.devices.simulator.made import DAY, NOW, home

TWO_DAYS = (NOW - 2 * DAY, NOW)


def decoded(made: Home, start: datetime, end: datetime) -> list[tuple[Measurement, str]]:
    models = {spec.address or "": spec.model for spec in made.kit}
    found = []
    for emission in emissions(made, start, end):
        topic = parse(emission.topic)
        assert topic is not None
        assert topic.device_key == emission.device_key
        said = decode(
            topic.format,
            topic.rest,
            emission.payload,
            retained=emission.retained,
            received_at=emission.at,
            models=models,
        )
        found += [(one, emission.device_key) for one in said.measurements]
    return found


@pytest.mark.parametrize("course", list(COURSES))
def test_it_says_things_in_time_order_within_what_was_asked(course: str) -> None:
    times = [emission.at for emission in emissions(home(course, NOW - DAY), *TWO_DAYS)]
    assert times == sorted(times)
    assert TWO_DAYS[0] <= times[0] <= times[-1] < TWO_DAYS[1]


@pytest.mark.parametrize("course", list(COURSES))
def test_it_says_the_same_in_pieces_as_in_one(course: str) -> None:
    made = home(course, NOW - DAY - timedelta(hours=3))
    cuts = [
        TWO_DAYS[0],
        NOW - DAY,
        NOW - timedelta(hours=20, seconds=1),
        NOW - timedelta(hours=7, minutes=40),
        NOW,
    ]
    pieces = [e for a, b in itertools.pairwise(cuts) for e in emissions(made, a, b)]
    assert pieces == list(emissions(made, *TWO_DAYS))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 2 * 86400 - 1), st.sampled_from(sorted(COURSES.keys() - {"hub_offline"})))
def test_its_history_is_the_same_wherever_it_is_cut(seconds: int, course: str) -> None:
    made = home(course, NOW - DAY)
    cut = TWO_DAYS[0] + timedelta(seconds=seconds)
    pieces = [*history(made, TWO_DAYS[0], cut), *history(made, cut, TWO_DAYS[1])]
    assert pieces == list(history(made, *TWO_DAYS))


def test_it_says_the_same_again_for_the_same_seed_and_something_else_for_another() -> None:
    said = [list(emissions(home(seed=seed), NOW - DAY, NOW)) for seed in (5, 5, 6)]
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_its_messages_decode_to_its_history() -> None:
    made = home("slowly_worse_copd", NOW - 3 * DAY)
    said = {(m.kind, m.value, m.at, key, m.address) for m, key in decoded(made, *TWO_DAYS)}
    for taken in history(made, *TWO_DAYS):
        spec = made.kit[taken.kit]
        # a hub's own timer makes "nobody there", so that the format gives it no time of the sensor's
        at = None if taken.kind == MOTION and taken.value == 0 else taken.at
        assert (taken.kind, taken.value, at, made.device_key(spec), spec.address) in said


def test_everything_sent_twice_is_the_same_message_two_seconds_later() -> None:
    once = list(emissions(home("stable"), NOW - DAY, NOW))
    twice = list(emissions(home("sent_twice", NOW - 9 * DAY), NOW - DAY, NOW))
    assert set(once) <= set(twice)
    assert 2 * len(once) - 5 <= len(twice) <= 2 * len(once) + 5
    assert set(Counter((e.topic, e.payload) for e in twice if not e.retained).values()) <= {1, 2}


def test_a_hub_uploads_what_it_kept_and_the_rest_is_lost() -> None:
    began = NOW - timedelta(hours=9)
    back = began + timedelta(hours=7)
    made = home("hub_offline", began)
    said = decoded(made, began, NOW)
    assert [e.at for e in emissions(made, began, back)] == []
    late = [m for m, key in said if m.at is not None and m.at < back]
    assert {m.address is None for m in late} == {True, False}
    assert not any(m.kind in ("electricity_energy", "gas_energy") for m in late)
    stored = Counter(taken.kind for taken in history(made, began, back))
    assert stored["electricity_energy"] == 0
    assert stored["room_temperature"] == 21


def test_what_a_hub_keeps_has_not_reached_us_while_its_line_is_down() -> None:
    began = NOW - timedelta(hours=2)
    made = home("hub_offline", began)
    assert list(history(made, began, NOW)) == []
    assert len(list(history(made, began, began + timedelta(hours=7)))) > 20


def test_a_lost_clock_dates_readings_from_1970_and_leaves_sensors_alone() -> None:
    made = home("clock_wrong", NOW - DAY)
    said = decoded(made, NOW - DAY, NOW)
    worn = {made.device_key(spec) for spec in made.kit if spec.about == "person"}
    assert {m.at.year for m, key in said if key in worn and m.at} == {1970}
    assert {m.at.year for m, key in said if key not in worn and m.at} == {2026}


def test_a_night_with_25_hours_has_every_half_hour_once() -> None:
    made = home()
    start = datetime(2026, 10, 24, 12, tzinfo=NOW.tzinfo)
    times = [t.at for t in history(made, start, start + 2 * DAY) if t.kind == "electricity_energy"]
    assert len(times) == len(set(times)) == 96
    assert {b - a for a, b in itertools.pairwise(times)} == {timedelta(minutes=30)}
    assert times[0].date() == date(2026, 10, 24)


def test_two_weeks_of_forty_homes_are_quickly_told_and_not_too_many() -> None:
    began = time.process_time()
    count = sum(
        1 for household in households() for _ in history(home_of(household, NOW), NOW - 14 * DAY, NOW)
    )
    assert 150_000 < count <= 500_000
    assert time.process_time() - began < 15
