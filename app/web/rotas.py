"""Who is on duty: every team's rota in a line, and one with its shifts, its gaps and whoever covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import rota_forms
from app.web.forms import Form, moment, moment_text, refused, typed
from app.web.pages import done, page
from care_plans.models.rotas import TeamRota
from care_plans.rotas import duty, rotas
from care_plans.rotas.duty import Rota, Shift
from care_plans.work.recurrence import moment as day_start
from core.errors import Conflict, Invalid, NotAllowed
from core.zones import UK
from people import teams
from people.access import Need, may
from people.faults import read_fields
from people.models.agencies import Agency, Team

blueprint = Blueprint("rotas", __name__)

AHEAD = timedelta(weeks=52)
"""How far ahead gaps and load are looked for."""
LISTED = timedelta(weeks=4)
MOST_HOURS = 48.0
"""Hours a week on average that nobody works beyond without having agreed to it (SI 1998/1833, regulation 4).

Being on call away from work may count for less: who is over it is shown and nothing is refused."""
NOT_THEIRS = "Whoever is in the team says who covers: ask one of them."
BEYOND = "This rota has more layers than the page can hold, and would lose them: change it over the REST API."
COVER = ("staff", "starts_at", "ends_at", "why")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One team: who is on duty until when, who is next, and the first gap of the next four weeks."""

    uuid: UUID
    team: str
    agency: str
    who: str | None
    until: datetime
    after: str | None
    gap: datetime | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """A shift, or the part of it that one day has: its times, who, and the cover with why, for the team."""

    times: str
    who: str | None
    cover: tuple[UUID, str | None] | None


@blueprint.get("/rotas")
@needs("staff:read")
def show_rotas() -> ResponseReturnValue:
    """Every team that has a rota, and the viewer's own teams that have none."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    rows: list[DutyRow] = []
    without: list[tuple[UUID, str]] = []
    for team, agency in opened.execute(teams.listing().order_by(Agency.name, Team.name)):
        rota = rotas.find(opened, team, now)
        if rota is not None:
            rows.append(_row(team, agency, rota, _names(team, now), now))
        elif team.id in viewer.team_ids or may(viewer, Need.STAFF_WRITE):
            without.append((team.uuid, f"{team.name}, {agency.name}"))
    return page("rotas.html", rows=rows, without=without, zone=UK)


@blueprint.get("/rotas/<uuid:team_id>")
@needs("staff:read")
def show_rota(team_id: UUID) -> ResponseReturnValue:
    """One team's rota."""
    team, agency = teams.get(context.session(), team_id)
    return _page(team, agency, _begun(team))


@blueprint.post("/rotas/<uuid:team_id>")
@needs("staff:write")
def set_rota(team_id: UUID) -> ResponseReturnValue:
    """Set it."""
    (team, _agency), given = teams.get(context.session(), team_id), typed("zone", *rota_forms.FIELDS)
    row = rotas.find_row(context.session(), team)
    names = _labels(team, row)

    def act() -> None:
        if _beyond(row):
            raise Conflict(BEYOND)
        try:
            rotas.set_rota(
                context.session(), team, rota_forms.layers(given, names), given["zone"] or UK,
                by=context.viewer(), now=context.now(),
            )  # fmt: skip
        except Invalid as fault:
            raise Invalid(rota_forms.plainly(fault.fields, given)) from fault

    wrong = refused(act, given)
    if wrong:
        return _page(*teams.get(context.session(), team_id), wrong)
    return done("The rota is set: ladders ask whoever is on duty.", f"/rotas/{team_id}")


@blueprint.post("/rotas/<uuid:team_id>/end")
@needs("staff:write")
def end_rota(team_id: UUID) -> ResponseReturnValue:
    """Do without it again."""
    team, _agency = teams.get(context.session(), team_id)
    rotas.end_rota(context.session(), team, by=context.viewer(), now=context.now())
    return done("There is no rota any more: ladders ask the whole team.", f"/rotas/{team_id}")


@blueprint.post("/rotas/<uuid:team_id>/covers")
@needs("alerts:act")
def cover(team_id: UUID) -> ResponseReturnValue:
    """Somebody takes over for a time."""
    team, agency = _theirs(team_id)
    given = typed(*COVER)

    def act() -> None:
        at = moment(_zone(team))
        told = read_fields(given, {**rotas.READERS, "starts_at": at, "ends_at": at}, required=COVER)
        rotas.cover(context.session(), team, told, by=context.viewer(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        team, agency = teams.get(context.session(), team_id)
        return _page(team, agency, Form({**_begun(team).values, **wrong.values}, wrong.errors, wrong.status))
    return done("It is written down.", f"/rotas/{team_id}")


@blueprint.post("/rotas/<uuid:team_id>/covers/<uuid:cover_id>/end")
@needs("alerts:act")
def uncover(team_id: UUID, cover_id: UUID) -> ResponseReturnValue:
    """Take a cover back."""
    team, _agency = _theirs(team_id)
    rotas.uncover(context.session(), team, cover_id, by=context.viewer(), now=context.now())
    return done("It is taken back.", f"/rotas/{team_id}")


def _theirs(team_id: UUID) -> tuple[Team, Agency]:
    team, agency = teams.get(context.session(), team_id)
    if team.id not in context.viewer().team_ids:
        raise NotAllowed(NOT_THEIRS)
    return team, agency


def _zone(team: Team) -> str:
    row = rotas.find_row(context.session(), team)
    return row.zone if row else UK


def _names(team: Team, now: datetime) -> dict[int, str]:
    inside = [each.staff for each in teams.members(context.session(), team, now)]
    labels = rota_forms.labels(inside)
    return {each.id: labels[str(each.uuid)] for each in inside}


def _labels(team: Team, row: TeamRota | None) -> dict[str, str]:
    """How the form writes whoever is in the team, and whoever has a turn in its rota and has left, by id."""
    opened = context.session()
    inside = [each.staff for each in teams.members(opened, team, context.now())]
    return rota_forms.labels(inside, rotas.list_gone(opened, row, inside) if row else ())


def _row(team: Team, agency: Agency, rota: Rota, names: Mapping[int, str], now: datetime) -> DutyRow:
    found = duty.shifts(rota, now, now + LISTED)
    after = found[1].person if len(found) > 1 else None
    return DutyRow(
        uuid=team.uuid,
        team=team.name,
        agency=agency.name,
        who=_name(found[0], names),
        until=found[0].end,
        after=names.get(after) if after is not None else None,
        gap=next((each.start for each in duty.gaps(found)), None),
    )


def _name(shift: Shift, names: Mapping[int, str]) -> str | None:
    return names.get(shift.person) if shift.person is not None else None


def _begun(team: Team) -> Form:
    opened, now = context.session(), context.now()
    row = rotas.find_row(opened, team)
    zone = row.zone if row else UK
    usual = {"starts_0": f"{now:%Y-%m-%d}", "turn_days_0": "7", "changes_at_0": "08:00"}
    begun = rota_forms.begin(row, _labels(team, row))
    return Form({**usual, **begun, "zone": zone, "starts_at": moment_text(now, zone)})


def _page(team: Team, agency: Agency, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    row, rota = rotas.find_row(opened, team), rotas.find(opened, team, now)
    inside = [each.staff for each in teams.members(opened, team, now)]
    names = _names(team, now)
    year = duty.shifts(rota, now, now + AHEAD) if rota else []
    covers = {each.row.id: (each.row.uuid, each.why) for each in rotas.list_covers(opened, team, viewer, now)}
    zone, week = (rota.zone if rota else UK), now + timedelta(days=7)
    empty = [each for each in duty.gaps(year) if each.start < week]
    html = page(
        "rota.html",
        team=team,
        agency=agency,
        days=_days([each for each in year if each.start < now + LISTED], names, covers, zone),
        empty_hours=round(sum(replace(each, end=min(each.end, week)).hours for each in empty)),
        gap=next((each.start for each in duty.gaps(year)), None),
        load=_load(year, names),
        members=[
            ("", "Choose"),
            *((str(each.uuid), names[each.id]) for each in inside if rotas.can_answer(each)),
        ],
        has=row is not None,
        beyond=_beyond(row),
        may_set=may(viewer, Need.STAFF_WRITE),
        may_cover=rota is not None and may(viewer, Need.ALERTS_ACT) and team.id in viewer.team_ids,
        layers=range(rota_forms.LAYERS),
        form=form,
        zone=zone,
    )
    return html, form.status


def _days(
    shifts: Sequence[Shift],
    names: Mapping[int, str],
    covers: Mapping[int, tuple[UUID, str | None]],
    zone: str,
) -> list[tuple[datetime, list[OnDay]]]:
    """The shifts of each day of the zone, cut where the day ends."""
    found: dict[date, list[OnDay]] = {}
    for shift in shifts:
        begin = shift.start
        while begin < shift.end:
            local = begin.astimezone(ZoneInfo(zone))
            midnight = day_start(local.date() + timedelta(days=1), time(), zone)
            end = min(shift.end, midnight)
            until = "24:00" if end == midnight else f"{end.astimezone(ZoneInfo(zone)):%H:%M}"
            cover = covers.get(shift.cover) if shift.cover is not None else None
            found.setdefault(local.date(), []).append(
                OnDay(f"{local:%H:%M}–{until}", _name(shift, names), cover)
            )
            begin = end
    return [(day_start(day, time(), zone), each) for day, each in found.items()]


def _load(year: list[Shift], names: Mapping[int, str]) -> list[tuple[str, str, bool]]:
    """Each person with the most hours of any seven days, and whether that is too much; the most first."""
    most = sorted(duty.longest(year).items(), key=lambda each: -each[1])
    return [(names.get(who, ""), f"{hours:.0f} h", hours > MOST_HOURS) for who, hours in most if who in names]


def _beyond(row: TeamRota | None) -> bool:
    """Whether the rota holds more than the form can: it is changed over REST then."""
    return row is not None and len(row.layers) > rota_forms.LAYERS
