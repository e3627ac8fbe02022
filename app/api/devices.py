"""Kit in the REST API: enrolled with a secret that is told once, given to people and homes, taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Shape, Text, choice, edit_of, identity, page_of, row_version
from app.api.named import fields_as
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, after_commit, installation, now, session, viewer
from core.errors import Invalid, NotFound
from devices import assignments, conflicts, registry, topics, watchers, works
from devices import visible as kit
from devices.models import Device, DeviceState
from devices.registry import Enrolment
from people import visible
from people.watching import Watched

ABOUT = "Kit: hubs and devices with a secret of their own, and sensors behind hubs."
blueprint = Blueprint("devices", ABOUT)


class DeviceEdit(Shape):
    """What is said of a device."""

    name = Text(required=True)
    model = Text(
        required=True, metadata={"description": "As its maker calls it: some keys mean what it says."}
    )
    serial = Text(allow_none=True)
    lot = Text(allow_none=True)
    room = Text(allow_none=True)
    life_safety = fields.Boolean()
    silent_after_seconds = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(60, 7_776_000)
    )
    watches = fields.List(
        choice(Watched),
        allow_none=True,
        metadata={
            "description": "What it watches of somebody's life; [] for nothing. Left out, its model and name "
            "tell. Kit that watches can be given only to those who have agreed to it (agreements)."
        },
    )


class Contradiction(Shape):
    """A moment for which a device gave two values; `kept` came first, and is what counts."""

    kind = fields.String()
    at = Moment()
    kept = fields.Float()
    other = fields.Float()


class Contradictions(Shape):
    """Moments with two values, the latest first."""

    items = fields.List(fields.Nested(Contradiction), required=True)


class DeviceChange(DeviceEdit):
    """What is said of a device, and where it is in its life."""

    state = choice(DeviceState)


class DeviceNew(DeviceEdit):
    """A device to be enrolled; one behind a hub names the hub and the address the hub publishes it by."""

    hub_id = fields.UUID(load_default=None, allow_none=True)
    address = Text(most=128, load_default=None, allow_none=True)


class MqttOut(Shape):
    """How it signs in to the broker, and what its topics begin with; the password is never told again."""

    username = fields.String()
    password = fields.String()
    topic_prefix = fields.String()


class AssignmentOut(Shape):
    """A time that a device is a person's or a home's."""

    id = fields.UUID(attribute="assignment.uuid")
    person_id = fields.UUID(attribute="person", allow_none=True)
    home_id = fields.UUID(attribute="home", allow_none=True)
    from_ = Moment(data_key="from", attribute="assignment.period.lower", allow_none=True)
    until = Moment(attribute="assignment.period.upper", allow_none=True)
    purpose = Text(attribute="assignment.purpose", allow_none=True)


class DeviceOut(DeviceChange):
    """A device; `assignment` is null where it is nobody's, or somebody's whom you may not see."""

    id = identity()
    version = row_version()
    watches_proposed = fields.List(
        choice(Watched),
        allow_none=True,
        metadata={
            "description": "What model and name let us guess while `watches` is null: it counts until "
            "somebody says."
        },
    )
    device_key = Text(allow_none=True)
    topic_prefix = Text(allow_none=True)
    hub_id = fields.UUID(allow_none=True)
    address = Text(allow_none=True)
    agency_id = fields.UUID(allow_none=True)
    secret_set_at = Moment(allow_none=True)
    revoked_at = Moment(allow_none=True)
    heard_at = Moment(allow_none=True)
    online = fields.Boolean(allow_none=True)
    battery = fields.Float(allow_none=True, metadata={"description": "Percent."})
    firmware = Text(allow_none=True)
    assignment = fields.Nested(AssignmentOut, allow_none=True)
    work_starts = Moment(allow_none=True, metadata={"description": "Of work on it; null: none is planned."})
    work_ends = Moment(allow_none=True)
    work_why = Text(allow_none=True)


class KitWorkIn(Shape):
    """Work on a device: from when (now, if null) until when, at most eight hours, and what for."""

    starts = Moment(allow_none=True, load_default=None)
    ends = Moment(required=True)
    why = Text(required=True)


class DeviceEnrolled(DeviceOut):
    """A device with its secret, told this once; null for a sensor, which speaks through its hub."""

    mqtt = fields.Nested(MqttOut, required=True, allow_none=True)


class DevicesAsked(Cut):
    """Which kit is asked for."""

    person_id = fields.UUID(load_default=None)
    home_id = fields.UUID(load_default=None)
    hub_id = fields.UUID(load_default=None)


class AssignmentNew(Shape):
    """Whose it is to be, a person's or a home's, and from when on (now)."""

    person_id = fields.UUID(load_default=None, allow_none=True)
    home_id = fields.UUID(load_default=None, allow_none=True)
    from_ = Moment(data_key="from", load_default=None, allow_none=True)
    purpose = Text(load_default=None, allow_none=True)


class Ending(Shape):
    """When it ends (now)."""

    at = Moment(load_default=None, allow_none=True)


class Assignments(Shape):
    """Who in sight has or had it, the latest first."""

    items = fields.List(fields.Nested(AssignmentOut), required=True)


class RouteIn(Shape):
    """A fixed topic of kit that can't be configured, and the format it speaks."""

    topic_filter = Text(required=True, metadata={"examples": ["glow/+/SENSOR/#"]})
    format = Text(required=True, metadata={"examples": ["glow"]})


WORK = ("work_starts", "work_ends", "work_why")
PLAIN = (
    "uuid", "version", "name", "model", "serial", "lot", "room", "life_safety", "silent_after_seconds",
    "state", "address", "secret_set_at", "revoked_at", "watches",
)  # fmt: skip
WORD = ("heard_at", "online", "battery", "firmware")


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        shown = kit.shown(row)
        device = shown.device
        found.append(
            {
                **{name: getattr(device, name) for name in (*PLAIN, *WORK)},
                **{name: getattr(shown.word, name, None) for name in WORD},
                "watches_proposed": watchers.proposed(
                    life_safety=device.life_safety, said=device.watches, model=device.model, name=device.name
                ),
                "device_key": device.key,
                "topic_prefix": f"{topics.ROOT}{device.key}" if device.key else None,
                "hub_id": shown.hub,
                "agency_id": shown.agency,
                "assignment": shown if shown.assignment else None,
            }
        )
    return found


def told(device: Device, enrolment: Enrolment | None = None) -> dict[str, Any]:
    """A device as it is answered, with its secret where that is told."""
    row = session().execute(kit.listing(viewer(), now()).where(Device.id == device.id)).one()
    mqtt = None
    if enrolment is not None:
        mqtt = {
            "username": enrolment.key,
            "password": enrolment.secret,
            "topic_prefix": enrolment.topic_prefix,
        }
    return {**_told([row])[0], "mqtt": mqtt}


@blueprint.get("")
@needs("kit:read")
@blueprint.takes(DevicesAsked, location="query")
@blueprint.answers(page_of(DeviceOut))
def list_devices(asked: Given) -> Page[Any]:
    """List the kit in sight, in the order it was enrolled."""
    query = kit.listing(
        viewer(),
        now(),
        person_id=_person(asked["person_id"]),
        home_id=_home(asked["home_id"]),
        hub_id=_device(asked["hub_id"]).id if asked["hub_id"] else None,
    )
    return page(session(), query, [Device.id], asked).turned(_told)


@blueprint.post("")
@needs("kit:write")
@blueprint.takes(DeviceNew)
@blueprint.answers(DeviceEnrolled, 201)
def enrol_device(given: Given) -> Any:
    """Enrol a device: its secret is told in this answer, and never again."""
    hub_id, address = given.pop("hub_id"), given.pop("address")
    if (hub_id is None) != (address is None):
        raise Invalid({"address": "A sensor needs both its hub and the address that the hub publishes."})
    owner = viewer().agency_id
    if hub_id is not None:
        hub = _hub(hub_id)
        return told(registry.enrol_sensor(session(), hub, address, given, actor=actor(), agency_id=owner))
    enrolment = registry.enrol(session(), given, now=now(), actor=actor(), agency_id=owner)
    after_commit(installation().refresh_broker)
    return told(enrolment.device, enrolment)


@blueprint.get("/<uuid:device_id>")
@needs("kit:read")
@blueprint.answers(DeviceOut)
def get_device(device_id: UUID) -> Any:
    """Show a device."""
    return told(_device(device_id))


@blueprint.patch("/<uuid:device_id>")
@needs("kit:write")
@blueprint.takes(edit_of(DeviceChange))
@blueprint.answers(DeviceOut)
def change_device(changes: Given, device_id: UUID) -> Any:
    """Change what is given of a device."""
    device = _device(device_id)
    if_match(device.version)
    return told(registry.change(session(), device, changes, actor=actor()))


@blueprint.post("/<uuid:device_id>/rotate")
@needs("kit:write")
@blueprint.answers(DeviceEnrolled)
def rotate_secret(device_id: UUID) -> Any:
    """Give a device another secret, told this once; the old one ends. It also undoes a revocation."""
    enrolment = registry.rotate(session(), _device(device_id), now=now(), actor=actor())
    after_commit(installation().refresh_broker)
    return told(enrolment.device, enrolment)


@blueprint.post("/<uuid:device_id>/revoke")
@needs("kit:write")
@blueprint.answers(DeviceOut)
def revoke_secret(device_id: UUID) -> Any:
    """Let a device speak no more: the broker refuses it."""
    device = _device(device_id)
    registry.revoke(session(), device, now=now(), actor=actor())
    after_commit(installation().refresh_broker)
    return told(device)


@blueprint.post("/<uuid:device_id>/work")
@needs("kit:write")
@blueprint.takes(KitWorkIn)
@blueprint.answers(DeviceOut)
def plan_work(given: Given, device_id: UUID) -> Any:
    """Plan work on a device: meanwhile its silence and its battery call nobody."""
    device = _device(device_id)
    works.plan(session(), device, given, now=now(), actor=actor())
    return told(device)


@blueprint.post("/<uuid:device_id>/work/end")
@needs("kit:write")
@blueprint.answers(DeviceOut)
def end_work(device_id: UUID) -> Any:
    """End the work, or call it off."""
    device = _device(device_id)
    works.finish(session(), device, now=now(), actor=actor())
    return told(device)


@blueprint.post("/<uuid:device_id>/routes")
@needs("kit:write")
@blueprint.takes(RouteIn)
@blueprint.answers(RouteIn, 201)
def add_route(given: Given, device_id: UUID) -> Any:
    """Say that what comes under a fixed topic is this device's."""
    device = _device(device_id)
    with fields_as(topic="topic_filter"):
        route = registry.add_route(session(), device, given["topic_filter"], given["format"], actor=actor())
    after_commit(installation().refresh_broker)
    return route


@blueprint.get("/<uuid:device_id>/conflicts")
@needs("readings:read")
@blueprint.answers(Contradictions)
def list_conflicts(device_id: UUID) -> Any:
    """List moments of the last four weeks with two values, as far as its readings are shared with you."""
    return {"items": conflicts.shown(session(), viewer(), _device(device_id), now())}


@blueprint.get("/<uuid:device_id>/assignments")
@needs("kit:read")
@blueprint.answers(Assignments)
def list_assignments(device_id: UUID) -> Any:
    """List who in sight has or had a device, the latest first."""
    return {"items": kit.list_held(session(), viewer(), _device(device_id), now())}


@blueprint.post("/<uuid:device_id>/assignments")
@needs("kit:write")
@blueprint.takes(AssignmentNew)
@blueprint.answers(AssignmentOut, 201)
def assign_device(given: Given, device_id: UUID) -> Any:
    """Give a device to a person or a home: what it measures from then on is theirs."""
    device = _device(device_id)
    start = given["from_"] or assignments.from_now(session(), device, now())
    made = assignments.assign(
        session(),
        device,
        start=start,
        now=now(),
        actor=actor(),
        person_id=_person(given["person_id"]),
        home_id=_home(given["home_id"]),
        purpose=given["purpose"],
    )
    return kit.Held(made, given["person_id"], given["home_id"])


@blueprint.post("/<uuid:device_id>/assignments/<uuid:assignment_id>/end")
@needs("kit:write")
@blueprint.takes(Ending)
@blueprint.answers(Assignments)
def end_assignment(given: Given, device_id: UUID, assignment_id: UUID) -> Any:
    """End an assignment: what the device measures from then on is nobody's."""
    device = _device(device_id)
    held = kit.get_assignment(session(), viewer(), device, assignment_id, now())
    assignments.end(session(), held, at=given["at"] or now(), now=now(), actor=actor())
    return {"items": kit.list_held(session(), viewer(), device, now())}


def _device(device_id: UUID) -> Device:
    return kit.get(session(), viewer(), device_id, now())


def _hub(hub_id: UUID) -> Device:
    try:
        return _device(hub_id)
    except NotFound as fault:
        raise Invalid({"hub_id": "There is no such hub."}) from fault


def _person(person_id: UUID | None) -> int | None:
    return visible.get_person(session(), viewer(), person_id, now()).id if person_id else None


def _home(home_id: UUID | None) -> int | None:
    return visible.get_home(session(), viewer(), home_id, now()).id if home_id else None
