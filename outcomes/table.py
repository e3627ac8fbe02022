"""Figures as a table for spreadsheets, in which nothing can be taken for a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from outcomes.charts import FigureChart
from outcomes.reckoning import Figure
from outcomes.spc import Point

COLUMNS = (
    "measure",
    "period_start",
    "period_end",
    "breakdown",
    "numerator",
    "denominator",
    "value",
    "mean",
    "lower",
    "upper",
    "special cause",
)
SUPPRESSED = "fewer than 5"
NOT_OVER = "week not over"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(charts: Iterable[tuple[str, FigureChart]], zone: str) -> str:
    """Every figure of every (breakdown in words, chart), one line each, with a line of headings.

    Days are local, `period_end` is the last one. Numbers are not rounded, and empty where there are none.
    """
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for breakdown, chart in charts:
        for figure, point in zip(chart.figures, chart.points, strict=True):
            lines.writerow(_line(breakdown, figure, point, zone))
    return out.getvalue()


def plain(text: str) -> str:
    """The text, led by an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(breakdown: str, figure: Figure, point: Point | None, zone: str) -> list[str]:
    start = figure.start.astimezone(ZoneInfo(zone)).date()
    end = (figure.end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    counted = (
        (SUPPRESSED, SUPPRESSED, SUPPRESSED)
        if figure.suppressed
        else (_number(figure.numerator), _number(figure.denominator), _number(figure.value))
    )
    limits = (point.mean, point.lower, point.upper) if point else (None, None, None)
    return [
        figure.measure.value,
        start.isoformat(),
        end.isoformat(),
        plain(breakdown),
        *counted,
        *(_number(one) for one in limits),
        point.label if point else NOT_OVER if figure.partial else "",
    ]


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else repr(float(number))
