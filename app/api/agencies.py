"""Agencies in the REST API."""

from uuid import UUID

from app.api.fields import Cut, Shape, Text, choice, edit_of, identity, page_of, row_version
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, session
from people import agencies
from people.models.agencies import Agency, Sector

blueprint = Blueprint(
    "agencies", "Organisations that care: health, social care, housing, third sector, private."
)


class AgencyIn(Shape):
    """What is said of an agency."""

    name = Text(required=True)
    sector = choice(Sector, required=True)
    telephone = Text(allow_none=True)
    email = Text(most=254, allow_none=True)


class AgencyOut(Shape):
    """An agency."""

    id = identity()
    version = row_version()
    name = Text()
    sector = choice(Sector)
    telephone = Text(allow_none=True)
    email = Text(allow_none=True)


@blueprint.get("")
@needs("agencies:read")
@blueprint.takes(Cut, location="query")
@blueprint.answers(page_of(AgencyOut))
def list_agencies(asked: Given) -> Page[Agency]:
    """List the agencies, by name."""
    return page(session(), agencies.listing(), [Agency.name], asked)


@blueprint.post("")
@needs("agencies:write")
@blueprint.takes(AgencyIn)
@blueprint.answers(AgencyOut, 201)
def add_agency(given: Given) -> Agency:
    """Add an agency."""
    return agencies.add(session(), given, actor=actor())


@blueprint.get("/<uuid:agency_id>")
@needs("agencies:read")
@blueprint.answers(AgencyOut)
def get_agency(agency_id: UUID) -> Agency:
    """Show an agency."""
    return agencies.get(session(), agency_id)


@blueprint.patch("/<uuid:agency_id>")
@needs("agencies:write")
@blueprint.takes(edit_of(AgencyIn))
@blueprint.answers(AgencyOut)
def change_agency(changes: Given, agency_id: UUID) -> Agency:
    """Change what is given of an agency."""
    agency = agencies.get(session(), agency_id)
    if_match(agency.version)
    return agencies.change(session(), agency, changes, actor=actor())
