"""Which kit a member of staff may see: what is with those they see, and what their own agency owns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.errors import NotFound
from devices.models import Assignment, Device, DeviceWord
from people import visible
from people.access import Viewer
from people.models.agencies import Agency
from people.models.homes import Home
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Shown:
    """A device with its last word and, by outer ids, its hub, its owner and whose it is now.

    Whose it is stays unsaid (`assignment` is None) where the viewer may not see them.
    """

    device: Device
    word: DeviceWord | None
    hub: UUID | None
    agency: UUID | None
    assignment: Assignment | None
    person: UUID | None
    home: UUID | None


@dataclass(frozen=True, slots=True)
class Held:
    """A time that somebody had a device: a person or a home, by outer id."""

    assignment: Assignment
    person: UUID | None
    home: UUID | None


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Kit of people and homes in sight, of the viewer's agency, and stock that is nobody's."""
    if viewer.everyone:
        return Device.deleted_at.is_(None)
    held = aliased(Assignment)  # apart from the one that a query may itself join
    here = and_(held.device_id == Device.id, held.period.contains(now), held.deleted_at.is_(None))
    return Device.deleted_at.is_(None) & or_(
        exists().where(here, holder_in_sight(viewer, now, held)),
        Device.agency_id == viewer.agency_id,
        Device.agency_id.is_(None) & ~exists().where(here),
    )


def holder_in_sight(
    viewer: Viewer, now: datetime, held: type[Assignment] = Assignment
) -> ColumnElement[bool]:
    """Assignments to people and homes in sight."""
    return or_(
        held.person_id.in_(visible.person_ids(viewer, now)),
        held.home_id.in_(visible.home_ids(viewer, now)),
    )


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Device:
    """The device, or NotFound when there is none that `viewer` may see."""
    found = session.scalar(select(Device).where(Device.uuid == uuid, in_sight(viewer, now)))
    if found is None:
        raise NotFound
    return found


def get_assignment(session: Session, viewer: Viewer, device: Device, uuid: UUID, now: datetime) -> Assignment:
    """An assignment of `device` to somebody or a home in sight, or NotFound."""
    found = session.scalar(
        select(Assignment).where(
            Assignment.uuid == uuid,
            Assignment.device_id == device.id,
            Assignment.deleted_at.is_(None),
            holder_in_sight(viewer, now),
        )
    )
    if found is None:
        raise NotFound
    return found


def listing(
    viewer: Viewer,
    now: datetime,
    *,
    person_id: int | None = None,
    home_id: int | None = None,
    hub_id: int | None = None,
) -> Select[*tuple[Any, ...]]:
    """Kit in sight; of a person, a home, or behind a hub where that is asked for; no order. See `shown`."""
    hub, person, home = aliased(Device), aliased(Person), aliased(Home)
    query = (
        select(Device, DeviceWord, hub.uuid, Agency.uuid, Assignment, person.uuid, home.uuid)
        .outerjoin(DeviceWord, DeviceWord.device_id == Device.id)
        .outerjoin(hub, hub.id == Device.hub_id)
        .outerjoin(Agency, Agency.id == Device.agency_id)
        .outerjoin(
            Assignment,
            and_(
                Assignment.device_id == Device.id,
                Assignment.period.contains(now),
                Assignment.deleted_at.is_(None),
                holder_in_sight(viewer, now),
            ),
        )
        .outerjoin(person, person.id == Assignment.person_id)
        .outerjoin(home, home.id == Assignment.home_id)
        .where(in_sight(viewer, now))
    )
    for column, value in (
        (Assignment.person_id, person_id),
        (Assignment.home_id, home_id),
        (Device.hub_id, hub_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def shown(row: Row[*tuple[Any, ...]]) -> Shown:
    """A row of `listing`, by name."""
    return Shown(*row)


def list_held(session: Session, viewer: Viewer, device: Device, now: datetime) -> list[Held]:
    """Who in sight has or had `device`, the latest first."""
    person, home = aliased(Person), aliased(Home)
    rows = session.execute(
        select(Assignment, person.uuid, home.uuid)
        .outerjoin(person, person.id == Assignment.person_id)
        .outerjoin(home, home.id == Assignment.home_id)
        .where(
            Assignment.device_id == device.id,
            Assignment.deleted_at.is_(None),
            holder_in_sight(viewer, now),
        )
        .order_by(func.lower(Assignment.period).desc())
    )
    return [Held(*row) for row in rows]


def device_ids(viewer: Viewer, now: datetime) -> Select[int]:
    """Inner keys of the kit in sight."""
    return select(Device.id).where(in_sight(viewer, now))
