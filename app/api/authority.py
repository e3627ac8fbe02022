"""Who decides for a person in the REST API: assessments, best interests, attorneys; who may agree a plan."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.named import own_staff
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, now, session, viewer
from core.errors import Invalid, NotFound
from people import authority, deciding, sharing, visible
from people.access import Extent, RecordClass
from people.models.authority import (
    AgreedBy,
    Authority,
    AuthorityKind,
    BestInterests,
    Capacity,
    CapacityAssessment,
)
from people.models.people import Person
from people.standing import holds

blueprint = Blueprint(
    "authority",
    "Who decides with a person and for them: no legal test is applied here, words and structure only.",
    prefix=f"{PREFIX}/people/<uuid:person_id>",
)

HIDDEN = "Null where your agency sees that it is there, and not what it says."


class AssessmentIn(Shape):
    """Whether the person could make one decision on one day."""

    decision = Text(required=True)
    assessed_on = fields.Date(required=True)
    assessed_by = Text(required=True, metadata={"description": "Name and role."})
    outcome = choice(Capacity, required=True)
    support = Text(lines=True, required=True, metadata={"description": "What helped them to decide."})
    reasons = Text(lines=True, required=True)
    review_on = fields.Date(allow_none=True)


class AssessmentOut(Shape):
    """An assessment."""

    id = identity()
    version = row_version()
    assessed_on = fields.Date()
    decision = Text(allow_none=True, metadata={"description": HIDDEN})
    assessed_by = Text(allow_none=True)
    outcome = choice(Capacity, allow_none=True)
    support = Text(lines=True, allow_none=True)
    reasons = Text(lines=True, allow_none=True)
    review_on = fields.Date(allow_none=True)
    withdrawn_at = Moment(allow_none=True)
    withdrawn_why = Text(lines=True, allow_none=True)


class Assessments(Shape):
    """Every assessment, the latest first."""

    items = fields.List(fields.Nested(AssessmentOut), required=True)


class DecisionIn(Shape):
    """What was decided for the person, which they could not decide themself."""

    assessment_id = fields.UUID(required=True)
    decision = Text(required=True)
    asked = Text(lines=True, required=True)
    wishes = Text(lines=True, required=True)
    options = Text(lines=True, required=True)
    less_intrusive = Text(lines=True, required=True)
    objections = Text(lines=True, required=True)
    decided = Text(lines=True, required=True)
    decided_by = Text(required=True)
    decided_on = fields.Date(required=True)
    review_on = fields.Date(required=True)


class DecisionOut(Shape):
    """A best-interests decision."""

    id = identity()
    version = row_version()
    decided_on = fields.Date()
    decision = Text(allow_none=True, metadata={"description": HIDDEN})
    asked = Text(lines=True, allow_none=True)
    wishes = Text(lines=True, allow_none=True)
    options = Text(lines=True, allow_none=True)
    less_intrusive = Text(lines=True, allow_none=True)
    objections = Text(lines=True, allow_none=True)
    decided = Text(lines=True, allow_none=True)
    decided_by = Text(allow_none=True)
    review_on = fields.Date(allow_none=True)
    withdrawn_at = Moment(allow_none=True)
    withdrawn_why = Text(lines=True, allow_none=True)


class Decisions(Shape):
    """Every best-interests decision, the latest first."""

    items = fields.List(fields.Nested(DecisionOut), required=True)


class AuthorityIn(Shape):
    """Somebody who may decide for the person; it counts once it is verified."""

    kind = choice(AuthorityKind, required=True)
    name = Text(required=True)
    relation = Text(most=100, allow_none=True)
    telephone = Text(most=40, allow_none=True)
    registered = fields.Boolean()
    reference = Text(most=100, allow_none=True)
    verified_on = fields.Date(allow_none=True)
    verified_how = Text(lines=True, allow_none=True)
    kept_where = Text(allow_none=True, metadata={"description": "Where the document is."})
    limits = Text(lines=True, allow_none=True)
    begins_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


class AuthorityOut(AuthorityIn):
    """Somebody who may decide for the person; `counts` when it is verified and in its time."""

    id = identity()
    version = row_version()
    counts = fields.Boolean()
    withdrawn_at = Moment(allow_none=True)
    withdrawn_why = Text(lines=True, allow_none=True)


class Authorities(Shape):
    """All that anybody holds or held, the latest first."""

    items = fields.List(fields.Nested(AuthorityOut), required=True)


class WithdrawIn(Shape):
    """Why it counts no more."""

    why = Text(lines=True, required=True)


class HowVerified(Shape):
    """How it was verified."""

    how = Text(required=True)


class MayAgreeOut(Shape):
    """Somebody who may agree a plan; `id` is of the decision or the authority that it rests on."""

    name = Text()
    why = Text(lines=True)
    basis = choice(AgreedBy)
    id = fields.UUID(attribute="uuid", allow_none=True)


class MayAgreeAll(Shape):
    """Who may agree a plan: the person first."""

    items = fields.List(fields.Nested(MayAgreeOut), required=True)


@blueprint.get("/capacity-assessments")
@needs("authority:read")
@blueprint.answers(Assessments)
def list_assessments(person_id: UUID) -> Any:
    """List what was found of a person's capacity, decision by decision."""
    person = opened_person(person_id, "capacity and agreements")
    full = _sees_all(person)
    return {
        "items": [_shown(row, "assessed_on", full) for row in deciding.list_assessments(session(), person)]
    }


@blueprint.post("/capacity-assessments")
@needs("authority:write")
@blueprint.takes(AssessmentIn)
@blueprint.answers(AssessmentOut, 201)
def assess(given: Given, person_id: UUID) -> Any:
    """Record an assessment of one decision."""
    return deciding.assess(session(), _person(person_id), given, by=own_staff(), actor=actor(), now=now())


@blueprint.post("/capacity-assessments/<uuid:assessment_id>/withdraw")
@needs("authority:write")
@blueprint.takes(WithdrawIn)
@blueprint.answers(AssessmentOut)
def withdraw_assessment(given: Given, person_id: UUID, assessment_id: UUID) -> Any:
    """Say that an assessment counts no more."""
    row = deciding.get_assessment(session(), _person(person_id), assessment_id)
    deciding.withdraw(session(), row, given["why"], actor=actor(), now=now())
    return row


@blueprint.get("/best-interests")
@needs("authority:read")
@blueprint.answers(Decisions)
def list_decisions(person_id: UUID) -> Any:
    """List what was decided for a person in their best interests."""
    person = opened_person(person_id, "capacity and agreements")
    full = _sees_all(person)
    return {"items": [_shown(row, "decided_on", full) for row in deciding.list_decisions(session(), person)]}


@blueprint.post("/best-interests")
@needs("authority:write")
@blueprint.takes(DecisionIn)
@blueprint.answers(DecisionOut, 201)
def decide(given: Given, person_id: UUID) -> Any:
    """Record a best-interests decision, which rests on an assessment."""
    person = _person(person_id)
    try:
        rests_on = deciding.get_assessment(session(), person, given.pop("assessment_id"))
    except NotFound as fault:
        raise Invalid({"assessment_id": "There is no such assessment of this person."}) from fault
    return deciding.decide(session(), person, rests_on, given, by=own_staff(), actor=actor(), now=now())


@blueprint.post("/best-interests/<uuid:decision_id>/withdraw")
@needs("authority:write")
@blueprint.takes(WithdrawIn)
@blueprint.answers(DecisionOut)
def withdraw_decision(given: Given, person_id: UUID, decision_id: UUID) -> Any:
    """Say that a best-interests decision counts no more."""
    row = deciding.get_decision(session(), _person(person_id), decision_id)
    deciding.withdraw(session(), row, given["why"], actor=actor(), now=now())
    return row


@blueprint.get("/authorities")
@needs("authority:read")
@blueprint.answers(Authorities)
def list_authorities(person_id: UUID) -> Any:
    """List attorneys, deputies and appointees."""
    person = opened_person(person_id, "capacity and agreements")
    return {"items": [_held(row) for row in authority.listing(session(), person)]}


@blueprint.post("/authorities")
@needs("authority:write")
@blueprint.takes(AuthorityIn)
@blueprint.answers(AuthorityOut, 201)
def record(given: Given, person_id: UUID) -> Any:
    """Record somebody who may decide for the person."""
    made = authority.record(session(), _person(person_id), given, by=own_staff(), actor=actor(), now=now())
    return _held(made)


@blueprint.post("/authorities/<uuid:authority_id>/verify")
@needs("authority:write")
@blueprint.takes(HowVerified)
@blueprint.answers(AuthorityOut)
def verify(given: Given, person_id: UUID, authority_id: UUID) -> Any:
    """Say that the document was looked at, today, and how."""
    row = authority.get(session(), _person(person_id), authority_id)
    return _held(authority.verify(session(), row, given["how"], by=own_staff(), actor=actor(), now=now()))


@blueprint.post("/authorities/<uuid:authority_id>/withdraw")
@needs("authority:write")
@blueprint.takes(WithdrawIn)
@blueprint.answers(AuthorityOut)
def withdraw(given: Given, person_id: UUID, authority_id: UUID) -> Any:
    """Say that it counts no more; agreements that rest on it fall due for review."""
    row = authority.get(session(), _person(person_id), authority_id)
    authority.withdraw(session(), row, given["why"], actor=actor(), now=now())
    return _held(row)


@blueprint.get("/may-agree")
@needs("authority:read")
@blueprint.answers(MayAgreeAll)
def list_who_may_agree(person_id: UUID) -> Any:
    """List who may agree a plan: the person first, then who may decide for them."""
    person = opened_person(person_id, "capacity and agreements")
    return {"items": authority.who_may_agree(session(), person, now())}


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _sees_all(person: Person) -> bool:
    sees = sharing.sees(session(), viewer(), person.id, now())
    return sees[RecordClass.MENTAL_HEALTH] is Extent.FULL


def _shown(row: CapacityAssessment | BestInterests, day: str, full: bool) -> Any:
    return row if full else {"uuid": row.uuid, "version": row.version, day: getattr(row, day)}


def _held(row: Authority) -> dict[str, Any]:
    names = ("uuid", "version", "withdrawn_at", "withdrawn_why", *authority.READERS)
    told = {name: getattr(row, name) for name in names if name != "telephone"}
    return {
        **told,
        "telephone": authority.telephone(session(), row),
        "counts": holds(row, now().date()),
    }
