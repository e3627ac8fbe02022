"""Who led whose care, and who lived where, over time: read once, then asked for any moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.homes import Residency

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """Something (an agency that leads, a home that is lived in, who lives there) from `start` to `end`."""

    start: datetime
    end: datetime
    id: int

    def holds(self, at: datetime) -> bool:
        """Whether it held at that moment."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Ties:
    """By inner key: leading agencies and homes of each person, residents of each home; longest first."""

    leads: dict[int, list[Tie]] = field(default_factory=dict)
    homes: dict[int, list[Tie]] = field(default_factory=dict)
    residents: dict[int, list[Tie]] = field(default_factory=dict)

    def agency_of(self, person_id: int, at: datetime) -> int | None:
        """The agency whose team led the person's care; of two, the one that has led longer."""
        return next((tie.id for tie in self.leads.get(person_id, ()) if tie.holds(at)), None)

    def home_of(self, person_id: int, at: datetime) -> int | None:
        """Where the person lived."""
        return next((tie.id for tie in self.homes.get(person_id, ()) if tie.holds(at)), None)

    def residents_of(self, home_id: int, at: datetime) -> tuple[int, ...]:
        """Who lived in the home, the longest there first."""
        return tuple(tie.id for tie in self.residents.get(home_id, ()) if tie.holds(at))

    def stretches(
        self, person_id: int, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, datetime, int | None]]:
        """The time from `start` to `end`, cut wherever something changes, with the leading agency."""
        for one, next_one in pairwise(sorted({start, end, *self.changes_of(person_id, start, end)})):
            yield one, next_one, self.agency_of(person_id, one)

    def changes_of(self, person_id: int, start: datetime, end: datetime) -> set[datetime]:
        """Moments between `start` and `end` at which leading, or living somewhere, begins or ends."""
        own = (*self.leads.get(person_id, ()), *self.homes.get(person_id, ()))
        return {at for tie in own for at in (tie.start, tie.end) if start < at < end}


def read(session: Session) -> Ties:
    """All there are: two statements, narrow rows."""
    ties = Ties()
    leading = (
        select(CareTeam.person_id, Team.agency_id, CareTeam.period)
        .join(Team, Team.id == CareTeam.team_id)
        .where(CareTeam.lead)
    )
    for person_id, agency_id, period in session.execute(leading):
        ties.leads.setdefault(person_id, []).append(_tie(period, agency_id))
    for person_id, home_id, period in session.execute(
        select(Residency.person_id, Residency.home_id, Residency.period)
    ):
        ties.homes.setdefault(person_id, []).append(_tie(period, home_id))
        ties.residents.setdefault(home_id, []).append(_tie(period, person_id))
    for kept in (ties.leads, ties.homes, ties.residents):
        for of_one in kept.values():
            of_one.sort(key=lambda tie: (tie.start, tie.id))
    return ties


def _tie(period: Range[datetime], id_: int) -> Tie:
    return Tie(period.lower or EVER, period.upper or NEVER, id_)
