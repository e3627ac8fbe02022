"""The life of a piece of kit on its page: the states that may follow, its dates; and recalls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, kit_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from devices import kit_life, life, registry, visible
from devices.kit_life import Affected
from devices.models import Device, DeviceState, Recall
from people.access import Need, may
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


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """A piece of kit that is called back: see kit_recalls.html."""

    uuid: UUID
    name: str
    lot: str | None
    whose: str
    person_uuid: UUID | None
    alone: bool
    protects: bool
    state: str


@dataclass(frozen=True, slots=True)
class RecallShown:
    """A recall with the kit that it is about: see kit_recalls.html."""

    uuid: UUID
    model: str
    lot: str | None
    reason: str
    reference: str | None
    started_at: datetime
    ended_at: datetime | None
    affected: tuple[AffectedRow, ...]


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


@blueprint.get("/kit/recalls")
@needs("kit:read")
def show_recalls() -> ResponseReturnValue:
    """What makers and authorities call back, and who has it."""
    return _recalls(Form())


@blueprint.post("/kit/recalls")
@needs("kit:write")
def recall() -> ResponseReturnValue:
    """Call back a model or a lot."""
    given = typed(*kit_life.RECALL)

    def act() -> None:
        readers = {name: words() for name in kit_life.RECALL}
        read = read_fields(given, readers, required=("model", "reason"))
        kit_life.recall(
            context.session(), now=context.now(), actor=context.actor(), model=read["model"],
            reason=read["reason"], lot=read.get("lot"), reference=read.get("reference"),
        )  # fmt: skip

    wrong = refused(act, given)
    return _recalls(wrong) if wrong else done("Called back. Who has it stands below.", "/kit/recalls")


@blueprint.post("/kit/recalls/<uuid:recall_id>/end")
@needs("kit:write")
def end_recall(recall_id: UUID) -> ResponseReturnValue:
    """Say that a recall is over."""
    called = kit_life.get_recall(context.session(), recall_id)
    kit_life.end_recall(context.session(), called, now=context.now(), actor=context.actor())
    return done("The recall is over.", "/kit/recalls")


def _recalls(form: Form) -> ResponseReturnValue:
    opened = context.session()
    html = page(
        "kit_recalls.html",
        recalls=tuple(_recall(each) for each in kit_life.list_recalls(opened)),
        may_recall=may(context.viewer(), Need.KIT_WRITE),
        form=form,
    )
    return html, form.status


def _recall(called: Recall) -> RecallShown:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    affected = [] if called.ended_at else kit_life.list_affected(opened, viewer, called, now)
    return RecallShown(
        called.uuid, called.model, called.lot, called.reason, called.reference, called.started_at,
        called.ended_at, tuple(_affected(each) for each in affected),
    )  # fmt: skip


def _affected(each: Affected) -> AffectedRow:
    whose = essentials.name_of(each.person) if each.person else ""
    whose = whose or (essentials.address_of(each.home) or "" if each.home else "")
    return AffectedRow(
        each.device.uuid, each.device.name, each.device.lot, whose, each.person.uuid if each.person else None,
        each.alone, each.device.life_safety, kit_views.STATES[each.device.state],
    )  # fmt: skip


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())
