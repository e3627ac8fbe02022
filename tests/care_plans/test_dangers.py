"""Which values are a danger whoever's they are."""

import pytest

from care_plans.judging import dangers
from devices import kinds


@pytest.mark.parametrize(
    ("kind", "value", "danger"),
    [
        ("spo2", 91, True),
        ("spo2", 92, False),
        ("systolic", 180, True),
        ("systolic", 179, False),
        ("systolic", 90, True),
        ("diastolic", 120, True),
        ("diastolic", 40, False),
        ("pulse", 131, True),
        ("pulse", 72, False),
        ("glucose", 3.0, True),
        ("weight", 300, False),
    ],
)
def test_a_danger_lies_at_or_beyond_its_bound(kind: str, value: float, *, danger: bool) -> None:
    assert (dangers.dangerous([(kind, value)]) is not None) is danger


def test_of_several_values_the_dangerous_one_is_told() -> None:
    assert dangers.dangerous([("diastolic", 91), ("systolic", 182)]) == ("systolic", 182)


def test_every_bound_is_of_a_kind_measured_of_a_body() -> None:
    assert [code for code in dangers.BOUNDS if not kinds.get(code).of_body] == []
