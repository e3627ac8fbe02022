"""Lets whoever an alert is sent to open it, for as long as it lasts and no longer (H10)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from people.models.caring import AlertSight
from people.models.homes import Residency

LASTS = timedelta(days=7)
AFTER_CLOSING = timedelta(hours=24)


def grant(
    session: Session, alert: Alert, now: datetime, *, team_id: int | None = None, staff_id: int | None = None
) -> None:
    """Give a team, or a member of staff, sight of this alert for seven days from now on."""
    until = now + LASTS
    held = session.execute(
        update(AlertSight)
        .where(
            AlertSight.alert_id == alert.id,
            AlertSight.team_id.is_not_distinct_from(team_id),
            AlertSight.staff_id.is_not_distinct_from(staff_id),
            AlertSight.period.contains(now),
        )
        .values(period=func.tstzrange(func.lower(AlertSight.period), until))
        .returning(AlertSight.id)
    )
    if held.first() is not None:
        return
    about: list[int | None] = [*people_of(session, alert, now)] or [*_last_of(session, alert, now)]
    if alert.visit_id is not None:
        about = [None]
    session.add_all(
        AlertSight(
            person_id=person_id,
            alert_id=alert.id,
            team_id=team_id,
            staff_id=staff_id,
            period=Range(now, until),
        )
        for person_id in about
    )


def _last_of(session: Session, alert: Alert, now: datetime) -> list[int]:
    """Who was the last to live in a home where nobody lives now: its smoke alarm must reach somebody too."""
    last = (
        select(Residency.person_id)
        .where(Residency.home_id == alert.home_id, func.lower(Residency.period) <= now)
        .order_by(func.upper(Residency.period).desc(), Residency.id.desc())
        .limit(1)
    )
    return list(session.scalars(last))


def end(session: Session, alert: Alert, now: datetime) -> None:
    """Let what was granted for this alert end a day from now, so that the story can still be read."""
    until = now + AFTER_CLOSING
    session.execute(
        update(AlertSight)
        .where(AlertSight.alert_id == alert.id, func.upper(AlertSight.period) > until)
        .values(period=func.tstzrange(func.lower(AlertSight.period), until))
    )


def people_of(session: Session, alert: Alert, now: datetime) -> list[int]:
    """The person an alert is about, or everybody who lives in its home now."""
    if alert.person_id is not None:
        return [alert.person_id]
    return list(
        session.scalars(
            select(Residency.person_id)
            .where(Residency.home_id == alert.home_id, Residency.period.contains(now))
            .order_by(Residency.person_id)
        )
    )
