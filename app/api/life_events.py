"""A death and a move, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.named import fields_as
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans import deaths, moving_house
from care_plans.moving_house import KitLeft
from core.errors import Invalid, NotFound
from people import residencies, visible
from people.faults import LINES
from people.models.identity import Death
from people.models.people import Person

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
    known_from = Text(
        lines=True,
        allow_none=True,
        metadata={"description": "Null where what staff wrote is not shared with your agency."},
    )
    recorded_at = Moment(allow_none=True)
    ask_for_kit_at = Moment(allow_none=True)
    undone_at = Moment(allow_none=True)
    left = fields.List(
        fields.Dict(), allow_none=True, metadata={"description": "What could not be put back: changed since."}
    )


class MistakeIn(Shape):
    """Why it holds no more, or never did."""

    why = Text(most=LINES, required=True)


class PieceIn(Shape):
    """What becomes of one piece of kit."""

    device_id = fields.UUID(required=True)
    becomes = choice(KitLeft, required=True)


class MovingIn(Shape):
    """Where somebody lives from now on, and what becomes of what is left behind."""

    home_id = fields.UUID(allow_none=True, load_default=None)
    kit = choice(
        KitLeft, allow_none=True, load_default=None,
        metadata={"description": "What becomes of the old home's kit, but for what `pieces` names."},
    )  # fmt: skip
    pieces = fields.List(fields.Nested(PieceIn), load_default=list, validate=validate.Length(max=200))
    landlord_goes_on = fields.Boolean(
        load_default=False, metadata={"description": "The old landlord cares on, and sees the new address."}
    )
    key_safe_seen_to = fields.Boolean(load_default=False)


class MovedOut(Shape):
    """Where somebody lives now."""

    home_id = fields.UUID(allow_none=True)


@blueprint.get("/death")
@needs("people:read")
@blueprint.answers(DeathOut)
def get_death(person_id: UUID) -> Any:
    """Show what is recorded of a death."""
    return _recorded(opened_person(person_id, "death"))


@blueprint.post("/death")
@needs("people:write")
@blueprint.takes(DeathIn)
@blueprint.answers(DeathOut, 201)
def record_death(given: Given, person_id: UUID) -> Any:
    """Record a death: nothing more is expected of them, and open work is reviewed today."""
    person = _person(person_id)
    deaths.record(session(), person, given, by=viewer(), now=now())
    return _recorded(person)


@blueprint.post("/death/undo")
@needs("people:write")
@blueprint.takes(MistakeIn)
@blueprint.answers(DeathOut)
def take_death_back(given: Given, person_id: UUID) -> Any:
    """Take a death back that was recorded by mistake: all is as it was."""
    person = _person(person_id)
    return _death(person, deaths.take_back(session(), person, why=given["why"], by=viewer(), now=now()))


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
            session(), person, home, kit=given["kit"],
            pieces={each["device_id"]: each["becomes"] for each in given["pieces"]},
            landlord_goes_on=given["landlord_goes_on"],
            key_safe_seen_to=given["key_safe_seen_to"], by=viewer(), now=now(),
        )  # fmt: skip
    lives = residencies.find_home(session(), person, now())
    return {"home_id": lives.uuid if lives else None}


def _recorded(person: Person) -> dict[str, Any]:
    death = deaths.find(session(), person)
    return _death(person, death) if death is not None else {}


def _death(person: Person, death: Death) -> dict[str, Any]:
    words = deaths.words_shown(session(), viewer(), person, death, now())
    names = ("uuid", "died_on", "recorded_at", "ask_for_kit_at", "undone_at")
    told = {name: getattr(death, name) for name in names}
    return told | {"known_from": death.known_from if words else None, "left": death.left if words else None}


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())
