"""A draft of Ada's plan, and shorthand for changing it, for tests of the plan."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from care_plans.models.plans import PlanVersion
from care_plans.plan import changing, drafts, enrol, known
from care_plans.plan.known import Known
from care_plans.plan.parts import Part
from people.access import Viewer
from people.models.agencies import Staff
from tests.cast import Cast

ZONE = "Europe/London"


class Draft:
    """Ada's draft, changed by Dev unless somebody else is named."""

    def __init__(self, session: Session, cast: Cast, now: datetime, *pathways: str) -> None:
        for pathway in pathways:
            enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now, publish_now=False)
        self.session, self.cast, self.now = session, cast, now
        self.version: PlanVersion = drafts.open_draft(session, cast.ada, cast.dev)

    @property
    def known(self) -> Known:
        return known.of(self.session, self.cast.ada, self.version.id, self.now, ZONE)

    def add(self, part: Part, by: Staff | None = None, **values: Any) -> Any:
        return changing.add(
            self.session, self.cast.ada, self.version, part, values, self.known,
            by=by or self.cast.dev, now=self.now,
        )  # fmt: skip

    def change(self, part: Part, key: str, by: Staff | None = None, **values: Any) -> Any:
        return changing.change(
            self.session, self.cast.ada, self.version, part, key, values, self.known,
            by=by or self.cast.dev, now=self.now,
        )  # fmt: skip

    def rows(self, part: Part) -> list[Any]:
        return changing.list_rows(self.session, self.version, part)

    def goal(self, **values: Any) -> Any:
        need = self.add(Part.NEEDS, text="Getting out")
        return self.add(Part.GOALS, **{"need": need.key, "text": "I want to go dancing.", **values})


def viewer_of(staff: Staff, *team_ids: int) -> Viewer:
    """Somebody signed in, with these teams."""
    return Viewer(staff.id, staff.uuid, staff.name, staff.agency_id, staff.role.value, frozenset(team_ids))
