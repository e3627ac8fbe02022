"""On what terms a pathway runs."""

from datetime import date

import pytest

from care_plans.pathways.terms import InForce, said

YEAR = InForce(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("today", "why"),
    [
        (date(2025, 12, 31), "comes into force on 1 January 2026"),
        (date(2026, 1, 1), None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "was in force until 31 December 2026"),
    ],
)
def test_a_version_is_in_force_from_its_first_day_to_its_last(today: date, why: str | None) -> None:
    assert YEAR.why_not(today) == why


def test_without_days_it_is_always_in_force() -> None:
    assert InForce().why_not(date(1990, 1, 1)) is None
    assert said(date(2026, 3, 9)) == "9 March 2026"
