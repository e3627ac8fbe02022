"""That somebody is away from home, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans import absences as away
from core.errors import NotFound
from people import absences, sharing, unseen, visible
from people.access import Extent, RecordClass
from people.faults import LINES
from people.models.absences import Absence, Away
from people.models.people import Person

blueprint = Blueprint(
    "people", "Whom we care for.", part="absences", prefix=f"{PREFIX}/people/<uuid:person_id>/absences"
)


class AbsenceIn(Shape):
    """That somebody is, or will be, away from home."""

    why = choice(Away, required=True)
    place = Text(most=300, allow_none=True, load_default=None)
    known_from = Text(most=LINES, required=True)
    began_at = Moment(required=True)
    ends_at = Moment(required=True)
    confirmed = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether whoever sends this has made sure of it. Feeds leave it out: what they "
            "say is a proposal, which pauses nothing until named staff confirm it."
        },
    )


class AbsenceOut(Shape):
    """A time away: proposed until it is confirmed, begun from then on, and ended."""

    id = identity()
    version = row_version()
    why = choice(Away, allow_none=True, metadata={"description": "Null where it is not shared with you."})
    place = Text(allow_none=True, metadata={"description": "Null where it is not shared with you."})
    known_from = Text(
        lines=True,
        allow_none=True,
        metadata={"description": "Null where what staff wrote is not shared with your agency."},
    )
    began_at = Moment()
    ends_at = Moment()
    recorded_at = Moment()
    confirmed_at = Moment(allow_none=True)
    begun_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    ended_why = Text(lines=True, allow_none=True)


class Absences(Shape):
    """Every absence of a person, the latest first."""

    items = fields.List(fields.Nested(AbsenceOut), required=True)


class UntilIn(Shape):
    """Until when it lasts."""

    ends_at = Moment(required=True)


class BackIn(Shape):
    """What is known of it."""

    why = Text(most=LINES, load_default="")


@blueprint.get("")
@needs("people:read")
@blueprint.answers(Absences)
def list_absences(person_id: UUID) -> Any:
    """List when somebody was, is and will be away."""
    person = opened_person(person_id, "absences")
    return {"items": [_told(person, each.row) for each in absences.list_of(session(), person)]}


@blueprint.post("")
@needs("people:write")
@blueprint.takes(AbsenceIn)
@blueprint.answers(AbsenceOut, 201)
def record_absence(given: Given, person_id: UUID) -> Any:
    """Write down, or propose, that somebody is away."""
    person, told = _person(person_id), dict(given)
    confirmed = told.pop("confirmed")
    row = away.record(session(), person, told, by=viewer(), now=now(), confirmed=confirmed)
    return _told(person, row)


@blueprint.post("/<uuid:absence_id>/confirm")
@needs("people:write")
@blueprint.answers(AbsenceOut)
def confirm_absence(person_id: UUID, absence_id: UUID) -> Any:
    """Confirm what was proposed: from then on nothing is expected of the person."""
    person = _person(person_id)
    return _told(person, away.confirm(session(), _get(person, absence_id), by=viewer(), now=now()))


@blueprint.post("/<uuid:absence_id>/until")
@needs("people:write")
@blueprint.takes(UntilIn)
@blueprint.answers(AbsenceOut)
def change_absence(given: Given, person_id: UUID, absence_id: UUID) -> Any:
    """Change until when it lasts."""
    person = _person(person_id)
    row = _get(person, absence_id)
    return _told(person, away.change_end(session(), row, given["ends_at"], by=viewer(), now=now()))


@blueprint.post("/<uuid:absence_id>/end")
@needs("people:write")
@blueprint.takes(BackIn)
@blueprint.answers(AbsenceOut)
def end_absence(given: Given, person_id: UUID, absence_id: UUID) -> Any:
    """End it: the person is back, or it was never so."""
    person = _person(person_id)
    row = _get(person, absence_id)
    return _told(person, away.end(session(), row, by=viewer(), now=now(), why=given["why"]))


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _get(person: Person, absence_id: UUID) -> Absence:
    found = next(
        (each.row for each in absences.list_of(session(), person) if each.row.uuid == absence_id), None
    )
    if found is None:
        raise NotFound
    return found


def _told(person: Person, row: Absence) -> dict[str, Any]:
    contact = sharing.sees(session(), viewer(), person.id, now())[RecordClass.CONTACT] is Extent.FULL
    notes = unseen.shown(session(), viewer(), person, RecordClass.NOTES, now())
    names = (
        "uuid", "version", "began_at", "ends_at", "recorded_at", "confirmed_at", "begun_at", "ended_at",
    )  # fmt: skip
    words = absences.words_shown(session(), viewer(), row, notes=notes)
    return {name: getattr(row, name) for name in names} | {
        "why": row.why if contact else None,
        "place": row.place if contact else None,
        "known_from": row.known_from if words else None,
        "ended_why": row.ended_why if words else None,
    }
