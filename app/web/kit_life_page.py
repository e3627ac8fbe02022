"""The life of a piece of kit on its page: the states that may follow, and its dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import kit_views
from app.web.forms import typed
from app.web.pages import done
from devices import kit_life, life, registry, visible
from devices.models import Device, DeviceState
from people.faults import one_of, read_fields, words

blueprint = Blueprint("kit_life", __name__)

DATES = ("due_back_on", "calibrated_on", "calibration_due_on", "battery_changed_on")


@dataclass(frozen=True, slots=True)
class LifeShown:
    """What may become of kit: see kit_device.html."""

    state: str
    since: datetime | None
    reserved_for: str | None
    following: tuple[tuple[str, str], ...]
    dates: Mapping[str, date | None]


def shown(device: Device) -> LifeShown:
    """The life of a piece of kit as its page shows it."""
    held = kit_life.is_held(context.session(), device, context.now())
    return LifeShown(
        kit_views.STATES[device.state],
        device.state_since,
        device.reserved_for,
        tuple((each.value, kit_views.STATES[each]) for each in life.may_follow(device.state, held=held)),
        {name: getattr(device, name) for name in DATES},
    )


def dates_of(device: Device) -> dict[str, str]:
    """Its dates as the form holds them."""
    return {name: on.isoformat() if (on := getattr(device, name)) else "" for name in DATES}


@blueprint.post("/kit/<uuid:device_id>/state")
@needs("kit:write")
def move(device_id: UUID) -> ResponseReturnValue:
    """Bring kit into another state."""
    device, given = _get(device_id), typed("state", "reserved_for")
    read = read_fields(given, {"state": one_of(DeviceState), "reserved_for": words()}, required=("state",))
    kit_life.move(context.session(), device, read["state"], now=context.now(), actor=context.actor())
    if read["state"] is DeviceState.RESERVED:
        told = {"reserved_for": read.get("reserved_for")}
        registry.change(context.session(), device, told, now=context.now(), actor=context.actor())
    return done(f"{kit_views.STATES[device.state]}.", f"/kit/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/dates")
@needs("kit:write")
def set_dates(device_id: UUID) -> ResponseReturnValue:
    """Set when it is due back, was and is to be calibrated, and got its battery."""
    device, given = _get(device_id), typed(*DATES)
    told: dict[str, Any] = {name: given[name] or None for name in DATES}
    registry.change(context.session(), device, told, now=context.now(), actor=context.actor())
    return done("Its dates are set.", f"/kit/{device_id}")


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())
