"""How the pages say things."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from app.web import words

NOW = datetime(2026, 11, 22, 7, 46, 0, tzinfo=UTC)
LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=12), "12 s ago"),
        (timedelta(minutes=2, seconds=59), "2 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=20), "2 weeks ago"),
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=-5), "in 5 min"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(ago: timedelta, said: str) -> None:
    assert words.age(NOW - ago, NOW) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=3, seconds=12), "in 3:12"),
        (timedelta(seconds=7), "in 0:07"),
        (timedelta(0), "in 0:00"),
        (timedelta(minutes=12, seconds=5), "in 12 min"),
        (timedelta(minutes=74), "by 09:00"),
        (timedelta(days=1), "by tomorrow 07:46"),
        (timedelta(days=4), "by Thu 07:46"),
        (timedelta(minutes=-4), "4 min late"),
    ],
)
def test_what_is_due_counts_down_then_is_late(ahead: timedelta, said: str) -> None:
    assert words.due(NOW + ahead, NOW, LONDON) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 22, 7, 44, tzinfo=UTC), "07:44"),
        (datetime(2026, 11, 21, 7, 10, tzinfo=UTC), "yesterday 07:10"),
        (datetime(2026, 11, 18, 12, 0, tzinfo=UTC), "Wed 12:00"),
        (datetime(2026, 11, 3, 9, 5, tzinfo=UTC), "3 Nov 09:05"),
        (datetime(2026, 7, 3, 9, 5, tzinfo=UTC), "3 Jul 10:05"),
        (datetime(2025, 12, 3, 9, 5, tzinfo=UTC), "3 Dec 2025 09:05"),
    ],
)
def test_a_clock_time_is_the_homes_and_carries_the_day_it_needs(at: datetime, said: str) -> None:
    assert words.clock(at, NOW, LONDON) == said


def test_a_clock_time_near_midnight_belongs_to_the_homes_own_day() -> None:
    summer = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    assert words.clock(summer, summer + timedelta(hours=9), LONDON) == "00:30"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "tomorrow"),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), "yesterday"),
        (date(2026, 12, 2), "Wednesday 2 December"),
        (date(2027, 1, 5), "5 January 2027"),
    ],
)
def test_a_day_is_said_as_people_say_it(at: date, said: str) -> None:
    assert words.day(at, NOW, LONDON) == said


def test_a_moment_leaves_nothing_out() -> None:
    assert (
        words.moment(datetime(2026, 7, 3, 9, 5, 4, tzinfo=UTC), LONDON) == "Friday 3 July 2026, 10:05:04 BST"
    )
    assert words.date_only(date(1948, 5, 4)) == "4 May 1948"


@pytest.mark.parametrize(
    ("number", "unit", "decimals", "said"),
    [
        (84, "%", None, "84 %"),
        (15.2, "°C", None, "15.2 °C"),
        (-3.5, "°C", None, "−3.5 °C"),
        (-0.001, "°C", 1, "0.0 °C"),
        (1013.0, "hPa", None, "1,013 hPa"),
        (64.55, "kg", 1, "64.5 kg"),
        (0, "steps", None, "0 steps"),
        (100, "", None, "100"),
        (None, "kg", None, "no reading"),
    ],
)
def test_a_value_is_said_with_its_unit(
    number: float | None, unit: str, decimals: int | None, said: str
) -> None:
    assert words.value(number, unit, decimals).replace(words.NO_BREAK, " ") == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Cora", "CO"),
        ("Beth Marsh", "BM"),
        ("Anne-Marie", "AM"),
        ("Ada van der Berg", "AB"),
        ("", "?"),
        ("é", "É"),
    ],
)
def test_initials_are_two_letters_where_there_are_two(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def test_each_severity_has_its_own_shape_and_word() -> None:
    shapes = {words.severity_shape(severity) for severity in words.SEVERITIES}
    said = {words.severity_word(severity) for severity in words.SEVERITIES}
    assert len(shapes) == len(said) == len(words.SEVERITIES)


def test_counts_and_lists_read_as_sentences() -> None:
    assert words.counted(1, "hub") == "1 hub"
    assert words.counted(0, "hub") == "no hubs"
    assert words.counted(1200, "person", "people") == "1,200 people"
    assert [words.with_article(noun) for noun in ("goal", "action")] == ["a goal", "an action"]
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["Hub", "Motion, hall", "Motion, kitchen"]) == "Hub; Motion, hall; Motion, kitchen"


def test_on_paper_a_time_is_said_to_the_minute() -> None:
    assert words.to_the_minute(NOW, LONDON) == "Sunday 22 November 2026, 07:46 GMT"
    assert words.initial_capital("mains lost at NHS site") == "Mains lost at NHS site"


def test_time_gone_stays_between_nothing_and_all() -> None:
    hour = timedelta(hours=1)
    assert words.gone_by(NOW - hour, NOW + hour, NOW) == 50
    assert words.gone_by(NOW + hour, NOW + 2 * hour, NOW) == 0
    assert words.gone_by(NOW - hour, NOW - hour, NOW) == 100
    assert words.gone_by(None, NOW, NOW) == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.booleans())
def test_a_sparkline_stays_inside_its_box(values: list[float], stepped: bool) -> None:
    for point in words.spark_points(values, stepped).split():
        across, down = (float(number) for number in point.split(","))
        assert 0 <= across <= 96
        assert 4 <= down <= 34


def test_a_stepped_sparkline_holds_each_value_until_the_next() -> None:
    assert words.spark_points([0, 1], stepped=True) == "0.0,34.0 96.0,34.0 96.0,4.0"
    assert words.spark_points([]) == ""


def test_the_templates_know_every_word() -> None:
    environment = Environment(autoescape=True)
    words.register_words(environment)
    template = environment.from_string("{{ at | age(now) }}, {{ 84 | value('%') }}")
    assert template.render(at=NOW, now=NOW) == f"just now, 84{words.NO_BREAK}%"
