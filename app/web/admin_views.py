"""Agencies, teams and staff as lines of the pages of those who look after them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.web import admin_words
from people import agencies, grants, scoping, staff, teams
from people.models.agencies import Agency, Staff, Team, TeamMember
from people.models.caring import CareTeam


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency: see admin.html."""

    uuid: UUID
    name: str
    sector: str
    teams: int
    staff: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team: see admin_agency.html."""

    uuid: UUID
    name: str
    role: str | None
    area: str | None
    hours: str | None
    all_hours: bool
    members: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff: see admin_agency.html."""

    uuid: UUID
    name: str
    job_title: str | None
    role: str
    teams: tuple[str, ...]
    signs_in: bool


def agency_rows(session: Session) -> tuple[AgencyRow, ...]:
    """Every agency, by name, in four statements."""
    some = session.scalars(agencies.listing().order_by(Agency.name)).all()
    with_teams = _count(session, Team.agency_id, Team.deleted_at.is_(None))
    with_staff = _count(session, Staff.agency_id, Staff.left_at.is_(None), Staff.deleted_at.is_(None))
    proposed = grants.count_proposed(session)
    return tuple(
        AgencyRow(
            each.uuid,
            each.name,
            admin_words.SECTORS[each.sector],
            with_teams.get(each.id, 0),
            with_staff.get(each.id, 0),
            proposed.get(each.id, 0),
        )
        for each in some
    )


def team_rows(session: Session, agency: Agency, now: datetime) -> tuple[TeamRow, ...]:
    """An agency's teams, by name."""
    inside = _count(session, TeamMember.team_id, TeamMember.period.contains(now))
    rows = session.execute(teams.listing(agency.uuid).order_by(Team.name))
    return tuple(
        TeamRow(
            team.uuid,
            team.name,
            admin_words.team_role(team.role) if team.role else None,
            team.area,
            team.hours,
            team.staffed_all_hours,
            inside.get(team.id, 0),
        )
        for team, _agency in rows
    )


def staff_rows(session: Session, agency: Agency, now: datetime) -> tuple[StaffRow, ...]:
    """An agency's staff, by name, with the teams they are in."""
    inside: dict[int, list[str]] = {}
    rows = session.execute(
        select(TeamMember.staff_id, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.period.contains(now), Team.deleted_at.is_(None))
        .order_by(Team.name)
    )
    for staff_id, name in rows:
        inside.setdefault(staff_id, []).append(name)
    return tuple(
        StaffRow(
            who.uuid,
            who.name,
            who.job_title,
            admin_words.role_name(who.role),
            tuple(inside.get(who.id, ())),
            who.password_hash is not None,
        )
        for who, _agency in session.execute(staff.listing(agency.uuid).order_by(Staff.name))
    )


def count_cared_for(session: Session, team: Team, now: datetime) -> int:
    """How many people the team cares for now: whom its members see."""
    query = select(func.count(func.distinct(CareTeam.person_id))).where(
        CareTeam.team_id == team.id, CareTeam.period.contains(now)
    )
    with scoping.lifted(session):  # a number, of people whom an administrator does not see
        return session.scalars(query).one()


def _count(
    session: Session, column: InstrumentedAttribute[int], *where: ColumnElement[bool]
) -> dict[int, int]:
    rows = session.execute(select(column, func.count()).where(*where).group_by(column))
    return dict(rows.all())
