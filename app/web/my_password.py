"""The pages on which whoever is signed in chooses another password of their own."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import auth, context
from app.auth import of_my_page, signed_in
from app.web import essentials
from app.web.forms import INVALID, Form
from app.web.me_signing_in import NEUTRAL
from app.web.pages import done, page
from core.errors import Invalid
from people import accounts, signing_in
from people.models.accounts import Account
from people.models.agencies import Staff
from people.models.people import Person

blueprint = Blueprint("my_password", __name__)

DONE = "Your password is changed. Every other browser in which you were signed in is signed out."
WRONG = "That is not your password now, or there were too many tries. After five tries, wait 15 minutes."


@blueprint.get("/password")
@signed_in()
def show() -> ResponseReturnValue:
    """The form for staff."""
    return _page(Form())


@blueprint.post("/password")
@signed_in()
def choose() -> ResponseReturnValue:
    """Change it; this browser stays signed in."""
    opened, real_now = context.session(), context.installation().real_now()
    who = opened.get_one(Staff, context.viewer().staff_id)
    current, new = _typed()
    try:
        right = signing_in.choose_password(opened, who, current, new, real_now)
    except Invalid as fault:
        context.abandon()
        return _page(Form({}, fault.fields, INVALID))
    if not right:
        context.keep()  # a try counts
        return _page(Form({}, {"current": WRONG}, INVALID))
    auth.begin(who, real_now)
    return done(DONE, "/password")


@blueprint.get("/me/password")
@of_my_page()
def show_mine() -> ResponseReturnValue:
    """The form for the person and whoever they let in."""
    return _my_page(Form())


@blueprint.post("/me/password")
@of_my_page()
def choose_mine() -> ResponseReturnValue:
    """Change it; this browser stays signed in, with the same page open."""
    opened, visitor = context.session(), context.visitor()
    real_now = context.installation().real_now()
    who = opened.get_one(Account, visitor.account_id)
    current, new = _typed()
    try:
        right = accounts.choose_password(opened, who, current, new, real_now)
    except Invalid as fault:
        context.abandon()
        return _my_page(Form({}, fault.fields, INVALID))
    if not right:
        context.keep()
        return _my_page(Form({}, {"current": WRONG}, INVALID))
    auth.begin_visit(who, real_now)
    if not visitor.own:
        auth.turn_to(visitor.person_uuid)
    return done(DONE, "/me/password")


def _typed() -> tuple[str, str]:
    """The password in force and the one to be, as they were typed: the space around them counts."""
    return request.form.get("current", ""), request.form.get("password", "")


def _page(form: Form) -> ResponseReturnValue:
    return page("password.html", form=form), form.status


def _my_page(form: Form) -> ResponseReturnValue:
    visitor = context.visitor()
    person = context.session().get_one(Person, visitor.person_id)
    html = render_template(
        "me_password.html", form=form, visitor=visitor, here=essentials.first_name(person), neutral=NEUTRAL
    )
    return html, form.status
