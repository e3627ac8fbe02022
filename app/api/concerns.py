"""Safeguarding concerns in the REST API: raised by anybody who cares, seen by one team alone."""

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy import select

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.alerts import read
from care_plans.work import safeguarding
from core.errors import NotFound
from people import concerns, visible
from people.concerns import Held
from people.models.concerns import Concern, Enquiry, Knows, Met
from people.models.people import Person

blueprint = Blueprint(
    "concerns", "Safeguarding concerns: for the team that holds one, and whoever raised it; for nobody else."
)
raising = Blueprint("concerns", "", part="raising", prefix=PREFIX)


class ConcernIn(Shape):
    """A worry about somebody."""

    worry = Text(lines=True, required=True)
    danger = fields.Boolean(required=True, metadata={"description": "Is anybody in danger now? Ring 999."})
    danger_done = Text(lines=True, allow_none=True, metadata={"description": "Needed where there is danger."})
    wishes = Text(lines=True, required=True, metadata={"description": "What the person wants to happen."})
    knows = choice(Knows, required=True)


class ConcernSent(Shape):
    """That it was sent, and by when it is to be read."""

    id = identity()
    read_by = Moment()


class ConcernOut(ConcernIn):
    """A concern; of what its team found, null for whoever only raised it."""

    id = identity()
    version = row_version()
    person_id = fields.UUID()
    person = Text()
    team = Text()
    raised_at = Moment()
    raised_by = Text()
    read_by = Moment()
    decide_by = Moment()
    read_at = Moment(allow_none=True)
    enquiry = choice(Enquiry, allow_none=True)
    enquiry_at = Moment(allow_none=True)
    enquiry_why = Text(lines=True, allow_none=True)
    safety_plan = Text(lines=True, allow_none=True)
    closed_at = Moment(allow_none=True)
    outcome = Text(lines=True, allow_none=True)
    wishes_met = choice(Met, allow_none=True)


class Concerns(Shape):
    """What your teams hold, then what you raised."""

    items = fields.List(fields.Nested(ConcernOut), required=True)


class EnquiryIn(Shape):
    """Whether an enquiry begins, and why."""

    enquiry = choice(Enquiry, required=True)
    why = Text(lines=True, required=True)


class SafetyPlanIn(Shape):
    """What keeps the person safe."""

    safety_plan = Text(lines=True, required=True)


class ClosingIn(Shape):
    """What came of it, and whether what the person wished came about."""

    outcome = Text(lines=True, required=True)
    wishes_met = choice(Met, required=True)


@raising.post("/people/<uuid:person_id>/concerns")
@needs("safeguarding:raise")
@raising.takes(ConcernIn)
@raising.answers(ConcernSent, 201)
def raise_about_person(given: Given, person_id: UUID) -> Any:
    """Raise a concern about a person: it goes to the safeguarding team, and nobody else is told."""
    person = visible.get_person(session(), viewer(), person_id, now())
    return safeguarding.raise_concern(session(), person, given, by=viewer(), now=now())


@raising.post("/alerts/<uuid:alert_id>/concerns")
@needs("safeguarding:raise")
@raising.takes(ConcernIn)
@raising.answers(ConcernSent, 201)
def raise_from_alert(given: Given, alert_id: UUID) -> Any:
    """Raise a concern about whom an alert is about."""
    alert = read.get(session(), viewer(), alert_id, now())
    person = session().scalar(select(Person).where(Person.id == alert.person_id))
    if person is None:
        raise NotFound
    return safeguarding.raise_concern(session(), person, given, by=viewer(), now=now(), alert_id=alert.id)


@blueprint.get("")
@needs("concerns:read")
@blueprint.answers(Concerns)
def list_concerns() -> Any:
    """List what your teams hold, and what you raised yourself."""
    held = concerns.list_held(session(), viewer())
    known = {each.concern.id for each in held}
    raised = [each for each in concerns.list_raised(session(), viewer()) if each.concern.id not in known]
    return {"items": [_told(each) for each in (*held, *raised)]}


@blueprint.get("/<uuid:concern_id>")
@needs("concerns:read")
@blueprint.answers(ConcernOut)
def get_concern(concern_id: UUID) -> Any:
    """Show a concern; that you looked is written down."""
    found = concerns.get_known(session(), viewer(), concern_id)
    concerns.record_look(session(), viewer(), found.concern)
    return _told(found)


@blueprint.post("/<uuid:concern_id>/read")
@needs("concerns:read")
@blueprint.answers(ConcernOut)
def take(concern_id: UUID) -> Any:
    """Say that you have read it, and have it."""
    safeguarding.take(session(), _held(concern_id), by=viewer(), now=now())
    return _told(concerns.get_held(session(), viewer(), concern_id))


@blueprint.post("/<uuid:concern_id>/enquiry")
@needs("concerns:read")
@blueprint.takes(EnquiryIn)
@blueprint.answers(ConcernOut)
def decide(given: Given, concern_id: UUID) -> Any:
    """Decide about an enquiry (Care Act 2014, section 42)."""
    safeguarding.decide(session(), _held(concern_id), given, by=viewer(), now=now())
    return _told(concerns.get_held(session(), viewer(), concern_id))


@blueprint.post("/<uuid:concern_id>/safety-plan")
@needs("concerns:read")
@blueprint.takes(SafetyPlanIn)
@blueprint.answers(ConcernOut)
def plan(given: Given, concern_id: UUID) -> Any:
    """Write the safety plan."""
    concerns.plan(session(), _held(concern_id), given["safety_plan"], by=viewer(), now=now())
    return _told(concerns.get_held(session(), viewer(), concern_id))


@blueprint.post("/<uuid:concern_id>/close")
@needs("concerns:read")
@blueprint.takes(ClosingIn)
@blueprint.answers(ConcernOut)
def close(given: Given, concern_id: UUID) -> Any:
    """Close it with what came of it."""
    safeguarding.close(session(), _held(concern_id), given, by=viewer(), now=now())
    return _told(concerns.get_held(session(), viewer(), concern_id))


def _held(concern_id: UUID) -> Concern:
    return concerns.get_held(session(), viewer(), concern_id).concern


def _told(found: Held) -> dict[str, Any]:
    row = found.concern
    raised = ("uuid", "version", *concerns.READERS, "raised_at", "read_by", "decide_by", "read_at")
    ours = (
        "enquiry", "enquiry_at", "enquiry_why", "safety_plan", "closed_at", "outcome", "wishes_met",
    )  # fmt: skip
    names = (*raised, *ours) if concerns.holds(viewer(), row) else raised
    return {
        **{name: getattr(row, name) for name in names},
        "person_id": found.person.uuid,
        "person": f"{found.person.given_name} {found.person.family_name}",
        "team": found.team.name,
        "raised_by": found.raised_by,
    }
