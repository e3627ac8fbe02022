"""A measure as its page shows it: in words, as rows of a table, as points of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.web.alert_words import CLASSES
from app.web.outcome_filters import OutcomeFilters, week_words
from app.web.pages import address
from care_plans.models.alerts import Cause
from care_plans.severity import Class
from outcomes import charts, figures, wording
from outcomes.alerts_raised import OPEN
from outcomes.charts import FigureChart
from outcomes.figures import Side
from outcomes.ground import Ground
from outcomes.measures import AGENCY, DEFINITIONS, Measure
from outcomes.reckoning import Breakdown, Figure
from outcomes.rows import Row
from outcomes.spc import Point

PATH = "/outcomes"
CAUSES: Mapping[str, str] = {
    OPEN: "still open",
    Cause.TRUE_ACTED: "true, acted on",
    Cause.TRUE_NO_ACTION: "true, nothing to do",
    Cause.FALSE_KIT: "false, the kit",
    Cause.FALSE_THRESHOLD: "false, the limit",
    Cause.FALSE_USER: "false, how it was used",
    Cause.DUPLICATE: "duplicate",
    Cause.TEST: "test",
}
"""Causes of closing, short enough for a list of figures."""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One week in the table."""

    label: str
    value: str
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure: see outcomes.html."""

    key: str
    name: str
    said: str
    more: str
    verdict: str
    call: str
    definition: str
    numerator: str
    denominator: str
    rows: tuple[MeasureRow, ...]
    json_url: str
    rows_href: str
    csv_href: str


@dataclass(frozen=True, slots=True)
class TracedRow:
    """One row behind a figure: see measure.html."""

    cells: tuple[str, ...]
    href: str | None
    counted: bool


def view(ground: Ground, measure: Measure, breakdown: Breakdown, filters: OutcomeFilters) -> MeasureView:
    """The measure in words, with its table."""
    defined = DEFINITIONS[measure]
    chart = charts.draw(measure, figures.by_week(ground, measure, breakdown))
    kept = filters.kept()
    counted = any(figure.value is not None or figure.suppressed for figure in chart.figures)
    more = [_by_kind(ground, breakdown)] if measure is Measure.ALERTS and counted else []
    return MeasureView(
        key=measure.value,
        name=defined.name,
        said=_said(ground, chart),
        more=" ".join([*more, chart.trial]).strip(),
        verdict=chart.verdict,
        call=chart.call,
        definition=f"{defined.counts} Left out: {_small(defined.left_out)} {defined.better} {AGENCY}",
        numerator=defined.numerator,
        denominator=defined.denominator,
        rows=tuple(
            MeasureRow(week_words(week), wording.value(figure), wording.made_of(figure), _rule(figure, point))
            for week, figure, point in zip(ground.weeks, chart.figures, chart.points, strict=True)
        )
        if counted
        else (),
        json_url=address(f"{PATH}/{measure.value}.json", kept),
        rows_href=address(f"{PATH}/{measure.value}", kept),
        csv_href=address(f"{PATH}/{measure.value}.csv", kept),
    )


def drawn(ground: Ground, measure: Measure, breakdown: Breakdown) -> dict[str, Any]:
    """The chart's JSON; a week that is suppressed moves no limit.

    A week that is not over has no point beside weeks that are: on a Monday morning it would dwarf them; the
    table tells how it stands so far. Limits are drawn no further out than a value can lie.
    """
    chart = charts.draw(measure, figures.by_week(ground, measure, breakdown))
    defined = DEFINITIONS[measure]
    over = any(figure.value is not None for figure in chart.figures if not figure.partial)
    return {
        "unit": defined.unit,
        "decimals": wording.decimals(measure),
        "target": None,
        "points": [
            {
                "label": week_words(week),
                "value": None if figure.partial and over else figure.value,
                "mean": point.mean if point else None,
                "upper": wording.bounded(measure, point.upper) if point else None,
                "lower": wording.bounded(measure, point.lower) if point else None,
                "call": charts.call(point),
                "rule": _rule(figure, point),
                "words": wording.SUPPRESSED if figure.suppressed else wording.made_of(figure),
            }
            for week, figure, point in zip(ground.weeks, chart.figures, chart.points, strict=True)
        ],
    }


def side_words(side: Side, kind: str) -> str:
    """A class or a cause in a few words."""
    return CAUSES[kind] if side is Side.CAUSE else CLASSES[Class(kind)].lower()


def traced(row: Row, when: str) -> TracedRow:
    """A row behind the figure, opened where it may be."""
    href = f"/alerts/{row.alert_uuid}" if row.alert_uuid else None
    if href is None and row.person_uuid is not None:
        href = f"/people/{row.person_uuid}"
    return TracedRow(
        (when, row.who or "not shown", row.what), href, counted=row.met > 0 and row.met >= row.of
    )


def _said(ground: Ground, chart: FigureChart) -> str:
    figure = wording.newest(chart.figures)
    if figure is None:
        return "Nothing to count yet."
    week = next(week for week in ground.weeks if week.start == figure.start)
    when = "this week" if figure.partial else f"in the week of {week.monday.day} {week.monday:%B}"
    if figure.suppressed:
        return f"Fewer than 5 people {when}: not shown."
    unit = DEFINITIONS[figure.measure].unit
    rate = "" if unit == "%" else f" {unit}"
    return f"{wording.value(figure)}{rate} {when}: {wording.made_of(figure)}."


def _by_kind(ground: Ground, breakdown: Breakdown) -> str:
    """How the alerts of all these weeks divide, by class and by cause."""
    said = []
    for side, lead in ((Side.CLASS, "By class in all these weeks"), (Side.CAUSE, "by cause")):
        parts = [
            f"{side_words(side, kind)} {wording.value(figure)}"
            for kind, figure in figures.side_by_side(ground, side, breakdown)
        ]
        said.append(f"{lead}: {' · '.join(parts)}" if parts else f"{lead}: none")
    return f"{'; '.join(said)}."


def _rule(figure: Figure, point: Point | None) -> str:
    if figure.partial:
        return "week not over"
    return point.label if point is not None and point.flag is not None else ""


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
