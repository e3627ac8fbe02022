"""A death, a move and warnings about a visit, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.named import fields_as, team_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans import deaths, moving_house
from care_plans.moving_house import KitLeft
from core.errors import Invalid, NotFound
from people import residencies, visible, visit_warnings
from people.faults import LINES
from people.models.identity import Death, VisitWarning
from people.models.people import Person
from people.visit_warnings import Warned

blueprint = Blueprint(
    "people", "Whom we care for.", part="life events", prefix=f"{PREFIX}/people/<uuid:person_id>"
)


class DeathIn(Shape):
    """That somebody died, and from whom it is known."""

    died_on = fields.Date(required=True)
    known_from = Text(most=LINES, required=True)


class DeathOut(Shape):
    """A death as it is recorded; all null where none is, or where it was taken back."""

    id = identity()
    died_on = fields.Date(allow_none=True)
    known_from = Text(allow_none=True)
    recorded_at = Moment(allow_none=True)
    ask_for_kit_at = Moment(allow_none=True)
    undone_at = Moment(allow_none=True)
    left = fields.List(
        fields.Dict(), allow_none=True, metadata={"description": "What could not be put back: changed since."}
    )


class MistakeIn(Shape):
    """Why it holds no more, or never did."""

    why = Text(most=LINES, required=True)


class MovingIn(Shape):
    """Where somebody lives from now on, and what becomes of what is left behind."""

    home_id = fields.UUID(allow_none=True, load_default=None)
    kit = choice(KitLeft, allow_none=True, load_default=None)
    landlord_goes_on = fields.Boolean(
        load_default=False, metadata={"description": "The old landlord cares on, and sees the new address."}
    )
    key_safe_seen_to = fields.Boolean(load_default=False)


class MovedOut(Shape):
    """Where somebody lives now."""

    home_id = fields.UUID(allow_none=True)


class WarningIn(Shape):
    """What whoever visits must know to be safe, on what evidence, and who looks at it again by when."""

    words = Text(most=300, required=True)
    evidence = Text(most=LINES, required=True)
    owner_team_id = fields.UUID(required=True)
    review_on = fields.Date(required=True)


class ReviewIn(Shape):
    """It holds still: on what evidence, and until when."""

    evidence = Text(most=LINES, required=True)
    review_on = fields.Date(required=True)


class WarningOut(Shape):
    """A warning about a visit."""

    id = identity()
    version = row_version()
    words = Text()
    evidence = Text()
    of_home = fields.Boolean()
    owner_team_id = fields.UUID()
    review_on = fields.Date()
    late = fields.Boolean()
    ended_at = Moment(allow_none=True)
    ended_why = Text(allow_none=True)


class Warnings(Shape):
    """Every warning in force of a person and of the home they live in."""

    items = fields.List(fields.Nested(WarningOut), required=True)


@blueprint.get("/death")
@needs("people:read")
@blueprint.answers(DeathOut)
def get_death(person_id: UUID) -> Any:
    """Show what is recorded of a death."""
    return deaths.find(session(), opened_person(person_id, "death")) or {}


@blueprint.post("/death")
@needs("people:write")
@blueprint.takes(DeathIn)
@blueprint.answers(DeathOut, 201)
def record_death(given: Given, person_id: UUID) -> Death:
    """Record a death: nothing more is expected of them, and open work is reviewed today."""
    return deaths.record(session(), _person(person_id), given, by=viewer(), now=now())


@blueprint.post("/death/undo")
@needs("people:write")
@blueprint.takes(MistakeIn)
@blueprint.answers(DeathOut)
def take_death_back(given: Given, person_id: UUID) -> Death:
    """Take a death back that was recorded by mistake: all is as it was."""
    return deaths.take_back(session(), _person(person_id), why=given["why"], by=viewer(), now=now())


@blueprint.post("/moves")
@needs("people:write")
@blueprint.takes(MovingIn)
@blueprint.answers(MovedOut, 201)
def move(given: Given, person_id: UUID) -> Any:
    """Let a person move house; the old landlord's teams see them no more unless they are to go on."""
    person = _person(person_id)
    try:
        home_id = given["home_id"]
        home = visible.get_home(session(), viewer(), home_id, now()) if home_id else None
    except NotFound as fault:
        raise Invalid({"home_id": "There is no such home in your sight."}) from fault
    with fields_as(home="home_id", landlord="landlord_goes_on"):
        moving_house.move(
            session(), person, home, kit=given["kit"], landlord_goes_on=given["landlord_goes_on"],
            key_safe_seen_to=given["key_safe_seen_to"], by=viewer(), now=now(),
        )  # fmt: skip
    lives = residencies.find_home(session(), person, now())
    return {"home_id": lives.uuid if lives else None}


@blueprint.get("/warnings")
@needs("people:read")
@blueprint.answers(Warnings)
def list_warnings(person_id: UUID) -> Any:
    """List what whoever visits must know to be safe."""
    person = opened_person(person_id, "warnings about a visit")
    return {"items": [_told(each) for each in visit_warnings.about(session(), now(), person_id=person.id)]}


@blueprint.post("/warnings")
@needs("people:write")
@blueprint.takes(WarningIn)
@blueprint.answers(WarningOut, 201)
def warn(given: Given, person_id: UUID) -> Any:
    """Warn whoever visits."""
    person, team = _person(person_id), team_of("owner_team_id", given["owner_team_id"])
    row = visit_warnings.add(
        session(), {**given, "owner_team_id": team.id}, by=viewer(), now=now(), person=person
    )
    return _one(person, row)


@blueprint.post("/warnings/<uuid:warning_id>/review")
@needs("people:write")
@blueprint.takes(ReviewIn)
@blueprint.answers(WarningOut)
def review_warning(given: Given, person_id: UUID, warning_id: UUID) -> Any:
    """Say that a warning holds still, and until when."""
    person = _person(person_id)
    row = visit_warnings.get(session(), viewer(), warning_id, now())
    return _one(person, visit_warnings.review(session(), row, given, by=viewer(), now=now()))


@blueprint.post("/warnings/<uuid:warning_id>/end")
@needs("people:write")
@blueprint.takes(MistakeIn)
@blueprint.answers()
def end_warning(given: Given, person_id: UUID, warning_id: UUID) -> None:
    """Say that nobody has to be warned any more."""
    _person(person_id)
    row = visit_warnings.get(session(), viewer(), warning_id, now())
    visit_warnings.end(session(), row, why=given["why"], by=viewer(), now=now())


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _one(person: Person, row: VisitWarning) -> dict[str, Any]:
    found = visit_warnings.about(session(), now(), person_id=person.id)
    return next(_told(each) for each in found if each.row.id == row.id)


def _told(each: Warned) -> dict[str, Any]:
    names = ("uuid", "version", "words", "evidence", "review_on", "ended_at", "ended_why")
    return {name: getattr(each.row, name) for name in names} | {
        "of_home": each.row.home_id is not None,
        "owner_team_id": each.team.uuid,
        "late": each.late,
    }
