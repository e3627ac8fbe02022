"""Sharing in the REST API: who sees what of a person and why, and what the person says of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.named import agency_of, staff_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, now, session, viewer
from people import choices, visible, who_sees
from people.access import Extent, Purpose, RecordClass
from people.choices import Said
from people.faults import LINES
from people.models.people import Person
from people.models.sharing import Decision, LawfulBasis
from people.who_sees import Because, Cell

blueprint = Blueprint(
    "sharing",
    "Who sees what of a person, and why; what the person permits and dissents from.",
    prefix=f"{PREFIX}/people/<uuid:person_id>",
)


class CellOut(Shape):
    """How much an agency sees of one class of record, and what decides it."""

    record_class = choice(RecordClass)
    extent = choice(Extent)
    because = choice(Because)
    purpose = choice(Purpose, allow_none=True)
    lawful_basis = choice(LawfulBasis, allow_none=True)
    agreement = Text(allow_none=True)
    choice_id = fields.UUID(allow_none=True)


class AgencySees(Shape):
    """What one agency sees."""

    agency_id = fields.UUID()
    agency = Text()
    teams = fields.List(fields.String())
    classes = fields.List(fields.Nested(CellOut))
    counted = fields.Boolean(metadata={"description": "Whether its figures count the person."})


class WhoSees(Shape):
    """What each agency that cares for a person sees of them."""

    items = fields.List(fields.Nested(AgencySees), required=True)


class ChoiceIn(Shape):
    """What somebody says; what is left out is about all of it: every agency, every class, every purpose."""

    decision = choice(Decision, required=True)
    agency_id = fields.UUID(load_default=None, allow_none=True)
    record_class = choice(RecordClass, load_default=None, allow_none=True)
    purpose = choice(Purpose, load_default=None, allow_none=True)
    said_by = Text(required=True)
    evidence = Text(most=LINES, lines=True, required=True, metadata={"description": "How we know."})


class ChoiceOut(Shape):
    """What somebody has said and holds."""

    id = identity()
    decision = choice(Decision)
    agency_id = fields.UUID(allow_none=True)
    agency = Text(allow_none=True)
    record_class = choice(RecordClass, allow_none=True)
    purpose = choice(Purpose, allow_none=True)
    said_by = Text()
    evidence = Text(lines=True)
    recorded_by = Text()
    from_ = Moment(data_key="from")


class Choices(Shape):
    """What somebody has said, the latest first."""

    items = fields.List(fields.Nested(ChoiceOut), required=True)


class ShareChange(Shape):
    """What a choice would change for one agency and class."""

    agency_id = fields.UUID(attribute="agency.uuid")
    agency = Text(attribute="agency.name")
    record_class = choice(RecordClass)
    before = choice(Extent)
    after = choice(Extent)


class ShareChanges(Shape):
    """All that a choice would change."""

    items = fields.List(fields.Nested(ShareChange), required=True)


@blueprint.get("/sharing")
@needs("people:read")
@blueprint.answers(WhoSees)
def show_sharing(person_id: UUID) -> Any:
    """Show which agency sees how much of a person, and why."""
    person = opened_person(person_id, "sharing")
    said = choices.in_force(session(), [person.id], now())
    return {
        "items": [
            {
                "agency_id": row.agency.uuid,
                "agency": row.agency.name,
                "teams": row.teams,
                "classes": [_cell(cell) for cell in row.cells],
                "counted": who_sees.counted(said, row.agency.id),
            }
            for row in who_sees.table(session(), person, now())
        ]
    }


@blueprint.get("/choices")
@needs("people:read")
@blueprint.answers(Choices)
def list_choices(person_id: UUID) -> Any:
    """List what a person has said that holds."""
    return _choices(opened_person(person_id, "sharing"))


@blueprint.post("/choices")
@needs("choices:write")
@blueprint.takes(ChoiceIn)
@blueprint.answers(Choices, 201)
def add_choice(given: Given, person_id: UUID) -> Any:
    """Record what a person permits or dissents from; an earlier one about the same ends."""
    person = _person(person_id)
    agency_id = given.pop("agency_id")
    agency = agency_of("agency_id", agency_id) if agency_id else None
    choices.choose(session(), person, agency, given, by=_me(), actor=actor(), now=now())
    return _choices(person)


@blueprint.post("/choices/preview")
@needs("choices:write")
@blueprint.takes(ChoiceIn)
@blueprint.answers(ShareChanges)
def preview_choice(given: Given, person_id: UUID) -> Any:
    """Show what a choice would change for whom; nothing is recorded."""
    person = _person(person_id)
    agency_id = given.pop("agency_id")
    agency = agency_of("agency_id", agency_id) if agency_id else None
    drafted = choices.drafted(person, agency, given, by=_me(), now=now())
    return {"items": who_sees.changes(session(), person, drafted, now())}


@blueprint.post("/choices/<uuid:choice_id>/end")
@needs("choices:write")
@blueprint.answers(Choices)
def end_choice(person_id: UUID, choice_id: UUID) -> Any:
    """Take a choice back: the agencies' own bases count again."""
    person = _person(person_id)
    choices.end(session(), choices.get(session(), person, choice_id), actor=actor(), now=now())
    return _choices(person)


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _me() -> Any:
    return staff_of("", viewer().staff_uuid)


def _cell(cell: Cell) -> dict[str, Any]:
    basis = cell.basis
    return {
        "record_class": cell.record_class,
        "extent": cell.extent,
        "because": cell.because,
        "purpose": basis.purpose if basis else None,
        "lawful_basis": basis.lawful_basis if basis else None,
        "agreement": basis.agreement if basis else None,
        "choice_id": cell.choice.uuid if cell.choice else None,
    }


def _choices(person: Person) -> Mapping[str, Any]:
    return {"items": [_told(each) for each in choices.listing(session(), person, now())]}


def _told(each: Said) -> dict[str, Any]:
    row = each.choice
    names = ("uuid", "decision", "record_class", "purpose", "said_by", "evidence")
    return {
        **{name: getattr(row, name) for name in names},
        "agency_id": each.agency_uuid,
        "agency": each.agency,
        "recorded_by": each.recorded_by,
        "from_": row.began_at,
    }
