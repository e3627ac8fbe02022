"""The board: the open alerts in my scope, worst first, live, with filters that stay in the address."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs, signed_in
from app.web import alert_rows, alerts
from app.web.alert_views import AlertShown
from app.web.board_filters import Filters, chips, more_chips, picks
from app.web.pages import address, done, onward, page, part
from care_plans.alerts import alerts as moves
from care_plans.alerts import auditor, board, read
from care_plans.alerts.board import Line
from care_plans.alerts.choosing import BoardFilters
from care_plans.alerts.deadlines import Hold
from care_plans.severity import Class, Severity
from core.errors import NotFound
from people.access import Need, may

blueprint = Blueprint("board", __name__)

LINES = 200
STAMP_LASTS = 30
"""Real seconds after which lines are sent again although no alert has changed: trends and names move too."""
# Where somebody begins whose role has no board, by the first need they meet.
ELSEWHERE = (
    (Need.FOLLOW_UPS_READ, "/follow-ups"),
    (Need.KIT_READ, "/kit"),
    (Need.OUTCOMES_READ, "/outcomes"),
)


@blueprint.get("/")
@signed_in()
def show() -> ResponseReturnValue:
    """The whole page; whoever has no board goes to the page they begin with."""
    viewer = context.viewer()
    if not may(viewer, Need.ALERTS_READ):
        return redirect(next((path for need, path in ELSEWHERE if may(viewer, need)), "/accessibility"), 303)
    lines = _lines()
    selected = _selected(lines)
    zone = selected.zone if selected else context.installation().time_zone
    return page("board.html", selected=selected, zone=zone, **_rows(lines))


@blueprint.get("/board/rows")
@needs("alerts:read", live=True)
def rows() -> ResponseReturnValue:
    """The lines alone; 204 when the page that asks holds what there is."""
    wanted = _wanted(Filters.asked())
    stamp = _lasting(board.stamp(context.session(), context.viewer(), wanted, context.now()))
    if request.args.get("version") == stamp:
        return "", 204
    return part("_board_rows.html", selected=None, **_rows(_lines()))


@blueprint.post("/board/seen")
@needs("alerts:act")
def see_all() -> ResponseReturnValue:
    """Mark what was on the page and only had to be looked at as seen, together; never a red."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    named = [UUID(each) for each in request.form.getlist("alert")[:LINES] if _is_uuid(each)]
    number = moves.see_all(opened, read.list_open(opened, viewer, named, now), by=viewer, now=now)
    said = f"{number} seen." if number else "Nothing was left to be seen."
    return done(said, onward(request.form.get("next", ""), "/"))


def _lines() -> list[Line]:
    wanted = _wanted(Filters.asked())
    return board.list_lines(context.session(), context.viewer(), wanted, context.now(), limit=LINES)


def _rows(lines: list[Line]) -> dict[str, object]:
    filters = Filters.asked()
    opened, viewer, now = context.session(), context.viewer(), context.now()
    counts = board.count(opened, viewer, _wanted(filters), now)
    return {
        "rows": tuple(alert_rows.row(line, viewer, now) for line in lines),
        "total": counts.total,
        "scope_words": "for my teams",
        "severity_chips": chips(filters, counts),
        "more_chips": more_chips(filters, counts),
        "picks": picks(opened, viewer, filters, now),
        "keep": filters.kept(),
        "query": address("", filters.kept())[1:],
        "here": address("/", filters.kept()),
        "version": _lasting(counts.stamp),
        "green": tuple(str(line.uuid) for line in lines if _only_to_be_seen(line))
        if may(viewer, Need.ALERTS_ACT)
        else (),
    }


def _selected(lines: list[Line]) -> AlertShown | None:
    asked = request.args.get("alert", "")
    found = None
    if _is_uuid(asked):
        try:
            found = moves.get(context.session(), context.viewer(), UUID(asked), context.now())
        except NotFound:
            found = None
    if found is None and lines:
        found = moves.get(context.session(), context.viewer(), lines[0].uuid, context.now())
    return alerts.beside(found) if found is not None else None


def _lasting(stamp: str) -> str:
    return f"{stamp}.{int(context.installation().real_now().timestamp()) // STAMP_LASTS}"


def _wanted(filters: Filters) -> BoardFilters:
    late = auditor.OVERDUE * max(1.0, context.installation().db.clock.factor)
    return filters.of_board(context.session(), context.now() - timedelta(seconds=late))


def _only_to_be_seen(line: Line) -> bool:
    quiet = line.severity is Severity.WATCH or line.cleared_at is not None
    pressing = line.severity is Severity.RED or line.class_ is Class.LIFE_SAFETY
    return quiet and not pressing and line.hold in (None, Hold.CLEARED) and line.handed_to is None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
