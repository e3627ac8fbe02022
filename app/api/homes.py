"""Homes in the REST API."""

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
from people import agencies, homes, visible
from people.models.homes import Home, Tenure

blueprint = Blueprint("homes", "Where somebody lives: the place that kit, cold and keys belong to.")


class HomeIn(Shape):
    """What is said of a home."""

    uprn = Text(most=20, allow_none=True)
    address_line = Text(required=True)
    locality = Text(most=100, allow_none=True)
    postcode = Text(most=20, required=True)
    area = Text(most=100, allow_none=True)
    tenure = choice(Tenure)
    landlord_agency_id = fields.UUID(allow_none=True)
    access_notes = Text(lines=True, allow_none=True)
    telephone_line = Text(most=100, allow_none=True)
    time_zone = Text(most=64)
    key_safe = Text(
        most=100, allow_none=True, load_only=True, metadata={"description": "Its code; never answered here."}
    )


class HomeOut(HomeIn):
    """A home."""

    class Meta(HomeIn.Meta):
        """What is asked for by its own, logged, request."""

        exclude = ("key_safe",)

    id = identity()
    version = row_version()
    has_key_safe = fields.Boolean()


class Code(Shape):
    """The code of a key safe."""

    code = Text(allow_none=True)


class Resident(Shape):
    """Who lives there."""

    id = identity()
    given_name = Text()
    family_name = Text()


class Residents(Shape):
    """Everybody in sight who lives there."""

    items = fields.List(fields.Nested(Resident), required=True)


def told(some: Sequence[Home]) -> list[dict[str, Any]]:
    """Homes as they are answered."""
    landlords = agencies.uuids(session(), {home.landlord_agency_id for home in some})
    names = ("uuid", "version", *(name for name in homes.READERS if name != "key_safe"))
    return [
        {
            **{name: getattr(home, name) for name in names},
            "landlord_agency_id": landlords.get(home.landlord_agency_id),
            "has_key_safe": home.key_safe_sealed is not None,
        }
        for home in some
    ]


def _with_landlord(given: Given) -> Given:
    landlord = given.get("landlord_agency_id")
    return given | ({"landlord_agency_id": agency_of("landlord_agency_id", landlord).id} if landlord else {})


def _home(home_id: UUID) -> Home:
    return visible.get_home(session(), viewer(), home_id, now())


@blueprint.get("")
@needs("homes:read")
@blueprint.takes(Cut, location="query")
@blueprint.answers(page_of(HomeOut))
def list_homes(asked: Given) -> Page[Any]:
    """List the homes in sight, by postcode."""
    query = homes.listing(viewer(), now())
    return page(session(), query, [Home.postcode, Home.address_line, Home.id], asked).turned(told)


@blueprint.post("")
@needs("homes:write")
@blueprint.takes(HomeIn)
@blueprint.answers(HomeOut, 201)
def add_home(given: Given) -> Any:
    """Write a home down."""
    return told([homes.add(session(), _with_landlord(given), actor=actor())])[0]


@blueprint.get("/<uuid:home_id>")
@needs("homes:read")
@blueprint.answers(HomeOut)
def get_home(home_id: UUID) -> Any:
    """Show a home."""
    return told([_home(home_id)])[0]


@blueprint.patch("/<uuid:home_id>")
@needs("homes:write")
@blueprint.takes(edit_of(HomeIn))
@blueprint.answers(HomeOut)
def change_home(changes: Given, home_id: UUID) -> Any:
    """Change what is given of a home."""
    home = _home(home_id)
    if_match(home.version)
    return told([homes.change(session(), home, _with_landlord(changes), actor=actor())])[0]


@blueprint.get("/<uuid:home_id>/residents")
@needs("people:read")
@blueprint.answers(Residents)
def list_residents(home_id: UUID) -> Any:
    """List who lives there now, as far as you may see them."""
    return {"items": homes.residents(session(), viewer(), _home(home_id), now())}


@blueprint.post("/<uuid:home_id>/key-safe")
@needs("homes:read")
@blueprint.answers(Code)
def reveal_key_safe(home_id: UUID) -> Any:
    """Show the key safe's code; that you asked is written down."""
    return {"code": homes.reveal_key_safe(session(), _home(home_id), actor=actor(), now=now())}
