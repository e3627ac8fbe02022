"""Alerts of the past and present as marks on a chart and in a timeline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.alerts.read import in_sight
from care_plans.models.alerts import Alert
from care_plans.seen import extents
from care_plans.severity import Class, Severity
from devices.subjects import Subject
from people.access import Viewer


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was found of which kind and value, and how bad it was."""

    uuid: UUID
    kind: str | None
    value: float | None
    at: datetime
    severity: Severity
    class_: Class
    words: str


def list_marks(
    session: Session,
    viewer: Viewer,
    subjects: Collection[Subject],
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    home_since: datetime | None = None,
    limit: int = 500,
) -> list[Mark]:
    """The alerts about these subjects that began in that time and are shown in full, oldest first.

    Of homes only those from `home_since` on: what was before is of those who lived there then.
    """
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    rows = session.scalars(
        select(Alert)
        .where(
            in_sight(viewer, now),
            or_(
                Alert.person_id.in_(people),
                Alert.home_id.in_(homes) & (Alert.began_at >= max(since, home_since or since)),
            ),
            Alert.began_at.between(since, until),
        )
        .order_by(Alert.began_at.desc(), Alert.id.desc())
        .limit(limit)
    ).all()
    how = extents.of(session, viewer, rows, now)
    return [
        Mark(row.uuid, row.kind, row.value, row.began_at, row.severity, row.class_, row.words)
        for row in reversed(rows)
        if how[row.id].full
    ]
