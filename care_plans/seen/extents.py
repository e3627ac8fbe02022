"""How much of which alerts is shown to a viewer: read for many at once, and for one receiver."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.seen import showing
from care_plans.seen.showing import Shown
from people import reach, sharing
from people.access import RecordClass, Viewer
from people.models.agencies import Staff, Team
from people.models.homes import Residency
from people.reach import Reach


def of(session: Session, viewer: Viewer, alerts: Iterable[Alert], now: datetime) -> dict[int, Shown]:
    """How much of each of these alerts the viewer is shown, in a fixed number of statements."""
    some = list(alerts)
    if not some:
        return {}
    seen = reach.read(
        session, viewer, [each.person_id for each in some], [each.home_id for each in some], now
    )
    return {each.id: among(seen, each) for each in some}


def of_one(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> Shown:
    """How much of one alert the viewer is shown."""
    return of(session, viewer, [alert], now)[alert.id]


def among(seen: Reach, alert: Alert) -> Shown:
    """How much of an alert somebody with that reach is shown; of one about a worker, all of it."""
    if alert.visit_id is not None:
        return showing.IN_FULL
    return showing.shown(record_class(alert), seen.sees(alert.person_id, alert.home_id))


def record_class(alert: Alert) -> RecordClass:
    """The class of record that an alert is."""
    return showing.class_of(alert.kind, alert.class_, alert.rule.get("record_class"))


def to_receiver(
    session: Session, alert: Alert, now: datetime, *, team_id: int | None, staff_id: int | None
) -> Shown:
    """How much whoever a message goes to is shown, as far as their agency goes."""
    if alert.visit_id is not None:
        return showing.IN_FULL
    agency = select(Team.agency_id).where(Team.id == team_id)
    if staff_id is not None:
        agency = select(Staff.agency_id).where(Staff.id == staff_id)
    agency_id = session.scalars(agency).one()
    people = [alert.person_id] if alert.person_id is not None else _living_in(session, alert.home_id, now)
    seen = [
        sharing.agencies_see(session, [agency_id], key, now)[agency_id] for key in people or [reach.NOBODY]
    ]
    return showing.shown(record_class(alert), reach.least(seen))


def _living_in(session: Session, home_id: int | None, now: datetime) -> list[int]:
    query = select(Residency.person_id).where(Residency.home_id == home_id, Residency.period.contains(now))
    return list(session.scalars(query))
