"""The pages of pathways: the list of service models, each whole, and taking responsibility for its rules."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import pathway_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from care_plans.pathways import following, reading, switches
from care_plans.pathways.shape import Pathway
from core.errors import NotFound
from people import named, staff
from people.access import Need, may
from people.models.agencies import Staff

blueprint = Blueprint("pathways", __name__)

NOTHING = Form()


@blueprint.get("/pathways")
@needs("pathways:read")
def show_all() -> ResponseReturnValue:
    """Every service model as a line."""
    opened, today = context.session(), _today()
    every = list(reading.all_pathways().values())
    followers = following.list_followers(opened, context.viewer(), every, context.now())
    on = switches.all_on(opened)
    rows = [
        pathway_views.row(each, followers[each.code] if followers else None, on.get(each.code), today)
        for each in every
    ]
    rows.sort(key=lambda each: each.title.casefold())
    return page("pathways.html", pathways=rows, sees_people=followers is not None)


@blueprint.get("/pathways/<pathway>")
@needs("pathways:read")
def show(pathway: str) -> ResponseReturnValue:
    """One of them whole, or an earlier version of it."""
    return _page(pathway, request.args.get("version", ""))


@blueprint.post("/pathways/<pathway>/approve")
@needs("pathways:switch")
def approve(pathway: str) -> ResponseReturnValue:
    """Take responsibility for its clinical rules as they are in the newest version."""
    given = typed("reason")
    wrong = refused(
        lambda: switches.switch_on(
            context.session(), pathway, by=_me(), reason=given["reason"], now=context.now()
        ),
        given,
    )
    return _page(pathway, form=wrong) if wrong else done("Its clinical rules are on.", f"/pathways/{pathway}")


@blueprint.post("/pathways/<pathway>/stop")
@needs("pathways:switch")
def stop(pathway: str) -> ResponseReturnValue:
    """Switch its clinical rules off for everybody who follows it."""
    reading.get(pathway)
    given = typed("reason")
    wrong = refused(
        lambda: switches.switch_off(
            context.session(), pathway, by=_me(), reason=given["reason"], now=context.now()
        ),
        given,
    )
    if wrong:
        return _page(pathway, form=wrong)
    return done("Its clinical rules are off: nobody is told of what they would find.", f"/pathways/{pathway}")


def _page(code: str, asked: str = "", form: Form | None = None) -> ResponseReturnValue:
    opened, viewer, today = context.session(), context.viewer(), _today()
    all_of_it = reading.versions(code)
    newest, shown = all_of_it[0], _asked(all_of_it, asked)
    followers = following.list_followers(opened, viewer, [newest], context.now())
    those = None if followers is None else followers[code]
    switch = switches.find(opened, code)
    by = named.staff(opened, [switch.on_by_id]) if switch else {}
    who = by.get(switch.on_by_id) if switch else None
    words, look = pathway_views.rules_state(newest, switch)
    html = page(
        "pathway.html",
        pathway=pathway_views.whole(shown, today, context.now()),
        old=shown is not newest,
        newest=newest.version,
        versions=pathway_views.versions(all_of_it, those, shown.version, today),
        followers=those,
        rules_words=words,
        rules_look=look,
        approved=pathway_views.approved(switch, who.name if who else None),
        may_approve=may(viewer, Need.PATHWAYS_SWITCH) and pathway_views.has_clinical_rules(newest),
        may_try=may(viewer, Need.PLANS_WRITE),
        needs_approval=switch is None or switch.pathway_version < newest.version,
        form=form or NOTHING,
    )
    return html, (form or NOTHING).status


def _asked(all_of_it: tuple[Pathway, ...], asked: str) -> Pathway:
    if not asked:
        return all_of_it[0]
    for each in all_of_it:
        if str(each.version) == asked:
            return each
    raise NotFound


def _today() -> date:
    return context.now().astimezone(ZoneInfo(context.installation().time_zone)).date()


def _me() -> Staff:
    return staff.get(context.session(), context.viewer().staff_uuid)[0]
