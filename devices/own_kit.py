"""Kit that is somebody's own: added by or for them, doubted until it was checked, never ours to collect."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import assignments, entry, registry, subjects, unread
from devices.joining_models import OwnKit, Way
from devices.measurement import Source
from devices.models import Assignment, Device, DeviceWord
from devices.own_sorts import SORTS, Sort
from devices.registry import Enrolment
from devices.rows import Row
from people import scoping
from people.faults import one_of, read_fields, words

MOST = 20
"""Pieces of their own that somebody may have at a time: it is for a household's cuff, not for a shop's."""
TOO_MANY = f"{MOST} pieces of kit of their own are on record already: take one off first."


@dataclass(frozen=True, slots=True)
class Own:
    """A piece of somebody's own kit, with when it was last heard."""

    device: Device
    own: OwnKit
    heard_at: datetime | None

    @property
    def sort(self) -> Sort:
        """What it is."""
        return SORTS[self.own.sort]

    def is_checked(self, at: datetime) -> bool:
        """Whether what it measures at that time counts in full."""
        return is_checked(self.own, at)


def _sort(value: Any) -> str:
    if value not in SORTS:
        raise Invalid({"": f"Choose one of: {', '.join(SORTS)}."})
    return str(value)


READERS = {"sort": _sort, "model": words(100), "way": one_of(Way)}


@scoping.past  # before it is theirs, a piece of kit is nobody's, and out of their sight
def add(
    session: Session, person_id: int, given: Mapping[str, Any], *, now: datetime, actor: Actor
) -> tuple[Device, Enrolment | None]:
    """Put somebody's own kit on their record, unchecked; with a secret where it speaks by itself.

    Invalid for fields; Conflict where it watches and they have not agreed (H18), or have very many.
    """
    read = read_fields(given, READERS, required=tuple(READERS))
    if len(list_of(session, person_id, now)) >= MOST:
        raise Conflict(TOO_MANY)
    sort, way = SORTS[read["sort"]], read["way"]
    watches = [each.value for each in sort.watches] if way is Way.BY_ITSELF else ["none"]
    told = {"name": f"Own {sort.name[0].lower()}{sort.name[1:]}", "model": read["model"], "watches": watches}
    if way is Way.BY_ITSELF:
        enrolment = registry.enrol(session, told, now=now, actor=actor, owner_id=person_id)
        device = enrolment.device
    else:
        enrolment = None
        device = registry.enrol_without_secret(session, told, actor=actor, owner_id=person_id)
    assignments.assign(
        session, device, start=assignments.from_now(session, device, now), now=now, actor=actor,
        person_id=person_id,
    )  # fmt: skip
    session.add(
        OwnKit(device_id=device.id, sort=read["sort"], way=way, added_at=now, added_by=actor.by, checked=[])
    )
    session.flush()
    return device, enrolment


def find(session: Session, device: Device) -> Own | None:
    """What makes a device somebody's own, or None for any other."""
    row = session.execute(_owned().where(OwnKit.device_id == device.id)).one_or_none()
    return Own(*row) if row else None


def get_of(session: Session, person_id: int, uuid: UUID, now: datetime) -> Own:
    """A piece of this person's own kit; NotFound if there is none."""
    for each in list_of(session, person_id, now):
        if each.device.uuid == uuid:
            return each
    raise NotFound


def list_of(session: Session, person_id: int, now: datetime) -> list[Own]:
    """Somebody's own kit, the latest first."""
    held = select(Assignment.device_id).where(
        Assignment.person_id == person_id, Assignment.deleted_at.is_(None), Assignment.period.contains(now)
    )
    rows = session.execute(_owned().where(OwnKit.device_id.in_(held)).order_by(OwnKit.added_at.desc()))
    return [Own(*row) for row in rows]


def of_devices(session: Session, ids: Collection[int]) -> dict[int, OwnKit]:
    """What makes any of these devices somebody's own, by inner key."""
    return {each.device_id: each for each in session.scalars(select(OwnKit).where(OwnKit.device_id.in_(ids)))}


def is_own(device_id: Any = Device.id) -> ColumnElement[bool]:
    """Kit that is somebody's own, in a query."""
    return select(OwnKit.device_id).where(OwnKit.device_id == device_id).exists()


def is_checked(own: OwnKit, at: datetime) -> bool:
    """Whether what it measures at that time counts in full."""
    return any(at in span for span in own.checked)


def count(session: Session, own: OwnKit, since: datetime, *, person_id: int, now: datetime) -> None:
    """What it measures from `since` on counts in full: it was found right."""
    _change(session, own, OwnKit.checked.op("+")(_from(since)), person_id, now)


def doubt(session: Session, own: OwnKit, since: datetime, *, person_id: int, now: datetime) -> None:
    """What it measured from `since` on is unchecked again."""
    _change(session, own, OwnKit.checked.op("-")(_from(since)), person_id, now)


def enter(
    session: Session,
    own: Own,
    values: Mapping[str, float],
    *,
    person_id: int,
    at: datetime,
    source: Source,
    now: datetime,
    actor: Actor,
) -> Sequence[Row]:
    """Store what somebody read off their own kit, by kind; raises like `entry.enter_together`."""
    return entry.enter_together(
        session, person_id=person_id, values=values, at=at, source=source, now=now, actor=actor,
        device_id=own.device.id,
    )  # fmt: skip


@scoping.past  # and so it is again afterwards
def leave(session: Session, own: Own, *, now: datetime, actor: Actor) -> None:
    """Take it off the record, from now on; what it measured stays theirs. Nobody collects it."""
    held = assignments.find(session, own.device.id, now)
    if held is None:
        raise Conflict("It is off the record already.")
    began = held.period.lower or now
    at = now if began < now else began + assignments.SHORTEST  # added by mistake, this very moment
    assignments.end(session, held, at=at, now=now, actor=actor)


def _owned() -> Any:
    return (
        select(Device, OwnKit, DeviceWord.heard_at)
        .join(OwnKit, OwnKit.device_id == Device.id)
        .outerjoin(DeviceWord, DeviceWord.device_id == Device.id)
        .where(Device.deleted_at.is_(None))
    )


def _from(since: datetime) -> ColumnElement[Any]:
    return func.tstzmultirange(func.tstzrange(since, None))


def _change(
    session: Session, own: OwnKit, checked: ColumnElement[Any], person_id: int, now: datetime
) -> None:
    """Both judge and page read the mark anew: whoever it is about is woken."""
    session.execute(update(OwnKit).where(OwnKit.device_id == own.device_id).values(checked=checked))
    session.refresh(own)
    unread.wake(session, [subjects.person(person_id)], now)
