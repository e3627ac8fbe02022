"""Whom a figure counts for somebody who looks, and whether they may know who these people are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from outcomes.measures import FEW
from people import visible
from people.access import MAY, Need, Viewer, may


@dataclass(frozen=True, slots=True)
class Sight:
    """Everybody for a role that sees nobody (commissioners count all); else the people in sight at `now`."""

    viewer: Viewer
    now: datetime

    @property
    def everybody(self) -> bool:
        """Whether all people are counted."""
        of_role = MAY.get(self.viewer.role, frozenset())
        return self.viewer.everyone or Need.PEOPLE_READ not in of_role

    @property
    def names(self) -> bool:
        """Whether the viewer may know whom a row is about."""
        return may(self.viewer, Need.PEOPLE_READ)

    @property
    def few(self) -> int:
        """The least number of people a figure may be about."""
        return 0 if self.names else FEW

    def of_person(self, person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """The condition on a column that names a person."""
        return true() if self.everybody else person_id.in_(visible.person_ids(self.viewer, self.now))

    def of_either(
        self, person_id: InstrumentedAttribute[int | None], home_id: InstrumentedAttribute[int | None]
    ) -> ColumnElement[bool]:
        """The condition on a row that names a person or a home."""
        if self.everybody:
            return true()
        return or_(
            person_id.in_(visible.person_ids(self.viewer, self.now)),
            home_id.in_(visible.home_ids(self.viewer, self.now)),
        )
