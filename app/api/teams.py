"""Teams and their members in the REST API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, edit_of, identity, page_of, row_version
from app.api.named import agency_of, staff_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, now, session
from people import staff, teams
from people.models.agencies import Agency, Team, TeamRole

blueprint = Blueprint("teams", "People of one agency who answer together.")


class TeamIn(Shape):
    """What is said of a team."""

    name = Text(required=True)
    role = choice(TeamRole, allow_none=True)
    area = Text(most=100, allow_none=True)
    telephone = Text(allow_none=True)
    email = Text(most=254, allow_none=True)
    staffed_all_hours = fields.Boolean()
    receiving_centre = fields.Boolean(metadata={"description": "Whether it answers alarms round the clock."})
    hours = Text(allow_none=True, metadata={"description": "When it works, in words."})


class TeamNew(TeamIn):
    """A team to be added to an agency."""

    agency_id = fields.UUID(required=True)


class TeamOut(TeamIn):
    """A team."""

    id = identity()
    version = row_version()
    agency_id = fields.UUID()


class TeamsAsked(Cut):
    """Which teams are asked for."""

    agency_id = fields.UUID(load_default=None)


class MemberIn(Shape):
    """Who joins, and from when (now)."""

    staff_id = fields.UUID(required=True)
    from_ = Moment(data_key="from", load_default=None)


class MemberOut(Shape):
    """Somebody in a team."""

    staff_id = fields.UUID(attribute="staff.uuid")
    name = Text(attribute="staff.name")
    job_title = Text(attribute="staff.job_title", allow_none=True)
    from_ = Moment(data_key="from", attribute="since", allow_none=True)
    until = Moment(allow_none=True)


class Members(Shape):
    """Everybody in a team."""

    items = fields.List(fields.Nested(MemberOut), required=True)


def told(team: Team, agency: Agency) -> dict[str, Any]:
    """A team as it is answered."""
    fields_ = {name: getattr(team, name) for name in ("uuid", "version", *teams.READERS)}
    return {**fields_, "agency_id": agency.uuid}


def _all_told(rows: Sequence[tuple[Team, Agency]]) -> list[dict[str, Any]]:
    return [told(team, agency) for team, agency in rows]


@blueprint.get("")
@needs("agencies:read")
@blueprint.takes(TeamsAsked, location="query")
@blueprint.answers(page_of(TeamOut))
def list_teams(asked: Given) -> Page[Any]:
    """List the teams, by name."""
    return page(session(), teams.listing(asked["agency_id"]), [Team.name, Team.id], asked).turned(_all_told)


@blueprint.post("")
@needs("agencies:write")
@blueprint.takes(TeamNew)
@blueprint.answers(TeamOut, 201)
def add_team(given: Given) -> Any:
    """Add a team to an agency."""
    agency = agency_of("agency_id", given.pop("agency_id"))
    return told(teams.add(session(), agency, given, actor=actor()), agency)


@blueprint.get("/<uuid:team_id>")
@needs("agencies:read")
@blueprint.answers(TeamOut)
def get_team(team_id: UUID) -> Any:
    """Show a team."""
    return told(*teams.get(session(), team_id))


@blueprint.patch("/<uuid:team_id>")
@needs("agencies:write")
@blueprint.takes(edit_of(TeamIn))
@blueprint.answers(TeamOut)
def change_team(changes: Given, team_id: UUID) -> Any:
    """Change what is given of a team."""
    team, agency = teams.get(session(), team_id)
    if_match(team.version)
    return told(teams.change(session(), team, changes, actor=actor()), agency)


@blueprint.get("/<uuid:team_id>/members")
@needs("staff:read")
@blueprint.answers(Members)
def list_members(team_id: UUID) -> Any:
    """List who is in a team now."""
    team, _agency = teams.get(session(), team_id)
    return {"items": teams.members(session(), team, now())}


@blueprint.post("/<uuid:team_id>/members")
@needs("staff:write")
@blueprint.takes(MemberIn)
@blueprint.answers(Members, 201)
def add_member(given: Given, team_id: UUID) -> Any:
    """Put somebody into a team: they see whom it cares for."""
    team, _agency = teams.get(session(), team_id)
    who = staff_of("staff_id", given["staff_id"])
    teams.join(session(), team, who, given["from_"] or now(), actor=actor())
    return {"items": teams.members(session(), team, now())}


@blueprint.delete("/<uuid:team_id>/members/<uuid:staff_id>")
@needs("staff:write")
@blueprint.answers()
def end_member(team_id: UUID, staff_id: UUID) -> None:
    """End somebody's time in a team, now."""
    team, _agency = teams.get(session(), team_id)
    who, _theirs = staff.get(session(), staff_id)
    teams.leave(session(), team, who, now(), actor=actor())
