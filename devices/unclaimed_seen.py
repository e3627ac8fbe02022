"""Which measurements that are nobody's somebody is shown: each could be anybody's who shares the kit."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from devices import assignments, shared_kinds, unclaimed, visible
from devices.models import Assignment, Device
from devices.subjects import Subject
from devices.unclaimed import Unclaimed
from people import scoping
from people.access import Viewer
from people.models.homes import Residency
from people.visible import person_ids


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those that are shown, the newest first, and how many more wait that are not."""

    shown: tuple[Unclaimed, ...]
    hidden: int


def of(session: Session, viewer: Viewer, device: Device, now: datetime) -> Waiting:
    """What `device` measured for nobody.

    It is shown to whoever sees everybody who lived with the kit meanwhile, and their vital signs in full.
    """
    held = assignments.find(session, device.id, now)
    if held is None:
        return Waiting((), 0)
    with scoping.lifted(session):  # that a housemate is out of sight is what hides it
        found = unclaimed.list_of(session, [device.id], now)
        open_to = viewer.everyone or _sees_all(session, viewer, held, now)
    if not open_to:
        return Waiting((), len(found))
    seen = shared_kinds.of(session, viewer, held.person_id, held.home_id, now)
    shown = tuple(
        each for each in found if len(seen.full(kind for kind, _ in each.values)) == len(each.values)
    )
    return Waiting(shown, len(found) - len(shown))


def count_of(
    session: Session, viewer: Viewer, subjects: Collection[Subject], now: datetime
) -> list[tuple[Device, int]]:
    """The kit in sight of these people and homes that measured for nobody, by name, and how often."""
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    theirs = (
        select(Device)
        .join(Assignment, Assignment.device_id == Device.id)
        .where(
            or_(Assignment.person_id.in_(people), Assignment.home_id.in_(homes)),
            Assignment.period.contains(now),
            Assignment.deleted_at.is_(None),
            visible.in_sight(viewer, now),
        )
        .order_by(Device.name, Device.id)
    )
    kit = session.scalars(theirs).all()
    with scoping.lifted(session):  # only how many there are leaves the block
        found = Counter(each.device_id for each in unclaimed.list_of(session, [one.id for one in kit], now))
    return [(device, found[device.id]) for device in kit if found[device.id]]


def _sees_all(session: Session, viewer: Viewer, held: Assignment, now: datetime) -> bool:
    """Whether everybody who lived with it meanwhile is in sight; of one person's own kit, they are."""
    if held.home_id is None:
        return True
    unseen = select(Residency.id).where(
        Residency.home_id == held.home_id,
        Residency.period.op("&&")(held.period),
        Residency.period.op("&&")(func.tstzrange(now - unclaimed.ASKED_FOR, None)),
        Residency.person_id.not_in(person_ids(viewer, now)),
    )
    return session.scalar(unseen.limit(1)) is None
