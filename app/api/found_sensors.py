"""Sensors that a hub was found to speak for, in the REST API: listed, placed in a room, or left alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api import devices
from app.api.device_shapes import DeviceOut
from app.api.fields import Moment, Shape, Text
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import actor, now, session, viewer
from core.errors import NotFound
from devices import meanings, placing, twins, visible
from devices.models import Device
from devices.placing import FoundRow

blueprint = Blueprint(
    "devices", devices.ABOUT, part="found_sensors", prefix=f"{PREFIX}/devices/<uuid:device_id>/found-sensors"
)

READ_AS = sorted({*meanings.INSTEAD, *(code for codes in meanings.INSTEAD.values() for code in codes)})


class FoundSensorOut(Shape):
    """A sensor that a hub speaks for or lists; `device_id` is null until it is placed."""

    address = Text()
    model = Text(allow_none=True, metadata={"description": "As the hub calls it."})
    name = Text(allow_none=True)
    kinds = fields.List(Text(), metadata={"description": "What it measured in the last of its messages."})
    life_safety = fields.Boolean()
    first_at = Moment()
    heard_at = Moment(allow_none=True)
    left_at = Moment(
        allow_none=True, metadata={"description": "Since when it was said to be no concern of ours."}
    )
    device_id = fields.UUID(allow_none=True)
    same_as = fields.UUID(
        allow_none=True,
        metadata={
            "description": "A device of another hub in the home with this address: likely the same sensor."
        },
    )


class FoundSensors(Shape):
    """The sensors that a hub speaks for, those that wait for a room first."""

    items = fields.List(fields.Nested(FoundSensorOut), required=True)


class PlaceIn(Shape):
    """Where a found sensor stands. What is left out is as the hub says."""

    address = Text(required=True, most=128)
    room = Text(load_default=None, allow_none=True)
    name = Text(load_default=None, allow_none=True)
    reads_as = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(READ_AS),
        metadata={
            "description": "What it is read as where it stands: fridge_open, of a contact on the fridge."
        },
    )


class Listening(Shape):
    """Until when a hub tells of sensors that are not registered; those that aren't placed are forgotten."""

    listens_until = Moment(required=True)


class LeaveIn(Shape):
    """Which found sensor is no concern of ours."""

    address = Text(required=True, most=128)


class SameIn(Shape):
    """Which sensor, by its address as this hub says it."""

    address = Text(required=True, most=128)


@blueprint.get("")
@needs("kit:read")
@blueprint.answers(FoundSensors)
def list_found_sensors(device_id: UUID) -> Any:
    """List the sensors that a hub speaks for, placed or not."""
    return _listed(_hub(device_id))


@blueprint.post("/place")
@needs("kit:write")
@blueprint.takes(PlaceIn)
@blueprint.answers(DeviceOut, 201)
def place_found_sensor(given: Given, device_id: UUID) -> Any:
    """Register a found sensor for whoever has the hub; what was kept of it meanwhile is read."""
    address = given.pop("address")
    made = placing.place(
        session(), _hub(device_id), address, given, now=now(), actor=actor(), agency_id=viewer().agency_id
    )
    return devices.told(made)


@blueprint.post("/listen")
@needs("kit:write")
@blueprint.answers(Listening)
def look_for_sensors(device_id: UUID) -> Any:
    """Look for new sensors for 15 minutes: a radio that also hears the neighbours' tells of all it hears."""
    return {"listens_until": placing.listen(session(), _hub(device_id), now=now(), actor=actor())}


@blueprint.post("/leave")
@needs("kit:write")
@blueprint.takes(LeaveIn)
@blueprint.answers(FoundSensors)
def leave_found_sensor(given: Given, device_id: UUID) -> Any:
    """Leave a found sensor alone, such as a neighbour's: what was kept of it is set aside."""
    hub = _hub(device_id)
    placing.leave(session(), hub, given["address"], now=now(), actor=actor())
    return _listed(hub)


@blueprint.post("/same")
@needs("kit:write")
@blueprint.takes(SameIn)
@blueprint.answers(FoundSensors)
def join_found_sensor(given: Given, device_id: UUID) -> Any:
    """Say that a sensor is the device it is the same as: both hubs feed its readings from now on."""
    hub = _hub(device_id)
    twins.join(session(), hub, given["address"], now=now(), actor=actor())
    return _listed(hub)


@blueprint.post("/another")
@needs("kit:write")
@blueprint.takes(SameIn)
@blueprint.answers(FoundSensors)
def part_found_sensor(given: Given, device_id: UUID) -> Any:
    """Say that a sensor that was joined is another one after all: it waits to be placed."""
    hub = _hub(device_id)
    twins.part(session(), hub, given["address"], now=now(), actor=actor())
    return _listed(hub)


def _listed(hub: Device) -> dict[str, Any]:
    same = twins.list_proposed(session(), hub, now())
    return {"items": [_shown(row, same) for row in placing.list_found(session(), hub)]}


def _hub(device_id: UUID) -> Device:
    device = visible.get(session(), viewer(), device_id, now())
    if device.key is None:
        raise NotFound
    return device


def _shown(row: FoundRow, same: Mapping[str, Device]) -> dict[str, Any]:
    found = row.found
    twin = same.get(found.address)
    return {
        **{name: getattr(found, name) for name in ("address", "model", "name", "kinds")},
        **{name: getattr(found, name) for name in ("first_at", "heard_at", "left_at")},
        "life_safety": row.protects,
        "device_id": row.device.uuid if row.device is not None else None,
        "same_as": twin.uuid if twin is not None else None,
    }
