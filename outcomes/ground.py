"""What figures are counted from, read once for a viewer and some weeks: ties, alerts, versions in force."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from outcomes import alerts_raised, in_force, ties
from outcomes.alerts_raised import AlertRaised
from outcomes.in_force import InForce
from outcomes.measures import Measure
from outcomes.reckoning import Part
from outcomes.sight import Sight
from outcomes.ties import Ties
from outcomes.weeks import Week


@dataclass(frozen=True)
class Ground:
    """Whom the viewer's figures count in these weeks (at least one, no gaps); `zone` is the place's."""

    session: Session
    sight: Sight
    weeks: tuple[Week, ...]
    zone: str
    parts: dict[Measure, list[Part]] = field(default_factory=dict)
    """What each row adds, by measure, once somebody has asked (see figures.parts)."""

    @property
    def now(self) -> datetime:
        """The moment at which it is counted: nothing is known of later."""
        return self.sight.now

    @property
    def since(self) -> datetime:
        """When the first week begins."""
        return self.weeks[0].start

    @property
    def until(self) -> datetime:
        """When the last week ends."""
        return self.weeks[-1].end

    @cached_property
    def ties(self) -> Ties:
        """Who led whose care, and who lived where."""
        return ties.read(self.session)

    @cached_property
    def alerts(self) -> list[AlertRaised]:
        """The alerts raised in these weeks, oldest first."""
        return alerts_raised.list_raised(self.session, self.sight, self.ties, self.since, self.until)

    @cached_property
    def plans(self) -> list[InForce]:
        """The versions in force at some time in these weeks, oldest first."""
        return in_force.list_in_force(self.session, self.sight, self.since, self.until, self.zone)
