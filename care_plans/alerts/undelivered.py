"""A message that could not be delivered becomes somebody's work, instead of a line in a log."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import asking, deadlines, events
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert
from care_plans.models.messages import Message
from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups, part_in_care
from people.models.agencies import Staff, Team

WITHIN = timedelta(minutes=15)


def note(session: Session, message: Message, now: datetime) -> None:
    """Put the failure on its alert, and ask the team that leads the care to ring the recipient instead.

    Where it was to whoever is on duty, and the ladder still climbs, their whole team is asked at once (H9).
    One about a worker is in nobody's care; its ladder asks the next.
    """
    if message.alert_id is None:
        return
    alert = session.get_one(Alert, message.alert_id, with_for_update=True)
    events.write(
        session, alert, What.MESSAGE_FAILED, now, words=message.fault or "", team_id=message.team_id,
        details={"message": str(message.uuid), "staff": message.staff_id},
    )  # fmt: skip
    if alert.closed_at is None and deadlines.held(alert) is None and message.staff_id is not None:
        asking.ask_the_team_of(session, alert, message, now)
    team_id = (
        part_in_care.leading_team(session, alert.person_id, alert.home_id, now)
        or alert.owner_team_id
        or message.team_id
    )
    if alert.visit_id is not None:
        return
    if alert.closed_at is None and team_id is not None:
        text = f"Ring {_name_of(session, message)}: a message about an alert did not reach them."
        if follow_ups.is_asked(session, alert.id, text, team_id):
            return
        follow_ups.make(
            session,
            kind=FollowUpKind.CHECK,
            text=text,
            team_id=team_id,
            due_at=now + WITHIN,
            now=now,
            person_id=alert.person_id,
            home_id=alert.home_id,
            alert_id=alert.id,
        )


def _name_of(session: Session, message: Message) -> str | None:
    if message.team_id is not None:
        return session.scalar(select(Team.name).where(Team.id == message.team_id))
    return session.scalar(select(Staff.name).where(Staff.id == message.staff_id))
