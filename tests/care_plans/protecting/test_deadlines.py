"""By when protection is mended, and when somebody without it is rung."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.protecting import deadlines
from care_plans.protection_states import Lack
from core.zones import UK
from devices.protecting import Amiss, Urgency

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def line_due(amiss: Amiss, *, alone: bool = False, moves_on: date | None = None) -> datetime:
    return deadlines.line_due(amiss, MONDAY, UK, alone=alone, moves_on=moves_on)


def test_everything_amiss_has_a_deadline() -> None:
    assert set(deadlines.LINE_WITHIN) == set(Amiss)
    assert set(deadlines.RECALL_WITHIN) == set(Urgency)


def test_a_line_that_may_reach_nobody_is_due_before_everything_else() -> None:
    assert line_due(Amiss.NO_ANALOGUE) == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert line_due(Amiss.NO_ANALOGUE) == min(line_due(each) for each in Amiss)


@pytest.mark.parametrize("amiss", [each for each in Amiss if deadlines.LINE_WITHIN[each] > 1])
def test_who_lives_alone_waits_less(amiss: Amiss) -> None:
    assert line_due(amiss, alone=True) < line_due(amiss)


def test_a_move_is_agreed_before_the_line_moves() -> None:
    assert line_due(Amiss.MOVES_SOON, moves_on=date(2026, 12, 1)).date() == date(2026, 11, 30)


def test_a_move_of_tomorrow_is_still_asked_about() -> None:
    assert line_due(Amiss.MOVES_SOON, moves_on=date(2026, 11, 24)).date() == date(2026, 11, 24)


def test_kit_is_replaced_the_same_working_day_where_that_can_be() -> None:
    assert deadlines.replace_by(MONDAY, UK, alone=True) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_nobody_who_lives_alone_waits_over_a_weekend() -> None:
    assert deadlines.replace_by(FRIDAY_EVENING, UK, alone=True) == FRIDAY_EVENING + timedelta(hours=24)
    assert deadlines.replace_by(FRIDAY_EVENING, UK, alone=False) == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_who_lives_alone_is_rung_more_often() -> None:
    alone, shared = (deadlines.usual_calls(Lack.DOWN, alone=each) for each in (True, False))
    assert len(alone) > len(shared)
    assert shared == ["10:00", "18:00"]


def test_without_times_there_is_no_next_call() -> None:
    assert deadlines.next_call([], MONDAY, UK) is None


def test_a_call_keeps_its_time_of_day_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # summer time ends in this night
    assert deadlines.next_call(["10:00"], before, UK) == datetime(2026, 10, 25, 10, 0, tzinfo=UTC)
    assert deadlines.next_call(["10:00"], before - timedelta(days=1), UK) == datetime(
        2026, 10, 24, 9, 0, tzinfo=UTC
    )


@given(
    st.lists(st.times().map(lambda each: f"{each:%H:%M}"), min_size=1, max_size=8),
    st.integers(0, 700 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
)
def test_the_next_call_comes_within_a_day_and_the_hour_of_a_clock_change(
    times: list[str], after: datetime
) -> None:
    found = deadlines.next_call(times, after, UK)
    assert found is not None
    assert after < found <= after + timedelta(hours=25)
