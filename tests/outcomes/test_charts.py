"""Figures on their chart."""

from datetime import UTC, datetime, timedelta

import pytest

from outcomes import charts, spc
from outcomes.measures import Measure
from outcomes.reckoning import Figure
from outcomes.spc import Direction

START = datetime(2026, 8, 3, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def figures(
    values: list[float | None], *, partial_last: bool = False, measure: Measure = Measure.READINGS
) -> list[Figure]:
    return [
        Figure(
            measure,
            START + number * WEEK,
            START + (number + 1) * WEEK,
            None if value is None else round(value),
            None if value is None else 100.0,
            value,
            None,
            None,
            partial=partial_last and number == len(values) - 1,
        )
        for number, value in enumerate(values)
    ]


STEADY: list[float | None] = [80, 82, 79, 81, 80, 83, 78, 81, 80, 82, 79, 81, 80]


def test_the_points_are_those_of_spc_for_the_same_values() -> None:
    drawn = charts.draw(Measure.READINGS, figures(STEADY))
    assert drawn.chart == spc.xmr([value or 0 for value in STEADY], improvement=Direction.INCREASE)
    assert drawn.points == drawn.chart.points
    assert (drawn.verdict, drawn.trial) == ("No change beyond chance", "")


def test_a_week_without_a_figure_or_not_over_has_no_point_and_moves_no_limit() -> None:
    gaps: list[float | None] = [*STEADY[:5], None, *STEADY[5:], 0]
    drawn = charts.draw(Measure.READINGS, figures(gaps, partial_last=True))
    assert drawn.points[5] is None
    assert drawn.points[-1] is None
    assert drawn.chart == charts.draw(Measure.READINGS, figures(STEADY)).chart
    assert drawn.last is drawn.points[-2]


def test_fewer_than_thirteen_weeks_are_trial_limits_and_say_so() -> None:
    said = charts.draw(Measure.READINGS, figures(STEADY[:12])).trial
    assert said == "Trial limits: made of 12 weeks, they still move until there are 13."
    assert "made of 1 week," in charts.draw(Measure.READINGS, figures(STEADY[:1])).trial


def test_so_few_weeks_that_no_rule_could_speak_are_not_called_steady() -> None:
    assert charts.draw(Measure.READINGS, figures([80, 10, 80, 80])).verdict == "Too few weeks to tell"
    assert "Worse" in charts.draw(Measure.READINGS, figures([80, 80, 80, 80, 10])).verdict


def test_without_a_whole_week_there_is_nothing_to_say() -> None:
    nothing = charts.draw(Measure.READINGS, figures([]))
    assert (nothing.verdict, nothing.trial) == ("No whole week yet", "")


@pytest.mark.parametrize(
    ("measure", "last", "call", "words"),
    [
        (Measure.READINGS, 40, "concern", "Worse: lower than chance (Below LCL)"),
        (Measure.READINGS, 99, "improvement", "Better: higher than chance (Above UCL)"),
        (Measure.ESCALATIONS, 99, "concern", "Worse: higher than chance (Above UCL)"),
        (Measure.ESCALATIONS, 40, "improvement", "Better: lower than chance (Below LCL)"),
        (Measure.ALERTS, 99, "neutral", "Higher than chance (Above UCL)"),
        (Measure.ALERTS, 40, "neutral", "Lower than chance (Below LCL)"),
    ],
)
def test_what_the_newest_point_says_depends_on_which_way_is_better(
    measure: Measure, last: float, call: str, words: str
) -> None:
    drawn = charts.draw(measure, figures([*STEADY, last], measure=measure))
    assert (drawn.call, drawn.verdict) == (call, words)


def test_without_a_point_nothing_is_called() -> None:
    assert charts.call(None) == "common"
    assert charts.draw(Measure.READINGS, []).last is None
