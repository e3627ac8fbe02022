"""One sensor that several hubs hear: found out by its address, and made one at a press."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from core import journal
from core.errors import Conflict, NotFound
from core.journal import Actor
from devices import assignments, kit_expected, kit_life, placing
from devices.hearing_models import AlsoHeard
from devices.models import Device, DeviceState, FoundSensor

_NUMBERED = re.compile(r"0x[0-9a-f]{4}|\w+:\d+|\d{1,5}", re.IGNORECASE)
"""Addresses that a hub gives out itself (a short Zigbee address, a component's number): another hub's are
other sensors'."""
_PLAIN = "regexp_replace(lower({}), '[^0-9a-z]', '', 'g')"

# Where each hub stands: its own home, or that of the person who has it.
_HOMES = """
SELECT a.device_id, coalesce(a.home_id, r.home_id) AS home_id
FROM assignments a LEFT JOIN residencies r ON r.person_id = a.person_id AND r.period @> :now
WHERE a.deleted_at IS NULL AND a.period @> :now
"""
_SAME = text(
    f"""
    WITH placed AS ({_HOMES})
    SELECT f.address, d.id
    FROM found_sensors f
    JOIN placed mine ON mine.device_id = f.hub_id
    JOIN placed theirs ON theirs.home_id = mine.home_id AND theirs.device_id <> f.hub_id
    JOIN devices d ON d.hub_id = theirs.device_id AND d.deleted_at IS NULL AND d.revoked_at IS NULL
      AND d.state <> 'retired'
      AND {_PLAIN.format("d.address")} = {_PLAIN.format("f.address")}
    LEFT JOIN devices own ON own.hub_id = f.hub_id AND own.address = f.address AND own.deleted_at IS NULL
    WHERE f.hub_id = :hub_id AND f.left_at IS NULL AND (own.id IS NULL OR own.id > d.id)
      AND NOT EXISTS (SELECT FROM also_heard a WHERE a.hub_id = f.hub_id AND a.address = f.address)
    ORDER BY f.address, d.id DESC
    """  # noqa: S608 - put together of what stands here
)


@dataclass(frozen=True, slots=True)
class Way:
    """A hub that hears a sensor, under which address, and when it last did (None where that is not known)."""

    hub: Device
    address: str
    heard_at: datetime | None


def is_its_own(address: str) -> bool:
    """Whether an address is the sensor's own wherever it is heard, and none that its hub gave it."""
    return _NUMBERED.fullmatch(address) is None


def list_proposed(session: Session, hub: Device, now: datetime) -> dict[str, Device]:
    """By the address as `hub` gives it: sensors that are registered behind another hub of the same home."""
    rows = session.execute(_SAME, {"hub_id": hub.id, "now": now}).all()
    same = {address: device_id for address, device_id in rows if is_its_own(address)}
    devices = {
        device.id: device for device in session.scalars(select(Device).where(Device.id.in_(same.values())))
    }
    return {address: devices[device_id] for address, device_id in same.items() if device_id in devices}


def join(session: Session, hub: Device, address: str, *, now: datetime, actor: Actor) -> Device:
    """Say that what `hub` hears under `address` is the sensor that is proposed for it; that sensor.

    What this hub says of it goes into the same readings from now on. Where it was registered here as well,
    that registration ends and is retired: what it measured stays. NotFound where none is proposed.
    """
    twin = list_proposed(session, hub, now).get(address)
    if twin is None:
        raise NotFound
    own = session.scalar(
        select(Device).where(Device.hub_id == hub.id, Device.address == address, Device.deleted_at.is_(None))
    )
    if own is not None:
        _retire(session, own, twin, now, actor)
    session.add(AlsoHeard(hub_id=hub.id, address=address, device_id=twin.id, since=now))
    session.flush()
    _tell(session, "heard by another hub", twin, hub, actor)
    placing.read_again(session, hub, address, now, actor)
    return twin


def part(session: Session, hub: Device, address: str, *, now: datetime, actor: Actor) -> None:
    """Say that it is another sensor after all: it waits for a room. NotFound where nobody said it was one."""
    row = session.get(AlsoHeard, (hub.id, address))
    if row is None:
        raise NotFound
    device = session.get_one(Device, row.device_id)
    session.delete(row)
    session.flush()
    _tell(session, "no longer heard by another hub", device, hub, actor)


def list_joined(session: Session, hub: Device) -> list[tuple[str, Device]]:
    """The sensors of other hubs that this one hears too, by their names, with their addresses here."""
    rows = session.execute(
        select(AlsoHeard.address, Device)
        .join(Device, Device.id == AlsoHeard.device_id)
        .where(AlsoHeard.hub_id == hub.id)
        .order_by(Device.name, Device.id)
    )
    return [(address, device) for address, device in rows]


def list_ways(session: Session, device: Device) -> Sequence[Way]:
    """The hubs that hear a sensor, its own first; none for kit with a key of its own."""
    ways = select(Device.hub_id, Device.address).where(Device.id == device.id, Device.hub_id.is_not(None))
    also = select(AlsoHeard.hub_id, AlsoHeard.address).where(AlsoHeard.device_id == device.id)
    every = ways.union_all(also).subquery()
    hub = aliased(Device)
    rows = session.execute(
        select(hub, every.c.address, FoundSensor.heard_at)
        .join(every, every.c.hub_id == hub.id)
        .outerjoin(
            FoundSensor, (FoundSensor.hub_id == every.c.hub_id) & (FoundSensor.address == every.c.address)
        )
        .order_by(func.coalesce(hub.id == device.hub_id, False).desc(), hub.id)
    )
    return [Way(*row) for row in rows]


def _retire(session: Session, own: Device, twin: Device, now: datetime, actor: Actor) -> None:
    held = assignments.find(session, own.id, now)
    if held is not None:
        if held.period.lower is not None and held.period.lower >= now:
            raise Conflict("It was given to somebody just now: try again in a minute.")
        assignments.end(session, held, at=now, now=now, actor=actor)
    kit_life.move(session, own, DeviceState.RETIRED, now=now, actor=actor)
    if own.life_safety and not twin.life_safety:
        twin.life_safety = True
        session.flush()
        kit_expected.expect_anew(session, [twin.id], now)


def _tell(session: Session, what: str, device: Device, hub: Device, actor: Actor) -> None:
    details = {"hub": str(hub.uuid)}
    journal.write(session, what, actor=actor, subject="device", subject_uuid=device.uuid, details=details)
