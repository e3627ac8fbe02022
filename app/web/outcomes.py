"""The pages of outcomes: five measures on their charts, each with its rows and as a table to take away."""

from flask import Blueprint, Response, abort, jsonify
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import outcome_filters, outcome_views
from app.web.outcome_filters import OutcomeFilters
from app.web.outcome_views import PATH
from app.web.pages import PER_PAGE, page, page_number, paging
from app.web.words import clock, counted, date_only
from outcomes import charts, figures, rows, table
from outcomes.figures import Side
from outcomes.ground import Ground
from outcomes.measures import Measure
from outcomes.reckoning import Breakdown
from people.models.agencies import Agency

blueprint = Blueprint("outcomes", __name__)

HEADINGS = ("When", "Who", "What")


@blueprint.get("/outcomes")
@needs("outcomes:read")
def show_all() -> ResponseReturnValue:
    """All five, one below the other."""
    filters, ground, agencies = _asked()
    breakdown = filters.breakdown(agencies)
    measures = [outcome_views.view(ground, measure, breakdown, filters) for measure in Measure]
    return page(
        "outcomes.html",
        measures=measures if any(measure.rows for measure in measures) else [],
        picks=outcome_filters.picks(filters, figures.pathways(context.session()), agencies),
        keep=filters.kept(),
        since_words=f"Weeks since {date_only(ground.weeks[0].monday)}",
        left_out=_left_out(ground),
    )


@blueprint.get("/outcomes/<measure>")
@needs("outcomes:read")
def show(measure: str) -> ResponseReturnValue:
    """One of them, with the rows behind it."""
    known = _measure(measure)
    filters, ground, agencies = _asked()
    breakdown = filters.breakdown(agencies)
    found = rows.behind(ground, known, breakdown, filters.one_week(ground.weeks))
    number = page_number()
    shown = rows.tell(ground, found[(number - 1) * PER_PAGE : number * PER_PAGE])
    given_picks = outcome_filters.picks(filters, figures.pathways(context.session()), agencies)
    return page(
        "measure.html",
        measure=outcome_views.view(ground, known, breakdown, filters),
        picks=(*given_picks, *outcome_filters.picks_of(known, filters, ground.weeks)),
        keep=filters.kept(),
        headings=HEADINGS,
        rows=[outcome_views.traced(row, clock(row.at, ground.now, ground.zone)) for row in shown],
        paging=paging(f"{PATH}/{known.value}", filters.kept(), number, len(found)),
    )


@blueprint.get("/outcomes/<measure>.json")
@needs("outcomes:read")
def draw(measure: str) -> ResponseReturnValue:
    """The chart of one of them."""
    known = _measure(measure)
    filters, ground, agencies = _asked()
    return jsonify(outcome_views.drawn(ground, known, filters.breakdown(agencies)))


@blueprint.get("/outcomes/<measure>.csv")
@needs("outcomes:read")
def take_away(measure: str) -> ResponseReturnValue:
    """One of them for a spreadsheet; alerts by class and by cause too."""
    known = _measure(measure)
    filters, ground, agencies = _asked()
    breakdown = filters.breakdown(agencies)
    whole = _breakdown_words(filters, agencies)
    drawn = [(whole, charts.draw(known, figures.by_week(ground, known, breakdown)))]
    if known is Measure.ALERTS:
        drawn += [
            (f"{whole}; {side.value}: {kind}", charts.draw(known, figures.by_week(ground, known, only)))
            for side, kind, only in _sides(ground, breakdown)
        ]
    return Response(
        table.as_csv(drawn, ground.zone),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{known.value}.csv"'},
    )


def _asked() -> tuple[OutcomeFilters, Ground, list[Agency]]:
    filters, opened, now = OutcomeFilters.asked(), context.session(), context.now()
    zone = context.installation().time_zone
    ground = figures.lay(opened, context.viewer(), since=filters.since(now, zone), now=now, zone=zone)
    return filters, ground, figures.agencies(opened)


def _left_out(ground: Ground) -> str | None:
    """How many said no to being counted, in words; None for nobody, and of few no number."""
    number = ground.sight.count_left_out(ground.session)
    if not number:
        return None
    few = number < ground.sight.few
    return f"Left out, as they said: {'fewer than 5 people' if few else counted(number, 'person', 'people')}."


def _measure(name: str) -> Measure:
    if name not in set(Measure):
        abort(404)
    return Measure(name)


def _sides(ground: Ground, breakdown: Breakdown) -> list[tuple[Side, str, Breakdown]]:
    """Each class and each cause there was, with the breakdown that counts it alone."""
    found = []
    for side in Side:
        for kind, _ in figures.side_by_side(ground, side, breakdown):
            found.append((side, kind, figures.narrowed(breakdown, side, kind)))
    return found


def _breakdown_words(filters: OutcomeFilters, agencies: list[Agency]) -> str:
    named = [agency.name for agency in agencies if str(agency.uuid) == filters.agency]
    titles = [title for code, title in figures.pathways(context.session()) if code == filters.pathway]
    return "; ".join([*titles, *named, *filter(None, (filters.kind, filters.cause))]) or "all"
