"""Sensors that a hub was found to speak for: placed in a room of whose the hub is, or left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, NotFound
from core.journal import Actor
from devices import agreed, assignments, kinds, registry, rejected
from devices.gather import UNKNOWN_SENSOR
from devices.hearing_models import AlsoHeard
from devices.models import Assignment, Device, DeviceState, DeviceWord, FoundSensor, Rejected, Series

LISTENS = timedelta(minutes=15)
"""How long a hub tells of sensors that are not registered, once somebody looks for new ones."""
TO_PLACE = timedelta(hours=24)
"""How long after that they may still be placed."""
TRIED_AGAIN = 200
"""Messages of a sensor that were kept while nobody knew it, and are read once it is placed."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A sensor behind a hub: as found, and as registered (None while nobody has placed it)."""

    found: FoundSensor
    device: Device | None

    @property
    def protects(self) -> bool:
        """Whether it measures what life may hang on."""
        return any(kinds.get(code).life_safety for code in self.found.kinds if kinds.find(code))


@dataclass(frozen=True, slots=True)
class Placed:
    """A sensor that is registered behind a hub, when it was heard, and the kinds it has measured."""

    device: Device
    heard_at: datetime | None
    kinds: tuple[str, ...]


def list_found(session: Session, hub: Device) -> list[FoundRow]:
    """The sensors that a hub speaks for or lists: those to be placed first, then by address."""
    rows = session.execute(
        select(FoundSensor, Device)
        .outerjoin(AlsoHeard, _is_the_same())
        .outerjoin(Device, _is_of())
        .where(FoundSensor.hub_id == hub.id)
        .order_by(Device.id.is_not(None), FoundSensor.left_at.is_not(None), FoundSensor.address)
    )
    return [FoundRow(*row) for row in rows]


def list_placed(session: Session, hub: Device) -> list[Placed]:
    """The sensors that are registered behind a hub, by name."""
    measured = select(func.array_agg(Series.kind.distinct())).where(Series.device_id == Device.id)
    rows = session.execute(
        select(Device, DeviceWord.heard_at, measured.scalar_subquery())
        .outerjoin(DeviceWord, DeviceWord.device_id == Device.id)
        .where(Device.hub_id == hub.id, Device.deleted_at.is_(None), Device.state != DeviceState.RETIRED)
        .order_by(Device.name, Device.id)
    )
    return [Placed(device, heard_at, tuple(codes or ())) for device, heard_at, codes in rows]


def place(
    session: Session,
    hub: Device,
    address: str,
    given: Mapping[str, Any],
    *,
    now: datetime,
    actor: Actor,
    agency_id: int | None = None,
) -> Device:
    """Register a found sensor and give it to whoever has the hub; read what was kept of it meanwhile.

    `given` may hold what registry.READERS read; name, model and life_safety are those found, where they are
    left out. NotFound for an address the hub never named, Conflict where it is placed already.
    """
    row = _get(session, hub, address)
    if row.device is not None:
        raise Conflict("This sensor is placed already.")
    told = {
        "name": row.found.name or _called(row.found),
        "model": row.found.model or "not told",
        "life_safety": row.protects,
        **{name: value for name, value in given.items() if value not in (None, "")},
    }
    device = registry.enrol_sensor(session, hub, address, told, actor=actor, agency_id=agency_id)
    row.found.left_at = None
    held = session.scalar(
        select(Assignment).where(
            Assignment.device_id == hub.id, Assignment.period.contains(now), Assignment.deleted_at.is_(None)
        )
    )
    if held is not None:
        start = _since(session, device, row.found.first_at, held, now)
        assignments.assign(
            session, device, start=start, now=now, actor=actor,
            person_id=held.person_id, home_id=held.home_id, purpose=held.purpose,
        )  # fmt: skip
    read_again(session, hub, address, now, actor)
    return device


def listen(session: Session, hub: Device, *, now: datetime, actor: Actor) -> datetime:
    """Look for new sensors for LISTENS; when that ends. What isn't placed by then is forgotten (`forget`)."""
    hub.listens_until = now + LISTENS
    journal.write(session, "looks for sensors", actor=actor, subject="device", subject_uuid=hub.uuid)
    session.flush()
    return hub.listens_until


def forget(session: Session, now: datetime, limit: int = 100) -> bool:
    """Forget what hubs heard while somebody looked and didn't place, a while after; whether there was any.

    A radio hears the neighbours' sensors too. So nothing stays of them: neither address nor message.
    """
    over = session.scalars(
        select(Device)
        .where(Device.listens_until < now - TO_PLACE)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not over:
        return False
    ids = [hub.id for hub in over]
    unknown = delete(Rejected).where(Rejected.device_id.in_(ids), Rejected.code == UNKNOWN_SENSOR)
    session.execute(unknown.where(Rejected.settled_at.is_(None)))
    placed = select(Device.id).where(
        Device.hub_id == FoundSensor.hub_id,
        Device.address == FoundSensor.address,
        Device.deleted_at.is_(None),
    )
    same = select(AlsoHeard.device_id).where(_is_the_same())
    gone = delete(FoundSensor).where(FoundSensor.hub_id.in_(ids), ~placed.exists(), ~same.exists())
    session.execute(gone.where(FoundSensor.left_at.is_(None)))
    for hub in over:
        hub.listens_until = None
    session.flush()
    return True


def leave(session: Session, hub: Device, address: str, *, now: datetime, actor: Actor) -> None:
    """Say that a sensor is no concern of ours, such as a neighbour's; what was kept of it is set aside."""
    row = _get(session, hub, address)
    if row.device is not None:
        raise Conflict("This sensor is placed: take it back first.")
    row.found.left_at = now
    for kept in _kept(session, hub, address):
        kept.settled_at, kept.settled_how = now, rejected.SET_ASIDE
    journal.write(session, "left alone", actor=actor, subject="device", subject_uuid=hub.uuid)
    session.flush()


def _since(session: Session, device: Device, first_at: datetime, held: Assignment, now: datetime) -> datetime:
    """From when on it is theirs: since it was first heard, or from now on where it watches.

    What watches may be theirs only while they have agreed, and who agrees today has not agreed to yesterday.
    """
    if agreed.watched_by(session, [device])[device.id]:
        return assignments.from_now(session, device, now)
    return min(max(first_at, held.period.lower or first_at), now)


def _get(session: Session, hub: Device, address: str) -> FoundRow:
    for row in list_found(session, hub):
        if row.found.address == address:
            return row
    raise NotFound


def _is_the_same() -> ColumnElement[bool]:
    """That another hub's sensor is what was found."""
    return (AlsoHeard.hub_id == FoundSensor.hub_id) & (AlsoHeard.address == FoundSensor.address)


def _is_of() -> ColumnElement[bool]:
    """What was found as it is registered: here, or behind another hub that hears it too."""
    here = and_(Device.hub_id == FoundSensor.hub_id, Device.address == FoundSensor.address)
    return and_(
        or_(Device.id == AlsoHeard.device_id, and_(AlsoHeard.device_id.is_(None), here)),
        Device.deleted_at.is_(None),
    )


def _called(found: FoundSensor) -> str:
    """What to call it before anybody has: after what it measures."""
    named = [kinds.get(code).name for code in sorted(found.kinds) if kinds.find(code)]
    return f"{named[0]} sensor" if named else "Sensor"


def _kept(session: Session, hub: Device, address: str) -> Sequence[Rejected]:
    return session.scalars(
        select(Rejected)
        .where(
            Rejected.device_id == hub.id,
            Rejected.code == UNKNOWN_SENSOR,
            Rejected.where == address,
            Rejected.settled_at.is_(None),
        )
        .order_by(Rejected.id.desc())
        .limit(TRIED_AGAIN)
    ).all()


def read_again(session: Session, hub: Device, address: str, now: datetime, actor: Actor) -> None:
    """Read what was kept of a sensor while nobody knew whose it was, the oldest first."""
    for kept in reversed(_kept(session, hub, address)):
        rejected.retry(session, kept.id, now, actor=actor)
