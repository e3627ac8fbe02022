"""Whose a measurement of shared kit was, as somebody said: kept with by whom, and taken back (H4)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import SelectBase, literal, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import assignments, subjects, unclaimed, unread
from devices.models import Assignment, Device
from devices.shared_kit_models import Owner, ReadingOwner
from people import scoping
from people.access import Viewer
from people.models.homes import Residency
from people.models.people import Person
from people.visible import person_ids

NOT_THERE = "Choose somebody who lived where the kit was at that time."
SAID = "Somebody has said whose this is. Take that back first, if it is wrong."


@dataclass(frozen=True, slots=True)
class Said:
    """Whose a measurement was said to be; `person` None for a guest's, or where nobody knows."""

    row: ReadingOwner
    person: Person | None


@scoping.past
def say(
    session: Session,
    device: Device,
    channel: str,
    at: datetime,
    owner: Owner,
    *,
    now: datetime,
    actor: Actor,
    person_id: int | None = None,
) -> ReadingOwner:
    """Say whose all that `device` measured of a body at that moment is; whom it concerns is judged anew.

    NotFound where nothing of then is asked about; Conflict where somebody has said it; Invalid ("person") for
    who did not live there.
    """
    if (owner is Owner.PERSON) != (person_id is not None):
        raise Invalid({"person": "Say whose it was."})
    held = _held(session, device, at)
    if person_id is not None and not _was_there(session, held, person_id, at):
        raise Invalid({"person": NOT_THERE})
    session.execute(select(Device.id).where(Device.id == device.id).with_for_update(key_share=True))
    row = session.scalar(
        select(ReadingOwner).where(
            ReadingOwner.device_id == device.id,
            ReadingOwner.channel == channel,
            ReadingOwner.measured_at == at,
        )
    )
    if row is not None and row.owner is not None:
        raise Conflict(SAID)
    if all((each.channel, each.at) != (channel, at) for each in unclaimed.list_of(session, [device.id], now)):
        raise NotFound
    if row is None:
        row = ReadingOwner(device_id=device.id, channel=channel, measured_at=at)
        session.add(row)
    row.owner, row.person_id = owner, person_id
    row.answered_at, row.answered_by = now, actor.by
    session.flush()
    _tell(session, "said whose", row, person_id, actor, now)
    return row


@scoping.past
def take_back(session: Session, row: ReadingOwner, *, now: datetime, actor: Actor) -> None:
    """The answer was wrong: it is asked again, unless its number says by now whose it is."""
    if row.owner is None:
        raise Conflict("Nobody has said whose this is.")
    person_id = row.person_id
    if row.doubted_from is None:
        session.delete(row)
    else:
        row.owner = row.person_id = row.answered_at = row.answered_by = None
    session.flush()
    _tell(session, "took back whose", row, person_id, actor, now)


def list_said(session: Session, viewer: Viewer, device: Device, now: datetime) -> list[Said]:
    """What was said lately of measurements of `device`, the latest moment first; of people in sight."""
    rows = session.execute(
        select(ReadingOwner, Person)
        .outerjoin(Person, (Person.id == ReadingOwner.person_id) & Person.id.in_(person_ids(viewer, now)))
        .where(
            ReadingOwner.device_id == device.id,
            ReadingOwner.owner.is_not(None),
            ReadingOwner.measured_at >= now - unclaimed.ASKED_FOR,
            or_(ReadingOwner.person_id.is_(None), Person.id.is_not(None)),
        )
        .order_by(ReadingOwner.measured_at.desc(), ReadingOwner.id)
    )
    return [Said(row, person) for row, person in rows]


def get_said(session: Session, viewer: Viewer, device: Device, uuid: UUID, now: datetime) -> ReadingOwner:
    """One of them by outer id; else NotFound."""
    found = next(
        (each.row for each in list_said(session, viewer, device, now) if each.row.uuid == uuid), None
    )
    if found is None:
        raise NotFound
    return found


def candidates(
    session: Session, viewer: Viewer, held: Assignment, at: datetime, now: datetime
) -> list[Person]:
    """Who in sight at `now` can have measured at `at` on kit that was held so, by name."""
    return list(
        session.scalars(
            select(Person)
            .where(Person.id.in_(_possible(held, at)), Person.id.in_(person_ids(viewer, now)))
            .order_by(Person.family_name, Person.given_name, Person.id)
        )
    )


def _possible(held: Assignment, at: datetime) -> SelectBase:
    """Inner keys of whoever had the kit, or lived where it was."""
    there = select(Residency.person_id).where(Residency.period.contains(at))
    if held.person_id is None:
        return there.where(Residency.home_id == held.home_id)
    home = select(Residency.home_id).where(
        Residency.person_id == held.person_id, Residency.period.contains(at)
    )
    return there.where(Residency.home_id.in_(home)).union_all(select(literal(held.person_id)))


def _was_there(session: Session, held: Assignment, person_id: int, at: datetime) -> bool:
    found = select(Person.id).where(Person.id == person_id, Person.id.in_(_possible(held, at)))
    return session.scalar(found) is not None


def _held(session: Session, device: Device, at: datetime) -> Assignment:
    held = assignments.find(session, device.id, at)
    if held is None:
        raise NotFound
    return held


def _tell(
    session: Session, what: str, row: ReadingOwner, person_id: int | None, actor: Actor, now: datetime
) -> None:
    """Whom it was said of, and everybody there, is judged anew."""
    unread.wake_by_devices(session, {row.device_id: (row.measured_at, row.measured_at)}, now)
    if person_id is not None:
        unread.wake(session, [subjects.person(person_id)], now)
    journal.write(
        session,
        what,
        actor=actor,
        subject="reading owner",
        subject_uuid=row.uuid,
        person_id=person_id,
        details={"device_id": row.device_id, "at": row.measured_at.isoformat()},
    )
