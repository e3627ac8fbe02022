"""Homes: where somebody lives."""

from uuid import UUID

from sqlalchemy import select

from app.api.fields import Cut, Shape, Text, choice, identity, page_of, row_version
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.auth import needs
from app.context import now, session, viewer
from people import visible
from people.models import Home, Tenure

blueprint = Blueprint("homes", "Where somebody lives: the place that kit, cold and keys belong to.")


class HomeOut(Shape):
    """A home."""

    id = identity()
    version = row_version()
    postcode = Text()
    tenure = choice(Tenure)


@blueprint.get("/<uuid:home_id>")
@needs("homes:read")
@blueprint.answers(HomeOut)
def get_home(home_id: UUID) -> Home:
    """Show one home."""
    return visible.get_home(session(), viewer(), home_id, now())


@blueprint.get("")
@needs("homes:read")
@blueprint.takes(Cut, location="query")
@blueprint.answers(page_of(HomeOut))
def list_homes(asked: Given) -> Page[Home]:
    """List homes."""
    return page(
        session(),
        select(Home).where(Home.id.in_(visible.home_ids(viewer(), now()))),
        [Home.postcode, Home.id],
        asked,
    )
