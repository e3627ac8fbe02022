"""The page of warnings about visits to a home, whoever lives there."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.visit_warnings import FIELDS, shown
from core.errors import Invalid
from people import care_teams, homes, teams, visible, visit_warnings
from people.access import Need, may
from people.faults import LINES, read_fields, words
from people.models.agencies import Team
from people.models.homes import Home

blueprint = Blueprint("home_warnings", __name__)


@blueprint.get("/homes/<uuid:home_id>/warnings")
@needs("homes:read")
def show(home_id: UUID) -> ResponseReturnValue:
    """Every warning in force of the home and those who live there; that somebody looked is written down."""
    home = _get(home_id)
    for person in homes.residents(context.session(), context.viewer(), home, context.now()):
        visible.record_look(context.session(), context.viewer(), person, at_what="warnings about a visit")
    return _page(home, Form())


@blueprint.post("/homes/<uuid:home_id>/warnings")
@needs("homes:write")
def warn(home_id: UUID) -> ResponseReturnValue:
    """Add a warning about the home."""
    home, given = _get(home_id), typed(*FIELDS)

    def act() -> None:
        chosen = next((each for each in _teams(home) if str(each.uuid) == given["team"]), None)
        if chosen is None:
            raise Invalid({"team": "Choose the team that looks at it again."})
        told = {name: given[name] for name in ("words", "evidence", "review_on")}
        visit_warnings.add(
            context.session(), {**told, "owner_team_id": chosen.id}, by=context.viewer(), now=context.now(),
            home=home,
        )  # fmt: skip

    wrong = refused(act, given)
    return _page(_get(home_id), wrong) if wrong else done("Whoever visits is warned.", _path(home))


@blueprint.post("/homes/<uuid:home_id>/warnings/<uuid:warning_id>/end")
@needs("homes:write")
def end(home_id: UUID, warning_id: UUID) -> ResponseReturnValue:
    """It holds no more."""
    home = _get(home_id)
    row = visit_warnings.get_seen(context.session(), context.viewer(), warning_id, context.now())
    name = f"why_{warning_id}"
    given = typed(name)

    def act() -> None:
        why = read_fields({"why": given[name]}, {"why": words(LINES)})["why"] or ""
        visit_warnings.end(context.session(), row, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, given, {"why": name})
    return _page(_get(home_id), wrong) if wrong else done("Nobody is warned of that any more.", _path(home))


def _get(home_id: UUID) -> Home:
    return visible.get_home(context.session(), context.viewer(), home_id, context.now())


def _path(home: Home) -> str:
    return f"/homes/{home.uuid}/warnings"


def _teams(home: Home) -> list[Team]:
    """Who may look at it again: the teams around those in sight who live there, and the viewer's own."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    found = [
        each.team
        for person in homes.residents(opened, viewer, home, now)
        for each in care_teams.around(opened, person, now)
    ]
    return list(dict.fromkeys([*found, *teams.list_of(opened, viewer.staff_id, now)]))


def _page(home: Home, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    rows = visit_warnings.about(opened, now, home_id=home.id)
    evidence = visit_warnings.evidence_shown(opened, viewer, rows, now)
    html = page(
        "home_warnings.html",
        home={"uuid": home.uuid, "address": essentials.address_of(home)},
        residents=[
            (str(person.uuid), essentials.name_of(person))
            for person in homes.residents(opened, viewer, home, now)
        ]
        if may(viewer, Need.PEOPLE_READ)
        else [],
        warnings=[shown(each, evidence=evidence[each.row.id]) for each in rows],
        teams=[(str(each.uuid), each.name) for each in _teams(home)],
        form=form,
        may_warn=may(viewer, Need.HOMES_WRITE),
        agency=viewer.agency,
    )
    return html, form.status
