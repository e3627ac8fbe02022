"""The readings of a piece of kit that have one mark: what is behind the figures of how far it is believed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.belief_words import MARKS
from app.web.pages import page
from core.errors import NotFound
from devices import assignments, belief, kinds, visible
from devices.belief import LISTED, Marked
from devices.believed import Mark
from devices.models import Device
from people.models.people import Person
from people.visible import record_look

blueprint = Blueprint("kit_marked", __name__)


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A reading with its mark: see kit_marked.html."""

    what: str
    value: str
    at: datetime
    received_at: datetime | None
    original: datetime | None
    other: str | None


@blueprint.get("/kit/<uuid:device_id>/marked/<mark>")
@needs("readings:read")
def show_marked(device_id: UUID, mark: str) -> ResponseReturnValue:
    """Its readings with a mark; that somebody looked at whoever's they are is written down."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    device = visible.get(opened, viewer, device_id, now)
    if mark not in set(Mark):
        raise NotFound
    found = belief.list_marked(opened, viewer, device, Mark(mark), now)
    _record(device)
    return page(
        "kit_marked.html",
        device=device,
        mark=MARKS[Mark(mark)],
        readings=tuple(_row(each) for each in found),
        most=LISTED,
    )


def _record(device: Device) -> None:
    opened = context.session()
    held = assignments.find(opened, device.id, context.now())
    person = opened.get(Person, held.person_id) if held is not None and held.person_id else None
    if person is not None:
        record_look(opened, context.viewer(), person, at_what="readings of kit")


def _row(each: Marked) -> MarkedRow:
    kind = kinds.get(each.kind)
    return MarkedRow(
        " ".join(filter(None, (kind.name, each.channel))),
        kinds.say(kind, each.value),
        each.at,
        each.received_at,
        each.original,
        kinds.say(kind, each.other) if each.other is not None else None,
    )
