"""Who might be the same person, and records brought together, in the REST API."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, identity
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.merging import questions
from core.errors import Invalid, NotFound
from people import duplicates, likeness, looking_first, merging, visible
from people.duplicates import Likely
from people.faults import LINES
from people.matching import Level
from people.models.identity import Merge, MergeState, PairState
from people.models.people import Person, Sex

blueprint = Blueprint("people", "Whom we care for.", part="duplicates", prefix=f"{PREFIX}/people")


class DescribedIn(Shape):
    """What is known of somebody who might be known already."""

    given_name = Text(most=100, required=True)
    family_name = Text(most=100, required=True)
    date_of_birth = fields.Date(required=True)
    preferred_name = Text(most=100, allow_none=True)
    sex = choice(Sex)
    nhs_number = Text(most=20, allow_none=True)
    telephone = Text(most=40, allow_none=True)
    postcode = Text(most=10, allow_none=True)
    address_line = Text(allow_none=True)


class MightBeOut(Shape):
    """Somebody who fits; without `person_id` they are out of your sight, and `ask` says whom to ask."""

    person_id = fields.UUID(allow_none=True)
    score = fields.Float()
    sure = fields.Boolean()
    reasons = fields.List(choice(Level))
    ask = fields.List(fields.String())


class MightBeList(Shape):
    """Whoever fits, the likeliest first."""

    items = fields.List(fields.Nested(MightBeOut), required=True)


class PairOut(Shape):
    """Two records that might be one person; one that is out of sight has no id."""

    id = identity()
    person_ids = fields.List(fields.UUID(), metadata={"description": "Of those in sight."})
    score = fields.Float()
    sure = fields.Boolean()
    reasons = fields.List(choice(Level))
    state = choice(PairState)
    ask = fields.List(
        fields.String(), metadata={"description": "Agencies to ask about the one out of sight."}
    )
    proposed_at = Moment()
    decided_at = Moment(allow_none=True)
    why = Text(lines=True, allow_none=True)


class Pairs(Shape):
    """Pairs, the likeliest first."""

    items = fields.List(fields.Nested(PairOut), required=True)


class WhyIn(Shape):
    """How you know."""

    why = Text(most=LINES, required=True)


class AlertQuestion(Shape):
    """An open alert, and what may be answered of it."""

    alert_id = fields.UUID()
    same_rule_as = fields.UUID(allow_none=True)
    choices = fields.List(fields.String())


class QuestionsOut(Shape):
    """What has to be decided before one record can be brought into another."""

    differs = fields.List(
        fields.String(), metadata={"description": "Fields to choose: kept (usual) or gone."}
    )
    alerts = fields.List(fields.Nested(AlertQuestion))
    home = fields.Boolean(metadata={"description": "Whether it must be said where they live: kept or gone."})
    two_plans = fields.Boolean()


class GoneIn(Shape):
    """Which record would go."""

    gone_id = fields.UUID(required=True)


class DecisionsIn(Shape):
    """What was decided: by field, by the id of each open alert, and where they live."""

    fields_ = fields.Dict(fields.String(), fields.String(), data_key="fields", attribute="fields")
    alerts = fields.Dict(fields.String(), fields.String())
    home = fields.String(allow_none=True)


class MergeIn(Shape):
    """Which record is brought into this one, what was decided, and how you know that they are one person."""

    gone_id = fields.UUID(required=True)
    why = Text(most=LINES, required=True)
    decisions = fields.Nested(DecisionsIn)


class MergeOut(Shape):
    """Two records brought together; a worker does it, so that it may take a moment."""

    id = identity()
    kept_id = fields.UUID()
    gone_id = fields.UUID()
    state = choice(MergeState)
    why = Text(lines=True)
    asked_at = Moment()
    done_at = Moment(allow_none=True)
    refused = Text(allow_none=True)
    rows = fields.Dict(fields.String(), fields.Integer(), allow_none=True)
    undone_at = Moment(allow_none=True)
    undo_why = Text(lines=True, allow_none=True)
    left = fields.List(fields.Dict(), allow_none=True)


class Merges(Shape):
    """Every time that a record was brought together with another, the latest first."""

    items = fields.List(fields.Nested(MergeOut), required=True)


@blueprint.post("/matches")
@needs("people:write")
@blueprint.takes(DescribedIn)
@blueprint.answers(MightBeList)
def list_matches(given: Given) -> Any:
    """Look who might be the same before somebody is taken on; that it was asked is written down."""
    found = looking_first.find(session(), viewer(), given, now())
    return {
        "items": [
            {
                "person_id": each.person.uuid if each.person else None,
                "score": each.likelihood.score,
                "sure": each.likelihood.sure,
                "reasons": each.likelihood.reasons,
                "ask": each.ask,
            }
            for each in found
        ]
    }


@blueprint.get("/duplicates")
@needs("people:read")
@blueprint.takes(Cut, location="query")
@blueprint.answers(Pairs)
def list_duplicates(asked: Given) -> Any:
    """List pairs of records that are likely to be one person, of which at least one is in sight."""
    found = duplicates.list_likely(session(), viewer(), now(), limit=asked["limit"])
    return {"items": [_pair(each) for each in found]}


@blueprint.get("/duplicates/<uuid:pair_id>")
@needs("people:read")
@blueprint.answers(PairOut)
def get_duplicate(pair_id: UUID) -> Any:
    """Show one pair."""
    return _pair(duplicates.get(session(), viewer(), pair_id, now()))


@blueprint.post("/duplicates/<uuid:pair_id>/different")
@needs("people:merge")
@blueprint.takes(WhyIn)
@blueprint.answers(PairOut)
def say_different(given: Given, pair_id: UUID) -> Any:
    """Say that they are two people; nobody is asked again."""
    likely = duplicates.get(session(), viewer(), pair_id, now())
    duplicates.say_different(session(), likely, why=given["why"], by=viewer(), now=now())
    return _pair(likely)


@blueprint.post("/<uuid:person_id>/merge-questions")
@needs("people:merge")
@blueprint.takes(GoneIn)
@blueprint.answers(QuestionsOut)
def ask_questions(given: Given, person_id: UUID) -> Any:
    """Show what has to be decided before another record can be brought into this one."""
    kept, gone = _both(person_id, given["gone_id"])
    asked = questions.of(session(), kept, gone, now())
    return {
        "differs": asked.differs,
        "alerts": [
            {
                "alert_id": each.alert.uuid,
                "same_rule_as": each.twin.uuid if each.twin else None,
                "choices": each.choices,
            }
            for each in asked.alerts
        ],
        "home": asked.homes is not None,
        "two_plans": asked.two_plans,
    }


@blueprint.get("/<uuid:person_id>/merges")
@needs("people:read")
@blueprint.answers(Merges)
def list_merges(person_id: UUID) -> Any:
    """List every time that this record was brought together with another."""
    person = visible.get_person(session(), viewer(), person_id, now())
    visible.record_look(session(), viewer(), person, at_what="records brought together")
    return {"items": [_merge(each) for each in merging.list_of(session(), viewer(), person, now())]}


@blueprint.post("/<uuid:person_id>/merges")
@needs("people:merge")
@blueprint.takes(MergeIn)
@blueprint.answers(MergeOut, 202)
def merge(given: Given, person_id: UUID) -> Any:
    """Let another record be brought into this one; 422 with every open alert and field not decided yet."""
    kept, gone = _both(person_id, given["gone_id"])
    try:
        decided = questions.settled(session(), kept, gone, given.get("decisions") or {}, now())
    except Invalid as fault:
        raise Invalid({f"decisions.{name}": words for name, words in fault.fields.items()}) from fault
    return _merge(merging.ask(session(), kept, gone, decided, why=given["why"], by=viewer(), now=now()))


@blueprint.get("/<uuid:person_id>/merges/<uuid:merge_id>")
@needs("people:read")
@blueprint.answers(MergeOut)
def get_merge(person_id: UUID, merge_id: UUID) -> Any:
    """Show how one of them stands."""
    visible.get_person(session(), viewer(), person_id, now())
    return _merge(merging.get(session(), viewer(), merge_id, now()))


@blueprint.post("/<uuid:person_id>/merges/<uuid:merge_id>/undo")
@needs("people:merge")
@blueprint.takes(WhyIn)
@blueprint.answers(MergeOut, 202)
def undo_merge(given: Given, person_id: UUID, merge_id: UUID) -> Any:
    """Let the records be parted again, every row as it was."""
    visible.get_person(session(), viewer(), person_id, now())
    row = merging.get(session(), viewer(), merge_id, now())
    return _merge(merging.ask_undo(session(), row, why=given["why"], by=viewer(), now=now()))


def _both(kept_id: UUID, gone_id: UUID) -> tuple[Person, Person]:
    kept = visible.get_person(session(), viewer(), kept_id, now())
    try:
        return kept, visible.get_person(session(), viewer(), gone_id, now())
    except NotFound as fault:
        raise Invalid({"gone_id": "There is no such person, or they are not in your sight."}) from fault


def _pair(each: Likely) -> dict[str, Any]:
    pair = each.pair
    names = ("uuid", "score", "sure", "state", "proposed_at", "decided_at", "why")
    return {name: getattr(pair, name) for name in names} | {
        "person_ids": [person.uuid for person in (each.one, each.other) if person],
        "reasons": likeness.reasons_of(pair),
        "ask": each.ask,
    }


def _merge(row: Merge) -> dict[str, Any]:
    names = ("uuid", "state", "why", "asked_at", "done_at", "refused", "undone_at", "undo_why", "left")
    return {name: getattr(row, name) for name in names} | {
        "kept_id": session().get_one(Person, row.kept_id).uuid,
        "gone_id": session().get_one(Person, row.gone_id).uuid,
        "rows": (row.moved or {}).get("rows"),
    }
