"""Kit as a list: what is out and with whom, what is in stock, what is down, what speaks and is nobody's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.models import JournalEntry
from devices import kit_life, own_kit, silence, silences, visible
from devices.hearing import NONE, Heard
from devices.models import Assignment, Device, DeviceState, DeviceWord
from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Person
from people.visible import person_ids

SPOKE_WITHIN = timedelta(days=1)
"""Kit that has been heard so lately, and is nobody's, is sending readings that belong to nobody."""
HEARD_OVER = timedelta(days=30)


class Where(StrEnum):
    """Where kit is, as the page groups it."""

    OUT = "out"
    STOCK = "stock"
    DOWN = "down"
    UNASSIGNED = "unassigned"
    TO_CLEAN = "to_clean"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Piece:
    """A device with its last word, its hub, and whose it is now; unsaid where that is out of sight."""

    device: Device
    word: DeviceWord | None
    hub: Device | None
    assignment: Assignment | None
    person: Person | None
    home: Home | None


@dataclass(frozen=True, slots=True)
class Whose:
    """A time that somebody had a device, and who gave it to them."""

    assignment: Assignment
    person: Person | None
    home: Home | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Without:
    """Somebody without protection: which kit, since when, and why (hub, offline, silent or away)."""

    person: Person
    device: Device
    since: datetime
    why: str
    alone: bool


def list_pieces(
    session: Session,
    viewer: Viewer,
    where: Where | None,
    now: datetime,
    *,
    like: str = "",
    device: Device | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Piece]:
    """Kit in sight by name; `like` is part of a name, model, serial number or key."""
    rows = session.execute(
        _rows(session, viewer, where, now, like, device)
        .order_by(Device.name, Device.id)
        .limit(limit)
        .offset(offset)
    )
    return [Piece(*row) for row in rows]


def count(session: Session, viewer: Viewer, where: Where, now: datetime, *, like: str = "") -> int:
    """How many there are."""
    rows = _rows(session, viewer, where, now, like, None).with_only_columns(Device.id)
    return session.scalars(select(func.count()).select_from(rows.subquery())).one()


def list_without_protection(session: Session, viewer: Viewer, now: datetime) -> list[Without]:
    """Those in sight whose life-safety kit is down: who lives alone first, then the longest (H5)."""
    found = silence.unprotected(session, now)
    if not found:
        return []
    people = {
        person.id: person
        for person in session.scalars(
            select(Person).where(
                Person.id.in_({each.person_id for each in found}), Person.id.in_(person_ids(viewer, now))
            )
        )
    }
    kit = {
        device.id: device
        for device in session.scalars(select(Device).where(Device.id.in_({each.device_id for each in found})))
    }
    alone = living_alone(session, people, now)
    rows = [
        Without(people[each.person_id], kit[each.device_id], each.since, each.why, each.person_id in alone)
        for each in found
        if each.person_id in people
    ]
    return sorted(rows, key=lambda each: (not each.alone, each.since, each.person.id))


def count_down(session: Session, viewer: Viewer, now: datetime) -> tuple[int, int]:
    """How many hubs in sight are down, and how many people in sight are without protection."""
    hubs_down, unprotected = silence.everything_down(session, now)
    hubs = {each.device_id for each in hubs_down}
    people = {each.person_id for each in unprotected}
    seen_hubs = select(func.count()).where(Device.id.in_(hubs), visible.in_sight(viewer, now))
    seen_people = select(func.count()).where(
        Person.id.in_(people), Person.id.in_(person_ids(viewer, now)), Person.deleted_at.is_(None)
    )
    return (
        session.scalars(seen_hubs).one() if hubs else 0,
        session.scalars(seen_people).one() if people else 0,
    )


def list_stays(session: Session, viewer: Viewer, device: Device, now: datetime) -> list[Whose]:
    """Whose in sight it has been, the latest first."""
    gave = select(JournalEntry.by).where(
        JournalEntry.subject_uuid == Assignment.uuid, JournalEntry.what == "assigned"
    )
    rows = session.execute(
        select(Assignment, Person, Home, gave.limit(1).scalar_subquery())
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(Home, Home.id == Assignment.home_id)
        .where(
            Assignment.device_id == device.id,
            Assignment.deleted_at.is_(None),
            visible.holder_in_sight(viewer, now),
        )
        .order_by(func.lower(Assignment.period).desc())
    )
    return [Whose(*row) for row in rows]


def living_alone(session: Session, people: Collection[int], now: datetime) -> set[int]:
    """Which of these people share their home with nobody."""
    mine, other = aliased(Residency), aliased(Residency)
    shared = (
        select(mine.person_id)
        .join(other, (other.home_id == mine.home_id) & (other.person_id != mine.person_id))
        .where(mine.person_id.in_(people), mine.period.contains(now), other.period.contains(now))
    )
    return set(people) - set(session.scalars(shared))


def heard_percent(session: Session, pieces: Collection[Piece], now: datetime) -> dict[int, int]:
    """How much of a hundred parts of the last 30 days each was heard, of the time it should have been.

    Left out is what has no figure of silence (devices.silences).
    """
    hubs = {piece.device.id: piece.device.hub_id for piece in pieces}
    heard = silences.heard(session, hubs, now, HEARD_OVER)
    return {id_: each.percent for id_, each in heard.items() if each.percent is not None}


def list_least_heard(
    session: Session,
    viewer: Viewer,
    where: Where,
    now: datetime,
    *,
    like: str = "",
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Piece], int | None]:
    """The same kit, what was heard least of the last 30 days first; and how much all of it together was.

    What has no figure of silence comes last.
    """
    rows = session.execute(
        _rows(session, viewer, where, now, like, None).with_only_columns(Device.id, Device.hub_id)
    )
    hubs = {id_: hub_id for id_, hub_id in rows}  # noqa: C416 - rows are no pairs to mypy
    heard = silences.heard(session, hubs, now, HEARD_OVER)
    order = sorted(hubs, key=lambda id_: (_share(heard.get(id_)), id_))[offset : offset + limit]
    found = session.execute(
        _rows(session, viewer, None, now, "", None).where(Device.id.in_(order)).order_by(Device.id)
    )
    pieces = {row[0].id: Piece(*row) for row in found}
    return [pieces[id_] for id_ in order if id_ in pieces], silences.together(heard.values()).percent


def _share(heard: Heard | None) -> float:
    """How much it was heard, finer than in percent; more than all where it was never expected to be."""
    return heard.unheard / -heard.expected + 1 if heard is not None and heard.expected > NONE else 2.0


def _rows(
    session: Session, viewer: Viewer, where: Where | None, now: datetime, like: str, device: Device | None
) -> Select[*tuple[Any, ...]]:
    hub, person, home = aliased(Device), aliased(Person), aliased(Home)
    held = aliased(Assignment)
    here = (held.device_id == Device.id) & held.period.contains(now) & held.deleted_at.is_(None)
    query = (
        select(Device, DeviceWord, hub, held, person, home)
        .outerjoin(DeviceWord, DeviceWord.device_id == Device.id)
        .outerjoin(hub, hub.id == Device.hub_id)
        .outerjoin(held, here & visible.holder_in_sight(viewer, now, held))
        .outerjoin(person, person.id == held.person_id)
        .outerjoin(home, home.id == held.home_id)
        .where(visible.in_sight(viewer, now))
    )
    if device is not None:
        query = query.where(Device.id == device.id)
    if where is not None:
        query = query.where(_is(session, where, now))
    if like:
        part = like.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        names = (Device.name, Device.model, Device.serial, Device.key, Device.address, Device.room)
        query = query.where(or_(*(name.ilike(f"%{part}%") for name in names)))
    return query


def _is(session: Session, where: Where, now: datetime) -> ColumnElement[bool]:
    out = select(Assignment.device_id).where(Assignment.period.contains(now), Assignment.deleted_at.is_(None))
    if where is Where.OUT:
        return Device.id.in_(out)
    if where is Where.STOCK:
        return Device.id.not_in(out)
    if where is Where.UNASSIGNED:
        return Device.id.not_in(out) & (DeviceWord.heard_at >= now - SPOKE_WITHIN)
    if where is Where.TO_CLEAN:
        return Device.state == DeviceState.RECOVERED
    if where is Where.DUE:
        return Device.id.in_(out) & kit_life.is_due(now.date()) & ~own_kit.is_own()
    hubs, unprotected = silence.everything_down(session, now)
    return Device.id.in_({hub.device_id for hub in hubs} | {each.device_id for each in unprotected})
