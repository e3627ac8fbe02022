"""Figures in words: a number with its unit, what it is made of, and what the newest one says; pure."""

from collections.abc import Sequence

from outcomes.measures import DEFINITIONS, FEW, Beside, Measure
from outcomes.reckoning import Figure

SUPPRESSED = f"fewer than {FEW} people"


def value(figure: Figure) -> str:
    """The figure with its unit: "82 %", "0.42", "fewer than 5 people", "nothing to count"."""
    if figure.suppressed:
        return SUPPRESSED
    return "nothing to count" if figure.value is None else number(figure.measure, figure.value)


def number(measure: Measure, given: float) -> str:
    """A value of this measure as people read it; a share is never rounded to all or to none."""
    shown = f"{given:.{decimals(measure)}f}"
    if DEFINITIONS[measure].unit != "%":
        return shown
    if shown == "100" and given < 100:
        return "over 99 %"
    return "under 1 %" if shown == "0" and given > 0 else f"{shown} %"


def bounded(measure: Measure, limit: float | None) -> float | None:
    """A limit no further out than a value can lie: for drawing alone, the rules go by the limit itself."""
    if limit is None:
        return None
    return max(0.0, min(limit, 100.0) if DEFINITIONS[measure].unit == "%" else limit)


def decimals(measure: Measure) -> int:
    """How many decimal places a value of this measure is shown with."""
    return 0 if DEFINITIONS[measure].unit == "%" else 2


def made_of(figure: Figure) -> str:
    """What it is made of: "81 of 90, median 14 min, 3 without a contact, so far"."""
    if figure.suppressed:
        return "so far" if figure.partial else ""
    of = figure.denominator or 0
    said = [f"{figure.numerator:,} of {of:,.0f}"]
    if figure.measure is Measure.ALERTS:
        alerts = "1 alert" if figure.numerator == 1 else f"{figure.numerator:,} alerts"
        said = [f"{alerts} in {of:,.1f} person-months"]
    defined = DEFINITIONS[figure.measure]
    if defined.beside is Beside.MEDIAN and of:
        said.append("median not reached" if figure.beside is None else f"median {figure.beside:.0f} min")
    if defined.beside is Beside.STEPS and of:
        said.append(f"{figure.beside:.0f} steps past the first per 100 alerts")
    if figure.without:
        said.append(f"{figure.without} {defined.without}")
    if figure.partial:
        said.append("so far")
    return ", ".join(said)


def newest(figures: Sequence[Figure]) -> Figure | None:
    """The last figure of a week that is over and has something to say; else that of the running week."""
    told = [figure for figure in figures if figure.value is not None or figure.suppressed]
    return next((figure for figure in reversed(told) if not figure.partial), told[-1] if told else None)
