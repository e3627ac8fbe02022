"""The table that goes into spreadsheets."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from outcomes import charts, table
from outcomes.measures import Measure
from outcomes.reckoning import Figure

MONDAY = datetime(2026, 10, 18, 23, tzinfo=UTC)  # midnight in London, in the week the clocks go back
WEEK = timedelta(days=7, hours=1)


def lines(breakdown: str, *figures: Figure) -> list[dict[str, str]]:
    drawn = charts.draw(Measure.READINGS, figures)
    return list(csv.DictReader(io.StringIO(table.as_csv([(breakdown, drawn)], "Europe/London"))))


def figure(value: float | None, **more: bool) -> Figure:
    shown = None if value is None else round(value)
    return Figure(
        Measure.READINGS,
        MONDAY,
        MONDAY + WEEK,
        shown,
        None if value is None else 3.0,
        value,
        None,
        None,
        **more,
    )


def test_each_figure_is_a_line_with_its_local_days_and_limits() -> None:
    (first, second) = lines("all", figure(100 / 3), figure(50))
    assert list(first) == list(table.COLUMNS)
    assert first["measure"] == "readings-as-expected"
    assert (first["period_start"], first["period_end"]) == ("2026-10-19", "2026-10-25")
    assert float(first["value"]) == 100 / 3
    assert (first["numerator"], first["denominator"]) == ("33", "3")
    assert float(second["upper"]) > float(second["mean"]) > float(second["lower"])
    assert second["special cause"] == "Common cause"


def test_what_has_no_number_has_an_empty_cell_and_not_nought() -> None:
    (nothing, few, running) = lines(
        "all", figure(None), figure(None, suppressed=True), figure(50, partial=True)
    )
    assert (nothing["value"], nothing["mean"], nothing["special cause"]) == ("", "", "")
    assert (few["numerator"], few["denominator"], few["value"]) == ("fewer than 5",) * 3
    assert (running["value"], running["mean"], running["special cause"]) == ("50", "", "week not over")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_can_be_taken_for_a_formula(start: str) -> None:
    assert table.plain(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    (line,) = lines(f'{start}HYPERLINK("http://x")', figure(50))
    assert line["breakdown"].startswith("'")


def test_ordinary_words_stay_as_they_are() -> None:
    assert table.plain("Westmere Homes; copd") == "Westmere Homes; copd"
