"""Numbers that stand for a person, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Shape, Text, choice, identity, row_version
from app.api.named import agency_of, fields_as
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, now, session, viewer
from people import identifiers, visible
from people.identifiers import Known
from people.models.identity import IdentifierKind, Verification

blueprint = Blueprint(
    "people", "Whom we care for.", part="identifiers", prefix=f"{PREFIX}/people/<uuid:person_id>/identifiers"
)


class IdentifierIn(Shape):
    """A number of a person; social care, tenancy and hospital numbers say which agency gave them out."""

    kind = choice(IdentifierKind, required=True)
    value = Text(most=60, required=True)
    issuer_id = fields.UUID(allow_none=True, metadata={"description": "The agency that gave it out."})
    verification = choice(Verification)
    began_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)


class IdentifierOut(Shape):
    """A number of a person."""

    id = identity()
    version = row_version()
    kind = choice(IdentifierKind)
    value = Text()
    issuer_id = fields.UUID(allow_none=True)
    issuer = Text(allow_none=True)
    verification = choice(Verification)
    began_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)


class Identifiers(Shape):
    """Every number of a person but the NHS number in force, which stands on the person."""

    items = fields.List(fields.Nested(IdentifierOut), required=True)
    all_shown = fields.Boolean(
        metadata={
            "description": "False where contact details are not shared with your agency: its own alone."
        }
    )


class EndIn(Shape):
    """From which day on a number is in use no more."""

    on = fields.Date(required=True)


@blueprint.get("")
@needs("people:read")
@blueprint.answers(Identifiers)
def list_identifiers(person_id: UUID) -> Any:
    """List a person's numbers, those in use first."""
    person = opened_person(person_id, "numbers")
    known, all_shown = identifiers.list_seen(session(), viewer(), person, now())
    return {"items": [_told(each) for each in known], "all_shown": all_shown}


@blueprint.post("")
@needs("people:write")
@blueprint.takes(IdentifierIn)
@blueprint.answers(IdentifierOut, 201)
def add_identifier(given: Given, person_id: UUID) -> Any:
    """Write a number down; one that is somebody else's is refused."""
    person = visible.get_person(session(), viewer(), person_id, now())
    issuer = given.pop("issuer_id", None)
    issuer_key = agency_of("issuer_id", issuer).id if issuer else None
    with fields_as():
        row = identifiers.add(session(), person, {**given, "issuer_id": issuer_key}, actor=actor())
    return _one(person_id, row.uuid)


@blueprint.post("/<uuid:identifier_id>/end")
@needs("people:write")
@blueprint.takes(EndIn)
@blueprint.answers(IdentifierOut)
def end_identifier(given: Given, person_id: UUID, identifier_id: UUID) -> Any:
    """Say that a number is in use no more; it still finds the person."""
    person = visible.get_person(session(), viewer(), person_id, now())
    row = identifiers.get_seen(session(), viewer(), person, identifier_id, now())
    identifiers.end(session(), row, given["on"], actor=actor())
    return _one(person_id, identifier_id)


@blueprint.delete("/<uuid:identifier_id>")
@needs("people:write")
@blueprint.answers()
def remove_identifier(person_id: UUID, identifier_id: UUID) -> None:
    """Take away a number that was never this person's."""
    person = visible.get_person(session(), viewer(), person_id, now())
    row = identifiers.get_seen(session(), viewer(), person, identifier_id, now())
    identifiers.remove(session(), row, actor=actor(), now=now())


def _one(person_id: UUID, identifier_id: UUID) -> dict[str, Any]:
    person = visible.get_person(session(), viewer(), person_id, now())
    rows = identifiers.list_of(session(), person)
    return next(_told(each) for each in rows if each.row.uuid == identifier_id)


def _told(each: Known) -> dict[str, Any]:
    row = each.row
    names = ("uuid", "version", "kind", "verification", "began_on", "ended_on")
    return {name: getattr(row, name) for name in names} | {
        "value": each.value,
        "issuer_id": each.issuer.uuid if each.issuer else None,
        "issuer": each.issuer.name if each.issuer else None,
    }
