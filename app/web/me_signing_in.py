"""Signing in and out of My page, for those who are not staff; and leaving it in a hurry (H17)."""

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app import auth, context
from app.auth import public
from app.web.forms import INVALID, Form, typed
from app.web.pages import filled
from core.errors import Invalid
from people import accounts, scoping
from people.models.accounts import Account

blueprint = Blueprint("me_signing_in", __name__, url_prefix="/me")

NEUTRAL = "https://www.bbc.co.uk/weather"
REFUSED = (
    "That e-mail address and password do not go together, or there were too many tries. "
    "Check both; after five tries, wait 15 minutes."
)


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    if context.find_visitor() is not None:
        return redirect("/me", 303)
    return _page("me_sign_in.html", Form())


@blueprint.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to the page."""
    given, real_now = typed("email", "password"), context.installation().real_now()
    given["password"] = request.form.get("password", "")
    with scoping.lifted(context.session()):  # whose page it is, is not known yet
        account = accounts.sign_in(context.session(), given["email"], given["password"], real_now)
    if account is None:
        context.keep()
        return _page("me_sign_in.html", Form({"email": given["email"]}, {"email": REFUSED}, INVALID))
    auth.begin_visit(account, real_now)
    return redirect("/me", 303)


@blueprint.get("/code")
@public
def show_code() -> ResponseReturnValue:
    """The form to choose a password with a code on paper."""
    return _page("me_code.html", Form())


@blueprint.post("/code")
@public
def use_code() -> ResponseReturnValue:
    """Choose a password with a code on paper, and go on to the page."""
    given, real_now = typed("email", "code"), context.installation().real_now()
    password = request.form.get("password", "")
    try:
        with scoping.lifted(context.session()):
            account = accounts.use_code(
                context.session(), given["email"], given["code"], password, real_now=real_now
            )
    except Invalid as fault:  # too easy a password: the code can be used again
        context.abandon()
        return _page("me_code.html", Form(given, fault.fields, INVALID))
    if account is None:
        context.keep()
        return _page("me_code.html", Form(given, {"code": accounts.WRONG}, INVALID))
    auth.begin_visit(account, real_now)
    return redirect("/me", 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End every session of whoever is signed in."""
    _end_all()
    return redirect("/me/sign-in", 303)


@blueprint.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """End every session, and show nothing of us: the page goes on to the weather by itself."""
    _end_all()
    answer = make_response(render_template("me_gone.html", neutral=NEUTRAL))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _page(template: str, form: Form) -> ResponseReturnValue:
    installed = context.installation()
    html = filled(template, form=form, visitor=None, here="", neutral=NEUTRAL, demo=installed.demo_visitors)
    return html, form.status


def _end_all() -> None:
    visitor = context.find_visitor()
    if visitor is not None:
        account = context.session().get_one(Account, visitor.account_id)
        accounts.sign_out(context.session(), account)
    auth.end()
