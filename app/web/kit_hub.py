"""A hub's page: the rooms its sensors stand in, and those it was found to speak for, to be placed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import heard_words, kit_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.words import initial_capital
from core.errors import NotFound
from devices import kinds, meanings, placing, stock, twins, visible
from devices.found import MOST_OF_A_HUB
from devices.models import Device
from devices.placing import FoundRow, Placed
from devices.stock import Piece
from people.access import Need, may

blueprint = Blueprint("kit_hub", __name__)

ROOMS = ("Bedroom", "Living room", "Kitchen", "Bathroom", "Hall")
"""Offered beside the rooms in which sensors of the hub stand already."""
NOWHERE = "No room said"


@dataclass(frozen=True, slots=True)
class SensorRow:
    """A sensor that stands in a room: see kit_hub.html."""

    uuid: UUID
    name: str
    model: str
    measures: str
    heard_at: datetime | None
    protects: bool


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room with its sensors: see kit_hub.html."""

    name: str
    sensors: tuple[SensorRow, ...]


@dataclass(frozen=True, slots=True)
class FoundShown:
    """A sensor to be placed: see kit_hub.html."""

    address: str
    name: str | None
    model: str | None
    measures: str
    first_at: datetime
    heard_at: datetime | None
    protects: bool
    choices: tuple[tuple[str, str], ...]
    same: "SameShown | None"


@dataclass(frozen=True, slots=True)
class SameShown:
    """A sensor of another hub in the home with the same address: see kit_hub.html."""

    address: str
    uuid: UUID
    name: str


@blueprint.get("/kit/<uuid:device_id>/sensors")
@needs("kit:read")
def show(device_id: UUID) -> ResponseReturnValue:
    """The hub with its rooms."""
    return _page(_hub(device_id))


@blueprint.post("/kit/<uuid:device_id>/sensors/place")
@needs("kit:write")
def place(device_id: UUID) -> ResponseReturnValue:
    """Put a found sensor into a room, for whoever has the hub."""
    hub, given = _hub(device_id), typed("address", "room", "other_room", "name", "reads_as")
    told = {
        "room": given["other_room"] or given["room"] or None,
        "name": given["name"] or None,
        "reads_as": given["reads_as"] or None,
    }
    made: list[Device] = []
    wrong = refused(
        lambda: made.append(
            placing.place(
                context.session(), hub, given["address"], told, now=context.now(), actor=context.actor(),
                agency_id=context.viewer().agency_id,
            )
        ),
        given,
    )  # fmt: skip
    if wrong:
        return _page(_hub(device_id), wrong)
    where = f" in: {made[0].room}" if made[0].room else ""
    return done(f"{made[0].name} is placed{where}.", f"/kit/{device_id}/sensors")


@blueprint.post("/kit/<uuid:device_id>/sensors/listen")
@needs("kit:write")
def listen(device_id: UUID) -> ResponseReturnValue:
    """Look for new sensors: for a while the hub tells of any that it hears."""
    hub = _hub(device_id)
    placing.listen(context.session(), hub, now=context.now(), actor=context.actor())
    minutes = int(placing.LISTENS.total_seconds() // 60)
    return done(f"Looking for new sensors for {minutes} minutes.", f"/kit/{device_id}/sensors")


@blueprint.post("/kit/<uuid:device_id>/sensors/leave")
@needs("kit:write")
def leave(device_id: UUID) -> ResponseReturnValue:
    """Say that a found sensor is no concern of ours."""
    hub, address = _hub(device_id), typed("address")["address"]
    placing.leave(context.session(), hub, address, now=context.now(), actor=context.actor())
    return done("Left alone: it is not ours.", f"/kit/{device_id}/sensors")


@blueprint.post("/kit/<uuid:device_id>/sensors/same")
@needs("kit:write")
def join(device_id: UUID) -> ResponseReturnValue:
    """Say that a sensor is one that another hub of the home hears too."""
    hub, address = _hub(device_id), typed("address")["address"]
    made: list[Device] = []
    wrong = refused(
        lambda: made.append(
            twins.join(context.session(), hub, address, now=context.now(), actor=context.actor())
        ),
        {"address": address},
    )
    if wrong:
        return _page(_hub(device_id), wrong)
    return done(f"{made[0].name} is one sensor now, heard by both hubs.", f"/kit/{device_id}/sensors")


@blueprint.post("/kit/<uuid:device_id>/sensors/another")
@needs("kit:write")
def part(device_id: UUID) -> ResponseReturnValue:
    """Say that it is another sensor after all."""
    hub, address = _hub(device_id), typed("address")["address"]
    twins.part(context.session(), hub, address, now=context.now(), actor=context.actor())
    return done("It is a sensor of its own: give it a room.", f"/kit/{device_id}/sensors")


def _hub(device_id: UUID) -> Device:
    device = visible.get(context.session(), context.viewer(), device_id, context.now())
    if device.key is None:
        raise NotFound
    return device


def _page(hub: Device, form: Form | None = None) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    (piece,) = stock.list_pieces(opened, viewer, None, now, device=hub)
    rows = placing.list_found(opened, hub)
    rooms = _rooms(placing.list_placed(opened, hub))
    waiting = [each for each in rows if each.device is None]
    same = twins.list_proposed(opened, hub, now)
    html = page(
        "kit_hub.html",
        one=kit_views.row(piece, None, None),
        whose=_whose(piece),
        rooms=rooms,
        found=tuple(_shown(each, same) for each in waiting if each.found.left_at is None),
        left=tuple(_shown(each, {}) for each in waiting if each.found.left_at is not None),
        twice=tuple(
            (each.device.name, _same(each.found.address, same[each.found.address]))
            for each in rows
            if each.device is not None and each.found.address in same
        ),
        joined=tuple(_same(address, device) for address, device in twins.list_joined(opened, hub)),
        heard=heard_words.of_hub(hub),
        offered=tuple(dict.fromkeys([*(room.name for room in rooms if room.name != NOWHERE), *ROOMS])),
        listens_until=hub.listens_until if hub.listens_until and hub.listens_until > now else None,
        full=len(rows) >= MOST_OF_A_HUB,
        may_place=may(viewer, Need.KIT_WRITE),
        form=form or Form(),
        asked=request.form.get("address", ""),
    )
    return html, form.status if form else 200


def _whose(piece: Piece) -> str:
    return kit_views.row(piece, None, None).where


def _rooms(placed: Sequence[Placed]) -> tuple[RoomShown, ...]:
    """Rooms by name, those whose room nobody said last; "hall" and "Hall" are one room."""

    def room_of(each: Placed) -> str:
        return initial_capital(each.device.room) if each.device.room else NOWHERE

    ordered = sorted(placed, key=lambda each: (room_of(each) == NOWHERE, room_of(each)))
    return tuple(
        RoomShown(name, tuple(_row(each) for each in inside)) for name, inside in groupby(ordered, room_of)
    )


def _row(each: Placed) -> SensorRow:
    device = each.device
    return SensorRow(
        device.uuid, device.name, device.model, _measures(each.kinds), each.heard_at, device.life_safety
    )


def _shown(row: FoundRow, same: Mapping[str, Device]) -> FoundShown:
    found, twin = row.found, same.get(row.found.address)
    return FoundShown(
        found.address,
        found.name,
        found.model,
        _measures(found.kinds),
        found.first_at,
        found.heard_at,
        row.protects,
        tuple(meanings.choices(frozenset(found.kinds))),
        _same(found.address, twin) if twin is not None else None,
    )


def _same(address: str, device: Device) -> SameShown:
    return SameShown(address, device.uuid, device.name)


def _measures(codes: Sequence[str]) -> str:
    return ", ".join(kinds.get(code).name for code in codes if kinds.find(code))
