"""The pages at the foot of every page: something went wrong, and accessibility."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import public, signed_in
from app.web.forms import Form, refused, typed
from app.web.pages import onward, page
from core import journal
from core.errors import Invalid
from people.faults import LINES, read_fields, words

blueprint = Blueprint("about", __name__)

HARM = ("no", "could", "did")


@blueprint.get("/accessibility")
@public
def show_accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return page("accessibility.html")


@blueprint.get("/went-wrong")
@signed_in()
def show_went_wrong() -> ResponseReturnValue:
    """The form to tell that something went wrong, and from which page."""
    return _page(Form(), request.headers.get("Referer", ""))


@blueprint.post("/went-wrong")
@signed_in()
def tell() -> ResponseReturnValue:
    """Put it into the hazard log, with who said so and when (H25)."""
    given, asked_from = typed("what", "harm"), request.form.get("page", "")

    def act() -> None:
        read = read_fields(given, {"what": words(LINES), "harm": harm}, required=("what", "harm"))
        journal.write(
            context.session(), "something went wrong", actor=context.actor(), subject="hazard",
            details={**read, "page": onward(asked_from, "")[:200]},
        )  # fmt: skip

    wrong = refused(act, given)
    return _page(wrong, asked_from) if wrong else page("went_wrong.html", form=Form(), page="", sent=True)


def _page(form: Form, asked_from: str) -> ResponseReturnValue:
    path = onward(asked_from.removeprefix(request.host_url.rstrip("/")), "").partition("?")[0]
    return page("went_wrong.html", form=form, page=path, sent=False), form.status


def harm(value: str) -> str:
    """Whether somebody could have come to harm, as it was chosen."""
    if value not in HARM:
        raise Invalid({"": "Choose one of these."})
    return value
