"""When people and homes were last heard of, through whatever kit they have."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from devices.models import Assignment, DeviceWord
from devices.subjects import Subject


def last_heard(session: Session, subjects: Collection[Subject], now: datetime) -> dict[Subject, datetime]:
    """For each subject the last word of any kit that is theirs at `now`; who was never heard is left out."""
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    rows = session.execute(
        select(Assignment.person_id, Assignment.home_id, func.max(DeviceWord.heard_at))
        .join(DeviceWord, DeviceWord.device_id == Assignment.device_id)
        .where(
            or_(Assignment.person_id.in_(people), Assignment.home_id.in_(homes)),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            DeviceWord.heard_at.is_not(None),
        )
        .group_by(Assignment.person_id, Assignment.home_id)
    )
    found: dict[Subject, datetime] = {}
    for person_id, home_id, at in rows:
        subject = Subject("person", person_id) if person_id is not None else Subject("home", home_id or 0)
        if at is not None:
            found[subject] = at
    return found
