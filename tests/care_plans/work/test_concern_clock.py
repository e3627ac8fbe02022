from datetime import UTC, datetime

import pytest

from care_plans.work.concern_clock import decide_by, look_again_by, read_by

ZONE = "Europe/London"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        (at(23, 9), at(23, 13)),  # a Monday morning
        (at(23, 7), at(23, 13)),  # before the day begins
        (at(23, 15), at(24, 11)),  # two hours of Monday, two of Tuesday
        (at(27, 16, 30), at(30, 12, 30)),  # over a weekend
        (at(22, 12), at(23, 13)),  # on a Sunday
        (at(23, 17), at(24, 13)),
    ],
)
def test_it_is_to_be_read_within_four_working_hours(raised: datetime, due: datetime) -> None:
    assert read_by(raised, ZONE, danger=False) == due


def test_danger_now_waits_for_no_working_hours() -> None:
    assert read_by(at(22, 3), ZONE, danger=True) == at(22, 4)


def test_it_is_decided_by_the_end_of_the_second_working_day() -> None:
    assert decide_by(at(23, 9), ZONE) == at(25, 17)
    assert decide_by(at(27, 9), ZONE) == datetime(2026, 12, 1, 17, tzinfo=UTC)


def test_an_enquiry_is_looked_at_again_after_twenty_working_days() -> None:
    assert look_again_by(at(2, 9), ZONE) == at(30, 17)
