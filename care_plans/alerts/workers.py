"""Whom an alert about a worker is about, as somebody may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.visits import Visit
from people.access import Viewer
from people.models.agencies import Agency, Staff, Team


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker an alert is about; `place` and `arrived_at` are None outside of their agency."""

    name: str
    telephone: str | None
    agency: str
    team: str | None
    leave_by: datetime
    place: str | None
    arrived_at: datetime | None


def find(session: Session, viewer: Viewer, alert: Alert) -> Worker | None:
    """Who an alert is about, if about a worker; where they are is told within their own agency alone."""
    if alert.worker_id is None:
        return None
    staff, agency = session.execute(
        select(Staff, Agency).join(Agency, Agency.id == Staff.agency_id).where(Staff.id == alert.worker_id)
    ).one()
    inside = viewer.agency_id == staff.agency_id
    visit = session.get(Visit, alert.visit_id) if inside else None
    team = session.scalar(select(Team.name).where(Team.id == visit.team_id)) if visit else None
    return Worker(
        name=staff.name,
        telephone=staff.telephone,
        agency=agency.name,
        team=team,
        leave_by=alert.began_at,
        place=visit.place if visit else None,
        arrived_at=visit.arrived_at if visit else None,
    )
