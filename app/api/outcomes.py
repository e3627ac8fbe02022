"""Outcomes in the REST API: five measures with their definitions, figures by week and rows."""

from typing import Any

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Shape, Text, choice, page_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, read_cursor, write_cursor
from app.auth import needs
from app.context import installation, now, session, viewer
from care_plans.models.alerts import Cause
from care_plans.pathways import reading
from care_plans.severity import Class
from core.errors import Invalid, NotFound
from outcomes import charts, figures, rows, spc, worth
from outcomes.alerts_raised import OPEN
from outcomes.ground import Ground
from outcomes.measures import AGENCY, DEFINITIONS, Measure
from outcomes.reckoning import Breakdown, Figure
from outcomes.spc import Point
from outcomes.weeks import Week
from outcomes.worth import By
from people import agencies

blueprint = Blueprint("outcomes", "What it was good for: five measures with their definitions and rows.")


class OutcomesAsked(Shape):
    """Which weeks and which breakdown; the last 13 weeks where they are left out."""

    from_ = fields.Date(data_key="from", load_default=None, metadata={"description": "A day in the first."})
    to = fields.Date(load_default=None, metadata={"description": "A day in the last week."})
    pathway = Text(most=64, load_default=None)
    agency_id = fields.UUID(load_default=None)
    class_ = choice(Class, data_key="class", load_default=None)
    cause = fields.String(
        load_default=None,
        metadata={"description": "Of alerts: the cause they were closed with, or `open`."},
        validate=validate.OneOf([OPEN, *(cause.value for cause in Cause)]),
    )


class RowsAsked(OutcomesAsked, Cut):
    """Which rows are asked for."""

    week = fields.Date(load_default=None, metadata={"description": "A day in the only week; else all."})


class DefinitionOut(Shape):
    """A measure in words; `agency` says which agency a row belongs to."""

    measure = choice(Measure)
    name = fields.String()
    numerator = fields.String()
    denominator = fields.String()
    counts = fields.String()
    left_out = fields.String()
    agency = fields.Constant(AGENCY)
    unit = fields.String()
    improvement = choice(spc.Direction)
    better = fields.String()
    beside = fields.String(allow_none=True, metadata={"description": "What the number beside it says."})
    without = fields.String(allow_none=True, metadata={"description": "What it means to have no answer."})


class Definitions(Shape):
    """Every measure; there is never a next part."""

    items = fields.List(fields.Nested(DefinitionOut), required=True)
    next = fields.String(required=True, allow_none=True)


class FigureOut(Shape):
    """One week; numbers are null where it is about too few people, or nothing was to be counted."""

    start = Moment()
    end = Moment()
    numerator = fields.Integer(allow_none=True)
    denominator = fields.Float(allow_none=True)
    value = fields.Float(allow_none=True)
    beside = fields.Float(allow_none=True)
    without = fields.Integer(allow_none=True)
    suppressed = fields.Boolean(metadata={"description": "Fewer than five people."})
    running = fields.Boolean(
        data_key="partial", attribute="partial", metadata={"description": "The week is not over."}
    )
    mean = fields.Float(allow_none=True)
    lower = fields.Float(allow_none=True)
    upper = fields.Float(allow_none=True)
    special_cause = fields.String(allow_none=True)


class ChartOut(Shape):
    """A measure by week on its XmR chart."""

    definition = fields.Nested(DefinitionOut)
    figures = fields.List(fields.Nested(FigureOut))
    verdict = fields.String(metadata={"description": "What the newest week says."})
    trial = fields.Boolean(metadata={"description": "The limits still move: fewer than 13 weeks."})


class RowOut(Shape):
    """A row behind a figure; whose it is stays null for whoever may not see them."""

    at = Moment()
    who = fields.String(allow_none=True)
    what = fields.String()
    numerator = fields.Integer(attribute="met", metadata={"description": "What it adds to the numerator."})
    denominator = fields.Float(metadata={"description": "What it adds to the denominator."})
    person_id = fields.UUID(attribute="person_uuid", allow_none=True)
    alert_id = fields.UUID(attribute="alert_uuid", allow_none=True)


class WorthAsked(Shape):
    """Which weeks, and what alerts are counted by; the last 13 weeks where they are left out."""

    from_ = fields.Date(data_key="from", load_default=None, metadata={"description": "A day in the first."})
    to = fields.Date(load_default=None, metadata={"description": "A day in the last week."})
    pathway = Text(most=64, load_default=None)
    by = choice(By, load_default=By.RULE)


class ShareOut(Shape):
    """A share from 0 to 1, with its 95 % Wilson interval."""

    value = fields.Float()
    low = fields.Float()
    high = fields.Float()


class TallyOut(Shape):
    """Alerts of one rule, model of kit, person or home."""

    name = fields.String()
    key = fields.String(
        allow_none=True, metadata={"description": "Of a rule: its key, whatever its version."}
    )
    raised = fields.Integer()
    found = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many by the cause they were closed with, `open` or `by_itself`."},
    )
    precision = fields.Nested(
        ShareOut,
        allow_none=True,
        metadata={"description": "The true among those that somebody judged; null where nobody did."},
    )


class WorthOut(Shape):
    """Every line there is, most often wrong first."""

    items = fields.List(fields.Nested(TallyOut), required=True)
    withheld = fields.Integer(
        metadata={"description": "Alerts that are not shared with your agency in full."}
    )
    few = fields.Integer(metadata={"description": "Lines left out: about fewer than five people."})
    next = fields.String(required=True, allow_none=True)


@blueprint.get("")
@needs("outcomes:read")
@blueprint.answers(Definitions)
def list_measures() -> Any:
    """List the measures with their definitions."""
    return {"items": list(DEFINITIONS.values()), "next": None}


@blueprint.get("/which-alerts")
@needs("outcomes:read")
@blueprint.takes(WorthAsked, location="query")
@blueprint.answers(WorthOut)
def list_worth(asked: Given) -> Any:
    """List rules, models of kit or people by how often their alerts were right, most often wrong first."""
    found = worth.of(_ground(asked), asked["by"], _pathway(asked["pathway"]))
    items = [
        {
            "name": one.name,
            "key": one.key if asked["by"] is By.RULE else None,
            "raised": one.raised,
            "found": dict(one.found),
            "precision": one.precision,
        }
        for one in found.tallies
    ]
    return {"items": items, "withheld": found.withheld, "few": found.few, "next": None}


@blueprint.get("/<measure>")
@needs("outcomes:read")
@blueprint.takes(OutcomesAsked, location="query")
@blueprint.answers(ChartOut)
def get_figures(asked: Given, measure: str) -> Any:
    """Show a measure by week, with its limits."""
    known, ground = _measure(measure), _ground(asked)
    drawn = charts.draw(known, figures.by_week(ground, known, _breakdown(asked)))
    return {
        "definition": DEFINITIONS[known],
        "figures": [
            _figure(figure, point) for figure, point in zip(drawn.figures, drawn.points, strict=True)
        ],
        "verdict": drawn.verdict,
        "trial": drawn.chart.trial,
    }


@blueprint.get("/<measure>/rows")
@needs("outcomes:read")
@blueprint.takes(RowsAsked, location="query")
@blueprint.answers(page_of(RowOut))
def list_rows(asked: Given, measure: str) -> Page[Any]:
    """List the rows behind a measure's figures, the newest first; their sums are the figures."""
    known, ground = _measure(measure), _ground(asked)
    found = rows.behind(ground, known, _breakdown(asked), _week(asked, ground))
    first = read_cursor(asked["cursor"], [int])[0] if asked["cursor"] else 0
    last = first + asked["limit"]
    scale = DEFINITIONS[known].scale
    shown = [
        {**{name: getattr(row, name) for name in row.__slots__}, "denominator": row.of / scale}
        for row in rows.tell(ground, found[max(first, 0) : max(last, 0)])
    ]
    return Page(shown, write_cursor([last]) if last < len(found) else None)


def _measure(name: str) -> Measure:
    if name not in set(Measure):
        raise NotFound
    return Measure(name)


def _ground(asked: Given) -> Ground:
    return figures.lay(
        session(),
        viewer(),
        since=asked["from_"],
        until=asked["to"],
        now=now(),
        zone=installation().time_zone,
    )


def _breakdown(asked: Given) -> Breakdown:
    agency_id = agencies.get(session(), asked["agency_id"]).id if asked["agency_id"] else None
    class_ = asked["class_"].value if asked["class_"] else None
    return Breakdown(_pathway(asked["pathway"]), agency_id, class_, asked["cause"])


def _pathway(code: str | None) -> str | None:
    if code is not None and code not in reading.all_pathways():
        raise Invalid({"pathway": "There is no such pathway."})
    return code


def _week(asked: Given, ground: Ground) -> Week | None:
    if asked["week"] is None:
        return None
    found = next((week for week in ground.weeks if week.monday <= asked["week"] <= week.sunday), None)
    if found is None:
        raise Invalid({"week": "Choose a day in the weeks that are asked for."})
    return found


def _figure(figure: Figure, point: Point | None) -> dict[str, Any]:
    return {
        **{name: getattr(figure, name) for name in figure.__slots__},
        "mean": point.mean if point else None,
        "lower": point.lower if point else None,
        "upper": point.upper if point else None,
        "special_cause": point.label if point and point.flag else None,
    }
