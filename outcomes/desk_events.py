"""Reads what desks were asked and did in some weeks, of the people whom the reader's figures count."""

from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent
from outcomes.desk import ASKS, STANDING, TAKES_UP, Told
from outcomes.ground import Ground
from outcomes.sight import Sight
from people.models.agencies import Agency, Team

_COUNTED = (What.STEP, *ASKS, *TAKES_UP)


def read(ground: Ground) -> list[Told]:
    """The events of these weeks, oldest first; severities are those of the time."""
    subject = func.coalesce(cast(Alert.person_id, String), "home " + cast(Alert.home_id, String))
    rows = ground.session.execute(
        select(
            AlertEvent.alert_id,
            (subject + " " + Alert.rule_key).label("thing"),
            AlertEvent.what,
            AlertEvent.at,
            func.coalesce(AlertEvent.severity, Alert.severity).label("severity"),
            Alert.class_,
            AlertEvent.team_id,
            AlertEvent.by_staff_id.is_not(None).label("by_staff"),
            func.coalesce(AlertEvent.details["repeats"].as_boolean(), False).label("repeats"),
            AlertEvent.details["kind"].as_string().label("contact"),
            Alert.kind,
            Alert.began_at,
            Alert.cause,
        )
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .where(
            AlertEvent.at >= ground.since,
            AlertEvent.at < ground.until,
            AlertEvent.what.in_(_COUNTED),
            Alert.deleted_at.is_(None),
            ground.sight.of_either(Alert.person_id, Alert.home_id),
        )
        .order_by(AlertEvent.at, AlertEvent.id)
    )
    return [Told(*row) for row in rows]


def count_standing(session: Session, sight: Sight, now: datetime) -> int:
    """How many alerts have been open for longer than a day."""
    return session.scalars(
        select(func.count()).where(
            Alert.closed_at.is_(None),
            Alert.deleted_at.is_(None),
            Alert.raised_at <= now - STANDING,
            sight.of_either(Alert.person_id, Alert.home_id),
        )
    ).one()


def teams(session: Session) -> dict[int, tuple[Team, str]]:
    """Every team with the name of its agency, by inner key."""
    rows = session.execute(select(Team, Agency.name).join(Agency, Agency.id == Team.agency_id))
    return {team.id: (team, agency) for team, agency in rows}
