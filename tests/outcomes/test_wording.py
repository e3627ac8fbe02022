"""Figures in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outcomes import wording
from outcomes.measures import Measure
from outcomes.reckoning import Figure

START = datetime(2026, 11, 9, tzinfo=UTC)
SHARE = Figure(Measure.TIME_TO_CONTACT, START, START + timedelta(weeks=1), 81, 90.0, 90.0, 14.4, 3)
FEW = replace(SHARE, numerator=None, denominator=None, value=None, beside=None, without=None, suppressed=True)


def test_a_share_is_told_with_what_it_is_made_of() -> None:
    assert wording.value(SHARE) == "90 %"
    assert wording.made_of(SHARE) == "81 of 90, median 14 min, 3 without a contact"
    assert wording.made_of(replace(SHARE, beside=None, without=0, partial=True)) == (
        "81 of 90, median not reached, so far"
    )


@pytest.mark.parametrize(
    ("value", "told"), [(100.0, "100 %"), (99.98, "over 99 %"), (0.2, "under 1 %"), (0.0, "0 %")]
)
def test_what_was_missed_never_reads_as_all_and_what_was_met_never_as_none(value: float, told: str) -> None:
    assert wording.value(replace(SHARE, value=value)) == told


def test_a_rate_is_told_with_its_alerts_and_person_months() -> None:
    rate = Figure(Measure.ALERTS, START, START + timedelta(weeks=1), 1, 9.25, 1 / 9.25, None, None)
    assert wording.value(rate) == "0.11"
    assert wording.made_of(rate) == "1 alert in 9.2 person-months"


def test_nothing_and_too_few_are_two_things() -> None:
    assert wording.value(FEW) == "fewer than 5 people"
    assert wording.made_of(FEW) == ""
    nothing = replace(SHARE, numerator=0, denominator=0.0, value=None, beside=None, without=0)
    assert wording.value(nothing) == "nothing to count"
    assert wording.made_of(nothing) == "0 of 0"


def test_the_newest_is_that_of_the_last_week_that_is_over() -> None:
    running = replace(SHARE, partial=True)
    nothing = replace(SHARE, value=None)
    assert wording.newest([SHARE, FEW, nothing, running]) is FEW
    assert wording.newest([nothing, running]) is running
    assert wording.newest([nothing]) is None


def test_a_limit_is_drawn_no_further_out_than_a_value_can_lie() -> None:
    assert wording.bounded(Measure.READINGS, 145.5) == 100
    assert wording.bounded(Measure.READINGS, -3) == 0
    assert wording.bounded(Measure.READINGS, 80.5) == 80.5
    assert wording.bounded(Measure.ALERTS, 145.5) == 145.5
    assert wording.bounded(Measure.ALERTS, -3) == 0
    assert wording.bounded(Measure.ALERTS, None) is None


def test_steps_are_told_to_a_hundred_alerts() -> None:
    told = replace(SHARE, measure=Measure.ESCALATIONS, numerator=1234, denominator=2345.0, without=None)
    assert wording.made_of(told) == "1,234 of 2,345, 14 steps past the first per 100 alerts"
