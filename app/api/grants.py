"""Sharing bases in the REST API: what an agency may see, for which purpose, why and since when."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.named import staff_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import actor, now, session, viewer
from core.errors import NotFound
from people import agencies
from people import grants as held
from people.access import Extent, Purpose, RecordClass
from people.models.agencies import Agency
from people.models.sharing import LawfulBasis

blueprint = Blueprint(
    "sharing",
    "What agencies may see, apart from what people say of it.",
    part="grants",
    prefix=f"{PREFIX}/agencies/<uuid:agency_id>/sharing",
)


class BasisIn(Shape):
    """What an agency may see of a class for a purpose.

    Arrears, occupancy and tenancy enforcement are no purposes, and cannot be granted.
    """

    purpose = choice(Purpose, required=True)
    record_class = choice(RecordClass, required=True)
    extent = choice(Extent, required=True)
    lawful_basis = choice(LawfulBasis, required=True)
    agreement = Text(required=True, metadata={"description": "Which agreement, and where it is."})


class BasisOut(BasisIn):
    """A basis, with its time; `until` is null while it holds."""

    id = identity()
    from_ = Moment(data_key="from", attribute="began_at")
    until = Moment(attribute="ended_at", allow_none=True)


class Grants(Shape):
    """What an agency has a basis for, class by class."""

    items = fields.List(fields.Nested(BasisOut), required=True)


class GrantsAsked(Shape):
    """Whether what has ended is asked for too."""

    ended = fields.Boolean(load_default=False)


class BasisEnding(Shape):
    """Why it ends."""

    reason = Text(required=True)


@blueprint.get("")
@needs("sharing:read")
@blueprint.takes(GrantsAsked, location="query")
@blueprint.answers(Grants)
def list_grants(asked: Given, agency_id: UUID) -> Any:
    """List what an agency has a basis to see."""
    return {"items": held.listing(session(), _agency(agency_id), ended=asked["ended"])}


@blueprint.post("")
@needs("sharing:write")
@blueprint.takes(BasisIn)
@blueprint.answers(BasisOut, 201)
def set_basis(given: Given, agency_id: UUID) -> Any:
    """Put a basis in place of what the agency had for this purpose and class; that one ends."""
    by = staff_of("", viewer().staff_uuid)
    return held.set_(session(), _agency(agency_id), given, by=by, actor=actor(), now=now())


@blueprint.post("/<uuid:basis_id>/end")
@needs("sharing:write")
@blueprint.takes(BasisEnding)
@blueprint.answers(Grants)
def end_basis(given: Given, agency_id: UUID, basis_id: UUID) -> Any:
    """End a basis: from now on the agency sees no more than that somebody should check on the person."""
    agency = _agency(agency_id)
    basis = held.get(session(), basis_id)
    if basis.agency_id != agency.id:
        raise NotFound
    held.end(session(), basis, reason=given["reason"], actor=actor(), now=now())
    return {"items": held.listing(session(), agency)}


def _agency(agency_id: UUID) -> Agency:
    return agencies.get(session(), agency_id)
