"""Break-glass in the REST API: opening a record with a reason, and looking into each time (H20)."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app import context
from app.api.fields import Moment, Shape, Text
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.work import override_reviews
from core.errors import NotFound
from people import overrides
from people.models.people import Person
from people.overrides import Used

blueprint = Blueprint(
    "overrides", "Opening the record of somebody one has no part in, for an hour and on the record."
)


class OverrideIn(Shape):
    """Exactly whom, by NHS number or by all of names, date of birth and postcode; and why."""

    nhs_number = Text(most=40, allow_none=True)
    given_name = Text(allow_none=True)
    family_name = Text(allow_none=True)
    date_of_birth = fields.Date(allow_none=True)
    postcode = Text(most=20, allow_none=True)
    reason = Text(lines=True, required=True)


class OverrideOpened(Shape):
    """What is open now, and until when."""

    id = fields.UUID()
    person_id = fields.UUID()
    until = Moment()


class OverrideOut(Shape):
    """A record opened, by reference: of whom, this does not say."""

    id = fields.UUID(attribute="override.uuid")
    reference = Text()
    staff = Text()
    agency = Text()
    reason = Text(lines=True, attribute="override.reason")
    at = Moment(attribute="override.at")
    until = Moment(attribute="override.until")
    review_by = Moment(attribute="override.review_by")
    reviewed_at = Moment(attribute="override.reviewed_at", allow_none=True)
    reviewed_by = Text(allow_none=True)
    finding = Text(lines=True, attribute="override.finding", allow_none=True)


class OverrideList(Shape):
    """Those that nobody has looked into, the first deadline first."""

    items = fields.List(fields.Nested(OverrideOut))


class FindingIn(Shape):
    """What looking into it found."""

    finding = Text(lines=True, required=True)


@blueprint.post("")
@needs("people:override")
@blueprint.takes(OverrideIn)
@blueprint.answers(OverrideOpened, 201)
def open_record(given: Given) -> dict[str, Any]:
    """Open somebody's record for an hour; that it was tried is kept, even when nobody is exactly that."""
    try:
        row = override_reviews.open_(session(), viewer(), given, now=now())
    except NotFound:
        context.keep()
        context.settle(success=False)  # an error that is raised would take back that it was tried
        raise
    person = session().get_one(Person, row.person_id)
    return {"id": row.uuid, "person_id": person.uuid, "until": row.until}


@blueprint.get("")
@needs("privacy:read")
@blueprint.answers(OverrideList)
def list_overrides() -> dict[str, Any]:
    """List the overrides that nobody has looked into yet."""
    return {"items": overrides.list_used(session())}


@blueprint.post("/<uuid:override_id>/review")
@needs("privacy:act")
@blueprint.takes(FindingIn)
@blueprint.answers(OverrideOut)
def review(given: Given, override_id: UUID) -> Used:
    """Say what looking into it found."""
    used = overrides.get(session(), override_id)
    override_reviews.review(session(), used.override, given["finding"], by=viewer(), now=now())
    return overrides.get(session(), override_id)
