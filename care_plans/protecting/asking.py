"""Which team is asked to see to kit that protects, and by which clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import care_team_ladder
from care_plans.messages import about
from care_plans.severity import Class
from devices import subjects
from devices.models import Assignment
from devices.subjects import Subject


def subject_of(held: Assignment) -> Subject:
    """Whose kit it is."""
    return subjects.person(held.person_id) if held.person_id else subjects.home(held.home_id or 0)


def team_of(session: Session, subject: Subject, now: datetime) -> int | None:
    """Who looks after matters of kit there: whoever leads the care, else the landlord, else whoever is there.

    None where there is no team at all.
    """
    steps = care_team_ladder.of(session, subject, Class.TECHNICAL, now).steps
    return next((step.team for step in steps if step.team is not None), None)


def zone_of(session: Session, subject: Subject, now: datetime) -> str:
    """The time zone there."""
    person_id, home_id = (subject.id, None) if subject.about == "person" else (None, subject.id)
    return about.find(session, person_id, home_id, now).zone
