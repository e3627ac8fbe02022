"""How far a body can change between two measurements."""

from datetime import datetime, timedelta

import pytest

from devices import jumps
from devices.jumps import Doubt
from tests.conftest import NOW

DAY = timedelta(days=1)
OWN = [(NOW - n * DAY, 80.0) for n in (1, 2, 3)]


def doubted(value: float, own: list[tuple[datetime, float]] = OWN) -> list[Doubt]:
    return jumps.doubts("weight", own, [(NOW, value)])


@pytest.mark.parametrize("value", [74.9, 85.1, 92.4])
def test_more_than_five_kilograms_from_the_usual_is_doubted(value: float) -> None:
    assert doubted(value) == [Doubt(NOW, value, 80.0)]


@pytest.mark.parametrize("value", [75.0, 85.0, 82.0])
def test_what_can_be_is_not_doubted(value: float) -> None:
    assert doubted(value) == []


def test_of_somebody_heavy_it_takes_five_percent() -> None:
    own = [(NOW - n * DAY, 140.0) for n in (1, 2, 3)]
    assert doubted(146.0, own) == []
    assert doubted(147.5, own) != []


def test_from_too_few_or_too_long_ago_nothing_can_be_said() -> None:
    assert doubted(92.4, OWN[:2]) == []
    assert doubted(92.4, [(at - 20 * DAY, value) for at, value in OWN]) == []


def test_near_the_last_one_that_was_confirmed_it_is_not_doubted_again() -> None:
    assert doubted(88.2, [*OWN, (NOW - DAY / 2, 88.0)]) == []


def test_only_weight_is_doubted() -> None:
    own = [(NOW - n * DAY, 120.0) for n in (1, 2, 3)]
    assert jumps.doubts("systolic", own, [(NOW, 210.0)]) == []
    assert set(jumps.LIMITS) == {"weight"}


def test_what_is_doubted_says_nothing_of_those_after_it_and_what_is_not_does() -> None:
    asked = [(NOW + n * DAY, value) for n, value in enumerate([92.4, 80.5, 92.6])]
    assert [each.value for each in jumps.doubts("weight", OWN, asked)] == [92.4, 92.6]
