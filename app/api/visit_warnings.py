"""Warnings about a visit to a person or a home, in the REST API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, identity, row_version
from app.api.named import team_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from people import homes, visible, visit_warnings
from people.faults import LINES
from people.models.homes import Home
from people.models.identity import VisitWarning
from people.models.people import Person
from people.visit_warnings import Warned

of_person = Blueprint(
    "people", "Whom we care for.", part="warnings", prefix=f"{PREFIX}/people/<uuid:person_id>/warnings"
)
of_home = Blueprint(
    "homes",
    "Where somebody lives: the place that kit, cold and keys belong to.",
    part="warnings of a home",
    prefix=f"{PREFIX}/homes/<uuid:home_id>/warnings",
)


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
    words = Text(lines=True)
    evidence = Text(
        allow_none=True,
        metadata={"description": "Null where what staff wrote is not shared with your agency."},
    )
    of_home = fields.Boolean()
    owner_team_id = fields.UUID()
    review_on = fields.Date()
    late = fields.Boolean()
    ended_at = Moment(allow_none=True)
    ended_why = Text(lines=True, allow_none=True)


class Warnings(Shape):
    """Every warning in force: of a person and the home they live in, or of a home and who lives there."""

    items = fields.List(fields.Nested(WarningOut), required=True)


class OverIn(Shape):
    """Why it holds no more."""

    why = Text(most=LINES, required=True)


@of_person.get("")
@needs("people:read")
@of_person.answers(Warnings)
def list_warnings(person_id: UUID) -> Any:
    """List what whoever visits must know to be safe."""
    person = opened_person(person_id, "warnings about a visit")
    return {"items": _all_told(visit_warnings.about(session(), now(), person_id=person.id))}


@of_person.post("")
@needs("people:write")
@of_person.takes(WarningIn)
@of_person.answers(WarningOut, 201)
def warn(given: Given, person_id: UUID) -> Any:
    """Warn whoever visits."""
    person, team = _person(person_id), team_of("owner_team_id", given["owner_team_id"])
    row = visit_warnings.add(
        session(), {**given, "owner_team_id": team.id}, by=viewer(), now=now(), person=person
    )
    return _one(row)


@of_person.post("/<uuid:warning_id>/review")
@needs("people:write")
@of_person.takes(ReviewIn)
@of_person.answers(WarningOut)
def review_warning(given: Given, person_id: UUID, warning_id: UUID) -> Any:
    """Say that a warning holds still, and until when."""
    _person(person_id)
    row = visit_warnings.get_seen(session(), viewer(), warning_id, now())
    return _one(visit_warnings.review(session(), row, given, by=viewer(), now=now()))


@of_person.post("/<uuid:warning_id>/end")
@needs("people:write")
@of_person.takes(OverIn)
@of_person.answers()
def end_warning(given: Given, person_id: UUID, warning_id: UUID) -> None:
    """Say that nobody has to be warned any more."""
    _person(person_id)
    row = visit_warnings.get_seen(session(), viewer(), warning_id, now())
    visit_warnings.end(session(), row, why=given["why"], by=viewer(), now=now())


@of_home.get("")
@needs("homes:read")
@of_home.answers(Warnings)
def list_home_warnings(home_id: UUID) -> Any:
    """List what whoever visits a home must know to be safe, whoever lives there."""
    home = _home(home_id)
    for person in homes.residents(session(), viewer(), home, now()):
        visible.record_look(session(), viewer(), person, at_what="warnings about a visit")
    return {"items": _all_told(visit_warnings.about(session(), now(), home_id=home.id))}


@of_home.post("")
@needs("homes:write")
@of_home.takes(WarningIn)
@of_home.answers(WarningOut, 201)
def warn_of_home(given: Given, home_id: UUID) -> Any:
    """Warn whoever visits a home, whoever lives there."""
    home, team = _home(home_id), team_of("owner_team_id", given["owner_team_id"])
    row = visit_warnings.add(
        session(), {**given, "owner_team_id": team.id}, by=viewer(), now=now(), home=home
    )
    return _one(row)


@of_home.post("/<uuid:warning_id>/review")
@needs("homes:write")
@of_home.takes(ReviewIn)
@of_home.answers(WarningOut)
def review_home_warning(given: Given, home_id: UUID, warning_id: UUID) -> Any:
    """Say that a warning holds still, and until when."""
    _home(home_id)
    row = visit_warnings.get_seen(session(), viewer(), warning_id, now())
    return _one(visit_warnings.review(session(), row, given, by=viewer(), now=now()))


@of_home.post("/<uuid:warning_id>/end")
@needs("homes:write")
@of_home.takes(OverIn)
@of_home.answers()
def end_home_warning(given: Given, home_id: UUID, warning_id: UUID) -> None:
    """Say that nobody has to be warned any more."""
    _home(home_id)
    row = visit_warnings.get_seen(session(), viewer(), warning_id, now())
    visit_warnings.end(session(), row, why=given["why"], by=viewer(), now=now())


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _home(home_id: UUID) -> Home:
    return visible.get_home(session(), viewer(), home_id, now())


def _one(row: VisitWarning) -> dict[str, Any]:
    found = visit_warnings.about(session(), now(), person_id=row.person_id, home_id=row.home_id)
    return _all_told([each for each in found if each.row.id == row.id])[0]


def _all_told(found: Sequence[Warned]) -> list[dict[str, Any]]:
    shown = visit_warnings.evidence_shown(session(), viewer(), found, now())
    return [_told(each, evidence=shown[each.row.id]) for each in found]


def _told(each: Warned, *, evidence: bool) -> dict[str, Any]:
    names = ("uuid", "version", "words", "review_on", "ended_at", "ended_why")
    return {name: getattr(each.row, name) for name in names} | {
        "evidence": each.row.evidence if evidence else None,
        "of_home": each.row.home_id is not None,
        "owner_team_id": each.team.uuid,
        "late": each.late,
    }
