"""Which teams have a part in the care of somebody: those that may be asked, and who is told otherwise."""

from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from people.models.agencies import Staff, TeamMember
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Residency


def leading_team(session: Session, person_id: int | None, home_id: int | None, now: datetime) -> int | None:
    """The team that leads the care of a person, or of somebody who lives in a home."""
    about = CareTeam.person_id == person_id if person_id else CareTeam.person_id.in_(_residents(home_id, now))
    return session.scalar(
        select(CareTeam.team_id).where(about, CareTeam.lead, CareTeam.period.contains(now)).limit(1)
    )


def works_in(session: Session, staff_id: int, team_id: int, now: datetime) -> bool:
    """Whether somebody is in the team at `now`."""
    return (
        session.scalar(
            select(TeamMember.id)
            .join(Staff, Staff.id == TeamMember.staff_id)
            .where(
                TeamMember.team_id == team_id,
                TeamMember.staff_id == staff_id,
                TeamMember.period.contains(now),
                Staff.left_at.is_(None),
            )
        )
        is not None
    )


def may_know(
    session: Session,
    team_id: int,
    person_id: int | None,
    home_id: int | None,
    alert_id: int | None,
    now: datetime,
) -> bool:
    """Whether the team is in the care of the person, or of somebody in the home, or was sent this alert."""
    lives_there = _residents(home_id, now)
    cares = exists().where(
        CareTeam.team_id == team_id,
        CareTeam.period.contains(now),
        or_(CareTeam.person_id == person_id, CareTeam.person_id.in_(lives_there)),
    )
    sent = exists().where(
        AlertSight.alert_id == alert_id, AlertSight.team_id == team_id, AlertSight.period.contains(now)
    )
    return bool(session.scalar(select(or_(cares, sent))))


def _residents(home_id: int | None, now: datetime) -> Select[int]:
    return select(Residency.person_id).where(Residency.home_id == home_id, Residency.period.contains(now))
