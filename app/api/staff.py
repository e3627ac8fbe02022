"""Staff in the REST API; passwords are chosen on a page, never here: a key must not become a sign-in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Shape, Text, choice, edit_of, identity, page_of, row_version
from app.api.named import agency_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, now, session, viewer
from people import checks, staff
from people.models.agencies import Agency, Role, Staff

blueprint = Blueprint("staff", "Those who work for an agency and sign in.")


class StaffIn(Shape):
    """What is said of a member of staff."""

    name = Text(most=100, required=True)
    job_title = Text(most=100, allow_none=True)
    email = Text(most=254, required=True)
    telephone = Text(allow_none=True)
    role = choice(Role, required=True)


class StaffNew(StaffIn):
    """Somebody to be added to an agency."""

    agency_id = fields.UUID(required=True)


class StaffOut(StaffIn):
    """A member of staff."""

    id = identity()
    version = row_version()
    agency_id = fields.UUID()


class StaffAsked(Cut):
    """Which staff are asked for."""

    agency_id = fields.UUID(load_default=None)


class StaffCheckIn(Shape):
    """A check or an induction that somebody had: of one name the one done last counts."""

    name = Text(most=100, required=True)
    done_on = fields.Date(required=True)
    valid_until = fields.Date(required=True)


class StaffCheckOut(StaffCheckIn):
    """One that is recorded; after `valid_until` no ladder asks them, and they can't accept a visit."""

    id = identity()
    version = row_version()


class StaffChecks(Shape):
    """All that is recorded of somebody, what ends first before the rest."""

    items = fields.List(fields.Nested(StaffCheckOut), required=True)
    may_be_asked = fields.Boolean(required=True)


def told(who: Staff, agency: Agency) -> dict[str, Any]:
    """A member of staff as they are answered."""
    fields_ = {name: getattr(who, name) for name in ("uuid", "version", *staff.READERS)}
    return {**fields_, "agency_id": agency.uuid}


def _all_told(rows: Sequence[tuple[Staff, Agency]]) -> list[dict[str, Any]]:
    return [told(who, agency) for who, agency in rows]


@blueprint.get("")
@needs("staff:read")
@blueprint.takes(StaffAsked, location="query")
@blueprint.answers(page_of(StaffOut))
def list_staff(asked: Given) -> Page[Any]:
    """List those who work here, by name."""
    return page(session(), staff.listing(asked["agency_id"]), [Staff.name, Staff.id], asked).turned(_all_told)


@blueprint.post("")
@needs("staff:write")
@blueprint.takes(StaffNew)
@blueprint.answers(StaffOut, 201)
def add_staff(given: Given) -> Any:
    """Add somebody to an agency."""
    agency = agency_of("agency_id", given.pop("agency_id"))
    return told(staff.add(session(), agency, given, actor=actor()), agency)


@blueprint.get("/<uuid:staff_id>")
@needs("staff:read")
@blueprint.answers(StaffOut)
def get_staff(staff_id: UUID) -> Any:
    """Show a member of staff."""
    return told(*staff.get(session(), staff_id))


@blueprint.patch("/<uuid:staff_id>")
@needs("staff:write")
@blueprint.takes(edit_of(StaffIn))
@blueprint.answers(StaffOut)
def change_staff(changes: Given, staff_id: UUID) -> Any:
    """Change what is given of a member of staff."""
    who, agency = staff.get(session(), staff_id)
    if_match(who.version)
    return told(staff.change(session(), who, changes, actor=actor()), agency)


@blueprint.post("/<uuid:staff_id>/leave")
@needs("staff:write")
@blueprint.answers()
def record_leaving(staff_id: UUID) -> None:
    """Record that somebody left: their sessions, tokens and teams end now."""
    who, _agency = staff.get(session(), staff_id)
    staff.leave(session(), who, now(), actor=actor())


@blueprint.get("/<uuid:staff_id>/checks")
@needs("staff:read")
@blueprint.answers(StaffChecks)
def list_checks(staff_id: UUID) -> Any:
    """List the checks and inductions of a member of staff of your own agency."""
    who, _agency = staff.get(session(), staff_id)
    rows = checks.list_of(session(), who)
    return {"items": rows, "may_be_asked": checks.may_be_asked(session(), who.id, now())}


@blueprint.post("/<uuid:staff_id>/checks")
@needs("staff:write")
@blueprint.takes(StaffCheckIn)
@blueprint.answers(StaffCheckOut, 201)
def record_check(given: Given, staff_id: UUID) -> Any:
    """Record that a member of staff of your own agency had a check or an induction."""
    who, _agency = staff.get(session(), staff_id)
    plain = {name: value if isinstance(value, str) else value.isoformat() for name, value in given.items()}
    return checks.record(session(), who, plain, by=viewer(), now=now())


@blueprint.delete("/<uuid:staff_id>/checks/<uuid:check_id>")
@needs("staff:write")
@blueprint.answers()
def remove_check(staff_id: UUID, check_id: UUID) -> None:
    """Take back one that was recorded in error."""
    who, _agency = staff.get(session(), staff_id)
    checks.remove(session(), who, check_id, by=viewer(), now=now())
