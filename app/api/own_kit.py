"""People's own kit in the REST API: added, checked against ours, doubted again."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api import devices
from app.api.device_shapes import DeviceEnrolled
from app.api.fields import Moment, Number, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import actor, after_commit, installation, now, session, viewer
from care_plans.models.own_kit import Found
from care_plans.work import checking_kit
from care_plans.work.checking_kit import Check
from core.zones import UK
from devices import own_kit, visible
from devices.joining_models import Way
from devices.own_kit import Own
from devices.own_sorts import SORTS
from people import residencies
from people import visible as seen
from people.models.people import Person

of_person = Blueprint(
    "own-kit", "Kit that is people’s own, and whether it was checked.",
    prefix=f"{PREFIX}/people/<uuid:person_id>/own-kit",
)  # fmt: skip
blueprint = Blueprint(
    "own-kit", "Kit that is people’s own, and whether it was checked.", part="checks",
    prefix=f"{PREFIX}/devices/<uuid:device_id>",
)  # fmt: skip


class OwnKitIn(Shape):
    """Somebody's own kit, and how its readings come: typed in, or by itself with a secret of its own."""

    sort = fields.String(required=True, validate=validate.OneOf(sorted(SORTS)))
    model = Text(required=True, most=100)
    way = choice(Way, required=True)


class OwnKitOut(Shape):
    """Somebody's own kit; `checked` whether what it measures now counts in full."""

    device_id = fields.UUID()
    sort = fields.String(validate=validate.OneOf(sorted(SORTS)))
    model = Text()
    way = choice(Way)
    checked = fields.Boolean()
    check_by = Moment(allow_none=True, metadata={"description": "Until when a team is to check it."})
    added_at = Moment()
    added_by = Text()


class AllOwnKit(Shape):
    """Somebody's own kit, the latest first."""

    items = fields.List(fields.Nested(OwnKitOut), required=True)


class CheckIn(Shape):
    """What a check found. What is found right counts from then on, or from `counts_from`."""

    found = choice(Found, required=True)
    compared = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        values=fields.List(Number(), validate=validate.Length(equal=2)),
        load_default=dict,
        validate=validate.Length(max=10),
        metadata={"description": "By kind of reading: what theirs said, and what ours did."},
    )
    remarks = Text(load_default=None, allow_none=True, metadata={"description": "Needed unless it is right."})
    counts_from = Moment(load_default=None, allow_none=True)


class DoubtIn(Shape):
    """Why it is doubted, and since when (now)."""

    why = Text(required=True)
    since = Moment(load_default=None, allow_none=True)


@of_person.get("")
@needs("kit:read")
@of_person.answers(AllOwnKit)
def list_own_kit(person_id: UUID) -> Any:
    """List somebody's own kit."""
    person = _person(person_id)
    found = own_kit.list_of(session(), person.id, now())
    due = {
        each.row.device_id: each.due_at
        for each in checking_kit.listing(session(), [one.device for one in found])
        if each.row.done_at is None
    }
    return {"items": [{**_told(each), "check_by": due.get(each.device.id)} for each in found]}


@of_person.post("")
@needs("kit:write")
@of_person.takes(OwnKitIn)
@of_person.answers(DeviceEnrolled, 201)
def add_own_kit(given: Given, person_id: UUID) -> Any:
    """Put somebody's own kit on record, unchecked, and have it checked by whoever leads their care."""
    person = _person(person_id)
    made = checking_kit.add(session(), person, given, zone=_zone(person), actor=actor(), now=now())
    after_commit(installation().refresh_broker)
    return devices.told(made.device, made.enrolment)


@blueprint.post("/check")
@needs("kit:write")
@blueprint.takes(CheckIn)
@blueprint.answers(OwnKitOut)
def check_own_kit(given: Given, device_id: UUID) -> Any:
    """Say what a check of somebody's own kit against ours found."""
    own = _own(device_id)
    checking_kit.record(session(), own, given, zone=UK, by=viewer(), now=now())
    return {**_told(own), "check_by": _due(own)}


@blueprint.post("/doubt")
@needs("kit:write")
@blueprint.takes(DoubtIn)
@blueprint.answers(OwnKitOut)
def doubt_own_kit(given: Given, device_id: UUID) -> Any:
    """Doubt kit that was found right: it is unchecked again, and to be checked."""
    own = _own(device_id)
    asked: Check = checking_kit.doubt(session(), own, given, zone=UK, by=viewer(), now=now())
    return {**_told(own), "check_by": asked.due_at}


def _told(each: Own) -> dict[str, Any]:
    return {
        "device_id": each.device.uuid, "sort": each.own.sort, "model": each.device.model, "way": each.own.way,
        "checked": each.is_checked(now()), "added_at": each.own.added_at, "added_by": each.own.added_by,
    }  # fmt: skip


def _due(own: Own) -> Any:
    checks = checking_kit.listing(session(), [own.device])
    return next((each.due_at for each in checks if each.row.done_at is None), None)


def _own(device_id: UUID) -> Own:
    return checking_kit.get(session(), visible.get(session(), viewer(), device_id, now()))


def _person(person_id: UUID) -> Person:
    return seen.get_person(session(), viewer(), person_id, now())


def _zone(person: Person) -> str:
    home = residencies.find_home(session(), person, now())
    return home.time_zone if home else UK
