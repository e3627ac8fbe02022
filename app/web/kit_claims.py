"""Codes by which kit is taken over: made for kit in stock, entered by staff at the door, or by QR code."""

from uuid import UUID

import segno
from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import context
from app.auth import needs, public
from app.web import kit, kit_forms
from app.web.forms import CONFLICT, INVALID, Form, refused, typed
from app.web.pages import done, filled, page
from core.errors import Invalid, NotFound
from devices import claims, visible
from devices.claims import Claimant, Made
from devices.models import Assignment, Device
from people import residencies
from people import visible as seen
from people.access import Need, may
from people.models.people import Person

blueprint = Blueprint("kit_claims", __name__)

ENTER = "/claim"


@blueprint.post("/kit/<uuid:device_id>/claim-code")
@needs("kit:write")
def make(device_id: UUID) -> ResponseReturnValue:
    """Make a code, which is in this answer and never again."""
    device, given = _get(device_id), typed("for_whom")
    made: list[Made] = []
    wrong = refused(
        lambda: made.append(
            claims.make(
                context.session(), device, for_home=given["for_whom"] == "home", now=context.now(),
                actor=context.actor(),
            )
        ),
        {},
    )  # fmt: skip
    if wrong:
        return kit.device_page(_get(device_id), wrong)
    address = f"{request.host_url.rstrip('/')}{ENTER}"
    return page(
        "kit_claim_code.html", uuid=device_id, name=device.name, code=made[0].code, address=address,
        expires_at=made[0].row.expires_at, for_home=made[0].row.for_home, qr=_qr(address, made[0].code),
        zone=context.installation().time_zone,
    )  # fmt: skip


@blueprint.post("/kit/<uuid:device_id>/claim-code/withdraw")
@needs("kit:write")
def withdraw(device_id: UUID) -> ResponseReturnValue:
    """Let it be used no more."""
    device = _get(device_id)
    wrong = refused(
        lambda: claims.withdraw(context.session(), device, now=context.now(), actor=context.actor()), {}
    )
    if wrong:
        return kit.device_page(_get(device_id), wrong)
    return done("The code opens nothing any more.", f"/kit/{device_id}")


@blueprint.get(ENTER)
@public
def show_where() -> ResponseReturnValue:
    """Where the QR code leads: staff to their form; for anybody else, what to choose."""
    viewer = context.find_viewer()
    if viewer is not None and may(viewer, Need.KIT_WRITE):
        return redirect("/kit/claim", 303)
    return filled("claim.html")


@blueprint.get("/kit/claim")
@needs("kit:write", form=True)
def show() -> ResponseReturnValue:
    """The form to enter a code for somebody."""
    return _page(Form())


@blueprint.post("/kit/claim")
@needs("kit:write")
def claim() -> ResponseReturnValue:
    """Give the kit of a code to whom staff stand before."""
    given, viewer = typed("code", "person"), context.viewer()
    made: list[Assignment | None] = []

    def act() -> None:
        if not given["code"]:
            raise Invalid({"code": "Type the code."})
        person = _person(given["person"])
        home = residencies.find_home(context.session(), person, context.now())
        claimant = Claimant(f"staff {viewer.staff_id}", person.id, home.id if home else None)
        made.append(
            claims.claim(
                context.session(), given["code"], claimant, now=context.now(),
                real_now=context.installation().real_now(), actor=context.actor(),
            )
        )  # fmt: skip

    wrong = refused(act, given, {"person_id": "person", "home_id": "person"})
    if wrong:
        agree = kit_forms.agree_href(f"person:{given['person']}") if wrong.status == CONFLICT else None
        return _page(wrong, agree if "person" in wrong.errors else None)
    if made[0] is None:
        context.keep()
        return _page(Form(given, {"code": claims.WRONG}, INVALID))
    device = context.session().get_one(Device, made[0].device_id)
    return done(f"{device.name} is theirs from now on.", f"/kit/{device.uuid}")


def _page(form: Form, agree_href: str | None = None) -> ResponseReturnValue:
    html = page(
        "kit_claim.html", form=form, people=[("", "Choose"), *kit_forms.people()], agree_href=agree_href
    )
    return html, form.status


def _person(text: str) -> Person:
    try:
        return seen.get_person(context.session(), context.viewer(), UUID(text), context.now())
    except (ValueError, NotFound) as fault:
        raise Invalid({"person": "Choose whom it is for."}) from fault


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())


def _qr(address: str, code: str) -> Markup:
    """The code stands behind a #, which no browser sends to any server: no log ever holds it."""
    drawn = segno.make(f"{address}#{code}", error="m").svg_inline(omitsize=True, border=2)
    return Markup(drawn)  # noqa: S704 - drawn by segno from what is ours alone
