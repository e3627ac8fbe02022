"""Whom a figure counts for somebody who looks, and whether they may know who these people are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from outcomes.measures import FEW
from people import reporting, visible
from people.access import MAY, Need, Viewer, may
from people.models.homes import Residency
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Sight:
    """Everybody for a role that sees nobody (commissioners count all); else the people in sight at `now`.

    Of either without those who said no to planning and reporting.
    """

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
        asked = true() if self.everybody else person_id.in_(visible.person_ids(self.viewer, self.now))
        return and_(asked, person_id.not_in(self._left_out))

    @property
    def _left_out(self) -> Select[int]:
        return reporting.left_out(self.viewer.agency_id, self.now)

    def count_left_out(self, session: Session) -> int:
        """How many people are left out of the figures because they said so."""
        theirs = true() if self.everybody else Person.id.in_(visible.person_ids(self.viewer, self.now))
        query = select(func.count()).where(Person.id.in_(self._left_out), theirs)
        return session.scalars(query).one()

    def of_either(
        self, person_id: InstrumentedAttribute[int | None], home_id: InstrumentedAttribute[int | None]
    ) -> ColumnElement[bool]:
        """The condition on a row that names a person or a home; no home of somebody who is left out.

        What is about a worker counts for nobody.
        """
        theirs = select(Residency.home_id).where(
            Residency.person_id.in_(self._left_out), Residency.period.contains(self.now)
        )
        counted = and_(
            or_(person_id.is_not(None), home_id.is_not(None)),
            or_(person_id.is_(None), person_id.not_in(self._left_out)),
            or_(home_id.is_(None), home_id.not_in(theirs)),
        )
        if self.everybody:
            return counted
        return and_(
            counted,
            or_(
                person_id.in_(visible.person_ids(self.viewer, self.now)),
                home_id.in_(visible.home_ids(self.viewer, self.now)),
            ),
        )
