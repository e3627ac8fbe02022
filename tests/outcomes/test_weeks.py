"""Weeks are local, from Monday to Sunday."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Invalid
from outcomes.weeks import place, week_of, weeks

LONDON = "Europe/London"
NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)


def test_a_week_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    week = week_of(date(2026, 10, 25), LONDON)
    assert (week.monday, week.sunday) == (date(2026, 10, 19), date(2026, 10, 25))
    assert week.start == datetime(2026, 10, 18, 23, tzinfo=UTC)
    assert week.end == datetime(2026, 10, 26, tzinfo=UTC)
    assert week.end - week.start == timedelta(days=7, hours=1)


def test_thirteen_weeks_are_shown_unless_asked_otherwise_the_running_one_among_them() -> None:
    found = weeks(None, None, NOW, LONDON)
    assert len(found) == 13
    assert found[-1].start <= NOW < found[-1].end
    assert all(one.end == later.start for one, later in itertools.pairwise(found))


def test_the_local_day_decides_which_week_it_is() -> None:
    late_on_sunday = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)  # 00:30 on Monday in London
    assert weeks(None, None, late_on_sunday, LONDON)[-1].monday == date(2026, 7, 6)


def test_any_days_in_the_first_and_the_last_week_will_do() -> None:
    found = weeks(date(2026, 10, 14), date(2026, 10, 28), NOW, LONDON)
    assert [week.monday for week in found] == [date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 26)]


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (date(2026, 11, 1), date(2026, 10, 1), "from"),
        (date(2020, 1, 1), date(2026, 1, 1), "from"),
        (date(1, 1, 1), None, "from"),
        (None, date(9999, 12, 31), "to"),
        (None, date(1, 1, 1), "to"),
    ],
)
def test_weeks_that_make_no_chart_are_refused(since: date | None, until: date | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        weeks(since, until, NOW, LONDON)
    assert set(refused.value.fields) == {field}


def test_a_moment_belongs_to_the_week_that_has_begun_and_not_ended() -> None:
    found = weeks(date(2026, 10, 12), date(2026, 10, 28), NOW, LONDON)
    for number, week in enumerate(found):
        assert place(found, week.start) == number
        assert place(found, week.end - timedelta(microseconds=1)) == number
    assert place(found, found[0].start - timedelta(microseconds=1)) is None
    assert place(found, found[-1].end) is None
