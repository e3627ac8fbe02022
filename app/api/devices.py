"""Kit in the REST API: enrolled with a secret that is told once, given to people and homes, taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.api.device_shapes import (
    AssignmentNew,
    AssignmentOut,
    Assignments,
    BeliefOut,
    Contradictions,
    DeviceChange,
    DeviceEnrolled,
    DeviceNew,
    DeviceOut,
    DevicesAsked,
    Ending,
    KitWorkIn,
    RouteIn,
)
from app.api.fields import edit_of, page_of
from app.api.named import fields_as
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, after_commit, installation, now, session, viewer
from core.errors import Invalid, NotFound
from devices import (
    assignments,
    belief,
    believed,
    conflicts,
    kit_expected,
    kit_life,
    registry,
    silences,
    topics,
    watchers,
    works,
)
from devices import visible as kit
from devices.models import Device
from devices.registry import Enrolment
from people import visible

ABOUT = "Kit: hubs and devices with a secret of their own, and sensors behind hubs."
blueprint = Blueprint("devices", ABOUT)


WORK = ("work_starts", "work_ends", "work_why")
PLAIN = (
    "uuid", "version", "name", "model", "serial", "lot", "room", "life_safety", "silent_after_seconds",
    "state", "address", "secret_set_at", "revoked_at", "watches", "reserved_for", "due_back_on",
    "calibrated_on", "calibration_due_on", "battery_changed_on", "state_since",
)  # fmt: skip
WORD = ("heard_at", "online", "battery", "firmware")


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = []
    every = [kit.shown(row) for row in rows]
    heard = _heard([shown.device for shown in every])
    for shown in every:
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
                "silent_after": _silent_after(device, getattr(shown.word, "speaks_every_seconds", None)),
                "heard": heard.get(device.id, []),
            }
        )
    return found


def _silent_after(device: Device, said: float | None) -> dict[str, Any] | None:
    figure = kit_expected.figure_of(device, said)
    if figure is None:
        return None
    missing = figure.late_after + figure.grace
    return {"late_after_seconds": figure.late_after, "missing_after_seconds": missing, "by": figure.by}


def _heard(devices: Sequence[Device]) -> dict[int, list[dict[str, Any]]]:
    hubs = {device.id: device.hub_id for device in devices}
    found: dict[int, list[dict[str, Any]]] = {}
    for over in silences.OVERS:
        for device_id, heard in silences.heard(session(), hubs, now(), over).items():
            found.setdefault(device_id, []).append(
                {
                    "days": over.days,
                    "percent": heard.percent,
                    "unheard_seconds": heard.unheard.total_seconds(),
                    "not_listened_seconds": heard.deaf.total_seconds(),
                    "work_seconds": heard.work.total_seconds(),
                    "away_seconds": heard.away.total_seconds(),
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
    state = changes.pop("state", None)
    if state is not None:
        kit_life.move(session(), device, state, now=now(), actor=actor())
    return told(registry.change(session(), device, changes, now=now(), actor=actor()))


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


@blueprint.get("/<uuid:device_id>/belief")
@needs("readings:read")
@blueprint.answers(BeliefOut)
def get_belief(device_id: UUID) -> Any:
    """Tell how far a device is believed, by readings that are shared with you; 404 while it is nobody's."""
    found = belief.of_device(session(), viewer(), _device(device_id), now())
    if found is None:
        raise NotFound
    tally = found.tally
    return {
        "verdict": believed.verdict(tally),
        "readings": tally.readings,
        "since": found.since,
        "whole": found.whole,
        "marks": [{"mark": mark, "readings": number} for mark, number in tally.marks.items()],
        "slow_by_seconds": tally.slow_by.total_seconds() if tally.slow_by is not None else None,
        "delay_seconds": tally.delay.total_seconds() if tally.delay is not None else None,
        "measured": found.measured,
    }


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
