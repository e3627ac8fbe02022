"""Working hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from care_plans.work.hours import by_working_hours

LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("now", "by"),
    [
        ("2026-11-23 12:59", "2026-11-23 17:00"),  # a Monday morning: by the end of the day
        ("2026-11-23 13:00", "2026-11-24 12:00"),
        ("2026-11-20 18:00", "2026-11-23 12:00"),  # a Friday evening: over the weekend
        ("2026-11-22 07:46", "2026-11-23 12:00"),
        ("2026-12-24 15:00", "2026-12-29 12:00"),  # 25 and 28 December 2026 are bank holidays in England
        ("2026-03-27 18:00", "2026-03-30 12:00"),  # the clocks go forward on the 29th
    ],
)
def test_it_is_the_end_of_this_working_day_or_noon_of_the_next(now: str, by: str) -> None:
    zone = ZoneInfo(LONDON)
    at = datetime.fromisoformat(now).replace(tzinfo=zone)
    assert by_working_hours(at, LONDON).astimezone(zone).strftime("%Y-%m-%d %H:%M") == by
