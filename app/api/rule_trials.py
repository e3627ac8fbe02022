"""Changes of rules tried on the recorded past, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.judging.rules import from_document
from care_plans.models.alerts import Cause
from care_plans.severity import Severity
from care_plans.trying import everybody, proposing
from care_plans.trying.comparing import Change
from care_plans.trying.everybody import Found, Told

blueprint = Blueprint("rule-trials", "Another form of a rule, tried on the past of everybody who has it.")


class TrialIn(Shape):
    """A pathway's rule as it would be: the whole document, with its key, class and about as they are."""

    pathway = Text(required=True)
    rule = fields.Dict(required=True, metadata={"description": "As docs/rules.md describes a rule."})


class TrialFoundOut(Shape):
    """One finding of the past; null where one of the two forms would not have found it."""

    change = choice(Change)
    before = choice(Severity, allow_none=True)
    after = choice(Severity, allow_none=True)
    at = Moment()
    at_after = Moment(allow_none=True)
    words = Text()
    closed_as = choice(Cause, allow_none=True)


class TrialPersonOut(Shape):
    """What was found of one person whom you see in full."""

    person_id = fields.UUID()
    found = fields.List(fields.Nested(TrialFoundOut))


class TrialOut(Shape):
    """A trial; it is under way while `finished_at` is null."""

    id = identity()
    pathway = Text()
    rule_key = Text()
    rule = fields.Dict()
    days = fields.Integer()
    asked_by = Text()
    asked_at = Moment()
    finished_at = Moment(allow_none=True)
    people = fields.Integer()
    done = fields.Integer()
    failed = fields.Integer(metadata={"description": "People who could not be tried: a fault."})
    readings = fields.Integer()
    own_limits = fields.Integer(metadata={"description": "People who keep limits of their own."})
    items = fields.List(fields.Nested(TrialPersonOut))


@blueprint.post("")
@needs("plans:write")
@blueprint.takes(TrialIn)
@blueprint.answers(TrialOut, 201)
def ask_for_trial(given: Given) -> Any:
    """Have a changed rule tried on the last 90 days; nothing is changed and nobody is called."""
    document = dict(given["rule"])
    trigger = proposing.trigger_of(given["pathway"], from_document(document).key)
    proposing.refuse_other(document, trigger.rule)
    trial = everybody.ask(session(), given["pathway"], trigger, document, by=viewer(), now=now())
    return _told(everybody.find(session(), trial.uuid, viewer(), now()))


@blueprint.get("/<uuid:trial_id>")
@needs("plans:read")
@blueprint.answers(TrialOut)
def show_rule_trial(trial_id: UUID) -> Any:
    """Tell what it found, as far as it is."""
    return _told(everybody.find(session(), trial_id, viewer(), now()))


def _told(told: Told) -> dict[str, Any]:
    row = told.row
    return {
        "uuid": row.uuid,
        "pathway": row.pathway,
        "rule_key": row.rule_key,
        "rule": row.document,
        "days": row.days,
        "asked_by": told.asked_by,
        "asked_at": row.asked_at,
        "finished_at": row.finished_at,
        "people": told.people,
        "done": told.done,
        "failed": told.failed,
        "readings": told.readings,
        "own_limits": row.own_limits,
        "items": [
            {"person_id": each.person.uuid, "found": [_found(one) for one in each.found]}
            for each in told.of_people
        ],
    }


def _found(one: Found) -> dict[str, Any]:
    return {
        "change": one.change,
        "before": one.before,
        "after": one.after,
        "at": one.at,
        "at_after": one.at_after,
        "words": one.words,
        "closed_as": one.cause,
    }
