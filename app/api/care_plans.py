"""Care plans in the REST API: a person put on a pathway, limits set for them, versions published."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Number, Shape, Text
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.api.plan_shapes import VersionOut, VersionWhole, told, whole
from app.api.versions import if_match
from app.auth import needs
from app.context import now, session, viewer
from care_plans.models.plans import PlanVersion, VersionState
from care_plans.plan import drafts, enrol, publish, read
from core.errors import Conflict, NotFound
from people import visible
from people.models.agencies import Staff
from people.models.people import Person

blueprint = Blueprint(
    "care-plans",
    "The one plan of a person, shared by all agencies, in versions that never change once published.",
    prefix=f"{PREFIX}/people/<uuid:person_id>/care-plans",
)
NOT_A_DRAFT = "This version is not a draft: open one, and change that."


class Enrolment(Shape):
    """Which pathway is laid into the plan; it is in force at once unless `publish` is false."""

    pathway = Text(required=True)
    publish = fields.Boolean(load_default=True)
    agreed_with = Text(load_default=None, allow_none=True)


class LimitIn(Shape):
    """One limit of a rule for this person: its name, where it is to stand, and why."""

    name = Text(required=True)
    limit = Number(required=True)
    why = Text(lines=True, required=True)


class Publication(Shape):
    """Why it changes, with whom it was agreed, and when it is looked at again (in 90 days)."""

    reason = Text(lines=True, required=True)
    agreed_with = Text(load_default=None, allow_none=True)
    review_on = fields.Date(load_default=None, allow_none=True)


class Versions(Shape):
    """Every version of a person's plan, the newest first; there is never a next part."""

    items = fields.List(fields.Nested(VersionOut), required=True)
    next = fields.String(required=True, allow_none=True)


@blueprint.get("")
@needs("plans:read")
@blueprint.answers(Versions)
def list_care_plans(person_id: UUID) -> Any:
    """List every version of a person's plan, the newest first."""
    person = opened_person(person_id, "care plans")
    return {"items": told(read.list_versions(session(), person)), "next": None}


@blueprint.post("")
@needs("plans:write")
@blueprint.takes(Enrolment)
@blueprint.answers(VersionWhole, 201)
def enrol_person(given: Given, person_id: UUID) -> Any:
    """Put a person on a pathway: its needs, goals, rules, ladders and schedules, with real teams."""
    person = _person(person_id)
    version = enrol.enrol(
        session(),
        person,
        given["pathway"],
        by=_staff(),
        now=now(),
        publish_now=given["publish"],
        agreed_with=given["agreed_with"],
    )
    return _whole(person, version)


@blueprint.post("/draft")
@needs("plans:write")
@blueprint.answers(VersionWhole, 201)
def open_draft(person_id: UUID) -> Any:
    """Open the draft, to change it: the one there is, or a copy of what is in force."""
    person = _person(person_id)
    return _whole(person, drafts.open_draft(session(), person, _staff()))


@blueprint.get("/<uuid:version_id>")
@needs("plans:read")
@blueprint.answers(VersionWhole)
def get_care_plan(person_id: UUID, version_id: UUID) -> Any:
    """Show one version with all that it says."""
    person = opened_person(person_id, "care plan")
    return _whole(person, read.get_version(session(), person, version_id))


@blueprint.patch("/<uuid:version_id>/rules/<rule_key>")
@needs("plans:write")
@blueprint.takes(LimitIn)
@blueprint.answers(VersionWhole)
def set_limit(given: Given, person_id: UUID, version_id: UUID, rule_key: str) -> Any:
    """Set a limit of a rule in the draft, within its safe bounds; If-Match is the draft's ETag."""
    person = _person(person_id)
    draft = _draft(person, version_id)
    if_match(draft.version)
    if not rule_key.isprintable():  # the database can't even look for a zero byte
        raise NotFound("The plan has no such rule.")
    drafts.set_limit(session(), person, rule_key, by=_staff(), now=now(), **given)
    return _whole(person, draft)


@blueprint.post("/<uuid:version_id>/publish")
@needs("plans:write")
@blueprint.takes(Publication)
@blueprint.answers(VersionWhole)
def publish_draft(given: Given, person_id: UUID, version_id: UUID) -> Any:
    """Put the draft in force, if nothing is wrong with it: rules and follow-ups go by it from now on."""
    person = _person(person_id)
    _draft(person, version_id)
    return _whole(person, publish.publish(session(), person, by=_staff(), now=now(), **given))


@blueprint.delete("/<uuid:version_id>")
@needs("plans:write")
@blueprint.answers()
def drop_draft(person_id: UUID, version_id: UUID) -> None:
    """Throw the draft away; what is in force stays."""
    person = _person(person_id)
    _draft(person, version_id)
    drafts.drop(session(), person, _staff())


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _draft(person: Person, version_id: UUID) -> PlanVersion:
    version = read.get_version(session(), person, version_id)
    if version.state is not VersionState.DRAFT:
        raise Conflict(NOT_A_DRAFT)
    return version


def _whole(person: Person, version: PlanVersion) -> dict[str, Any]:
    return whole(read.whole(session(), person, version, now()))


def _staff() -> Staff:
    return session().get_one(Staff, viewer().staff_id)
