"""The pages of checks and inductions of staff: what lapses soon, and recording one."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from people import checks, staff
from people.access import Need, may

blueprint = Blueprint("checks", __name__)

FIELDS = ("name", "done_on", "valid_until")


@blueprint.get("/checks")
@needs("staff:read")
def show_checks() -> ResponseReturnValue:
    """What has lapsed or lapses within thirty days: in one's teams; for an administrator in their agency."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    all_of_agency = may(viewer, Need.STAFF_WRITE)
    rows = checks.list_lapsing(
        opened,
        now,
        agency_id=viewer.agency_id if all_of_agency else None,
        team_ids=None if all_of_agency else viewer.team_ids,
    )
    return page("checks.html", rows=rows, of_agency=all_of_agency)


@blueprint.get("/admin/staff/<uuid:staff_id>/checks")
@needs("staff:write", form=True)
def show_of_staff(staff_id: UUID) -> ResponseReturnValue:
    """What is recorded of somebody of one's own agency, and the form to record more."""
    return _page(staff_id, Form({"name": checks.USUAL[0]}))


@blueprint.post("/admin/staff/<uuid:staff_id>/checks")
@needs("staff:write")
def record(staff_id: UUID) -> ResponseReturnValue:
    """Record a check or an induction."""
    (who, _agency), given = staff.get(context.session(), staff_id), typed(*FIELDS)
    wrong = refused(
        lambda: checks.record(context.session(), who, given, by=context.viewer(), now=context.now()), given
    )
    return _page(staff_id, wrong) if wrong else done("Recorded.", f"/admin/staff/{staff_id}/checks")


@blueprint.post("/admin/staff/<uuid:staff_id>/checks/<uuid:check_id>/remove")
@needs("staff:write")
def remove(staff_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Take back one that was recorded in error."""
    who, _agency = staff.get(context.session(), staff_id)
    checks.remove(context.session(), who, check_id, by=context.viewer(), now=context.now())
    return done("Taken back.", f"/admin/staff/{staff_id}/checks")


def _page(staff_id: UUID, form: Form) -> ResponseReturnValue:
    opened, viewer, today = context.session(), context.viewer(), context.now().date()
    who, agency = staff.get(opened, staff_id)
    rows = checks.list_of(opened, who)
    html = page(
        "staff_checks.html",
        who=who,
        agency=agency,
        rows=rows,
        today=today,
        soon=today + checks.AHEAD,
        own_agency=who.agency_id == viewer.agency_id or viewer.everyone,
        lapsed=not checks.may_be_asked(opened, who.id, context.now()),
        names=[(name, name) for name in checks.USUAL],
        form=form,
    )
    return html, form.status
