"""The pages to sign in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import auth, context
from app.auth import public
from app.web.forms import Form
from app.web.pages import filled, onward
from people import signing_in
from people.models.agencies import Staff

blueprint = Blueprint("signing_in", __name__)

REFUSED = (
    "That e-mail address and password do not go together, or there were too many tries. "
    "Check both; after five tries, wait 15 minutes."
)


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    if context.find_viewer() is not None:
        return redirect(_onward(), 303)
    return _page(Form())


@blueprint.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to the page that was asked for."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    real_now = context.installation().real_now()
    staff = signing_in.sign_in(context.session(), email, password, real_now)
    if staff is None:
        context.keep()
        form = Form({"email": email}, {"email": REFUSED})
        return _page(form), 422
    auth.begin(staff, real_now)
    return redirect(_onward(), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End every session of whoever is signed in."""
    viewer = context.find_viewer()
    if viewer is not None:
        staff = context.session().scalars(select(Staff).where(Staff.id == viewer.staff_id)).one()
        signing_in.sign_out(context.session(), staff)
    auth.end()
    return redirect("/sign-in", 303)


def _page(form: Form) -> str:
    return filled("sign_in.html", form=form, next=_onward(), demo=context.installation().demo)


def _onward() -> str:
    """The page to go on to: one of ours, whatever the address says."""
    wanted = onward(request.values.get("next", ""), "/")
    return wanted if urlsplit(wanted).path != "/sign-in" else "/"
