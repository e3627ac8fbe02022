"""How much a viewer sees of each of many people, and of the homes they share."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people import scoping, sharing
from people.access import Extent, RecordClass, Sees, Viewer
from people.models.homes import Residency

NOBODY = 0  # an inner key that nobody has: what the agency sees of whoever has said nothing


@dataclass(frozen=True, slots=True)
class Reach:
    """What is seen of people and of homes, by inner key; `usual` is of those who are in neither."""

    people: Mapping[int, Sees]
    homes: Mapping[int, Sees]
    usual: Sees

    def of(self, person_id: int | None, home_id: int | None, record_class: RecordClass) -> Extent:
        """How much of that class of what is recorded about a person, or else about a home."""
        return self.sees(person_id, home_id)[record_class]

    def sees(self, person_id: int | None, home_id: int | None) -> Sees:
        """How much of each class of what is recorded about a person, or else about a home."""
        if person_id is not None:
            return self.people.get(person_id, self.usual)
        return self.homes.get(home_id or NOBODY, self.usual)


def read(
    session: Session,
    viewer: Viewer,
    person_ids: Iterable[int | None],
    home_ids: Iterable[int | None],
    now: datetime,
) -> Reach:
    """What the viewer sees of these people and homes, in four statements however many they are.

    Of a home it is the least of what they see of anybody who lives there: what one of a household keeps to
    themselves nobody learns by way of the others.
    """
    homes = {key for key in home_ids if key is not None}
    if not homes:
        return _read(session, viewer, person_ids, homes, now)
    with scoping.lifted(session):  # a housemate's choices count though they be out of sight
        return _read(session, viewer, person_ids, homes, now)


def _read(
    session: Session, viewer: Viewer, person_ids: Iterable[int | None], homes: Collection[int], now: datetime
) -> Reach:
    living = _living_in(session, homes, now)
    wanted = {key for key in person_ids if key is not None} | {
        key for some in living.values() for key in some
    }
    seen = sharing.sees_all(session, viewer, [*wanted, NOBODY], now)
    return Reach(
        people=seen,
        homes={home: least(seen[key] for key in some) for home, some in living.items()},
        usual=seen[NOBODY],
    )


def least(some: Iterable[Sees]) -> Sees:
    """The least that any of these gives of each class."""
    given = list(some)
    return {each: min((one[each] for one in given), key=lambda extent: extent.rank) for each in RecordClass}


def _living_in(session: Session, home_ids: Collection[int], now: datetime) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    if not home_ids:
        return found
    rows = session.execute(
        select(Residency.home_id, Residency.person_id).where(
            Residency.home_id.in_(home_ids), Residency.period.contains(now)
        )
    )
    for home_id, person_id in rows:
        found.setdefault(home_id, []).append(person_id)
    return found
