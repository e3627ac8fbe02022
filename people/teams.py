"""Teams of an agency, and who is in them from when to when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.journal import Actor
from people import identity
from people.changes import apply, ended, in_conflict, note
from people.faults import one_of, read_fields, words, yes_no
from people.models.agencies import Agency, Staff, Team, TeamMember, TeamRole

REQUIRED = ("name",)
READERS = {
    "name": words(),
    "role": one_of(TeamRole),
    "area": words(100),
    "telephone": identity.telephone,
    "email": identity.email,
    "staffed_all_hours": yes_no,
    "receiving_centre": yes_no,
    "hours": words(),
}
EMPTY = {"staffed_all_hours": False, "receiving_centre": False}
TAKEN = ("uq_teams_agency_id_name", "This agency has a team of this name.", "name")
ALREADY = "They are in this team at that time already."


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team."""

    staff: Staff
    since: datetime | None
    until: datetime | None


def add(session: Session, agency: Agency, given: Mapping[str, Any], *, actor: Actor) -> Team:
    """Add a team; Invalid with every field that is wrong, Conflict when the agency has one of its name."""
    team = Team(agency_id=agency.id, **read_fields(given, READERS, required=REQUIRED, empty=EMPTY))
    with in_conflict(session, *TAKEN):
        session.add(team)
    note(session, "added", team, "team", actor=actor)
    return team


def change(session: Session, team: Team, given: Mapping[str, Any], *, actor: Actor) -> Team:
    """Change the fields that are given; raises like `add`."""
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY, adding=False)
    with in_conflict(session, *TAKEN):
        changed = apply(team, values)
    if changed:
        note(session, "changed", team, "team", actor=actor, details=changed)
    return team


def listing(agency_uuid: UUID | None = None) -> Select[Team, Agency]:
    """Every team, or one agency's, each with its agency; no order."""
    query = select(Team, Agency).join(Agency, Agency.id == Team.agency_id).where(Team.deleted_at.is_(None))
    return query.where(Agency.uuid == agency_uuid) if agency_uuid else query


def get(session: Session, uuid: UUID) -> tuple[Team, Agency]:
    """The team and its agency, or NotFound."""
    row = session.execute(listing().where(Team.uuid == uuid)).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def join(session: Session, team: Team, staff: Staff, at: datetime, *, actor: Actor) -> TeamMember:
    """Put `staff` into the team from `at` on: they see whom it cares for. Conflict when they are in it."""
    row = TeamMember(team_id=team.id, staff_id=staff.id, period=Range(at, None))
    with in_conflict(session, "ex_team_members_no_overlap", ALREADY):
        session.add(row)
    note(session, "joined", team, "team", actor=actor, details=_who(staff, at))
    return row


def leave(session: Session, team: Team, staff: Staff, at: datetime, *, actor: Actor) -> TeamMember:
    """Let their time in the team end at `at`; NotFound when they are not in it then."""
    row = session.scalar(
        select(TeamMember).where(
            TeamMember.team_id == team.id, TeamMember.staff_id == staff.id, TeamMember.period.contains(at)
        )
    )
    if row is None:
        raise NotFound
    row.period = ended(row.period, at)
    session.flush()
    note(session, "left", team, "team", actor=actor, details=_who(staff, at))
    return row


def members(session: Session, team: Team, now: datetime) -> list[Member]:
    """Who is in the team at `now`, by name."""
    rows = session.execute(
        select(TeamMember, Staff)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(TeamMember.team_id == team.id, TeamMember.period.contains(now))
        .where(Staff.left_at.is_(None), Staff.deleted_at.is_(None))
        .order_by(Staff.name, Staff.id)
    )
    return [Member(staff, row.period.lower, row.period.upper) for row, staff in rows]


def names_of(session: Session, team_ids: Collection[int]) -> list[tuple[UUID, str]]:
    """The ids and names of these teams, by name."""
    rows = session.execute(
        select(Team.uuid, Team.name)
        .where(Team.id.in_(team_ids), Team.deleted_at.is_(None))
        .order_by(Team.name, Team.id)
    )
    return [(uuid, name) for uuid, name in rows]


def list_mates(session: Session, team_ids: Collection[int], now: datetime) -> list[Staff]:
    """Everybody who is in one of these teams at `now`, once each, by name."""
    in_them = select(TeamMember.staff_id).where(
        TeamMember.team_id.in_(team_ids), TeamMember.period.contains(now)
    )
    query = select(Staff).where(Staff.id.in_(in_them), Staff.left_at.is_(None), Staff.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Staff.name, Staff.id)))


def list_of(session: Session, staff_id: int, now: datetime) -> list[Team]:
    """The teams that a member of staff is in at `now`, by name."""
    query = (
        select(Team)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.staff_id == staff_id, TeamMember.period.contains(now), Team.deleted_at.is_(None))
        .order_by(Team.name, Team.id)
    )
    return list(session.scalars(query))


def _who(staff: Staff, at: datetime) -> dict[str, str]:
    return {"staff": str(staff.uuid), "at": at.isoformat()}
