"""Whom a message is about, as little as lets a colleague know which door is meant."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.messages.wording import About, initials
from care_plans.models.alerts import Alert
from core.zones import UK
from people.models.agencies import Staff
from people.models.homes import Home, Residency
from people.models.people import Person


def find(session: Session, person_id: int | None, home_id: int | None, now: datetime) -> About:
    """Initials and area of a person, or the area of a home; of what is about neither, nobody."""
    if person_id is None and home_id is None:
        return About("nobody by name", None, UK)
    if person_id is None:
        home = session.execute(select(Home.area, Home.time_zone).where(Home.id == home_id)).one()
        return About("a home", home.area, home.time_zone)
    found = session.execute(
        select(Person.given_name, Person.family_name, Home.area, Home.time_zone)
        .outerjoin(Residency, (Residency.person_id == Person.id) & Residency.period.contains(now))
        .outerjoin(Home, Home.id == Residency.home_id)
        .where(Person.id == person_id)
    ).one()
    return About(initials(found.given_name, found.family_name), found.area, found.time_zone or UK)


def of_alert(session: Session, alert: Alert, now: datetime) -> About:
    """The same of whom an alert is about; of a worker that it is a colleague, and their initials."""
    if alert.worker_id is None:
        return find(session, alert.person_id, alert.home_id, now)
    name = session.scalars(select(Staff.name).where(Staff.id == alert.worker_id)).one()
    return About(f"a colleague ({initials(*name.split())})", None, UK)
