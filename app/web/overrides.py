"""Break-glass on pages: opening a record with a reason, and looking into each time that was done (H20)."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.forms import INVALID, Form, refused, typed
from app.web.pages import done, page
from care_plans.work import override_reviews
from core.errors import NotFound
from people import looks, overrides
from people.models.people import Person

blueprint = Blueprint("overrides", __name__)

FIELDS = ("nhs_number", "given_name", "family_name", "date_of_birth", "postcode", "reason")
NOTHING = Form()


@blueprint.get("/override")
@needs("people:override", form=True)
def show_form() -> ResponseReturnValue:
    """The form: exactly whom, and why."""
    return _form(NOTHING)


@blueprint.post("/override")
@needs("people:override")
def open_record() -> ResponseReturnValue:
    """Open the record for an hour; a try that finds nobody stays written down."""
    given, opened, now = typed(*FIELDS), context.session(), context.now()
    found: list[UUID] = []

    def act() -> None:
        row = override_reviews.open_(opened, context.viewer(), given, now=now)
        found.append(opened.get_one(Person, row.person_id).uuid)

    try:
        wrong = refused(act, given)
    except NotFound as nobody:
        context.keep()
        wrong = Form(given, {"": str(nobody)}, INVALID)
    if wrong:
        return _form(wrong)
    return done("Open for an hour. Why will be looked into.", f"/people/{found[0]}")


@blueprint.get("/overrides")
@needs("privacy:read")
def show_list() -> ResponseReturnValue:
    """Those that nobody has looked into, the first deadline first, and those that somebody has."""
    opened = context.session()
    return page(
        "overrides.html",
        waiting=overrides.list_used(opened),
        settled=[each for each in overrides.list_used(opened, open_only=False) if each.override.reviewed_at],
        zone=context.installation().time_zone,
    )


@blueprint.get("/overrides/<uuid:override_id>")
@needs("privacy:read")
def show(override_id: UUID) -> ResponseReturnValue:
    """One: who, why, and what they opened."""
    return _review(override_id, NOTHING)


@blueprint.post("/overrides/<uuid:override_id>")
@needs("privacy:act")
def review(override_id: UUID) -> ResponseReturnValue:
    """Say what was found."""
    given, opened = typed("finding"), context.session()
    used = overrides.get(opened, override_id)
    wrong = refused(
        lambda: override_reviews.review(
            opened, used.override, given["finding"], by=context.viewer(), now=context.now()
        ),
        given,
    )
    return _review(override_id, wrong) if wrong else done("Looked into, and on the record.", "/overrides")


def _form(form: Form) -> ResponseReturnValue:
    return page("override.html", form=form, lasts=overrides.LASTS), form.status


def _review(override_id: UUID, form: Form) -> ResponseReturnValue:
    used = overrides.get(context.session(), override_id)
    html = page(
        "override_review.html",
        used=used,
        looks=looks.list_during(context.session(), used.override),
        form=form,
        zone=context.installation().time_zone,
    )
    return html, form.status
