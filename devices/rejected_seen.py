"""Which messages that could not be read a viewer may see in the clear."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from devices import kinds, visible
from devices.models import Assignment, Device, Rejected
from people import reach, scoping
from people.access import Extent, Sees, Viewer

CLASSES = frozenset(kind.record_class for kind in kinds.all_kinds())


def in_the_clear(session: Session, viewer: Viewer, rows: Sequence[Rejected], now: datetime) -> set[int]:
    """The inner keys of those messages that the viewer may read as they came.

    What can't be read can't be told apart by class, and may be late: so they must fully see all that kit
    tells, of everybody who ever had this kit or what speaks through it. Kit that nobody had may be with
    somebody all the same: its messages stay covered.
    """
    speakers = {row.device_id for row in rows if row.device_id is not None}
    held = _held(session, viewer, speakers, now)
    seen = reach.read(
        session,
        viewer,
        [one.person_id for some in held.values() for one, _ in some],
        [one.home_id for some in held.values() for one, _ in some],
        now,
    )
    clear = {
        device
        for device, some in held.items()
        if all(in_sight and _all(seen.sees(one.person_id, one.home_id)) for one, in_sight in some)
    }
    return {row.id for row in rows if row.device_id in clear}


def _all(sees: Sees) -> bool:
    return all(sees[each] is Extent.FULL for each in CLASSES)


def _held(
    session: Session, viewer: Viewer, speakers: set[int], now: datetime
) -> dict[int, list[tuple[Assignment, bool]]]:
    """Each time that somebody had one of these, or kit behind it, and whether the viewer sees who."""
    behind = aliased(Device)
    found: dict[int, list[tuple[Assignment, bool]]] = {}
    with scoping.lifted(session):  # that somebody out of sight had it is what covers the message
        rows = session.execute(
            select(behind.id, behind.hub_id, Assignment, visible.holder_in_sight(viewer, now))
            .join(Assignment, Assignment.device_id == behind.id)
            .where(or_(behind.id.in_(speakers), behind.hub_id.in_(speakers)), Assignment.deleted_at.is_(None))
        )
        for own, hub, held, in_sight in rows:
            for device in (own, hub):
                if device in speakers:
                    found.setdefault(device, []).append((held, in_sight))
    return found
