"""A calendar file on a team's rota: chosen, shown as the covers it would make, and made."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.rotas import NOT_THEIRS
from care_plans.calendars import reading, taking_in
from care_plans.calendars.lines import Covered, Line
from care_plans.rotas import rotas
from core.errors import Invalid, NotAllowed
from core.zones import UK
from people import teams
from people.faults import read_fields
from people.models.agencies import Agency, Team

blueprint = Blueprint("rota_calendar", __name__)

NO_FILE = "Choose a file."
NOT_OURS = "That is not what the page before has shown. Choose the file again."
WHY = {"why": rotas.READERS["why"]}


@blueprint.get("/rotas/<uuid:team_id>/calendar")
@needs("alerts:act", form=True)
def show(team_id: UUID) -> ResponseReturnValue:
    """The form to choose a file, for whoever is in the team; to others why there is none."""
    return _page(*teams.get(context.session(), team_id), Form())


@blueprint.post("/rotas/<uuid:team_id>/calendar")
@needs("alerts:act")
def propose(team_id: UUID) -> ResponseReturnValue:
    """What the file would make; nothing is written."""
    team, agency = _theirs(team_id)
    given, found = typed("why"), list[Line]()
    wrong = refused(lambda: found.extend(_proposed(team, given)), {**given, "file": ""})
    return _page(*_theirs(team_id), wrong) if wrong else _page(team, agency, Form(given), found)


@blueprint.post("/rotas/<uuid:team_id>/calendar/covers")
@needs("alerts:act")
def keep(team_id: UUID) -> ResponseReturnValue:
    """Make what was shown: all of it, or nothing."""
    (team, _agency), given, made = _theirs(team_id), typed("why"), list[int]()

    def act() -> None:
        wanted = [_read(text) for text in request.form.getlist("cover")[: taking_in.MOST + 1]]
        made.append(
            taking_in.keep(
                context.session(), team, wanted, given["why"], by=context.viewer(), now=context.now()
            )
        )

    wrong = refused(act, given)
    if wrong:
        return _page(*_theirs(team_id), wrong)
    return done(_said(made[0]), f"/rotas/{team_id}")


def _said(made: int) -> str:
    if made == 0:
        return "It was all written down before."
    return "One cover is written down." if made == 1 else f"{made} covers are written down."


def _theirs(team_id: UUID) -> tuple[Team, Agency]:
    team, agency = teams.get(context.session(), team_id)
    if team.id not in context.viewer().team_ids:
        raise NotAllowed(NOT_THEIRS)
    return team, agency


def _proposed(team: Team, given: Mapping[str, str]) -> list[Line]:
    """The lines of the file that was sent; Invalid with all that is wrong at once."""
    faults: dict[str, str] = {}
    upload, found = request.files.get("file"), list[Line]()
    if upload is None or not upload.filename:
        faults["file"] = NO_FILE
    else:
        content = upload.stream.read(reading.MOST_BYTES + 1)
        try:
            found = taking_in.propose(context.session(), team, content, context.now())
        except Invalid as fault:
            faults.update(fault.fields)
    try:
        read_fields(given, WHY, required=("why",))
    except Invalid as fault:
        faults.update(fault.fields)
    if faults:
        raise Invalid(faults)
    return found


def _written(cover: Covered) -> str:
    """A cover as the page carries it from what is shown to what is made; `_read` reads it back."""
    return f"{cover.who} {cover.start.isoformat()} {cover.end.isoformat()}"


def _read(text: str) -> Covered:
    try:
        who, start, end = text.split(" ")
        found = Covered(UUID(who), datetime.fromisoformat(start), datetime.fromisoformat(end))
    except ValueError as fault:
        raise Invalid({"": NOT_OURS}) from fault
    if found.start.tzinfo is None or found.end.tzinfo is None:
        raise Invalid({"": NOT_OURS})
    return found


def _page(team: Team, agency: Agency, form: Form, lines: Sequence[Line] | None = None) -> ResponseReturnValue:
    row = rotas.find_row(context.session(), team)
    html = page(
        "rota_calendar.html",
        team=team,
        agency=agency,
        has=row is not None,
        theirs=team.id in context.viewer().team_ids,
        zone=row.zone if row else UK,
        lines=lines,
        covers=[_written(each.cover) for each in lines or () if each.cover],
        form=form,
    )
    return html, form.status
