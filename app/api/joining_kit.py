"""How kit joins, in the REST API: whether it is heard since it was enrolled, and codes to claim it."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app import context
from app.api import devices
from app.api.device_shapes import DeviceOut
from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import actor, installation, now, session, viewer
from core.errors import Invalid, NotFound
from devices import claims, enrolment, heard_ways, visible
from devices.claims import Claimant
from devices.enrolment import State
from devices.models import Device
from people import residencies
from people import visible as seen

blueprint = Blueprint("devices", devices.ABOUT, part="joining_kit", prefix=f"{PREFIX}/devices")


class HeardStepOut(Shape):
    """One thing that is looked for since the secret was set, and when it was last heard."""

    name = Text()
    state = choice(State)
    words = Text()
    at = Moment(allow_none=True)


class EnrolmentTestOut(Shape):
    """Whether a device is heard as it should be; `whole` once all that it should say has been heard."""

    whole = fields.Boolean()
    steps = fields.List(fields.Nested(HeardStepOut))
    changes = fields.List(Text(), metadata={"description": "What to change in its settings."})
    missing = fields.List(Text(), metadata={"description": "What it should still say."})
    unseen = Text(metadata={"description": "What can't be seen from here."})


class ClaimCodeIn(Shape):
    """Whose the device becomes: the person's who enters it, or their home's."""

    for_home = fields.Boolean(load_default=False)


class ClaimCodeOut(Shape):
    """A code by which a device is claimed, told this once."""

    code = Text()
    for_home = fields.Boolean()
    expires_at = Moment()


class ClaimIn(Shape):
    """A code, and the person who is to have the device (or whose home is)."""

    code = Text(required=True, most=20)
    person_id = fields.UUID(required=True)


@blueprint.get("/<uuid:device_id>/heard")
@needs("kit:read")
@blueprint.answers(EnrolmentTestOut)
def show_heard(device_id: UUID) -> Any:
    """Tell whether a device is heard since its secret was set, and what to change in its settings."""
    found = heard_ways.look(session(), _get(device_id))
    if found is None:
        raise NotFound
    told = enrolment.tell(found, now())
    return {
        "whole": told.whole, "steps": told.steps, "changes": told.changes, "missing": told.missing,
        "unseen": enrolment.UNSEEN,
    }  # fmt: skip


@blueprint.post("/<uuid:device_id>/claim-code")
@needs("kit:write")
@blueprint.takes(ClaimCodeIn)
@blueprint.answers(ClaimCodeOut, 201)
def make_claim_code(given: Given, device_id: UUID) -> Any:
    """Make a code for a device in stock: valid for a day, for one use; one before it ends."""
    made = claims.make(session(), _get(device_id), for_home=given["for_home"], now=now(), actor=actor())
    return {"code": made.code, "for_home": made.row.for_home, "expires_at": made.row.expires_at}


@blueprint.post("/<uuid:device_id>/claim-code/withdraw")
@needs("kit:write")
@blueprint.answers(DeviceOut)
def withdraw_claim_code(device_id: UUID) -> Any:
    """Let the code of a device be used no more."""
    device = _get(device_id)
    claims.withdraw(session(), device, now=now(), actor=actor())
    return devices.told(device)


@blueprint.post("/claims")
@needs("kit:write")
@blueprint.takes(ClaimIn)
@blueprint.answers(DeviceOut, 201)
def claim_device(given: Given) -> Any:
    """Give a device to a person by its code. Five codes that open nothing are followed by a wait."""
    person = seen.get_person(session(), viewer(), given["person_id"], now())
    home = residencies.find_home(session(), person, now())
    claimant = Claimant(f"staff {viewer().staff_id}", person.id, home.id if home else None)
    made = claims.claim(
        session(), given["code"], claimant, now=now(), real_now=installation().real_now(), actor=actor()
    )
    if made is None:
        context.keep()  # the try counts
        raise Invalid({"code": claims.WRONG})
    return devices.told(session().get_one(Device, made.device_id))


def _get(device_id: UUID) -> Device:
    return visible.get(session(), viewer(), device_id, now())
