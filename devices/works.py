"""Work on kit: planned for a time, in which its silence and its battery call nobody.

What it measures is judged as ever, a press of a pendant too: only who opens its alert reads that somebody is
at work on it. Whoever is without protection meanwhile stays listed as such.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from core import journal
from core.errors import Conflict, Invalid
from core.journal import Actor
from devices import silences
from devices.hearing_models import Why
from devices.models import Assignment, Device
from devices.subjects import Subject
from devices.unread import wake_by_devices
from people.faults import as_given, read_fields, words

LONGEST = timedelta(hours=8)
"""A working day: kit that is away for longer is in repair, and somebody else protects them."""
AHEAD = timedelta(days=90)
NONE_PLANNED = "No work on it is planned."


@dataclass(frozen=True, slots=True)
class Work:
    """Work on one piece of kit: from when to when, what for."""

    device_id: int
    name: str
    starts: datetime
    ends: datetime
    why: str


def plan(session: Session, device: Device, given: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """Plan work on a device, in place of what was planned before: `starts` (now), `ends` and `why`.

    Invalid, with each fault at its field, for a time that is over, too long or too far off.
    """
    readers = {"starts": as_given, "ends": as_given, "why": words()}
    found = read_fields(given, readers, required=("ends", "why"))
    starts, ends = found.get("starts") or now, found["ends"]
    faults = {}
    if starts > now + AHEAD:
        faults["starts"] = f"Give a time within {AHEAD.days} days."
    if ends <= max(starts, now):
        faults["ends"] = "Give a time that is still to come, after it begins."
    elif ends - starts > LONGEST:
        faults["ends"] = "Give at most eight hours: kit that is away for longer is in repair."
    if faults:
        raise Invalid(faults)
    _over(session, device, now)
    device.work_starts, device.work_ends, device.work_why = starts, ends, found["why"]
    details = {"starts": starts.isoformat(), "ends": ends.isoformat(), "why": found["why"]}
    _tell(session, "work planned", device, actor, details)


def finish(session: Session, device: Device, *, now: datetime, actor: Actor) -> None:
    """It is done, or called off: its silence calls somebody again. Conflict where none is planned."""
    if device.work_ends is None:
        raise Conflict(NONE_PLANNED)
    _over(session, device, now)
    _tell(session, "work ended", device, actor, {})
    wake_by_devices(session, {device.id: (now, now)}, now)


def of(device: Device, now: datetime) -> Work | None:
    """The work on a device that is planned or under way, or None."""
    if device.work_starts is None or device.work_ends is None or device.work_ends <= now:
        return None
    return Work(device.id, device.name, device.work_starts, device.work_ends, device.work_why or "")


def under_way(session: Session, device_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these that are being worked on at `now`, or whose hub is."""
    if not device_ids:
        return set()
    hub = aliased(Device)
    rows = session.scalars(
        select(Device.id)
        .outerjoin(hub, hub.id == Device.hub_id)
        .where(Device.id.in_(device_ids), or_(_runs(Device, now), _runs(hub, now)))
    )
    return set(rows)


def around(session: Session, subjects: Collection[Subject], at: datetime, now: datetime) -> list[Work]:
    """The work on kit of these subjects that was going on at a time and has not ended yet."""
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    rows = session.execute(
        select(Device.id, Device.name, Device.work_starts, Device.work_ends, Device.work_why)
        .join(Assignment, Assignment.device_id == Device.id)
        .where(
            or_(Assignment.person_id.in_(people), Assignment.home_id.in_(homes)),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            Device.work_starts <= at,
            Device.work_ends > at,
        )
        .order_by(Device.work_starts, Device.id)
    )
    return [
        Work(device_id, name, starts, ends, why or "")
        for device_id, name, starts, ends, why in rows
        if starts is not None and ends is not None
    ]


def step(session: Session, now: datetime, limit: int = 200) -> bool:
    """End what is over, and let those whose kit it is be judged again; whether there was any."""
    over = session.scalars(
        select(Device)
        .where(Device.work_ends <= now)
        .order_by(Device.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for device in over:
        _over(session, device, now)
        _tell(session, "work ended", device, Actor("Hearthline"), {})
    wake_by_devices(session, {device.id: (now, now) for device in over}, now)
    return bool(over)


def _runs(device: Any, now: datetime) -> ColumnElement[bool]:
    return and_(device.work_starts <= now, device.work_ends > now)


def _over(session: Session, device: Device, now: datetime) -> None:
    """Forget the work, but for the time that it took: what was not heard then is not held against the kit."""
    if device.work_starts is not None and device.work_ends is not None and device.work_starts < now:
        silences.begin(session, {device.id: device.work_starts}, Why.WORK)
        silences.end(session, {device.id: min(device.work_ends, now)}, Why.WORK)
    device.work_starts = device.work_ends = device.work_why = None


def _tell(session: Session, what: str, device: Device, actor: Actor, details: Mapping[str, Any]) -> None:
    session.flush()
    journal.write(
        session, what, actor=actor, subject="device", subject_uuid=device.uuid, details=dict(details)
    )
