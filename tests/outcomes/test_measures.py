"""Every measure says what it counts, and what it leaves out."""

from dataclasses import fields
from datetime import timedelta

import pytest

from care_plans.severity import Severity
from outcomes.measures import AGENCY, DEFINITIONS, MONTH, TARGETS, Measure
from outcomes.spc import Direction


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_is_defined_in_whole_sentences(measure: Measure) -> None:
    defined = DEFINITIONS[measure]
    assert defined.measure is measure
    for said in (defined.numerator, defined.denominator, defined.counts, defined.left_out, defined.better):
        assert said[0].isupper()
        assert said.endswith(".")
        assert "  " not in said
    assert {"beside", "without"} <= {field.name for field in fields(defined)}


def test_fewer_alerts_are_not_called_better_by_themselves() -> None:
    assert DEFINITIONS[Measure.ALERTS].improvement is Direction.NEUTRAL
    assert DEFINITIONS[Measure.ESCALATIONS].improvement is Direction.DECREASE
    assert DEFINITIONS[Measure.READINGS].improvement is Direction.INCREASE


def test_the_targets_in_words_are_those_that_are_counted_by() -> None:
    assert {Severity.RED: timedelta(minutes=60), Severity.AMBER: timedelta(hours=4)} == TARGETS
    assert "red 60 minutes, amber 4 hours" in DEFINITIONS[Measure.TIME_TO_CONTACT].numerator


def test_a_person_month_is_a_twelfth_of_a_year_of_365_and_a_quarter_days() -> None:
    assert timedelta(days=365.25) == 12 * MONTH
    assert timedelta(microseconds=DEFINITIONS[Measure.ALERTS].scale) == MONTH


def test_whose_a_figure_is_is_said_once() -> None:
    assert AGENCY.startswith("Each row belongs to one agency.")
