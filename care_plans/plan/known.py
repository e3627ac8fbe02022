"""What the parts of one draft may name: its own needs, goals and ladders, and the teams around the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, Goal, Need
from care_plans.models.rules import Contingency, PlanLadder
from care_plans.plan import teams
from people.models.agencies import Agency, Staff, Team, TeamMember
from people.models.caring import CareTeam
from people.models.people import Contact, Person


@dataclass(frozen=True, slots=True)
class TeamKnown:
    """A team that sees the person."""

    id: int
    uuid: UUID
    name: str
    agency_id: int
    agency: str
    all_hours: bool
    centre: bool


@dataclass(frozen=True, slots=True)
class StaffKnown:
    """Somebody in one of those teams."""

    id: int
    uuid: UUID
    name: str
    team_id: int
    team: str


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of the draft with their titles; teams, staff and contacts by their outer id."""

    needs: Mapping[str, str]
    goals: Mapping[str, str]
    actions: Mapping[str, str]
    contingencies: Mapping[str, str]
    ladders: Mapping[str, str]
    teams: Mapping[UUID, TeamKnown]
    staff: tuple[StaffKnown, ...]
    contacts: Mapping[UUID, Contact]
    zone: str
    today: date


def of(session: Session, person: Person, version_id: int | None, now: datetime, zone: str) -> Known:
    """Everything that a part of this version may name; without a version only who is around the person."""

    def keys(model: type[Need] | type[Goal] | type[Action]) -> dict[str, str]:
        query = select(model.key, model.text).where(model.version_id == version_id)
        return dict(session.execute(query.order_by(model.position, model.id)).all())

    def named(model: type[Contingency] | type[PlanLadder]) -> dict[str, str]:
        query = select(model.key, model.name).where(model.version_id == version_id).order_by(model.id)
        return dict(session.execute(query).all())

    around = around_person(session, person, now)
    return Known(
        needs=keys(Need),
        goals=keys(Goal),
        actions=keys(Action),
        contingencies=named(Contingency),
        ladders=named(PlanLadder),
        teams={team.uuid: team for team in around},
        staff=_staff(session, around, now),
        contacts={each.uuid: each for each in teams.contacts(session, person)},
        zone=zone,
        today=now.astimezone(ZoneInfo(zone)).date(),
    )


def around_person(session: Session, person: Person, now: datetime) -> tuple[TeamKnown, ...]:
    """The teams that see the person, by agency and name."""
    rows = session.execute(
        select(Team, Agency.name)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .join(Agency, Agency.id == Team.agency_id)
        .where(CareTeam.person_id == person.id, CareTeam.period.contains(now), Team.deleted_at.is_(None))
        .order_by(Agency.name, Team.name)
        .distinct()
    )
    return tuple(
        TeamKnown(
            team.id,
            team.uuid,
            team.name,
            team.agency_id,
            agency,
            team.staffed_all_hours,
            team.receiving_centre,
        )
        for team, agency in rows
    )


def _staff(session: Session, around: tuple[TeamKnown, ...], now: datetime) -> tuple[StaffKnown, ...]:
    names = {team.id: team.name for team in around}
    rows = session.execute(
        select(Staff, TeamMember.team_id)
        .join(TeamMember, TeamMember.staff_id == Staff.id)
        .where(TeamMember.team_id.in_(names), TeamMember.period.contains(now), Staff.left_at.is_(None))
        .order_by(Staff.name)
    )
    return tuple(
        StaffKnown(member.id, member.uuid, member.name, team_id, names[team_id]) for member, team_id in rows
    )
