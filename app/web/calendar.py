"""The secret addresses of somebody's calendar on a page, and what a program fetches at one of them."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import public, signed_in
from app.web.pages import done, page
from care_plans.calendars import entries, writing
from core.errors import NotFound
from people import calendar_keys, scoping
from people.calendar_keys import Kind
from people.models.agencies import Staff

blueprint = Blueprint("calendar", __name__)

TYPE = "text/calendar; charset=utf-8"
NAMES = {Kind.OWN: "Hearthline", Kind.TEAMS: "Hearthline, duty of my teams"}
TITLES = {Kind.OWN: "Your own calendar", Kind.TEAMS: "The duty of your teams"}
HOLDS = {
    Kind.OWN: "Your duty by the rotas of your teams, and the follow-ups that you have: their kind, initials "
    "and area, never a name, an address or a reason.",
    Kind.TEAMS: "Who is on duty by the rotas of your teams, by initials.",
}


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One kind of address: whether there is one, when it was fetched last, and the new one, shown once."""

    kind: str
    title: str
    holds: str
    is_there: bool
    fetched_at: datetime | None
    fresh: str | None


@blueprint.get("/calendar")
@signed_in()
def show() -> ResponseReturnValue:
    """Which addresses there are."""
    return _page()


@blueprint.post("/calendar/addresses/<kind>")
@signed_in()
def renew(kind: str) -> ResponseReturnValue:
    """Make a new one, which is in this answer and never again; the one before ends."""
    kind_, real_now = _kind(kind), context.installation().real_now()
    text = calendar_keys.renew(context.session(), _me(), kind_, actor=context.actor(), real_now=real_now)
    return _page(kind_, f"{_root()}calendar/{text}.ics")


@blueprint.post("/calendar/addresses/<kind>/end")
@signed_in()
def end(kind: str) -> ResponseReturnValue:
    """Do without it."""
    real_now = context.installation().real_now()
    calendar_keys.end(context.session(), _me(), _kind(kind), actor=context.actor(), real_now=real_now)
    return done("That address has ended: whoever has it finds nothing there.", "/calendar")


@blueprint.get("/calendar/<secret>.ics")
@public
def fetch(secret: str) -> ResponseReturnValue:
    """The calendar itself, for whoever has its address; as much as its owner may see now."""
    opened, now = context.session(), context.now()
    found = calendar_keys.find_owner(opened, secret, now, context.installation().real_now())
    if found is None:
        raise NotFound
    viewer, kind = found
    scoping.limit_to(opened, viewer, now)
    listed = entries.list_own if kind is Kind.OWN else entries.list_of_teams
    told = listed(opened, viewer, now)
    response = Response(writing.write(told, NAMES[kind], now), content_type=TYPE)
    response.set_etag(writing.tag(told, NAMES[kind]), weak=True)  # when it was made is in it too
    return response.make_conditional(request)


def _root() -> str:
    """Where this place is; a proxy may have ended TLS before us."""
    return f"https://{request.host}/" if context.installation().secure_cookies else request.host_url


def _kind(kind: str) -> Kind:
    found = {each.name.lower(): each for each in Kind}.get(kind)
    if found is None:
        raise NotFound
    return found


def _me() -> Staff:
    return context.session().get_one(Staff, context.viewer().staff_id)


def _page(made: Kind | None = None, address: str | None = None) -> str:
    return page(
        "calendar.html", addresses=tuple(_row(each, address if each is made else None) for each in Kind)
    )


def _row(kind: Kind, fresh: str | None) -> AddressRow:
    token = calendar_keys.find(context.session(), _me(), kind)
    return AddressRow(
        kind=kind.name.lower(),
        title=TITLES[kind],
        holds=HOLDS[kind],
        is_there=token is not None,
        fetched_at=token.last_used_at if token else None,
        fresh=fresh,
    )
