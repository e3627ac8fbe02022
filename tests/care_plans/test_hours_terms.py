"""Hours of the day as documents and in words."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.documents import Part
from care_plans.judging.hours import EVERY_DAY, Hours
from care_plans.judging.hours_terms import hours_words, read_hours, to_document

clocks = st.times().map(lambda each: each.replace(second=0, microsecond=0))
days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda each: tuple(sorted(each)))


@given(clocks, clocks, days)
def test_hours_are_read_back_as_they_were_written(begins: time, ends: time, on: tuple[int, ...]) -> None:
    hours, part = Hours(begins, ends, on), Part(to_document(Hours(begins, ends, on)))
    assert read_hours(part) == hours
    assert bool(part.faults) is (begins == ends)


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"from": "22:00"}, "to"),
        ({"from": "22:00", "to": "22:00"}, "to"),
        ({"from": "24:00", "to": "22:00"}, "from"),
        ({"from": "22:00", "to": "06:00", "days": ["monday"]}, "days.0"),
        ({"from": "22:00", "to": "06:00", "on": ["mon"]}, "on"),
    ],
)
def test_every_fault_is_named_at_its_place(given_: dict[str, Any], field: str) -> None:
    part = Part(given_)
    read_hours(part)
    assert set(part.faults) == {field}


def test_hours_are_said_with_their_days_where_those_are_not_all() -> None:
    assert hours_words(Hours(time(22), time(6))) == "from 22:00 to 06:00"
    assert hours_words(Hours(time(8), time(18), (0,))) == "from 08:00 to 18:00 on Monday"
    assert (
        hours_words(Hours(time(8), time(18), (0, 2, 4)))
        == "from 08:00 to 18:00 on Monday, Wednesday and Friday"
    )
