"""What is amiss with how somebody is protected, the gravest first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import protecting
from devices.protecting import ANALOGUE_ENDS, Amiss, How, LineType

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
GOOD = How(LineType.DIGITAL, TODAY - 100 * DAY, TODAY - 10 * DAY, 24)


@pytest.mark.parametrize(
    ("how", "pressed_on", "today", "found"),
    [
        (GOOD, TODAY - 35 * DAY, TODAY, []),
        (GOOD, TODAY - 36 * DAY, TODAY, [Amiss.NOT_PRESSED]),
        (GOOD, None, TODAY, [Amiss.NOT_PRESSED]),
        (How(), None, TODAY, [Amiss.UNKNOWN_LINE, Amiss.NEVER_TRIED, Amiss.NOT_PRESSED, Amiss.NO_BATTERY]),
        (GOOD._replace(battery_hours=0), TODAY, TODAY, [Amiss.NO_BATTERY]),
        (GOOD._replace(tested_on=TODAY - 101 * DAY), TODAY, TODAY, [Amiss.UNTRIED_SINCE]),
        (GOOD._replace(tested_on=None), TODAY, TODAY, [Amiss.UNTRIED_SINCE]),
        (GOOD._replace(migrates_on=None, tested_on=TODAY - 366 * DAY), TODAY, TODAY, [Amiss.NEVER_TRIED]),
        (How(LineType.ANALOGUE, None, TODAY, 1), TODAY, TODAY - 30 * DAY, []),
        (How(LineType.ANALOGUE, TODAY + 60 * DAY, TODAY, 1), TODAY, TODAY, [Amiss.MOVES_SOON]),
        (How(LineType.ANALOGUE, TODAY, TODAY, 1), TODAY, TODAY, [Amiss.NO_ANALOGUE]),
        (How(LineType.ANALOGUE, None, ANALOGUE_ENDS, 1), ANALOGUE_ENDS, ANALOGUE_ENDS, [Amiss.NO_ANALOGUE]),
    ],
)
def test_each_thing_amiss_is_found(
    how: How, pressed_on: date | None, today: date, found: list[Amiss]
) -> None:
    assert protecting.amiss(how, pressed_on, today) == found


DATES = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(
    st.builds(How, st.none() | st.sampled_from(LineType), DATES, DATES, st.none() | st.integers(0, 99)), DATES
)
def test_nothing_known_is_never_better_than_something(how: How, pressed_on: date | None) -> None:
    found = protecting.amiss(how, pressed_on, TODAY)

    assert found == sorted(found, key=list(Amiss).index)
    assert not (how.line is None and Amiss.UNKNOWN_LINE not in found)
    assert not (how.battery_hours is None and Amiss.NO_BATTERY not in found)
