"""Which kit watches whom now, and its end where they have not agreed, or agree no more (H18)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.journal import Actor
from devices import agreed, assignments
from devices.models import Assignment, Device
from people import agreements
from people.models.homes import Residency
from people.watching import Watched


@dataclass(frozen=True, slots=True)
class Watching:
    """Kit that watches now: whose it is, what it watches, whom, and who of them has not agreed."""

    assignment: Assignment
    device: Device
    sorts: frozenset[Watched]
    watched: tuple[int, ...]
    lacking: tuple[int, ...]


def of_people(session: Session, person_ids: Collection[int], now: datetime) -> list[Watching]:
    """The kit that watches any of these people: their own, and what stands in the homes they live in."""
    homes = select(Residency.home_id).where(
        Residency.person_id.in_(person_ids), Residency.period.contains(now)
    )
    return _read(session, or_(Assignment.person_id.in_(person_ids), Assignment.home_id.in_(homes)), now)


def everywhere(session: Session, now: datetime) -> list[Watching]:
    """All kit that watches anybody."""
    return _read(session, Assignment.id.is_not(None), now)


def stop(
    session: Session, person_id: int, sorts: Collection[Watched], *, now: datetime, actor: Actor
) -> list[Watching]:
    """End, now, what watches this person in these ways: what it measures from now on is nobody's.

    Kit that stands in a home ends for all who live there. Life-safety kit is never among it.
    """
    ended = [each for each in of_people(session, [person_id], now) if each.sorts & frozenset(sorts)]
    for each in ended:
        end(session, each, now=now, actor=actor)
    return ended


def end(session: Session, each: Watching, *, now: datetime, actor: Actor) -> None:
    """End one; kit that was given this very moment never watched at all."""
    since = each.assignment.period.lower
    at = now if since is None or since < now else since + assignments.SHORTEST
    assignments.end(session, each.assignment, at=at, now=now, actor=actor)


def _read(session: Session, which: object, now: datetime) -> list[Watching]:
    rows: Sequence[tuple[Assignment, Device]] = [
        (row[0], row[1])
        for row in session.execute(
            select(Assignment, Device)
            .join(Device, Device.id == Assignment.device_id)
            .where(
                and_(which, Assignment.period.contains(now)),  # type: ignore[arg-type]
                Assignment.deleted_at.is_(None),
                Device.life_safety.is_(False),
            )
            .order_by(Assignment.id)
        )
    ]
    sorts = agreed.watched_by(session, [device for _, device in rows])
    watching = [(held, device) for held, device in rows if sorts[device.id]]
    homes = {held.home_id for held, _ in watching if held.home_id is not None}
    living: dict[int | None, list[int]] = {}
    for home_id, person_id in session.execute(
        select(Residency.home_id, Residency.person_id)
        .where(Residency.home_id.in_(homes), Residency.period.contains(now))
        .order_by(Residency.person_id)
    ):
        living.setdefault(home_id, []).append(person_id)
    whom = {
        held.id: tuple([held.person_id] if held.person_id is not None else living.get(held.home_id, []))
        for held, _ in watching
    }
    agreed_to = agreements.in_force(session, {key for keys in whom.values() for key in keys}, now)
    return [
        Watching(
            held,
            device,
            sorts[device.id],
            whom[held.id],
            tuple(key for key in whom[held.id] if sorts[device.id] - agreed_to[key]),
        )
        for held, device in watching
    ]
