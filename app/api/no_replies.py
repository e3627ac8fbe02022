"""Somebody does not answer, in the REST API: what was agreed, and each time that they are looked for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api import attempts as attempt_shapes
from app.api.attempts import AttemptIn, RecordedOut, read_given, recorded
from app.api.fields import Cut, Moment, Shape, Text, choice, identity, page_of, row_version, whole
from app.api.named import fields_as, team_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import now, session, viewer
from care_plans.models.ringing import NoReply
from care_plans.pathways import reading
from care_plans.reached import Found
from care_plans.ringing import attempts, no_replies, terms
from care_plans.ringing.procedure import (
    DEFAULT,
    MOST_APART,
    MOST_ATTEMPTS,
    MOST_WAIT,
    MOST_WITHIN,
    Act,
    to_document,
)
from care_plans.ringing.terms import Agreed
from care_plans.work import part_in_care
from core.errors import Invalid, NotAllowed, NotFound
from people import named, sharing, teams, unseen, visible
from people.access import Extent, RecordClass
from people.faults import LINE, LINES
from people.models.agencies import Team
from people.models.people import Person

blueprint = Blueprint("no-replies", "Somebody does not answer: begun, and ended by finding out how they are.")
of_person = Blueprint(
    "people",
    "Whom we care for.",
    part="no-reply-terms",
    prefix=f"{PREFIX}/people/<uuid:person_id>/no-reply-terms",
)
of_team = Blueprint(
    "teams",
    "People of one agency who answer together.",
    part="no-reply-terms",
    prefix=f"{PREFIX}/teams/<uuid:team_id>/no-reply-terms",
)
of_pathway = Blueprint(
    "pathways",
    "Service models: what they want, lend, watch and answer, and with whom.",
    part="no-reply-terms",
    prefix=f"{PREFIX}/pathways/<pathway>/no-reply-terms",
)


class NoReplyStep(Shape):
    """One step: whose it is (by role where it is left out), how long they have, what to know."""

    act = choice(Act, required=True)
    minutes = whole(1, MOST_WAIT, required=True)
    team_id = fields.UUID(load_default=None, allow_none=True)
    words = Text(most=LINE, load_default=None, allow_none=True)


class TermsIn(Shape):
    """After how many calls somebody counts as not answering, and what is done then, in this order."""

    attempts = whole(1, MOST_ATTEMPTS, required=True)
    apart_minutes = whole(1, MOST_APART, required=True)
    within_minutes = whole(1, MOST_WITHIN, required=True)
    steps = fields.List(fields.Nested(NoReplyStep), required=True)


class PersonTermsIn(TermsIn):
    """The same for one person, with whom it was agreed and on which day."""

    agreed_with = Text(most=LINE, required=True)
    agreed_on = fields.Date(required=True)


class TermsOut(TermsIn):
    """What holds. `version` counts how often it was set; nought for what holds as usual."""

    version = row_version()
    whose = Text(metadata={"description": "person, pathway, team or usual."})
    agreed_with = Text(allow_none=True)
    agreed_on = fields.Date(allow_none=True)
    set_at = Moment(allow_none=True)
    set_by = Text(allow_none=True)


class NoRepliesAsked(Cut):
    """Which are asked for."""

    open = fields.Boolean(load_default=None, metadata={"description": "Only those still looked for, or not."})
    person_id = fields.UUID(load_default=None)


class NoReplyIn(Shape):
    """Whom to look for before enough calls were made, and why."""

    person_id = fields.UUID(required=True)
    why = Text(most=LINES, lines=True, required=True)


class NoReplyOut(Shape):
    """Once that somebody is looked for; its steps and deadlines are the ladder of its alert."""

    id = identity()
    version = row_version()
    person_id = fields.UUID(allow_none=True)
    alert_id = fields.UUID()
    began_at = Moment()
    began_by = Text(allow_none=True, metadata={"description": "Null where it began by itself."})
    why = Text(lines=True, allow_none=True)
    ended_at = Moment(allow_none=True)
    ended = choice(Found, allow_none=True)
    ended_by = Text(allow_none=True)


@blueprint.get("")
@needs("alerts:read")
@blueprint.takes(NoRepliesAsked, location="query")
@blueprint.answers(page_of(NoReplyOut))
def list_no_replies(asked: Given) -> Page[Any]:
    """List those in sight, the latest first."""
    person = asked["person_id"]
    query = no_replies.listing(
        viewer(),
        now(),
        open_=asked["open"],
        person_id=visible.get_person(session(), viewer(), person, now()).id if person else None,
    )
    return page(session(), query, [NoReply.began_at, NoReply.id], asked, newest_first=True).turned(_told)


@blueprint.post("")
@needs("alerts:act")
@blueprint.takes(NoReplyIn)
@blueprint.answers(NoReplyOut, 201)
def begin_no_reply(given: Given) -> Any:
    """Look for somebody now; whoever is looked for already is answered as they are."""
    person = visible.get_person(session(), viewer(), given["person_id"], now())
    team_id = no_replies.find_team(session(), person.id, viewer(), now())
    if team_id is None:
        raise Invalid({"person_id": "No team leads their care, and you are in none."})
    with fields_as(words="why"):
        row = no_replies.begin(session(), person, team_id=team_id, words=given["why"], now=now(), by=viewer())
    if row is None:
        raise NotFound
    return _told([row])[0]


@blueprint.get("/<uuid:no_reply_id>")
@needs("alerts:read")
@blueprint.answers(NoReplyOut)
def get_no_reply(no_reply_id: UUID) -> Any:
    """Show one."""
    return _told([no_replies.get(session(), viewer(), no_reply_id, now())])[0]


@blueprint.post("/<uuid:no_reply_id>/attempts")
@needs("alerts:act")
@blueprint.takes(AttemptIn)
@blueprint.answers(RecordedOut, 201)
def record_attempt(given: Given, no_reply_id: UUID) -> Any:
    """Record a call while they are looked for; an answer of their own ends it."""
    row = no_replies.get(session(), viewer(), no_reply_id, now())
    with fields_as(**attempt_shapes.FIELDS):
        return recorded(attempts.record_for_alert(session(), row, read_given(given), by=viewer(), now=now()))


@of_person.get("")
@needs("people:read")
@of_person.answers(TermsOut)
def show_terms(person_id: UUID) -> Any:
    """Show what holds for somebody: their own, else that of the team that leads, else the usual."""
    person = visible.get_person(session(), viewer(), person_id, now())
    visible.record_part(session(), viewer(), person, now(), at_what="no-reply procedure")
    if not unseen.shown(session(), viewer(), person, RecordClass.PLAN, now()):
        raise NotAllowed(f"The plan is not shared with {viewer().agency or 'your agency'}.")
    return _holding(person)


@of_person.put("")
@needs("plans:write")
@of_person.takes(PersonTermsIn)
@of_person.answers(TermsOut)
def set_terms(given: Given, person_id: UUID) -> Any:
    """Write down what was agreed for somebody."""
    person = visible.get_person(session(), viewer(), person_id, now())
    unseen.refuse(session(), viewer(), person, RecordClass.PLAN, now())
    if_match(terms.revision_of_person(session(), person.id))
    agreed = {name: given.pop(name) for name in ("agreed_with", "agreed_on")}
    terms.set_for_person(session(), person, _document(given), **agreed, by=viewer(), now=now())
    return _holding(person)


@of_person.delete("")
@needs("plans:write")
@of_person.answers()
def drop_terms(person_id: UUID) -> None:
    """Let what holds for everybody hold for them again."""
    person = visible.get_person(session(), viewer(), person_id, now())
    terms.drop_of_person(session(), person, by=viewer(), now=now())


@of_team.get("")
@needs("follow-ups:read")
@of_team.answers(TermsOut)
def show_team_terms(team_id: UUID) -> Any:
    """Show what holds for the calls of a team."""
    return _shown(terms.holding(session(), None, teams.get(session(), team_id)[0].id))


@of_team.put("")
@needs("plans:write")
@of_team.takes(TermsIn)
@of_team.answers(TermsOut)
def set_team_terms(given: Given, team_id: UUID) -> Any:
    """Set what holds for the calls of one's own team."""
    team = teams.get(session(), team_id)[0]
    if_match(terms.holding(session(), None, team.id).revision)
    terms.set_for_team(session(), team, _document(given), by=viewer(), now=now())
    return _shown(terms.holding(session(), None, team.id))


@of_pathway.get("")
@needs("pathways:read")
@of_pathway.answers(TermsOut)
def show_pathway_terms(pathway: str) -> Any:
    """Show what holds for those on a pathway."""
    return _of_pathway(reading.get(pathway).code)


@of_pathway.put("")
@needs("pathways:switch")
@of_pathway.takes(TermsIn)
@of_pathway.answers(TermsOut)
def set_pathway_terms(given: Given, pathway: str) -> Any:
    """Set what holds for those on a pathway."""
    code = reading.get(pathway).code
    if_match(_of_pathway(code)["version"])
    terms.set_for_pathway(session(), code, _document(given), by=viewer(), now=now())
    return _of_pathway(code)


def _of_pathway(code: str) -> dict[str, Any]:
    return _shown(terms.find_of_pathway(session(), code) or Agreed(DEFAULT, "usual"))


def _document(given: Given) -> dict[str, Any]:
    steps = []
    for place, step in enumerate(given["steps"]):
        told = {"act": step["act"].value, "minutes": step["minutes"]}
        if step["team_id"] is not None:
            told["team"] = team_of(f"steps.{place}.team_id", step["team_id"]).id
        if step["words"]:
            told["words"] = step["words"]
        steps.append(told)
    return {**given, "steps": steps}


def _holding(person: Person) -> dict[str, Any]:
    lead = part_in_care.leading_team(session(), person.id, None, now())
    return _shown(
        terms.holding(session(), person.id, lead or 0), terms.revision_of_person(session(), person.id)
    )


def _shown(agreed: Agreed, revision: int | None = None) -> dict[str, Any]:
    document, row = to_document(agreed.terms), agreed.row
    keys = [step["team"] for step in document["steps"] if "team" in step]
    known = {team.id: team.uuid for team in (session().get(Team, key) for key in keys) if team is not None}
    return {
        **document,
        "steps": [
            {
                "act": Act(step["act"]),
                "minutes": step["minutes"],
                "team_id": known.get(step.get("team")),
                "words": step.get("words"),
            }
            for step in document["steps"]
        ],
        "version": agreed.revision if revision is None else revision,
        "whose": agreed.whose,
        "agreed_with": row.agreed_with if row else None,
        "agreed_on": row.agreed_on if row else None,
        "set_at": row.set_at if row else None,
        "set_by": agreed.set_by,
    }


def _told(rows: Sequence[NoReply]) -> list[dict[str, Any]]:
    people = named.people(session(), [row.person_id for row in rows])
    seen = sharing.sees_all(session(), viewer(), [row.person_id for row in rows], now())
    names = ("uuid", "version", "began_at", "ended_at", "ended")
    found = []
    for each in no_replies.stories(session(), rows):
        notes = seen[each.row.person_id][RecordClass.NOTES] is Extent.FULL
        found.append(
            {name: getattr(each.row, name) for name in names}
            | {
                "person_id": people.get(each.row.person_id),
                "alert_id": each.alert,
                "began_by": each.began_by,
                "ended_by": each.ended_by,
                "why": each.row.why if notes or each.row.began_by_id is None else None,
            }
        )
    return found
