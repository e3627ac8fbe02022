"""The morning: what the night brought, who has not been heard from, what is to be done, what one is told."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import alert_rows, follow_up_views
from app.web.alert_rows import AlertRow
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from care_plans import handovers
from care_plans.alerts import board, listing
from care_plans.alerts.choosing import BoardFilters
from care_plans.work import agenda
from care_plans.work.agenda import Wanted, Whose
from care_plans.work.recurrence import moment
from core.errors import Invalid, NotFound
from people import teams
from people.access import Need, may
from people.models.agencies import Team

blueprint = Blueprint("morning", __name__)

EVENING = time(18)
"""Local time at which the night begins that the page tells of."""
MOST = 100


@blueprint.get("/morning")
@needs("alerts:read")
def show_morning() -> ResponseReturnValue:
    """All of it, for the viewer's teams."""
    return _page(Form())


@blueprint.post("/morning/handovers")
@needs("alerts:act")
def give() -> ResponseReturnValue:
    """Tell the next shift."""
    given = typed("team", "words")

    def act() -> None:
        handovers.give(
            context.session(), _team(given["team"]), given["words"], by=context.viewer(), now=context.now()
        )

    wrong = refused(act, given)
    return _page(wrong) if wrong else done("The next shift is told.", "/morning")


@blueprint.post("/morning/handovers/<uuid:handover_id>/take")
@needs("alerts:act")
def take(handover_id: UUID) -> ResponseReturnValue:
    """Take over."""
    wrong = refused(
        lambda: handovers.take(context.session(), handover_id, by=context.viewer(), now=context.now()), {}
    )
    return _page(wrong) if wrong else done("You have taken over.", "/morning")


def _team(text: str) -> Team:
    try:
        return teams.get(context.session(), UUID(text))[0]
    except (ValueError, NotFound) as fault:
        raise Invalid({"team": "Choose one of your teams."}) from fault


def since(now: datetime, zone: str) -> datetime:
    """Since when the night is told: the last time it was six in the evening."""
    today = now.astimezone(ZoneInfo(zone)).date()
    evening = moment(today, EVENING, zone)
    return evening if now >= evening else moment(today - timedelta(days=1), EVENING, zone)


def _page(form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    zone = context.installation().time_zone
    evening = since(now, zone)
    tonight = moment(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time(), zone)
    overnight, overnight_more = _lines(BoardFilters(raised_since=evening))
    unheard, unheard_more = _lines(BoardFilters(unheard=True))
    items = agenda.list_items(opened, viewer, Wanted(Whose.TEAMS, due_to=tonight), now, limit=MOST)
    raised, closed = listing.count_since(opened, viewer, evening, now)
    mine = [(str(uuid), name) for uuid, name in teams.names_of(opened, viewer.team_ids)]
    html = page(
        "morning.html",
        since=evening,
        raised=raised,
        closed=closed,
        overnight=overnight,
        overnight_more=overnight_more,
        unheard=unheard,
        unheard_more=unheard_more,
        covered=board.count_covered(opened, viewer, now),
        groups=follow_up_views.grouped(opened, items, viewer, now, zone)
        if may(viewer, Need.FOLLOW_UPS_READ)
        else (),
        handovers=[(each, each.waits(now)) for each in handovers.list_recent(opened, viewer, now)],
        mine=[("", "Choose"), *mine] if len(mine) > 1 else mine,
        me_id=viewer.staff_id,
        may_act=may(viewer, Need.ALERTS_ACT) and bool(mine),
        form=form,
        zone=zone,
    )
    return html, form.status


def _lines(filters: BoardFilters) -> tuple[list[AlertRow], int]:
    """The worst of these as lines, and how many more there are."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    lines = board.list_lines(opened, viewer, filters, now, limit=MOST)
    more = board.count_lines(opened, viewer, filters, now) - MOST if len(lines) == MOST else 0
    return [alert_rows.row(line, viewer, now) for line in lines], more
