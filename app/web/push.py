"""Where a browser is taken up to be told in, and what it needs for that: a service worker and a manifest."""

from pathlib import Path
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import public, signed_in
from app.web import my_messages
from app.web.forms import refused, typed
from app.web.pages import done
from care_plans.messages import subscriptions
from core.errors import NotFound
from people.visible import actor

blueprint = Blueprint("push", __name__)

WORKER = Path(__file__).parent / "static" / "service-worker.js"
FIELDS = ("endpoint", "p256dh", "auth")


@blueprint.get("/service-worker.js")
@public
def show_worker() -> ResponseReturnValue:
    """What shows messages while no page is open; it stands at the root, so that it is every page's."""
    return WORKER.read_text(), 200, {"Content-Type": "text/javascript; charset=utf-8"}


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Lets a telephone put Hearthline on its home screen: some take messages only then."""
    told = {
        "name": "Hearthline",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#00473f",
        "theme_color": "#00473f",
        "icons": [{"src": "/static/icons/favicon.svg", "type": "image/svg+xml", "sizes": "any"}],
    }
    return told, 200, {"Content-Type": "application/manifest+json"}


@blueprint.post("/my-messages/push")
@signed_in()
def take_up() -> ResponseReturnValue:
    """Tell whoever is signed in by this browser too."""
    opened, viewer, given = context.session(), context.viewer(), typed(*FIELDS)
    if context.installation().push_key is None:
        raise NotFound
    wrong = refused(
        lambda: subscriptions.keep(
            opened, viewer.staff_id, given, browser=request.headers.get("User-Agent", ""), now=context.now(),
            actor=actor(viewer),
        ),
        {},
    )  # fmt: skip
    if wrong:
        return my_messages.show_again(wrong)
    return done("This browser is switched on. Choose it below, and send yourself a test.", my_messages.PATH)


@blueprint.post("/my-messages/push/<uuid:browser_id>/end")
@signed_in()
def end(browser_id: UUID) -> ResponseReturnValue:
    """Tell them in that browser no more."""
    opened, viewer = context.session(), context.viewer()
    row = subscriptions.get(opened, viewer.staff_id, browser_id)
    subscriptions.end(opened, row, context.now(), actor=actor(viewer))
    return done("You are told in that browser no more.", my_messages.PATH)
