"""Which kinds of reading a viewer is shown of a person and their home, and what is said of the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from devices import expected, kinds, readings
from devices.expected import Expected
from devices.kinds import Group
from devices.models import HeardState
from devices.readings import Latest
from devices.subjects import Subject
from people import reach, scoping
from people.access import Extent, RecordClass, Viewer
from people.reach import Reach


@dataclass(frozen=True, slots=True)
class Withheld:
    """A class of readings that is not shown; None stands for all of which not even the sort is told.

    That something is heard, or is late, is no value: it is told of all (H6).
    """

    record_class: RecordClass | None
    heard_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a viewer sees of the readings of one person and the home they live in."""

    reach: Reach
    person_id: int | None
    home_id: int | None

    def extent(self, code: str) -> Extent:
        """How much of readings of a kind; what is the home's is no more than everybody there leaves open."""
        kind = kinds.get(code)
        given = [self.reach.of(self.person_id, self.home_id, kind.record_class)]
        if kind.about == "home" and self.home_id is not None:
            given.append(self.reach.of(None, self.home_id, kind.record_class))
        return min(given, key=lambda extent: extent.rank)

    def full(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those kinds whose readings are shown, in the order given."""
        return tuple(code for code in codes if self.extent(code) is Extent.FULL)

    def withheld(self, session: Session, about: Sequence[Subject], now: datetime) -> tuple[Withheld, ...]:
        """What is not shown of what is measured or expected of these: by class, then the rest in one.

        It is read past the database's own limits, which hide such readings whole: only times leave here.
        """
        if self.everything():
            return ()
        with scoping.lifted(session):
            latest = readings.latest(session, about, now)
            due = expected.list_of_subjects(session, about)
        return self.told_of(latest, due)

    def told_of(self, latest: Iterable[Latest], due: Iterable[Expected]) -> tuple[Withheld, ...]:
        """The same, of what has been read."""
        heard: dict[RecordClass | None, datetime | None] = {}
        late: set[RecordClass | None] = set()
        for each in latest:
            if kinds.get(each.kind).group is not Group.KIT and self.extent(each.kind) is not Extent.FULL:
                told = self._told(each.kind)
                before = heard.get(told)
                heard[told] = each.at if before is None else max(before, each.at)
        for one in due:
            if one.kind is not None and self.extent(one.kind) is not Extent.FULL:
                told = self._told(one.kind)
                heard.setdefault(told, None)
                if one.state is not HeardState.HEARD:
                    late.add(told)
        order = [*RecordClass, None]
        return tuple(
            Withheld(told, heard[told] if told else None, told in late)
            for told in sorted(heard, key=order.index)
        )

    def everything(self) -> bool:
        """Whether every kind is shown."""
        return all(self.extent(kind.code) is Extent.FULL for kind in kinds.all_kinds())

    def _told(self, code: str) -> RecordClass | None:
        return kinds.get(code).record_class if self.extent(code) is Extent.CATEGORY else None


def of(session: Session, viewer: Viewer, person_id: int | None, home_id: int | None, now: datetime) -> Seen:
    """What the viewer sees of the readings of a person and the home they live in."""
    return Seen(reach.read(session, viewer, [person_id], [home_id], now), person_id, home_id)
