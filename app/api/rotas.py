"""Who of a team is on duty, in the REST API."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Moment, Shape, Text, identity
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.models.rotas import RotaCover, TeamRota
from care_plans.rotas import duty, rotas
from care_plans.rotas.documents import LONGEST_TURN, MOST_HOURS, MOST_LAYERS, MOST_PEOPLE
from care_plans.work.recurrence import WEEKDAYS
from core.errors import Invalid, NotAllowed, NotFound
from core.zones import UK
from people import teams
from people.faults import LINES
from people.models.agencies import Staff, Team

blueprint = Blueprint(
    "teams",
    "People of one agency who answer together.",
    part="rotas",
    prefix=f"{PREFIX}/teams/<uuid:team_id>/rota",
)

LONGEST = timedelta(days=370)
FARTHEST = timedelta(days=3650)
NOT_THEIRS = "Whoever is in the team says who covers."
TIME = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d", error="Give a time of day such as 07:30.")


class HoursShape(Shape):
    """From one local time to another; an end at or before the start is the next day's."""

    from_ = fields.String(data_key="from", required=True, validate=TIME)
    to = fields.String(required=True, validate=TIME)
    weekdays = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)),
        validate=validate.Length(min=1, max=7),
        metadata={"description": "Every day where it is left out."},
    )


class LayerShape(Shape):
    """People who take turns of so many days, in their order; without hours at all hours."""

    name = Text(required=True)
    people = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, max=MOST_PEOPLE),
        metadata={
            "description": "Ids of staff who are in the team and may act on alerts. "
            "Whoever has left since may stay in their place: their turns are gaps."
        },
    )
    starts = fields.Date(required=True)
    turn_days = fields.Integer(required=True, validate=validate.Range(1, LONGEST_TURN))
    changes_at = fields.String(required=True, validate=TIME)
    hours = fields.List(fields.Nested(HoursShape), validate=validate.Length(max=MOST_HOURS))


class RotaIn(Shape):
    """A rota: of its layers the last that has somebody counts."""

    zone = Text(most=64, load_default=UK)
    layers = fields.List(
        fields.Nested(LayerShape), required=True, validate=validate.Length(min=1, max=MOST_LAYERS)
    )


class CoverOut(Shape):
    """Somebody who takes over for a time."""

    id = identity()
    staff_id = fields.UUID()
    name = Text()
    starts_at = Moment()
    ends_at = Moment()
    why = Text(
        lines=True,
        allow_none=True,
        metadata={"description": "The team's own: null for whoever is not in it."},
    )


class RotaOut(Shape):
    """A rota, who is on duty by it now (null in a gap), and the covers that are not over."""

    zone = Text()
    layers = fields.List(fields.Nested(LayerShape))
    on_duty = fields.UUID(required=True, allow_none=True)
    covers = fields.List(fields.Nested(CoverOut))


class CoverIn(Shape):
    """Who takes over, when and why."""

    staff_id = fields.UUID(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    why = Text(most=LINES, lines=True, required=True)


class ShiftsAsked(Shape):
    """From when, and to when; a year at most."""

    from_ = Moment(data_key="from", load_default=None)
    to = Moment(load_default=None)


class ShiftOut(Shape):
    """Who is on duty from when to when; a gap has nobody."""

    start = Moment()
    end = Moment()
    staff_id = fields.UUID(allow_none=True)


class Shifts(Shape):
    """Every shift and gap, without a hole."""

    items = fields.List(fields.Nested(ShiftOut), required=True)


@blueprint.get("")
@needs("staff:read")
@blueprint.answers(RotaOut)
def show_rota(team_id: UUID) -> Any:
    """Show a team's rota and who is on duty."""
    team, _agency = teams.get(session(), team_id)
    return _told(team, _row(team))


@blueprint.put("")
@needs("staff:write")
@blueprint.takes(RotaIn)
@blueprint.answers(RotaOut)
def set_rota(given: Given, team_id: UUID) -> Any:
    """Set a team's rota."""
    team, _agency = teams.get(session(), team_id)
    layers = [_document(each) for each in given["layers"]]
    row = rotas.set_rota(session(), team, layers, given["zone"], by=viewer(), now=now())
    return _told(team, row)


@blueprint.delete("")
@needs("staff:write")
@blueprint.answers()
def end_rota(team_id: UUID) -> None:
    """Do without a rota again: ladders ask the whole team."""
    team, _agency = teams.get(session(), team_id)
    rotas.end_rota(session(), team, by=viewer(), now=now())


@blueprint.get("/shifts")
@needs("staff:read")
@blueprint.takes(ShiftsAsked, location="query")
@blueprint.answers(Shifts)
def list_shifts(asked: Given, team_id: UUID) -> Any:
    """List who is on duty when, four weeks from now unless asked otherwise."""
    team, _agency = teams.get(session(), team_id)
    start = asked["from_"] or now()
    end = asked["to"] or start + timedelta(weeks=4)
    if abs(start - now()) > FARTHEST:
        raise Invalid({"from": "Ask for a time within ten years of now."})
    if not timedelta(0) < end - start <= LONGEST:
        raise Invalid({"to": "Ask for a time after the beginning, and for a year at most."})
    rota = rotas.find(session(), team, now())
    if rota is None:
        raise NotFound("This team has no rota.")
    ids = _ids(team)
    return {"items": [_shift(each, ids) for each in duty.shifts(rota, start, end)]}


@blueprint.post("/covers")
@needs("alerts:act")
@blueprint.takes(CoverIn)
@blueprint.answers(CoverOut, 201)
def cover(given: Given, team_id: UUID) -> Any:
    """Let somebody of your own team take over for a time."""
    team = _theirs(team_id)
    told = {**given, "staff": str(given["staff_id"])}
    del told["staff_id"]
    row = rotas.cover(session(), team, told, by=viewer(), now=now())
    return _cover(row, session().get_one(Staff, row.staff_id), row.why)


@blueprint.delete("/covers/<uuid:cover_id>")
@needs("alerts:act")
@blueprint.answers()
def uncover(team_id: UUID, cover_id: UUID) -> None:
    """Take a cover back; what of it is over stays."""
    rotas.uncover(session(), _theirs(team_id), cover_id, by=viewer(), now=now())


def _theirs(team_id: UUID) -> Team:
    team, _agency = teams.get(session(), team_id)
    if team.id not in viewer().team_ids:
        raise NotAllowed(NOT_THEIRS)
    return team


def _row(team: Team) -> TeamRota:
    row = rotas.find_row(session(), team)
    if row is None:
        raise NotFound("This team has no rota.")
    return row


def _document(layer: Given) -> dict[str, Any]:
    hours = [
        {("from" if name == "from_" else name): value for name, value in each.items()}
        for each in layer.get("hours", ())
    ]
    return {
        **layer,
        "people": [str(each) for each in layer["people"]],
        "starts": layer["starts"].isoformat(),
        "hours": hours,
    }


def _ids(team: Team) -> dict[int, UUID]:
    return {each.staff.id: each.staff.uuid for each in teams.members(session(), team, now())}


def _told(team: Team, row: TeamRota) -> dict[str, Any]:
    on_duty = rotas.on_duty(session(), [team.id], now()).get(team.id)
    return {
        "zone": row.zone,
        "layers": [_layer(each) for each in row.layers],
        "on_duty": _ids(team).get(on_duty) if on_duty is not None else None,
        "covers": [
            _cover(each.row, each.who, each.why)
            for each in rotas.list_covers(session(), team, viewer(), now())
        ],
    }


def _layer(layer: Given) -> dict[str, Any]:
    hours = [
        {("from_" if name == "from" else name): value for name, value in each.items()}
        for each in layer.get("hours", ())
    ]
    return {**layer, "starts": datetime.fromisoformat(layer["starts"]).date(), "hours": hours}


def _shift(shift: duty.Shift, ids: dict[int, UUID]) -> dict[str, Any]:
    who = ids.get(shift.person) if shift.person is not None else None
    return {"start": shift.start, "end": shift.end, "staff_id": who}


def _cover(row: RotaCover, who: Staff, why: str | None) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("uuid", "starts_at", "ends_at")}
    return told | {"staff_id": who.uuid, "name": who.name, "why": why}
