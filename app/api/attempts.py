"""Calls to people in the REST API: every attempt and what came of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, identity, page_of
from app.api.named import fields_as
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.paging import Page, page
from app.api.people import opened_person
from app.auth import needs
from app.context import now, session, viewer
from care_plans.alerts import alerts
from care_plans.models.ringing import ContactAttempt
from care_plans.reached import Came
from care_plans.ringing import attempts, no_replies, read
from care_plans.ringing.attempts import Recorded
from care_plans.severity import Severity
from care_plans.work import agenda
from core.errors import Invalid, NotFound
from people.faults import LINES

of_follow_up = Blueprint(
    "follow-ups",
    "What somebody is to do for a person or a home, by when.",
    part="attempts",
    prefix=f"{PREFIX}/follow-ups/<uuid:follow_up_id>/attempts",
)
of_person = Blueprint(
    "people", "Whom we care for.", part="attempts", prefix=f"{PREFIX}/people/<uuid:person_id>/attempts"
)
blueprint = Blueprint("attempts", "Calls to people: when, by whom, and what came of each.")

FIELDS = {"contact": "contact_id", "next": "severity"}


class AttemptIn(Shape):
    """What came of one call. Somebody who answered and is not well needs words, and what is to follow."""

    came = choice(Came, required=True)
    words = Text(most=LINES, lines=True, load_default=None, allow_none=True)
    contact_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who around the person was rung; the person themselves if left out."},
    )
    severity = choice(
        Severity,
        load_default=None,
        allow_none=True,
        metadata={"description": "For answered_not_well: an alert of this severity is raised."},
    )
    alert_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "For answered_not_well: the open alert that is told instead."},
    )


class AttemptOut(Shape):
    """One call; `came` and `words` are null where they are not shared with your agency."""

    id = identity()
    at = Moment()
    by = Text()
    whom = Text(allow_none=True, metadata={"description": "Who was rung; null for the person themselves."})
    came = choice(Came, allow_none=True)
    words = Text(lines=True, allow_none=True)
    undone = fields.Boolean(metadata={"description": "Taken back by whoever had recorded it."})


class Attempts(Shape):
    """The attempts for a follow-up, the latest first."""

    items = fields.List(fields.Nested(AttemptOut), required=True)


class RecordedOut(Shape):
    """The attempt, and how it stands: after `needed` in a row the person is looked for."""

    attempt = fields.Nested(AttemptOut)
    without_answer = fields.Integer()
    needed = fields.Integer()
    counts_again_at = Moment(allow_none=True)
    no_reply_id = fields.UUID(
        allow_none=True, metadata={"description": "The open no-reply procedure, if there is one."}
    )


@of_follow_up.get("")
@needs("follow-ups:read")
@of_follow_up.answers(Attempts)
def list_attempts(follow_up_id: UUID) -> Any:
    """List the attempts of a call."""
    row = agenda.get(session(), viewer(), follow_up_id, now())
    rows = session().scalars(
        read.listing_of_follow_up(viewer(), now(), follow_up_id=row.id).order_by(ContactAttempt.id.desc())
    )
    return {"items": _told(rows.all())}


@of_follow_up.post("")
@needs("follow-ups:act")
@of_follow_up.takes(AttemptIn)
@of_follow_up.answers(RecordedOut, 201)
def record_attempt(given: Given, follow_up_id: UUID) -> Any:
    """Record what came of ringing; two who record at once are both kept."""
    row = agenda.get(session(), viewer(), follow_up_id, now())
    with fields_as(**FIELDS):
        return recorded(attempts.record(session(), row, read_given(given), by=viewer(), now=now()))


@of_person.get("")
@needs("people:read")
@of_person.takes(Cut, location="query")
@of_person.answers(page_of(AttemptOut))
def list_attempts_of_person(asked: Given, person_id: UUID) -> Page[Any]:
    """List every attempt to reach somebody that is in sight, the latest first."""
    person = opened_person(person_id, "calls")
    query = read.listing(viewer(), now(), person_id=person.id)
    keys = [ContactAttempt.at, ContactAttempt.id]
    return page(session(), query, keys, asked, newest_first=True).turned(_told)


@blueprint.post("/<uuid:attempt_id>/undo")
@needs("follow-ups:act")
@blueprint.answers(AttemptOut)
def undo_attempt(attempt_id: UUID) -> Any:
    """Take back what you recorded by mistake a moment ago; the call is to be made again."""
    row = read.get(session(), viewer(), attempt_id, now())
    return _told([attempts.undo(session(), row, by=viewer(), now=now())])[0]


def read_given(given: Given) -> attempts.Given:
    """What was sent of an attempt; Invalid where it names an alert that is not there."""
    alert = None
    if given["alert_id"] is not None:
        try:
            alert = alerts.get(session(), viewer(), given["alert_id"], now())
        except NotFound as fault:
            raise Invalid({"alert_id": "There is no such alert."}) from fault
    return attempts.Given(given["came"], given["words"] or "", given["contact_id"], given["severity"], alert)


def recorded(found: Recorded) -> dict[str, Any]:
    """An attempt that was kept, and how it stands."""
    open_ = found.no_reply
    if open_ is None or open_.ended_at is not None:
        open_ = no_replies.find_open(session(), found.attempt.person_id)
    return {
        "attempt": _told([found.attempt])[0],
        "without_answer": found.standing.failed,
        "needed": found.standing.needed,
        "counts_again_at": found.standing.again_at,
        "no_reply_id": open_.uuid if open_ is not None else None,
    }


def _told(rows: Sequence[ContactAttempt]) -> list[Any]:
    return list(read.told(session(), viewer(), rows, now()))
