"""Readings as JSON for the drawings: points, the person's usual range and own limits, alert marks."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from app.web.alert_words import shown_severity
from app.web.charts import Drawn, Stretch, gather, limits_of, span, used_in
from care_plans.alerts import history
from care_plans.alerts.history import Mark
from care_plans.judging.describing import Limit
from devices import stretches
from devices.charted import Point
from devices.kinds import Group, Kind, Shape
from devices.measurement import UNFIT
from people.access import Viewer

POINTS = 400  # of one line on a chart
USUAL_DAYS = 30
USUAL_FROM = 10  # readings (or stretches of time) from which somebody's usual range is told
USUAL_OF = (Group.VITALS, Group.HOME)  # what has a usual range; a kettle has not
GAP = 4  # times the usual spacing of a line's points: a longer silence breaks the line
PRESSED_FOR = timedelta(minutes=1)  # how wide an event is drawn


def answer(
    session: Session,
    viewer: Viewer,
    stretch: Stretch,
    now: datetime,
    events: Iterable[tuple[datetime, str]] = (),
) -> dict[str, Any]:
    """What the drawings of a stretch are made from: see _parts/chart.html.

    `events` are drawn through every kind.
    """
    bands = usual(session, stretch, now)
    marks = history.list_marks(
        session, viewer, stretch.subjects, stretch.start, stretch.end, now, home_since=stretch.home_since
    )
    drawn = gather(stretch, (), span(session, stretch, POINTS))
    return {
        "from": stretch.start.isoformat(),
        "to": stretch.end.isoformat(),
        "zone": stretch.zone,
        "kinds": [_json(each, stretch, bands.get(each.key), marks) for each in drawn],
        "events": [{"at": at.isoformat(), "words": words} for at, words in events],
    }


def nothing(now: datetime, zone: str) -> dict[str, Any]:
    """The same for what has measured nothing."""
    at = now.isoformat()
    return {"from": at, "to": at, "zone": zone, "kinds": [], "events": []}


def usual(session: Session, stretch: Stretch, now: datetime) -> dict[str, list[float]]:
    """By key, where most readings of the last 30 days lay: lowest and highest."""
    lines = span(session, stretch, POINTS, now - timedelta(days=USUAL_DAYS), now)
    found = {each.key: _usual(each) for each in gather(stretch, (), lines)}
    return {key: band for key, band in found.items() if band is not None}


def _usual(drawn: Drawn) -> list[float] | None:
    """Where four of five readings lay: from the tenth to the ninetieth of a hundred."""
    values = sorted(point.value for point in drawn.points if not point.flags & UNFIT)
    if len(values) < USUAL_FROM or drawn.kind.group not in USUAL_OF or drawn.kind.shape is not Shape.NUMBER:
        return None
    low, high = values[len(values) // 10], values[len(values) * 9 // 10]
    return [round(low, 2), round(high, 2)] if high > low else None


def _json(drawn: Drawn, stretch: Stretch, band: list[float] | None, marks: Sequence[Mark]) -> dict[str, Any]:
    kind, counts = drawn.kind, drawn.kind.shape is Shape.COUNTER
    return {
        "key": drawn.key,
        "name": drawn.name,
        "unit": _unit(kind, stretch),
        "decimals": kind.digits,
        "stepped": kind.is_binary or kind.group is Group.ENERGY or counts,
        "states": {"0": kind.false_words, "1": kind.true_words} if kind.is_binary else None,
        "points": _points(drawn, stretch),
        "spread": _spread(drawn),
        "band": band,
        "limits": [
            _limit(limit, kind.unit_words)
            for limit in limits_of(stretch.rules, kind.code) if not counts
        ],
        "marks": [_mark(mark, told=not counts) for mark in marks if mark.kind == kind.code],
    }  # fmt: skip


def _limit(limit: Limit, unit: str) -> dict[str, Any]:
    return {"value": limit.value, "severity": limit.severity.value, "words": f"{limit.words} {unit}"}


def _mark(mark: Mark, *, told: bool) -> dict[str, Any]:
    """An alert; its value is `told` where the chart is of values, and not of what was used."""
    return {
        "at": mark.at.isoformat(),
        "value": mark.value if told else None,
        "severity": shown_severity(mark.severity, mark.class_),
        "words": mark.words,
        "href": f"/alerts/{mark.uuid}",
    }


def _points(drawn: Drawn, stretch: Stretch) -> list[list[object]]:
    fit = [point for point in drawn.points if not point.flags & UNFIT]
    if drawn.kind.shape is Shape.EVENT:
        return _pressed(fit, stretch)
    if drawn.kind.shape is Shape.COUNTER:
        return _used(drawn, stretch)
    if drawn.kind.is_binary:
        return [[point.at.isoformat(), round(point.value)] for point in fit]
    spaces = sorted(later.at - point.at for point, later in pairwise(fit))
    longest = max(spaces[len(spaces) // 2] * GAP, (stretch.end - stretch.start) / 50) if spaces else None
    found: list[list[object]] = []
    for number, point in enumerate(fit):
        before = fit[number - 1].at if number else point.at
        if longest is not None and point.at - before > longest:
            found.append([(before + (point.at - before) / 2).isoformat(), None])
        found.append([point.at.isoformat(), round(point.value, 3)])
    return found


def _unit(kind: Kind, stretch: Stretch) -> str:
    if kind.shape is not Shape.COUNTER:
        return kind.unit_words
    return f"{kind.unit_words} {'an hour' if stretches.by_the_hour(stretch.start, stretch.end) else 'a day'}"


def _used(drawn: Drawn, stretch: Stretch) -> list[list[object]]:
    """What was used, level for as long as it took; the line breaks where that is not known."""
    found: list[list[object]] = []
    for taken in used_in(drawn, stretch, POINTS):
        amount = None if taken.used.amount is None else round(taken.used.amount, 3)
        found += [[at.isoformat(), amount] for at in (taken.since, taken.until)]
    return found


def _spread(drawn: Drawn) -> list[list[object]]:
    """Where a point stands for several readings, the lowest and the highest: a mean hides both."""
    if drawn.kind.shape is not Shape.NUMBER:
        return []
    several = [point for point in drawn.points if not point.flags & UNFIT and point.low < point.high]
    return [[point.at.isoformat(), round(point.low, 3), round(point.high, 3)] for point in several]


def _pressed(points: Sequence[Point], stretch: Stretch) -> list[list[object]]:
    """Events as a line that rises for a minute each; one that is flat says that none came."""
    found: list[list[object]] = [[stretch.start.isoformat(), 0]]
    for point in points:
        if point.high >= 1:
            found += [[point.at.isoformat(), 1], [(point.at + PRESSED_FOR).isoformat(), 0]]
    return [*found, [stretch.end.isoformat(), 0]]
