"""Who uses kit that tells its users apart by a number: set down by staff, dated, corrected any time (H4)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core import journal
from core.db import clock_of
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import assignments, unread
from devices.models import Assignment, Device, KindClass, Series
from devices.shared_kit_models import KitUser, ReadingOwner
from people import scoping
from people.access import Viewer
from people.models.homes import Residency
from people.models.people import Person
from people.visible import person_ids

MOST = 255
"""Bluetooth's own word for a user that the kit does not know, and so nobody's number."""
OF_NOBODY = "This kit is with nobody: give it to a home or a person first."
OF_ONE = "This kit is one person’s alone: only they can be set down. Give it to the home where others use it."
EVER = datetime(1900, 1, 1, tzinfo=UTC)
NOT_THERE = "Choose somebody who lives where the kit is."


@dataclass(frozen=True, slots=True)
class User:
    """Who stands for a number of a piece of kit, and whether they still live where it is."""

    row: KitUser
    person: Person
    here: bool


def channel_of(number: int) -> str:
    """The channel of the readings that kit says are of this user."""
    return f"user {number}"


@scoping.past  # whoever stood for the number before may be out of sight: they are told of to nobody here
def set_down(
    session: Session,
    device: Device,
    number: int,
    person_id: int,
    *,
    now: datetime,
    actor: Actor,
    start: datetime | None = None,
) -> KitUser:
    """Say whose a number of `device` is from `start` on (since it came here), without an end.

    What was measured under it since then becomes theirs at once, whoever it was before, and is judged anew;
    what was doubted of it is looked at afresh. Conflict for kit that nobody has; Invalid for a number that is
    none ("number"), somebody who does not live there ("person"), or a time that lies ahead ("start").
    """
    held = _held(session, device, now)
    faults = {}
    if not 0 <= number < MOST:
        faults["number"] = f"Give the number that the kit shows: 0 to {MOST - 1}."
    not_theirs = _not_theirs(session, held, person_id, now)
    if not_theirs:
        faults["person"] = not_theirs
    if start is not None and start > now:
        faults["start"] = "Choose a time that has been."
    if faults:
        raise Invalid(faults)
    since = max(filter(None, (start, held.period.lower)), default=None)
    session.execute(select(Device.id).where(Device.id == device.id).with_for_update(key_share=True))
    before = select(KitUser).where(
        KitUser.device_id == device.id, KitUser.number == number, KitUser.deleted_at.is_(None)
    )
    for row in session.scalars(before.where(KitUser.period.op("&&")(func.tstzrange(since, None)))):
        _let_go(session, row, since, actor)
    made = KitUser(device_id=device.id, number=number, person_id=person_id, period=Range(since, None))
    session.add(made)
    session.flush()
    _tell(session, "set down as user", made, actor)
    _look_afresh(session, device.id, number, since, now)
    return made


@scoping.past
def end(session: Session, row: KitUser, *, now: datetime, actor: Actor, at: datetime | None = None) -> None:
    """From `at` (now) on the number is nobody's; what it measures then is asked about.

    At or before its beginning it never was theirs. Invalid for a time that lies ahead; Conflict when it has
    ended.
    """
    at = at or now
    if at > now:
        raise Invalid({"at": "Choose a time that has been."})
    if row.deleted_at is not None or (row.period.upper is not None and row.period.upper <= at):
        raise Conflict("This has ended already.")
    _let_go(session, row, at, actor)
    _look_afresh(session, row.device_id, row.number, at, now)


@scoping.past  # that it measures of a body is told, and nothing of what
def may_have_users(session: Session, device: Device, now: datetime) -> bool:
    """Whether somebody has `device`, and it measures of a body or has not measured anything yet."""
    of_body = case((KindClass.of_body.is_(True), 1), else_=0)
    found = session.execute(
        select(func.count(), func.coalesce(func.sum(of_body), 0))
        .select_from(Series)
        .outerjoin(KindClass, KindClass.kind == Series.kind)
        .where(Series.device_id == device.id)
    ).one()
    return assignments.find(session, device.id, now) is not None and (found[0] == 0 or found[1] > 0)


def list_of(session: Session, viewer: Viewer, device: Device, now: datetime) -> list[User]:
    """Who in sight uses `device` at `now`, by number."""
    held = assignments.find(session, device.id, now)
    rows = session.execute(
        select(KitUser, Person)
        .join(Person, Person.id == KitUser.person_id)
        .where(
            KitUser.device_id == device.id,
            KitUser.deleted_at.is_(None),
            KitUser.period.contains(now),
            Person.id.in_(person_ids(viewer, now)),
        )
        .order_by(KitUser.number)
    )
    return [
        User(row, person, held is not None and _not_theirs(session, held, person.id, now) is None)
        for row, person in rows
    ]


def get(session: Session, viewer: Viewer, device: Device, uuid: UUID, now: datetime) -> KitUser:
    """One of them by outer id; else NotFound."""
    found = next((each.row for each in list_of(session, viewer, device, now) if each.row.uuid == uuid), None)
    if found is None:
        raise NotFound
    return found


def _held(session: Session, device: Device, now: datetime) -> Assignment:
    held = assignments.find(session, device.id, now)
    if held is None:
        raise Conflict(OF_NOBODY)
    return held


def _not_theirs(session: Session, held: Assignment, person_id: int, now: datetime) -> str | None:
    """Why somebody can't be set down as a user of kit that is held so; None where they can."""
    if held.person_id is not None:
        return None if held.person_id == person_id else OF_ONE
    lives = select(Residency.id).where(
        Residency.person_id == person_id, Residency.home_id == held.home_id, Residency.period.contains(now)
    )
    return None if session.scalar(lives) is not None else NOT_THERE


def _let_go(session: Session, row: KitUser, at: datetime | None, actor: Actor) -> None:
    """Let it end at `at`; what would have begun then or later never was."""
    start = row.period.lower
    if at is None or (start is not None and start >= at):
        row.deleted_at = clock_of(session).now()
    else:
        row.period = Range(start, at)
    session.flush()
    _tell(session, "ended as user", row, actor)


def _look_afresh(
    session: Session, device_id: int, number: int, since: datetime | None, now: datetime
) -> None:
    """What is doubted and not answered is doubted no more until it is judged again, by whoever it is now."""
    doubted = delete(ReadingOwner).where(
        ReadingOwner.device_id == device_id,
        ReadingOwner.channel == channel_of(number),
        ReadingOwner.owner.is_(None),
    )
    session.execute(doubted if since is None else doubted.where(ReadingOwner.measured_at >= since))
    unread.wake_by_devices(session, {device_id: (since or EVER, now)}, now)


def _tell(session: Session, what: str, row: KitUser, actor: Actor) -> None:
    journal.write(
        session,
        what,
        actor=actor,
        subject="kit user",
        subject_uuid=row.uuid,
        person_id=row.person_id,
        details={"device_id": row.device_id, "number": row.number},
    )
