"""Parts add up to figures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outcomes.measures import DEFINITIONS, Measure
from outcomes.reckoning import Breakdown, Part, figure, figures
from outcomes.weeks import weeks

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
WEEKS = weeks(date(2026, 11, 2), date(2026, 11, 20), NOW, "Europe/London")
START, END = WEEKS[0].start, WEEKS[0].end


def part(**changes: object) -> Part:
    made = Part(START, (1,), ("copd",), 7, met=1, of=1, class_="clinical", cause="open")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_share_is_counted_in_per_cent_of_its_rows() -> None:
    told = figure(Measure.READINGS, [part(met=2, of=3), part(met=0, of=1)], START, END, NOW)
    assert (told.numerator, told.denominator, told.value, told.without) == (2, 4, 50.0, None)
    assert not told.partial


def test_nothing_to_count_is_no_figure_and_not_nought() -> None:
    told = figure(Measure.READINGS, [], START, END, NOW)
    assert (told.numerator, told.denominator, told.value, told.suppressed) == (0, 0, None, False)


def test_time_under_a_plan_becomes_person_months() -> None:
    month = DEFINITIONS[Measure.ALERTS].scale
    parts = [part(of=0), part(of=0), part(met=0, of=month, class_=None, cause=None)]
    told = figure(Measure.ALERTS, parts, START, END, NOW)
    assert (told.numerator, told.denominator, told.value) == (2, 1.0, 2.0)


def test_the_median_counts_what_never_came_as_longer_than_anything() -> None:
    def median_of(*minutes: float) -> float | None:
        parts = [part(extra=each, without=each == float("inf")) for each in minutes]
        return figure(Measure.TIME_TO_CONTACT, parts, START, END, NOW).beside

    never = float("inf")
    assert median_of(10, 20, 90) == 20
    assert median_of(10, 20) == 15
    assert median_of(10, 20, never) == 20
    assert median_of(10, never) is None
    assert median_of(never) is None


def test_rows_without_an_answer_stay_in_the_denominator_and_are_said() -> None:
    parts = [part(), part(met=0, without=True), part(met=0, without=True)]
    told = figure(Measure.GOALS, parts, START, END, NOW)
    assert (told.numerator, told.denominator, told.without) == (1, 3, 2)


def test_steps_are_told_to_a_hundred_alerts() -> None:
    parts = [part(extra=3.0), part(extra=0.0), part(extra=0.0), part(extra=0.0)]
    assert figure(Measure.ESCALATIONS, parts, START, END, NOW).beside == 75.0


def test_a_figure_about_fewer_than_five_people_says_no_number() -> None:
    four = [part(people=(number,)) for number in range(4)]
    told = figure(Measure.READINGS, four * 9, START, END, NOW, few=5)
    assert told.suppressed
    assert (told.numerator, told.denominator, told.value, told.beside, told.without) == (None,) * 5
    assert not figure(Measure.READINGS, [*four, part(people=(9,))], START, END, NOW, few=5).suppressed
    assert not figure(Measure.READINGS, four, START, END, NOW).suppressed


def test_only_people_of_the_denominator_count_against_suppression() -> None:
    alerts = [part(of=0, people=(number,)) for number in range(9)]
    time = [part(met=0, of=1, people=(number,)) for number in range(4)]
    assert figure(Measure.ALERTS, alerts + time, START, END, NOW, few=5).suppressed


def test_a_breakdown_takes_what_it_names() -> None:
    time = part(class_=None, cause=None, pathways=("copd", "warm_dry_home"))
    assert Breakdown().takes(time)
    assert Breakdown(pathway="warm_dry_home", class_="technical", cause="test").takes(time)
    assert not Breakdown(pathway="hypertension").takes(time)
    assert Breakdown(agency_id=7, class_="clinical", cause="open").takes(part())
    assert not Breakdown(agency_id=8).takes(part())
    assert not Breakdown(class_="technical").takes(part())
    assert not Breakdown(cause="test").takes(part())


def test_the_running_week_is_partial() -> None:
    told = figures(Measure.READINGS, [], WEEKS, Breakdown(), NOW)
    assert [one.partial for one in told] == [False, False, True]


@given(st.lists(st.integers(0, 21 * 24 * 60 - 1), max_size=60))
def test_every_part_falls_into_exactly_one_week(minutes: list[int]) -> None:
    parts = [part(at=START + timedelta(minutes=minute)) for minute in minutes]
    told = figures(Measure.READINGS, parts, WEEKS, Breakdown(), NOW)
    assert sum(one.denominator or 0 for one in told) == len(parts)
