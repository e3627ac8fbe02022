"""Work on a piece of kit, and how long it may be silent: what is done from its page about its silence."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import kit
from app.web.forms import moment, refused, typed
from app.web.pages import done
from core.errors import Invalid
from devices import registry, visible, works
from devices.models import Device
from people.faults import as_given, read_fields

blueprint = Blueprint("kit_work", __name__)

LONGEST_SILENCE = 90 * 24
"""Hours."""


@blueprint.post("/kit/<uuid:device_id>/work")
@needs("kit:write")
def plan_work(device_id: UUID) -> ResponseReturnValue:
    """Plan work on it: meanwhile its silence calls nobody."""
    device, given = _get(device_id), typed("starts", "ends", "why")
    zone = context.installation().time_zone

    def act() -> None:
        readers = {"starts": moment(zone), "ends": moment(zone), "why": as_given}
        told = read_fields(given, readers, required=("ends", "why"))
        works.plan(context.session(), device, told, now=context.now(), actor=context.actor())

    wrong = refused(act, given)
    if wrong:
        return kit.device_page(_get(device_id), wrong)
    return done("Work is planned.", f"{kit.PATH}/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/work/end")
@needs("kit:write")
def end_work(device_id: UUID) -> ResponseReturnValue:
    """It is done, or called off."""
    device = _get(device_id)
    wrong = refused(
        lambda: works.finish(context.session(), device, now=context.now(), actor=context.actor()), {}
    )
    if wrong:
        return kit.device_page(_get(device_id), wrong)
    return done("Its silence calls somebody again.", f"{kit.PATH}/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/silent-after")
@needs("kit:write")
def set_silent_after(device_id: UUID) -> ResponseReturnValue:
    """Set after how many hours without a word it is late; empty leaves it to its model and its own word."""
    device, given = _get(device_id), typed("silent_after_hours")

    def act() -> None:
        told = {"silent_after_seconds": _seconds(given["silent_after_hours"])}
        registry.change(context.session(), device, told, now=context.now(), actor=context.actor())

    wrong = refused(act, given)
    if wrong:
        return kit.device_page(_get(device_id), wrong)
    return done("How long it may be silent is set.", f"{kit.PATH}/{device_id}")


def _seconds(hours: str) -> int | None:
    if not hours:
        return None
    try:
        found = float(hours.replace(",", "."))
    except ValueError as fault:
        raise Invalid({"silent_after_hours": "Give a number of hours."}) from fault
    if not 0.25 <= found <= LONGEST_SILENCE:
        raise Invalid({"silent_after_hours": f"Give from 0.25 to {LONGEST_SILENCE} hours."})
    return round(found * 3600)


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())
