"""The early warning score of somebody in the REST API: how it is set, by whom, and how it stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans import scoring
from care_plans.evaluating import scores
from care_plans.judging.news2 import Risk, Scale, Score
from care_plans.models.scoring import News2Use
from core.errors import NotAllowed
from people import unseen, visible
from people.access import RecordClass
from people.faults import LINES
from people.models.people import Person

blueprint = Blueprint(
    "news2",
    "The early warning score: off for everybody until a clinician takes responsibility for one person.",
    prefix=f"{PREFIX}/people/<uuid:person_id>/news2",
)


class News2In(Shape):
    """How it is to be set."""

    scale = choice(Scale, required=True)
    scale_why = Text(most=LINES, lines=True, allow_none=True, load_default=None)
    within_minutes = fields.Integer(
        load_default=scoring.WITHIN,
        metadata={"description": "How long a measurement counts: 15 minutes to 24 hours."},
    )
    usual = fields.Integer(allow_none=True, load_default=None)
    usual_on = fields.Date(allow_none=True, load_default=None)
    pregnant = fields.Boolean(
        allow_none=True,
        load_default=None,
        metadata={"description": f"Has to be said of everybody under {scoring.ASKED_UNDER}."},
    )
    spinal_injury = fields.Boolean(load_default=False)
    why = Text(most=LINES, lines=True, required=True)
    review_on = fields.Date(required=True)


class News2Out(Shape):
    """How it was set, from when to when (null: it is on)."""

    id = identity()
    scale = choice(Scale)
    scale_why = Text(lines=True, allow_none=True)
    within_minutes = fields.Integer()
    usual = fields.Integer(allow_none=True)
    usual_on = fields.Date(allow_none=True)
    spinal_injury = fields.Boolean()
    why = Text(lines=True)
    review_on = fields.Date()
    review_overdue = fields.Boolean(metadata={"description": "It is on still, though that day is over."})
    on_at = Moment()
    on_by = Text()
    off_at = Moment(allow_none=True)
    off_by = Text(allow_none=True)
    off_why = Text(lines=True, allow_none=True)


class News2PartOut(Shape):
    """One of the seven measurements; null for what is not known."""

    kind = Text()
    value = fields.Float(allow_none=True)
    at = Moment(allow_none=True)
    points = fields.Integer(allow_none=True)


class News2ScoreOut(Shape):
    """The score now. Incomplete, `total`, `highest` and `risk` are the least it can be, `most` the most."""

    total = fields.Integer()
    most = fields.Integer()
    highest = fields.Integer()
    risk = choice(Risk)
    complete = fields.Boolean()
    parts = fields.List(fields.Nested(News2PartOut))


class News2s(Shape):
    """How it stands (null: off, or not used), why it is refused, and every setting, the latest first."""

    score = fields.Nested(News2ScoreOut, required=True, allow_none=True)
    refused = Text(required=True, allow_none=True)
    items = fields.List(fields.Nested(News2Out), required=True)


class OffIn(Shape):
    """Why it is not used any more."""

    why = Text(most=LINES, required=True)


@blueprint.get("")
@needs("readings:read")
@blueprint.answers(News2s)
def show_news2(person_id: UUID) -> Any:
    """Tell the score as it stands, and how it is set for the person."""
    person = opened_person(person_id, "NEWS2")
    if not unseen.shown(session(), viewer(), person, RecordClass.VITALS, now()):
        raise NotAllowed(f"Vital signs are not shared with {viewer().agency or 'your agency'}.")
    row = scoring.find(session(), person)
    refused = scoring.told_refusal(session(), person, viewer(), now())
    used = row is not None and refused is None
    return {
        "score": _score(person, row, now()) if row is not None and used else None,
        "refused": refused,
        "items": [_told(each) for each in scoring.list_of(session(), person)],
    }


@blueprint.post("")
@needs("pathways:switch")
@blueprint.takes(News2In)
@blueprint.answers(News2Out, 201)
def set_news2(given: Given, person_id: UUID) -> Any:
    """Switch it on, or set it otherwise: the setting before ends."""
    person = visible.get_person(session(), viewer(), person_id, now())
    scoring.switch_on(session(), person, given, by=viewer(), now=now())
    return _told(scoring.list_of(session(), person)[0])


@blueprint.post("/off")
@needs("pathways:switch")
@blueprint.takes(OffIn)
@blueprint.answers(News2Out)
def switch_off(given: Given, person_id: UUID) -> Any:
    """Use it no more."""
    person = visible.get_person(session(), viewer(), person_id, now())
    scoring.switch_off(session(), person, given["why"], by=viewer(), now=now())
    return _told(scoring.list_of(session(), person)[0])


def _told(each: scoring.Told) -> dict[str, Any]:
    row = each.row
    names = (
        "uuid", "scale", "scale_why", "usual", "usual_on", "spinal_injury", "why", "review_on", "on_at",
        "off_at", "off_why",
    )  # fmt: skip
    told = {name: getattr(row, name) for name in names}
    overdue = scoring.review_passed(row, now())
    told |= {"within_minutes": row.within // 60, "review_overdue": overdue}
    return told | {"on_by": each.on_by, "off_by": each.off_by}


def _score(person: Person, row: News2Use, at: datetime) -> dict[str, Any]:
    score: Score = scores.now_of(session(), person.id, scores.setting_of(row), at)
    names = ("total", "most", "highest", "risk", "complete")
    return {name: getattr(score, name) for name in names} | {
        "parts": [
            {
                "kind": part.kind,
                "value": part.taken.value if part.taken else None,
                "at": datetime.fromtimestamp(part.taken.at, at.tzinfo) if part.taken else None,
                "points": part.points,
            }
            for part in score.parts
        ]
    }
