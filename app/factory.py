"""Puts the Flask application together from its parts."""

from pathlib import Path
from typing import Any

from flask import Flask, Response
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader

from app import auth, broker_hooks, calls, context, errors, health, scaip, security, texts
from app.api import openapi
from app.api.resources import RESOURCES
from app.context import AppContext
from app.web import (
    about,
    absences,
    admin,
    admin_sharing,
    alert_worth,
    alerts,
    at_home,
    attachments,
    authority,
    board,
    calendar,
    calls_to_make,
    checks,
    concerns,
    desk,
    duplicates,
    follow_ups,
    formats,
    home_warnings,
    interim,
    kit,
    kit_claims,
    kit_goals,
    kit_heard,
    kit_hub,
    kit_life_page,
    kit_marked,
    kit_users,
    kit_work,
    life_events,
    looks,
    me,
    me_forms,
    me_kit,
    me_signing_in,
    measured,
    morning,
    my_messages,
    my_password,
    news2,
    no_replies,
    outages,
    outbox,
    outcomes,
    overrides,
    own_kit,
    own_words,
    pathways,
    people,
    person,
    plan_drafts,
    plan_parts,
    plan_reading,
    plans,
    protection,
    proxies,
    push,
    questionnaire_fill,
    questionnaires,
    recalls,
    refer,
    referrals,
    rota_calendar,
    rotas,
    rule_trials,
    same_person,
    sharing,
    signing_in,
    strip,
    visit_warnings,
    visits,
    webhooks,
)
from app.web.words import register_words
from people.access import Need, may

WEB = Path(__file__).parent / "web"

PAGES = (
    signing_in.blueprint,
    strip.blueprint,
    board.blueprint,
    alerts.blueprint,
    duplicates.blueprint,
    same_person.blueprint,
    life_events.blueprint,
    absences.blueprint,
    interim.blueprint,
    measured.blueprint,
    news2.blueprint,
    visit_warnings.blueprint,
    visits.blueprint,
    checks.blueprint,
    home_warnings.blueprint,
    people.blueprint,
    person.blueprint,
    sharing.blueprint,
    looks.blueprint,
    plans.blueprint,
    plan_drafts.blueprint,
    plan_parts.blueprint,
    plan_reading.blueprint,
    own_words.blueprint,
    authority.blueprint,
    concerns.blueprint,
    proxies.blueprint,
    me_signing_in.blueprint,
    my_password.blueprint,
    my_messages.blueprint,
    push.blueprint,
    me.blueprint,
    me_forms.blueprint,
    me_kit.blueprint,
    questionnaires.blueprint,
    at_home.blueprint,
    attachments.blueprint,
    questionnaire_fill.blueprint,
    kit.blueprint,
    kit_claims.blueprint,
    kit_heard.blueprint,
    own_kit.blueprint,
    formats.blueprint,
    kit_hub.blueprint,
    kit_goals.blueprint,
    kit_life_page.blueprint,
    kit_marked.blueprint,
    kit_users.blueprint,
    kit_work.blueprint,
    protection.blueprint,
    outages.blueprint,
    recalls.blueprint,
    outbox.blueprint,
    about.blueprint,
    follow_ups.blueprint,
    calls_to_make.blueprint,
    no_replies.blueprint,
    referrals.blueprint,
    refer.blueprint,
    outcomes.blueprint,
    rotas.blueprint,
    rota_calendar.blueprint,
    calendar.blueprint,
    morning.blueprint,
    alert_worth.blueprint,
    desk.blueprint,
    overrides.blueprint,
    pathways.blueprint,
    rule_trials.blueprint,
    admin.blueprint,
    admin_sharing.blueprint,
    webhooks.blueprint,
)


# The parts of the nav, and what each of them needs: nobody is shown a way to where they may not go.
SECTIONS = {
    "board": Need.ALERTS_READ,
    "people": Need.PEOPLE_READ,
    "follow-ups": Need.FOLLOW_UPS_READ,
    "referrals": Need.REFERRALS_READ,
    "kit": Need.KIT_READ,
    "pathways": Need.PATHWAYS_READ,
    "outcomes": Need.OUTCOMES_READ,
    "outbox": Need.OUTBOX_READ,
    "staff": Need.STAFF_READ,
}
# Who looks after agencies, sharing or privacy: any of these shows them the way to Admin.
ADMIN = (Need.AGENCIES_WRITE, Need.SHARING_WRITE, Need.PRIVACY_READ)


class Hearthline(Flask):
    """Flask that commits a request's work once its answer is made, and before it is sent."""

    jinja_options: dict[str, Any] = {  # noqa: RUF012 - Flask's own attribute
        "undefined": ChainableUndefined,  # NHS.UK frontend's components read options that were left out
        "autoescape": True,
        "loader": ChoiceLoader([FileSystemLoader(WEB / "templates"), PackageLoader("nhsuk_frontend_jinja")]),
    }

    def dispatch_request(self) -> Response:
        """The view's answer; a fault in the commit is answered like one in the view."""
        response = self.make_response(super().dispatch_request())
        context.settle(success=response.status_code < 400)
        return response


def create_app(given: AppContext) -> Flask:
    """The web application of one installation."""
    app = Hearthline("hearthline", root_path=str(WEB), static_folder="static", template_folder=None)
    app.secret_key = given.secret_key
    app.extensions[context.KEY] = given
    app.json.sort_keys = False  # type: ignore[attr-defined]
    security.protect(app, secure=given.secure_cookies)
    errors.register(app)
    app.before_request(auth.identify)
    app.teardown_request(_close)
    app.context_processor(_on_every_page)
    register_words(app.jinja_env)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(calls.blueprint)
    app.register_blueprint(texts.blueprint)
    app.register_blueprint(broker_hooks.blueprint)
    app.register_blueprint(scaip.blueprint)
    for pages in PAGES:
        app.register_blueprint(pages)
    openapi.register(app, RESOURCES)
    return app


def _close(_fault: BaseException | None) -> None:
    context.close()


def _on_every_page() -> dict[str, Any]:
    """What layout.html is given; a page that knows better gives its own."""
    installed, viewer = context.installation(), context.find_viewer()
    me = None
    if viewer is not None:
        sees = frozenset(name for name, need in SECTIONS.items() if may(viewer, need))
        if any(may(viewer, need) for need in ADMIN):
            sees |= {"admin"}
        me = {"name": viewer.name, "agency": viewer.agency, "on_until": None, "sees": sees}
    return {
        "now": context.now(),
        "zone": installed.time_zone,
        "speed": installed.db.clock.factor,
        "unrung": context.unrung(),
        "me": me,
        "counts": None,
        "strip": None,
        "visiting": (),
        "demo": bool(installed.demo),
    }
