"""Advance decisions and end-of-life wishes in the REST API, and what a person said of themselves before."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.care_plans import full_person
from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, now, session, viewer
from people import about_me, sharing, wishes
from people.access import Extent, RecordClass
from people.models.people import Person
from people.models.wishes import WishKind

blueprint = Blueprint(
    "wishes",
    "What somebody decided for later: recorded with where the original is, and kept on the responder card.",
    prefix=f"{PREFIX}/people/<uuid:person_id>",
)


class WishIn(Shape):
    """A decision or wish; the original decides, never this."""

    kind = choice(WishKind, required=True)
    words = Text(lines=True, load_default=None, allow_none=True)
    made_on = fields.Date(required=True)
    original_place = Text(required=True, metadata={"description": "Where the original is."})
    original_seen_on = fields.Date(load_default=None, allow_none=True)


class WishOut(Shape):
    """A decision or wish, in force unless it has ended."""

    id = identity()
    version = row_version()
    kind = choice(WishKind)
    words = Text(lines=True, allow_none=True)
    made_on = fields.Date()
    original_place = Text()
    original_seen_on = fields.Date(allow_none=True)
    recorded_at = Moment()
    ended_at = Moment(allow_none=True)
    ended_why = Text(lines=True, allow_none=True)


class Wishes(Shape):
    """Those in force, then those that have ended; there is never a next part."""

    items = fields.List(fields.Nested(WishOut), required=True)
    next = fields.String(required=True, allow_none=True)


class WishEndIn(Shape):
    """Why it holds no more, and who said so."""

    why = Text(lines=True, required=True)


class SaidBefore(Shape):
    """What they said of themselves until they said something else."""

    most_important = Text(lines=True, allow_none=True)
    people_important = Text(lines=True, allow_none=True)
    how_i_communicate = Text(lines=True, allow_none=True)
    my_wellness = Text(lines=True, allow_none=True)
    please_do_and_dont = Text(lines=True, allow_none=True)
    how_and_when_to_support = Text(lines=True, allow_none=True)
    also_worth_knowing = Text(lines=True, allow_none=True)
    supported_by = Text(lines=True, allow_none=True)
    written_at = Moment()
    superseded_at = Moment()


class SaidBeforeAll(Shape):
    """The latest first; there is never a next part."""

    items = fields.List(fields.Nested(SaidBefore), required=True)
    next = fields.String(required=True, allow_none=True)


@blueprint.get("/wishes")
@needs("plans:read")
@blueprint.answers(Wishes)
def list_wishes(person_id: UUID) -> Any:
    """List a person's advance decisions and wishes; [] where the plan is not shared with the asker."""
    person = opened_person(person_id, "wishes")
    if not _shared(person):
        return {"items": [], "next": None}
    rows = wishes.list_wishes(session(), person)
    return {"items": [*rows, *wishes.list_wishes(session(), person, ended=True)], "next": None}


@blueprint.post("/wishes")
@needs("plans:write")
@blueprint.takes(WishIn)
@blueprint.answers(WishOut, 201)
def record_wish(given: Given, person_id: UUID) -> Any:
    """Record one; it holds at once and is on the responder card."""
    person = full_person(person_id)
    return wishes.record(session(), person, given, actor=actor(), now=now())


@blueprint.post("/wishes/<uuid:wish_id>/end", edits=True)
@needs("plans:write")
@blueprint.takes(WishEndIn)
@blueprint.answers(WishOut)
def end_wish(given: Given, person_id: UUID, wish_id: UUID) -> Any:
    """It holds no more, with why. If-Match is the wish's own version."""
    person = full_person(person_id)
    wish = wishes.get(session(), person, wish_id)
    if_match(wish.version)
    return wishes.end(session(), person, wish, given["why"], actor=actor(), now=now())


@blueprint.get("/about-me/history")
@needs("people:read")
@blueprint.answers(SaidBeforeAll)
def list_about_me(person_id: UUID) -> Any:
    """Show what a person said of themselves before, the latest first."""
    person = opened_person(person_id, "about me")
    rows = about_me.history(session(), person) if _shared(person, RecordClass.CONTACT) else []
    return {"items": rows, "next": None}


def _shared(person: Person, record_class: RecordClass = RecordClass.PLAN) -> bool:
    seen = sharing.sees(session(), viewer(), person.id, now())
    return seen[record_class] is Extent.FULL
