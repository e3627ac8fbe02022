"""The pages of an agency's webhooks: which of its own systems are told what, and how that goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.forms import Form, refused, typed
from app.web.pages import PER_PAGE, done, page, page_number, paging
from app.web.words import clock
from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint, Happening
from care_plans.webhooks import endpoints
from people.models.agencies import Team

blueprint = Blueprint("webhooks", __name__)

PATH = "/admin/webhooks"
FIELDS = ("name", "url", "team")
WRONG = (DeliveryState.FAILED, DeliveryState.WAITING)
"""States that are bad news where there is a fault."""
HAPPENINGS: Mapping[Happening, str] = {
    Happening.ALERT_RAISED: "An alert is raised",
    Happening.ALERT_WORSE: "An alert gets worse",
    Happening.ALERT_ASKED: "A step of a ladder asks one of our teams",
    Happening.ALERT_TAKEN: "Somebody has an alert, or is on the way",
    Happening.ALERT_CONTACT: "Contact is made",
    Happening.ALERT_CLOSED: "An alert is closed",
    Happening.FOLLOW_UP_MADE: "A follow-up is made",
    Happening.FOLLOW_UP_CLOSED: "A follow-up is closed",
    Happening.TEST: "A test",
}


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One address: see webhooks.html."""

    uuid: UUID
    name: str
    url: str
    told: int
    state: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message that was posted or is to be: see webhook.html."""

    id: str
    what: str
    at: datetime
    state: str
    attempts: int
    wrong: bool


@blueprint.get("/admin/webhooks")
@needs("agencies:write", form=True)
def show_list() -> ResponseReturnValue:
    """Every address of the viewer's agency."""
    found = endpoints.listing(context.session(), context.viewer())
    return page(
        "webhooks.html",
        agency=context.viewer().agency,
        webhooks=tuple(
            WebhookRow(each.uuid, each.name, each.url, len(each.events), *_state(each)) for each in found
        ),
        may_add=len(found) < endpoints.MOST,
    )


@blueprint.get("/admin/webhooks/new")
@needs("agencies:write", form=True)
def show_new() -> ResponseReturnValue:
    """The form to set one."""
    return _form(None, Form())


@blueprint.post("/admin/webhooks")
@needs("agencies:write")
def add() -> ResponseReturnValue:
    """Set one, with a secret that is in this answer and never again."""
    given = _given()
    made: list[tuple[Endpoint, str]] = []
    wrong = refused(
        lambda: made.append(
            endpoints.add(context.session(), given, by=context.viewer(), now=context.now(), inside=_inside())
        ),
        given,
    )
    return _form(None, wrong) if wrong else _secret_page(*made[0])


@blueprint.get("/admin/webhooks/<uuid:endpoint_id>")
@needs("agencies:write", form=True)
def show(endpoint_id: UUID) -> ResponseReturnValue:
    """One address, with what was posted there."""
    return _page(_endpoint(endpoint_id, hold=False), Form())


@blueprint.get("/admin/webhooks/<uuid:endpoint_id>/edit")
@needs("agencies:write", form=True)
def show_form(endpoint_id: UUID) -> ResponseReturnValue:
    """The form to set it otherwise."""
    row = _endpoint(endpoint_id, hold=False)
    team = context.session().get_one(Team, row.team_id)
    values = {"name": row.name, "url": row.url, "team": str(team.uuid), "events": ",".join(row.events)}
    return _form(row, Form(values))


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>")
@needs("agencies:write")
def change(endpoint_id: UUID) -> ResponseReturnValue:
    """Set it otherwise."""
    row, given = _endpoint(endpoint_id), _given()
    wrong = refused(
        lambda: endpoints.change(context.session(), row, given, by=context.viewer(), inside=_inside()),
        given,
    )
    if wrong:
        return _form(_endpoint(endpoint_id, hold=False), wrong)
    return done("Changed.", f"{PATH}/{endpoint_id}")


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>/test")
@needs("agencies:write")
def test(endpoint_id: UUID) -> ResponseReturnValue:
    """Let a message go that says nothing of anybody."""
    row = _endpoint(endpoint_id)
    wrong = refused(
        lambda: endpoints.test(context.session(), row, by=context.viewer(), now=context.now()), {}
    )
    if wrong:
        return _page(_endpoint(endpoint_id, hold=False), wrong)
    return done("A test is on its way. Look below what comes back.", f"{PATH}/{endpoint_id}")


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>/secret")
@needs("agencies:write")
def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Give it another secret, which is in this answer and never again."""
    row = _endpoint(endpoint_id)
    secret = endpoints.rotate(context.session(), row, by=context.viewer(), now=context.now())
    return _secret_page(row, secret)


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>/off")
@needs("agencies:write")
def switch_off(endpoint_id: UUID) -> ResponseReturnValue:
    """Tell it nothing from now on."""
    row = _endpoint(endpoint_id)
    endpoints.switch_off(context.session(), row, by=context.viewer(), now=context.now())
    return done("It is off: the other system is told nothing.", f"{PATH}/{endpoint_id}")


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>/on")
@needs("agencies:write")
def switch_on(endpoint_id: UUID) -> ResponseReturnValue:
    """Tell it again."""
    row = _endpoint(endpoint_id)
    endpoints.switch_on(context.session(), row, by=context.viewer(), now=context.now())
    return done("It is on: the other system is told of what happens from now on.", f"{PATH}/{endpoint_id}")


@blueprint.post("/admin/webhooks/<uuid:endpoint_id>/remove")
@needs("agencies:write")
def remove(endpoint_id: UUID) -> ResponseReturnValue:
    """Do without it."""
    row = _endpoint(endpoint_id)
    endpoints.remove(context.session(), row, by=context.viewer(), now=context.now())
    return done(f"{row.name} is removed.", PATH)


def _page(row: Endpoint, form: Form) -> ResponseReturnValue:
    number = page_number()
    found, total = endpoints.list_deliveries(
        context.session(), row, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    words, wrong = _state(row)
    team = context.session().get_one(Team, row.team_id)
    html = page(
        "webhook.html",
        endpoint=row,
        state=words,
        wrong=wrong,
        team=team.name,
        events=[HAPPENINGS[Happening(each)] for each in row.events],
        deliveries=tuple(_delivery(each) for each in found),
        paging=paging(f"{PATH}/{row.uuid}", {}, number, total),
        both_until=row.before_until if row.before_until and row.before_until > context.now() else None,
        form=form,
    )
    return html, form.status


def _form(row: Endpoint | None, form: Form) -> ResponseReturnValue:
    teams = endpoints.own_teams(context.session(), context.viewer())
    html = page(
        "webhook_form.html",
        endpoint=row,
        form=form,
        inside=_inside(),
        events=[(each.value, HAPPENINGS[each]) for each in endpoints.OFFERED],
        teams=[("", "Choose"), *((str(team.uuid), team.name) for team in teams)],
    )
    return html, form.status


def _secret_page(row: Endpoint, secret: str) -> ResponseReturnValue:
    return page("webhook_secret.html", endpoint=row, secret=secret)


def _given() -> dict[str, str]:
    return typed(*FIELDS) | {"events": ",".join(request.form.getlist("events"))}


def _endpoint(endpoint_id: UUID, *, hold: bool = True) -> Endpoint:
    return endpoints.get(context.session(), context.viewer(), endpoint_id, hold=hold)


def _inside() -> bool:
    return context.installation().webhooks_inside


def _state(row: Endpoint) -> tuple[str, bool]:
    """How it stands, in words, and whether that is bad."""
    if row.off_at is not None:
        return f"Off: {row.off_why}", True
    if row.failing_since is not None:
        return f"Failing since {_time(row.failing_since)}", True
    return "On", False


def _delivery(each: Delivery) -> DeliveryRow:
    states = {
        DeliveryState.WITHHELD: "Withheld: the agency does not see them any more",
        DeliveryState.FAILED: f"Failed: {each.fault or 'no reason given'}",
        DeliveryState.WAITING: "Waiting",
    }
    words = states.get(each.state, "")
    if each.delivered_at is not None:
        words = f"Taken {_time(each.delivered_at)}"
    elif each.state is DeliveryState.WAITING and each.fault is not None:
        words = f"{each.fault} Trying again {_time(each.send_after)}"
    return DeliveryRow(
        id=f"msg_{each.uuid.hex}",
        what=HAPPENINGS[each.event],
        at=each.happened_at,
        state=words,
        attempts=each.attempts,
        wrong=each.state in WRONG and each.fault is not None,
    )


def _time(at: datetime) -> str:
    return clock(at, context.now(), context.installation().time_zone)
