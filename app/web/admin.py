"""The pages of those who look after agencies, teams and staff; none of them opens anybody's record."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import admin_views, admin_words
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, page
from core.errors import Conflict, Invalid, NotFound
from people import agencies, grants, staff, teams
from people.access import Need, may
from people.models.agencies import Agency, Staff, Team

blueprint = Blueprint("admin", __name__)

PATH = "/admin"
OF_AGENCY = ("name", "sector", "telephone", "email")
OF_TEAM = ("name", "role", "area", "telephone", "email", "hours", "staffed_all_hours", "receiving_centre")
OF_STAFF = ("name", "job_title", "email", "telephone", "role")
TICKED = ("staffed_all_hours", "receiving_centre")
TOLD_FIRST = "Somebody else changed it since you opened this page. Look again."


@blueprint.get("/admin")
@needs("agencies:read")
def show() -> ResponseReturnValue:
    """Every agency, with how many teams and staff it has and how its sharing stands."""
    opened, viewer = context.session(), context.viewer()
    return page(
        "admin.html",
        agencies=admin_views.agency_rows(opened),
        may_add=may(viewer, Need.AGENCIES_WRITE),
        may_audit=may(viewer, Need.PRIVACY_READ),
    )


@blueprint.get("/admin/agencies/new")
@needs("agencies:write", form=True)
def show_new_agency() -> ResponseReturnValue:
    """The form to add an agency."""
    return _agency_form(None, Form())


@blueprint.post("/admin/agencies")
@needs("agencies:write")
def add_agency() -> ResponseReturnValue:
    """Add an agency; what it sees is proposed for its sector, for somebody to confirm."""
    given = typed(*OF_AGENCY)
    made: list[Agency] = []
    wrong = refused(lambda: made.append(agencies.add(context.session(), given, actor=context.actor())), given)
    if wrong:
        return _agency_form(None, wrong)
    return done(f"{made[0].name} is added. Look at what it may see.", f"{_of(made[0])}/sharing")


@blueprint.get("/admin/agencies/<uuid:agency_id>")
@needs("agencies:read")
def show_agency(agency_id: UUID) -> ResponseReturnValue:
    """One agency: its teams and its staff."""
    opened, viewer, agency = context.session(), context.viewer(), _agency(agency_id)
    return page(
        "admin_agency.html",
        agency=agency,
        sector=admin_words.SECTORS[agency.sector],
        teams=admin_views.team_rows(opened, agency, context.now()),
        staff=admin_views.staff_rows(opened, agency, context.now()) if may(viewer, Need.STAFF_READ) else (),
        unconfirmed=grants.count_proposed(opened).get(agency.id, 0),
        may_change=may(viewer, Need.AGENCIES_WRITE),
        may_staff=may(viewer, Need.STAFF_WRITE),
    )


@blueprint.get("/admin/agencies/<uuid:agency_id>/edit")
@needs("agencies:write", form=True)
def show_agency_form(agency_id: UUID) -> ResponseReturnValue:
    """The form to change an agency."""
    agency = _agency(agency_id)
    return _agency_form(agency, Form(_values(agency, OF_AGENCY)))


@blueprint.post("/admin/agencies/<uuid:agency_id>")
@needs("agencies:write")
def change_agency(agency_id: UUID) -> ResponseReturnValue:
    """Change an agency."""
    agency, given = _agency(agency_id), typed(*OF_AGENCY)
    wrong = _change(
        agency, given, lambda: agencies.change(context.session(), agency, given, actor=context.actor())
    )
    return _agency_form(agency, wrong) if wrong else done("Changed.", _of(agency))


@blueprint.get("/admin/agencies/<uuid:agency_id>/teams/new")
@needs("agencies:write", form=True)
def show_new_team(agency_id: UUID) -> ResponseReturnValue:
    """The form to add a team."""
    return _team_form(_agency(agency_id), None, Form())


@blueprint.post("/admin/agencies/<uuid:agency_id>/teams")
@needs("agencies:write")
def add_team(agency_id: UUID) -> ResponseReturnValue:
    """Add a team."""
    agency, given = _agency(agency_id), _ticked(typed(*OF_TEAM))
    made: list[Team] = []
    wrong = refused(
        lambda: made.append(teams.add(context.session(), agency, given, actor=context.actor())), given
    )
    if wrong:
        return _team_form(agency, None, wrong)
    return done(f"{made[0].name} is added. Put somebody into it.", f"{PATH}/teams/{made[0].uuid}")


@blueprint.get("/admin/teams/<uuid:team_id>")
@needs("staff:read")
def show_team(team_id: UUID) -> ResponseReturnValue:
    """One team, and who is in it."""
    return _team_page(*_team(team_id), Form())


@blueprint.get("/admin/teams/<uuid:team_id>/edit")
@needs("agencies:write", form=True)
def show_team_form(team_id: UUID) -> ResponseReturnValue:
    """The form to change a team."""
    team, agency = _team(team_id)
    return _team_form(agency, team, Form(_values(team, OF_TEAM)))


@blueprint.post("/admin/teams/<uuid:team_id>")
@needs("agencies:write")
def change_team(team_id: UUID) -> ResponseReturnValue:
    """Change a team."""
    (team, agency), given = _team(team_id), _ticked(typed(*OF_TEAM))
    wrong = _change(team, given, lambda: teams.change(context.session(), team, given, actor=context.actor()))
    return _team_form(agency, team, wrong) if wrong else done("Changed.", f"{PATH}/teams/{team_id}")


@blueprint.post("/admin/teams/<uuid:team_id>/members")
@needs("staff:write")
def join_team(team_id: UUID) -> ResponseReturnValue:
    """Put somebody into a team: they see whom it cares for."""
    (team, agency), given = _team(team_id), typed("staff")

    def act() -> None:
        who = _colleague(given["staff"])
        teams.join(context.session(), team, who, context.now(), actor=context.actor())

    wrong = refused(act, given)
    return _team_page(team, agency, wrong) if wrong else done("In the team.", f"{PATH}/teams/{team_id}")


@blueprint.post("/admin/teams/<uuid:team_id>/members/<uuid:staff_id>/end")
@needs("staff:write")
def leave_team(team_id: UUID, staff_id: UUID) -> ResponseReturnValue:
    """Take somebody out of a team, from now on."""
    team, agency = _team(team_id)
    who, _theirs = staff.get(context.session(), staff_id)
    wrong = refused(
        lambda: teams.leave(context.session(), team, who, context.now(), actor=context.actor()), {}
    )
    if wrong:
        return _team_page(team, agency, wrong)
    return done(f"{who.name} is no longer in the team.", f"{PATH}/teams/{team_id}")


@blueprint.get("/admin/agencies/<uuid:agency_id>/staff/new")
@needs("staff:write", form=True)
def show_new_staff(agency_id: UUID) -> ResponseReturnValue:
    """The form to add somebody."""
    return _staff_form(_agency(agency_id), None, Form())


@blueprint.post("/admin/agencies/<uuid:agency_id>/staff")
@needs("staff:write")
def add_staff(agency_id: UUID) -> ResponseReturnValue:
    """Add somebody with a password, which is in this answer and never again."""
    agency, given = _agency(agency_id), typed(*OF_STAFF, "team")
    made: list[tuple[Staff, str]] = []

    def act() -> None:
        told = {name: given[name] for name in OF_STAFF}
        who = staff.add(context.session(), agency, told, actor=context.actor())
        if given["team"]:
            team = _own_team(agency, given["team"])
            teams.join(context.session(), team, who, context.now(), actor=context.actor())
        made.append((who, staff.give_password(context.session(), who, actor=context.actor())))

    wrong = refused(act, given)
    return _staff_form(agency, None, wrong) if wrong else _password_page(agency, *made[0])


@blueprint.get("/admin/staff/<uuid:staff_id>")
@needs("staff:write", form=True)
def show_staff(staff_id: UUID) -> ResponseReturnValue:
    """The form to change a member of staff, with what else can be done about them."""
    who, agency = staff.get(context.session(), staff_id)
    return _staff_form(agency, who, Form(_values(who, OF_STAFF)))


@blueprint.post("/admin/staff/<uuid:staff_id>")
@needs("staff:write")
def change_staff(staff_id: UUID) -> ResponseReturnValue:
    """Change a member of staff."""
    (who, agency), given = staff.get(context.session(), staff_id), typed(*OF_STAFF)
    wrong = _change(who, given, lambda: staff.change(context.session(), who, given, actor=context.actor()))
    return _staff_form(agency, who, wrong) if wrong else done("Changed.", _of(agency))


@blueprint.post("/admin/staff/<uuid:staff_id>/password")
@needs("staff:write")
def reset_password(staff_id: UUID) -> ResponseReturnValue:
    """Give somebody another password, which is in this answer and never again; their sessions end."""
    who, agency = staff.get(context.session(), staff_id)
    made: list[str] = []
    wrong = refused(
        lambda: made.append(staff.give_password(context.session(), who, actor=context.actor())), {}
    )
    return _staff_form(agency, who, wrong) if wrong else _password_page(agency, who, made[0])


@blueprint.post("/admin/staff/<uuid:staff_id>/leave")
@needs("staff:write")
def record_leaving(staff_id: UUID) -> ResponseReturnValue:
    """Record that somebody left: their sessions, keys and teams end now."""
    who, agency = staff.get(context.session(), staff_id)

    def act() -> None:
        if who.id == context.viewer().staff_id:
            raise Invalid({"": "Nobody records their own leaving: ask another administrator."})
        staff.leave(context.session(), who, context.now(), actor=context.actor())

    wrong = refused(act, {})
    if wrong:
        return _staff_form(agency, who, Form(_values(who, OF_STAFF), wrong.errors, wrong.status))
    return done(f"{who.name} has left. They can no longer sign in.", _of(agency))


def _agency(agency_id: UUID) -> Agency:
    return agencies.get(context.session(), agency_id)


def _team(team_id: UUID) -> tuple[Team, Agency]:
    return teams.get(context.session(), team_id)


def _of(agency: Agency) -> str:
    return f"{PATH}/agencies/{agency.uuid}"


def _values(row: Agency | Team | Staff, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: getattr(row, name) for name in names}
    return {
        name: ("yes" if value else "") if isinstance(value, bool) else str(value or "")
        for name, value in found.items()
    }


def _ticked(given: dict[str, str]) -> dict[str, str]:
    """A box that is not ticked says no."""
    return given | {name: given[name] or "no" for name in TICKED}


def _change(
    row: Agency | Team | Staff, given: Mapping[str, str], change: Callable[[], object]
) -> Form | None:
    def act() -> None:
        version = seen()
        if version is not None and version != row.version:
            raise Conflict(TOLD_FIRST)
        change()

    return refused(act, given)


def _colleague(text: str) -> Staff:
    try:
        return staff.get(context.session(), UUID(text))[0]
    except (ValueError, NotFound) as fault:
        raise Invalid({"staff": "Choose somebody of this agency."}) from fault


def _own_team(agency: Agency, text: str) -> Team:
    try:
        team, of = teams.get(context.session(), UUID(text))
    except (ValueError, NotFound) as fault:
        raise Invalid({"team": "Choose one of the agency’s teams."}) from fault
    if of.id != agency.id:
        raise Invalid({"team": "Choose one of the agency’s teams."})
    return team


def _agency_form(agency: Agency | None, form: Form) -> ResponseReturnValue:
    html = page("admin_agency_form.html", agency=agency, form=form, sectors=admin_words.sector_choices())
    return html, form.status


def _team_form(agency: Agency, team: Team | None, form: Form) -> ResponseReturnValue:
    html = page(
        "admin_team_form.html", agency=agency, team=team, form=form, roles=admin_words.team_role_choices()
    )
    return html, form.status


def _team_page(team: Team, agency: Agency, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    inside = teams.members(opened, team, now)
    known = {each.staff.id for each in inside}
    others = [
        (str(who.uuid), who.name)
        for who, _agency in opened.execute(staff.listing(agency.uuid).order_by(Staff.name))
        if who.id not in known
    ]
    html = page(
        "admin_team.html",
        agency=agency,
        team=team,
        role=admin_words.team_role(team.role) if team.role else None,
        members=inside,
        others=[("", "Choose"), *others],
        cared_for=admin_views.count_cared_for(opened, team, now),
        may_change=may(context.viewer(), Need.AGENCIES_WRITE),
        may_staff=may(context.viewer(), Need.STAFF_WRITE),
        form=form,
    )
    return html, form.status


def _staff_form(agency: Agency, who: Staff | None, form: Form) -> ResponseReturnValue:
    opened = context.session()
    own = [
        (str(team.uuid), team.name)
        for team, _ in opened.execute(teams.listing(agency.uuid).order_by(Team.name))
    ]
    inside = teams.list_of(opened, who.id, context.now()) if who else []
    html = page(
        "admin_staff_form.html",
        agency=agency,
        who=who,
        form=form,
        roles=admin_words.role_choices(),
        teams=[("", "None yet"), *own],
        inside=inside,
        own_account=who is not None and who.id == context.viewer().staff_id,
        locked=who is not None and who.locked_until is not None,
    )
    return html, form.status


def _password_page(agency: Agency, who: Staff, password: str) -> str:
    return page("admin_password.html", agency=agency, who=who, password=password)
