"""Care plans in the REST API: a person put on a pathway, limits set for them, versions published."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Number, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.api.plan_shapes import VersionOut, VersionWhole, told, whole
from app.api.versions import if_match, seen
from app.auth import needs
from app.context import now, session, viewer
from care_plans.models.plans import PlanVersion, VersionState, WorkDecision
from care_plans.plan import drafts, edits, enrol, publish, read, shared
from care_plans.plan.open_work import Decided
from core.errors import Conflict, NotAllowed, NotFound
from people import sharing, visible
from people.access import Extent, RecordClass
from people.models.agencies import Staff
from people.models.people import Person

ABOUT = "The one plan of a person, shared by all agencies, in versions that never change once published."
PATH = f"{PREFIX}/people/<uuid:person_id>/care-plans"
NOT_SHARED = "Only part of this plan is shared with your agency, so it can't be changed or compared by it."


def blueprint_for(part: str = "") -> Blueprint:
    """The routes of the plan's versions, or of one `part` of them."""
    return Blueprint("care-plans", ABOUT, part=part, prefix=PATH)


blueprint = blueprint_for()
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


class WorkIn(Shape):
    """What becomes of one piece of open work; `text` and `due_at` are of what replaces it."""

    id = fields.UUID(required=True)
    decision = choice(WorkDecision, required=True)
    reason = Text(lines=True, load_default=None, allow_none=True)
    text = Text(lines=True, load_default=None, allow_none=True)
    due_at = Moment(load_default=None, allow_none=True)


class Publication(Shape):
    """Why it changes, with whom it was agreed, and when it is looked at again (in 90 days).

    `open_work` says what becomes of work that earlier versions caused; what it leaves out is kept.
    """

    open_work = fields.List(fields.Nested(WorkIn), load_default=list)

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
    rows = read.list_versions(session(), person)
    if extent_of(person) is not Extent.FULL:
        rows = [row for row in rows if row.state is VersionState.PUBLISHED]
        kept = [{**each, "reason": None, "agreed_with": None, "funding_words": None} for each in told(rows)]
        return {"items": kept, "next": None}
    return {"items": told(rows), "next": None}


@blueprint.post("")
@needs("plans:write")
@blueprint.takes(Enrolment)
@blueprint.answers(VersionWhole, 201)
def enrol_person(given: Given, person_id: UUID) -> Any:
    """Put a person on a pathway: its needs, goals, rules, ladders and schedules, with real teams."""
    person = full_person(person_id)
    version = enrol.enrol(
        session(),
        person,
        given["pathway"],
        by=me(),
        now=now(),
        publish_now=given["publish"],
        agreed_with=given["agreed_with"],
    )
    return whole_of(person, version)


@blueprint.post("/draft")
@needs("plans:write")
@blueprint.answers(VersionWhole, 201)
def open_draft(person_id: UUID) -> Any:
    """Open the draft, to change it: the one there is, or a copy of what is in force."""
    person = full_person(person_id)
    return whole_of(person, drafts.open_draft(session(), person, me()))


@blueprint.get("/<uuid:version_id>")
@needs("plans:read")
@blueprint.answers(VersionWhole)
def get_care_plan(person_id: UUID, version_id: UUID) -> Any:
    """Show one version with all that it says."""
    person = opened_person(person_id, "care plan")
    version = read.get_version(session(), person, version_id)
    if version.state is not VersionState.PUBLISHED and extent_of(person) is not Extent.FULL:
        raise NotFound
    return whole_of(person, version)


@blueprint.patch("/<uuid:version_id>/rules/<rule_key>")
@needs("plans:write")
@blueprint.takes(LimitIn)
@blueprint.answers(VersionWhole)
def set_limit(given: Given, person_id: UUID, version_id: UUID, rule_key: str) -> Any:
    """Set a limit of a rule in the draft, within its safe bounds; If-Match is the draft's ETag."""
    person = full_person(person_id)
    draft = draft_of(person, version_id)
    if_match(draft.version)
    if not rule_key.isprintable():  # the database can't even look for a zero byte
        raise NotFound("The plan has no such rule.")
    drafts.set_limit(session(), person, rule_key, by=me(), now=now(), **given)
    return whole_of(person, draft)


@blueprint.post("/<uuid:version_id>/publish", seen=True)
@needs("plans:write")
@blueprint.takes(Publication)
@blueprint.answers(VersionWhole)
def publish_draft(given: Given, person_id: UUID, version_id: UUID) -> Any:
    """Put the draft in force, if nothing is wrong with it: rules and follow-ups go by it from now on."""
    person = full_person(person_id)
    edits.refuse_if_changed(session(), draft_of(person, version_id), person, seen())
    decided = {
        each["id"]: Decided(each["decision"], each["reason"], each["text"], each["due_at"])
        for each in given.pop("open_work")
    }
    version = publish.publish(
        session(), person, by=me(), now=now(), decided=decided, viewer=viewer(), **given
    )
    return whole_of(person, version)


@blueprint.delete("/<uuid:version_id>")
@needs("plans:write")
@blueprint.answers()
def drop_draft(person_id: UUID, version_id: UUID) -> None:
    """Throw the draft away; what is in force stays."""
    person = full_person(person_id)
    draft_of(person, version_id)
    drafts.drop(session(), person, me())


def extent_of(person: Person) -> Extent:
    """How much of the plan is shared with the asker."""
    return sharing.sees(session(), viewer(), person.id, now())[RecordClass.PLAN]


def full_person(person_id: UUID, *, look: bool = False) -> Person:
    """The person, for whom the whole plan is shared with; NotAllowed for the others."""
    if look:
        person = opened_person(person_id, "care plan")
    else:
        person = visible.get_person(session(), viewer(), person_id, now())
    if extent_of(person) is not Extent.FULL:
        raise NotAllowed(NOT_SHARED)
    return person


def draft_of(person: Person, version_id: UUID) -> PlanVersion:
    """The draft, held so that nobody else changes it meanwhile; Conflict when it is no draft any more."""
    version = read.get_version(session(), person, version_id)
    if version.state is not VersionState.DRAFT:
        raise Conflict(NOT_A_DRAFT)
    session().refresh(version, with_for_update=True)
    return version


def whole_of(person: Person, version: PlanVersion) -> dict[str, Any]:
    """A version as it is answered, as far as it is shared with the asker."""
    asker, sees = viewer(), sharing.sees(session(), viewer(), person.id, now())
    plan = read.whole(session(), person, version, now())
    return whole(shared.shown(plan, sees, asker.agency_id, asker.team_ids), sees[RecordClass.PLAN])


def me() -> Staff:
    """Who asks."""
    return session().get_one(Staff, viewer().staff_id)
