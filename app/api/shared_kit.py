"""Kit that several people share, in the REST API: who has which number, and whose each reading is."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api import devices
from app.api.fields import Moment, Shape, Text, choice
from app.api.named import fields_as
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import actor, now, session, viewer
from core.errors import Invalid, NotFound
from devices import kit_users, owners, unclaimed_seen
from devices import visible as kit
from devices.kit_users import User
from devices.models import Device
from devices.owners import Said
from devices.shared_kit_models import Owner
from devices.unclaimed import Unclaimed
from people import visible

blueprint = Blueprint(
    "devices", devices.ABOUT, part="shared_kit", prefix=f"{PREFIX}/devices/<uuid:device_id>"
)

NUMBER = {"description": "By which the kit tells its users apart."}


class KitUserIn(Shape):
    """Whose a user number of a device is, and since when: since it came here, if null."""

    number = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, kit_users.MOST - 1), metadata=NUMBER
    )
    person_id = fields.UUID(required=True)
    from_ = Moment(data_key="from", load_default=None, allow_none=True)


class KitUserOut(Shape):
    """Whose a user number is. `lives_there` false: they do not live there any more, and it counts no more."""

    id = fields.UUID()
    number = fields.Integer(metadata=NUMBER)
    person_id = fields.UUID()
    from_ = Moment(data_key="from", allow_none=True)
    lives_there = fields.Boolean()


class KitUsers(Shape):
    """Those in sight who use a device, by number."""

    items = fields.List(fields.Nested(KitUserOut), required=True)


class Measured(Shape):
    """A value in its kind's own unit."""

    kind = Text()
    value = fields.Float()


class WaitingOut(Shape):
    """All that was measured of a body at one moment and is nobody's yet."""

    channel = Text(metadata={"description": "The line of readings: user 2, or nothing where none was said."})
    at = Moment()
    readings = fields.List(fields.Nested(Measured))
    doubted_from = fields.Float(
        allow_none=True,
        metadata={"description": "Where the readings under this number lay, if this is too far from there."},
    )


class AnswerOut(Shape):
    """Whose a measurement was said to be, by whom and when."""

    id = fields.UUID()
    channel = Text()
    at = Moment()
    owner = choice(Owner)
    person_id = fields.UUID(allow_none=True)
    answered_by = Text()
    answered_at = Moment()


class Whose(Shape):
    """What waits to hear whose it is; `hidden` more wait that are not shared with you in full."""

    waiting = fields.List(fields.Nested(WaitingOut), required=True)
    hidden = fields.Integer(required=True)
    answered = fields.List(fields.Nested(AnswerOut), required=True)


class AnswerIn(Shape):
    """Whose a measurement was: `person_id` goes with the owner person alone."""

    channel = fields.String(load_default="", validate=validate.Length(max=100))
    at = Moment(required=True)
    owner = choice(Owner, required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)


@blueprint.get("/users")
@needs("kit:read")
@blueprint.answers(KitUsers)
def list_kit_users(device_id: UUID) -> Any:
    """List who in sight uses a device that several people share, by number."""
    return _users(_device(device_id))


@blueprint.post("/users")
@needs("kit:write")
@blueprint.takes(KitUserIn)
@blueprint.answers(KitUsers, 201)
def set_down_kit_user(given: Given, device_id: UUID) -> Any:
    """Say whose a user number is: what was measured under it since then becomes theirs, and is judged."""
    device = _device(device_id)
    person_id = _person(given["person_id"])
    with fields_as(person="person_id", start="from"):
        kit_users.set_down(
            session(), device, given["number"], person_id, start=given["from_"], now=now(), actor=actor()
        )
    return _users(device)


@blueprint.post("/users/<uuid:user_id>/end")
@needs("kit:write")
@blueprint.answers(KitUsers)
def end_kit_user(device_id: UUID, user_id: UUID) -> Any:
    """Let a number be nobody's from now on."""
    device = _device(device_id)
    row = kit_users.get(session(), viewer(), device, user_id, now())
    kit_users.end(session(), row, now=now(), actor=actor())
    return _users(device)


@blueprint.get("/whose")
@needs("readings:read")
@blueprint.answers(Whose)
def list_whose(device_id: UUID) -> Any:
    """List what a device measured lately and is nobody's yet, and what was answered."""
    return _whose(_device(device_id))


@blueprint.post("/whose")
@needs("readings:write")
@blueprint.takes(AnswerIn)
@blueprint.answers(Whose, 201)
def say_whose(given: Given, device_id: UUID) -> Any:
    """Say whose a measurement was: it becomes theirs, and they are judged by it."""
    device = _device(device_id)
    waiting = unclaimed_seen.of(session(), viewer(), device, now())
    if all((each.channel, each.at) != (given["channel"], given["at"]) for each in waiting.shown):
        raise NotFound
    person_id = _person(given["person_id"]) if given["person_id"] else None
    with fields_as(person="person_id"):
        owners.say(
            session(), device, given["channel"], given["at"], given["owner"], person_id=person_id, now=now(),
            actor=actor(),
        )  # fmt: skip
    return _whose(device)


@blueprint.post("/whose/<uuid:answer_id>/take-back")
@needs("readings:write")
@blueprint.answers(Whose)
def take_back_whose(device_id: UUID, answer_id: UUID) -> Any:
    """Take an answer back: it is asked again."""
    device = _device(device_id)
    row = owners.get_said(session(), viewer(), device, answer_id, now())
    owners.take_back(session(), row, now=now(), actor=actor())
    return _whose(device)


def _device(device_id: UUID) -> Device:
    return kit.get(session(), viewer(), device_id, now())


def _person(person_id: UUID) -> int:
    try:
        return visible.get_person(session(), viewer(), person_id, now()).id
    except NotFound as fault:
        raise Invalid({"person_id": "There is no such person."}) from fault


def _users(device: Device) -> dict[str, Any]:
    return {"items": [_user(each) for each in kit_users.list_of(session(), viewer(), device, now())]}


def _user(each: User) -> dict[str, Any]:
    row = each.row
    return {
        "id": row.uuid,
        "number": row.number,
        "person_id": each.person.uuid,
        "from_": row.period.lower,
        "lives_there": each.here,
    }


def _whose(device: Device) -> dict[str, Any]:
    waiting = unclaimed_seen.of(session(), viewer(), device, now())
    return {
        "waiting": [_waiting(each) for each in waiting.shown],
        "hidden": waiting.hidden,
        "answered": [_answered(each) for each in owners.list_said(session(), viewer(), device, now())],
    }


def _waiting(each: Unclaimed) -> dict[str, Any]:
    return {
        "channel": each.channel,
        "at": each.at,
        "readings": [{"kind": kind, "value": value} for kind, value in each.values],
        "doubted_from": each.doubted_from,
    }


def _answered(each: Said) -> dict[str, Any]:
    row = each.row
    return {
        **{name: getattr(row, name) for name in ("channel", "owner", "answered_by", "answered_at")},
        "id": row.uuid,
        "at": row.measured_at,
        "person_id": each.person.uuid if each.person else None,
    }
