"""Whether kit is heard since it was enrolled: a part of its page that goes on looking."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.pages import part
from devices import enrolment, heard_ways, visible
from devices.enrolment import Told
from devices.models import Device

blueprint = Blueprint("kit_heard", __name__)


@blueprint.get("/kit/<uuid:device_id>/heard")
@needs("kit:read", live=True)
def show(device_id: UUID) -> ResponseReturnValue:
    """The part alone."""
    device = visible.get(context.session(), context.viewer(), device_id, context.now())
    return part("_parts/kit_heard.html", told=told(device), unseen=enrolment.UNSEEN, uuid=device_id)


def told(device: Device) -> Told | None:
    """What the test says; None for a sensor behind a hub, and for kit that is typed in."""
    seen = heard_ways.look(context.session(), device)
    return enrolment.tell(seen, context.now()) if seen is not None else None
