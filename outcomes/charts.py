"""Figures on an XmR chart: the weeks it is made of, what its last point says, how firm its limits are."""

from collections.abc import Sequence
from dataclasses import dataclass

from outcomes import spc
from outcomes.measures import DEFINITIONS, Measure
from outcomes.reckoning import Figure
from outcomes.spc import ENOUGH, FEWEST, Chart, Point, Special, Variation


@dataclass(frozen=True, slots=True)
class FigureChart:
    """The chart with a point for each figure that has one; `points` stand in the order of `figures`.

    A week that is not over, is suppressed or had nothing to count has no point and moves no limit.
    """

    figures: tuple[Figure, ...]
    points: tuple[Point | None, ...]
    chart: Chart

    @property
    def last(self) -> Point | None:
        """The newest point."""
        return next((point for point in reversed(self.points) if point is not None), None)

    @property
    def call(self) -> str:
        """What the newest point says: common, improvement, concern or neutral."""
        return call(self.last)

    @property
    def verdict(self) -> str:
        """The newest point in words."""
        if self.last is None:
            return "No whole week yet"
        if len(self.chart.points) < FEWEST:
            return "Too few weeks to tell"
        flagged = "" if self.last.flag is None else f" ({self.last.label})"
        return f"{_VERDICTS[self.chart.variation]}{flagged}"

    @property
    def trial(self) -> str:
        """What to know of the limits while they may still move; "" once they are made of enough weeks."""
        count = len(self.chart.points)
        if count == 0 or not self.chart.trial:
            return ""
        weeks = "1 week" if count == 1 else f"{count} weeks"
        return f"Trial limits: made of {weeks}, they still move until there are {ENOUGH}."


_VERDICTS = {
    Variation.COMMON: "No change beyond chance",
    Variation.IMPROVEMENT_HIGH: "Better: higher than chance",
    Variation.IMPROVEMENT_LOW: "Better: lower than chance",
    Variation.CONCERN_HIGH: "Worse: higher than chance",
    Variation.CONCERN_LOW: "Worse: lower than chance",
    Variation.NEUTRAL_HIGH: "Higher than chance",
    Variation.NEUTRAL_LOW: "Lower than chance",
}


def draw(measure: Measure, figures: Sequence[Figure]) -> FigureChart:
    """The chart of a measure's figures in time order, by the rules of Making Data Count, not screened."""
    fit = [
        place
        for place, figure in enumerate(figures)
        if figure.value is not None and not figure.partial and not figure.suppressed
    ]
    chart = spc.xmr(
        [figures[place].value or 0.0 for place in fit], improvement=DEFINITIONS[measure].improvement
    )
    points: list[Point | None] = [None] * len(figures)
    for place, point in zip(fit, chart.points, strict=True):
        points[place] = point
    return FigureChart(tuple(figures), tuple(points), chart)


def call(point: Point | None) -> str:
    """What a point says: common (also where there is none), improvement, concern or neutral."""
    if point is None or point.special is Special.COMMON:
        return "common"
    if point.special in (Special.NEUTRAL_HIGH, Special.NEUTRAL_LOW):
        return "neutral"
    return "improvement" if point.special is Special.IMPROVEMENT else "concern"
