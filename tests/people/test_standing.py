from datetime import date, timedelta

import pytest

from people.models.authority import Authority, AuthorityKind
from people.standing import holds, holds_for_welfare

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def held(**more: object) -> Authority:
    row = Authority(kind=AuthorityKind.ATTORNEY_WELFARE, name="Beth", verified_on=TODAY, verified_how="seen")
    for name, value in more.items():
        setattr(row, name, value)
    return row


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"verified_on": None, "verified_how": None}, False),
        ({"begins_on": TODAY + DAY}, False),
        ({"ends_on": TODAY - DAY}, False),
        ({"ends_on": TODAY}, True),
        ({"withdrawn_at": TODAY}, False),
    ],
)
def test_only_what_is_verified_and_in_its_time_counts(more: dict[str, object], *, counts: bool) -> None:
    assert holds(held(**more), TODAY) is counts


@pytest.mark.parametrize("kind", list(AuthorityKind))
def test_only_those_for_health_and_welfare_are_asked_about_kit(kind: AuthorityKind) -> None:
    assert holds_for_welfare(held(kind=kind), TODAY) is kind.value.endswith("health_and_welfare")
