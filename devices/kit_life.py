"""What is done with kit over its life: moved from state to state, called back by its maker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import life, visible
from devices.models import Assignment, Device, DeviceState, Recall
from devices.protecting import Urgency
from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Person

RECALL = ("model", "lot", "reason", "reference")


@dataclass(frozen=True, slots=True)
class Affected:
    """A piece of kit that a recall is about, and who has it now; both None for kit that is with nobody."""

    device: Device
    person: Person | None
    home: Home | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of kit that a recall is about, and whose it is."""

    device: Device
    assignment: Assignment


def is_held(session: Session, device: Device, now: datetime) -> bool:
    """Whether it is somebody's now."""
    held = select(Assignment.id).where(
        Assignment.device_id == device.id, Assignment.period.contains(now), Assignment.deleted_at.is_(None)
    )
    return session.scalar(select(held.exists())) or False


def move(session: Session, device: Device, to: DeviceState, *, now: datetime, actor: Actor) -> Device:
    """Bring kit into another state; Invalid on "state" with what may follow, where `to` may not."""
    if device.state is to:
        return device
    held = is_held(session, device, now)
    if to not in life.may_follow(device.state, held=held):
        following = ", ".join(each.value for each in life.may_follow(device.state, held=held)) or "nothing"
        given = " while somebody has it" if held else ""
        raise Invalid({"state": f"After {device.state.value}{given} may come: {following}."})
    was, device.state, device.state_since = device.state, to, now
    if to is not DeviceState.RESERVED:
        device.reserved_for = None
    journal.write(
        session,
        "moved",
        actor=actor,
        subject="device",
        subject_uuid=device.uuid,
        details={"from": was.value, "to": to.value},
    )
    session.flush()
    return device


def recall(
    session: Session,
    *,
    model: str,
    reason: str,
    now: datetime,
    actor: Actor,
    lot: str | None = None,
    reference: str | None = None,
    urgency: Urgency = Urgency.WEEK,
) -> Recall:
    """Call back a model, or one lot of it; Conflict where that is called back already."""
    same = select(Recall).where(
        func.lower(Recall.model) == model.lower(),
        func.lower(func.coalesce(Recall.lot, "")) == (lot or "").lower(),
        Recall.ended_at.is_(None),
    )
    if session.scalar(same) is not None:
        raise Conflict("This is called back already.")
    made = Recall(model=model, lot=lot, reason=reason, reference=reference, urgency=urgency, started_at=now)
    session.add(made)
    session.flush()
    _tell(session, "called back", made, actor)
    return made


def end_recall(session: Session, called: Recall, *, now: datetime, actor: Actor) -> None:
    """Say that a recall is over; Conflict where it was before."""
    if called.ended_at is not None:
        raise Conflict("This recall is over already.")
    called.ended_at = now
    _tell(session, "recall over", called, actor)
    session.flush()


def get_recall(session: Session, uuid: UUID) -> Recall:
    """The recall with this UUID; NotFound if there is none."""
    found = session.scalar(select(Recall).where(Recall.uuid == uuid, Recall.deleted_at.is_(None)))
    if found is None:
        raise NotFound
    return found


def list_recalls(session: Session) -> Sequence[Recall]:
    """All recalls: those that stand first, then the latest first."""
    return session.scalars(
        select(Recall).order_by(Recall.ended_at.is_not(None), Recall.started_at.desc())
    ).all()


def recalls_of(session: Session, device: Device) -> Sequence[Recall]:
    """The recalls that stand and are about this piece of kit."""
    return session.scalars(
        select(Recall)
        .join(Device, _is_about())
        .where(Device.id == device.id, Recall.ended_at.is_(None))
        .order_by(Recall.started_at)
    ).all()


def list_affected(session: Session, viewer: Viewer, called: Recall, now: datetime) -> list[Affected]:
    """The kit in sight that a recall is about: life-safety first, of those who live alone before others (H5).

    Kit whose lot nobody wrote down is among it: it may be of that lot.
    """
    held, person, home = aliased(Assignment), aliased(Person), aliased(Home)
    here = (held.device_id == Device.id) & held.period.contains(now) & held.deleted_at.is_(None)
    rows = session.execute(
        select(Device, person, home, _lives_alone(person, now))
        .join(Recall, _is_about())
        .outerjoin(held, here & visible.holder_in_sight(viewer, now, held))
        .outerjoin(person, person.id == held.person_id)
        .outerjoin(home, home.id == held.home_id)
        .where(Recall.id == called.id, Device.deleted_at.is_(None), visible.in_sight(viewer, now))
        .where(Device.state != DeviceState.RETIRED)
    )
    found = [Affected(device, whose, where, bool(alone)) for device, whose, where, alone in rows]
    return sorted(
        found,
        key=lambda each: (
            not (each.person or each.home),
            not each.device.life_safety,
            not each.alone,
            each.device.name,
            each.device.id,
        ),
    )


def list_held(session: Session, called: Recall, now: datetime) -> list[Held]:
    """All kit that a recall is about and somebody has: life-safety first, then who lives alone."""
    rows = session.execute(
        select(Device, Assignment)
        .join(Recall, _is_about())
        .join(Assignment, Assignment.device_id == Device.id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(
            Recall.id == called.id,
            Device.deleted_at.is_(None),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
        )
        .order_by(Device.life_safety.desc(), _lives_alone(Person, now).desc(), Device.id)
    )
    return [Held(device, assignment) for device, assignment in rows]


def is_due(today: date) -> ColumnElement[bool]:
    """Kit that is to come back, or to be calibrated, by a date that has come or comes soon."""
    by = today + timedelta(days=life.SOON)
    return or_(Device.due_back_on <= by, Device.calibration_due_on <= by)


def _is_about() -> ColumnElement[bool]:
    return (func.lower(Device.model) == func.lower(Recall.model)) & or_(
        Recall.lot.is_(None), Device.lot.is_(None), func.lower(Device.lot) == func.lower(Recall.lot)
    )


def _lives_alone(person: type[Person], now: datetime) -> ColumnElement[bool]:
    mine, other = aliased(Residency), aliased(Residency)
    shares = exists().where(
        mine.person_id == person.id,
        mine.period.contains(now),
        other.home_id == mine.home_id,
        other.person_id != mine.person_id,
        other.period.contains(now),
    )
    return ~shares & person.id.is_not(None)


def _tell(session: Session, what: str, called: Recall, actor: Actor) -> None:
    journal.write(session, what, actor=actor, subject="recall", subject_uuid=called.uuid)
