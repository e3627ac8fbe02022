"""A draft in the REST API: parts changed one by one, contradictions settled, agreed, compared, open work."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.care_plans import blueprint_for, draft_of, full_person, me, whole_of
from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import Given
from app.api.plan_shapes import AgreementOut, VersionWhole
from app.api.versions import if_match
from app.auth import needs
from app.context import now, session, unrung
from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.models.plans import AgreedWith, FundingSource
from care_plans.plan import (
    agreeing,
    apply,
    changing,
    checks,
    compare,
    doing,
    drafts,
    known,
    open_work,
    read,
    settling,
    unreached,
)
from care_plans.plan.compare import What
from care_plans.plan.contradictions import About
from care_plans.plan.known import Known
from care_plans.plan.parts import FIELDS, Part
from core.errors import Invalid, NotFound
from people.models.agencies import Staff
from people.models.people import Person

blueprint = blueprint_for("parts")

PARTS = "\n".join(f"- `{part}`: {', '.join(sorted(names))}" for part, names in FIELDS.items())


class PartIn(Shape):
    """The fields of one part, by name; which there are is in docs/plans.md."""

    values = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": f"By sort of part:\n{PARTS}"}
    )


class PartMade(Shape):
    """The key of a part, and the draft's version since."""

    part = choice(Part)
    key = Text()
    version = fields.Integer(metadata={"description": "The draft's, as its ETag."})


class OrderIn(Shape):
    """Whether it goes before its neighbour or behind it."""

    up = fields.Boolean(required=True)


class WholeIn(Shape):
    """What belongs to the plan as a whole."""

    watched = Text(lines=True, allow_none=True)
    otherwise = Text(lines=True, allow_none=True)
    review_on = fields.Date(allow_none=True)
    review_by = fields.UUID(allow_none=True)
    funding = choice(FundingSource, allow_none=True)
    funding_words = Text(lines=True, allow_none=True)


class AgreementIn(Shape):
    """Who agreed it and how, or why nobody could. Who may is listed under the person's `may-agree`."""

    with_whom = choice(AgreedWith, required=True)
    who = fields.UUID(
        allow_none=True, metadata={"description": "Of a representative: their `id` in `may-agree`."}
    )
    name = Text(allow_none=True, metadata={"description": "Of the person, with who was there with them."})
    how = Text(lines=True, allow_none=True)
    why_not = Text(lines=True, allow_none=True)
    agreed_on = fields.Date(allow_none=True)


class FaultOut(Shape):
    """What is wrong, at its place."""

    field = fields.String()
    detail = fields.String()


class SideOut(Shape):
    """What one pathway asks."""

    pathway = Text()
    key = Text()
    words = Text(lines=True)


class ContradictionOut(Shape):
    """Where pathways disagree; `accepted` is why both stand."""

    key = Text()
    about = choice(About)
    words = Text(lines=True)
    sides = fields.List(fields.Nested(SideOut))
    accepted = Text(lines=True, allow_none=True)


class WorkOut(Shape):
    """Open work that an earlier version caused; `still` when the draft asks for it too."""

    id = fields.UUID(attribute="uuid")
    words = Text(lines=True)
    team = Text(allow_none=True)
    is_alert = fields.Boolean()
    may_end = fields.Boolean()
    still = fields.Boolean()


class CheckOut(Shape):
    """What keeps a draft from being published, and what has to be looked at."""

    faults = fields.List(fields.Nested(FaultOut))
    doubts = fields.List(
        fields.Nested(FaultOut),
        metadata={"description": "Whom its ladders would ask in vain; it can be published all the same."},
    )
    contradictions = fields.List(fields.Nested(ContradictionOut))
    open_work = fields.List(fields.Nested(WorkOut))


class SettlementIn(Shape):
    """Which side is to hold (its key), or both; and why."""

    keep = Text(required=True, metadata={"description": 'The key of a side, or "both".'})
    reason = Text(lines=True, required=True)


class FieldChangeOut(Shape):
    """One field, from what to what."""

    name = Text()
    before = Text(lines=True)
    after = Text(lines=True)


class ChangeOut(Shape):
    """One part that is not what it was."""

    part = Text()
    key = Text()
    title = Text(lines=True)
    what = choice(What)
    changes = fields.List(fields.Nested(FieldChangeOut), attribute="fields")
    by = Text(allow_none=True)
    why = Text(lines=True, allow_none=True)


class ChangesOut(Shape):
    """Every change, in the order of the plan's page; there is never a next part."""

    items = fields.List(fields.Nested(ChangeOut), required=True)
    next = fields.String(required=True, allow_none=True)


class Since(Shape):
    """Which version to compare with: its number, by default the one before."""

    since = fields.Integer(load_default=None, allow_none=True)


class StatusIn(Shape):
    """How an action stands."""

    status = choice(ActionStatus, required=True)


class ProgressIn(Shape):
    """How a goal stands, and what shows it."""

    status = choice(GoalStatus, required=True)
    words = Text(lines=True, required=True)


class ProgressKept(Shape):
    """How a goal was seen to stand."""

    at = Moment()
    status = choice(GoalStatus)
    words = Text(lines=True, allow_none=True)


@blueprint.patch("/<uuid:version_id>")
@needs("plans:write")
@blueprint.takes(WholeIn)
@blueprint.answers(VersionWhole)
def change_draft(given: Given, person_id: UUID, version_id: UUID) -> Any:
    """Change when somebody looks, what to do otherwise, the review and who pays, in the draft."""
    person = full_person(person_id)
    draft = draft_of(person, version_id)
    if_match(draft.version)
    names = [session().get_one(Staff, each.id) for each in _known(person, draft.id).staff]
    changing.set_whole(session(), person, draft, given, names, by=me(), now=now())
    return whole_of(person, draft)


@blueprint.post("/<uuid:version_id>/parts/<part>")
@needs("plans:write")
@blueprint.takes(PartIn)
@blueprint.answers(PartMade, 201)
def add_part(given: Given, person_id: UUID, version_id: UUID, part: str) -> Any:
    """Add a part to the draft; each fault is answered at its field."""
    person = full_person(person_id)
    draft, sort = draft_of(person, version_id), _sort(part)
    row = changing.add(
        session(), person, draft, sort, given["values"], _known(person, draft.id), by=me(), now=now()
    )
    return {"part": sort, "key": row.key, "version": draft.version}


@blueprint.patch("/<uuid:version_id>/parts/<part>/<part_key>")
@needs("plans:write")
@blueprint.takes(PartIn)
@blueprint.answers(PartMade)
def change_part(given: Given, person_id: UUID, version_id: UUID, part: str, part_key: str) -> Any:
    """Change what is given of a part; the rest stays. If-Match is the draft's ETag."""
    person = full_person(person_id)
    draft, sort = draft_of(person, version_id), _sort(part)
    if_match(draft.version)
    changing.change(
        session(), person, draft, sort, part_key, given["values"], _known(person, draft.id),
        by=me(), now=now(),
    )  # fmt: skip
    return {"part": sort, "key": part_key, "version": draft.version}


@blueprint.delete("/<uuid:version_id>/parts/<part>/<part_key>", edits=True)
@needs("plans:write")
@blueprint.answers()
def remove_part(person_id: UUID, version_id: UUID, part: str, part_key: str) -> None:
    """Take a part out of the draft, with all that hangs on it. If-Match is the draft's ETag."""
    person = full_person(person_id)
    draft, sort = draft_of(person, version_id), _sort(part)
    if_match(draft.version)
    changing.remove(session(), person, draft, sort, part_key, by=me())


@blueprint.post("/<uuid:version_id>/parts/<part>/<part_key>/move", edits=True)
@needs("plans:write")
@blueprint.takes(OrderIn)
@blueprint.answers(PartMade)
def move_part(given: Given, person_id: UUID, version_id: UUID, part: str, part_key: str) -> Any:
    """Put a part before its neighbour, or behind it. If-Match is the draft's ETag."""
    person = full_person(person_id)
    draft, sort = draft_of(person, version_id), _sort(part)
    if_match(draft.version)
    changing.move(session(), person, draft, sort, part_key, up=given["up"], by=me())
    return {"part": sort, "key": part_key, "version": draft.version}


@blueprint.get("/<uuid:version_id>/check")
@needs("plans:read")
@blueprint.answers(CheckOut)
def check_draft(person_id: UUID, version_id: UUID) -> Any:
    """Show what keeps the draft from being published, where pathways disagree, and which work is open."""
    person = full_person(person_id, look=True)
    draft = read.get_version(session(), person, version_id)
    titled = settling.standing(session(), draft)
    return {
        "faults": [
            {"field": place, "detail": told}
            for place, told in checks.faults(session(), person, draft, now()).items()
        ],
        "doubts": [
            {"field": place, "detail": told}
            for place, told in unreached.doubts(session(), draft, now(), unrung=unrung()).items()
        ],
        "contradictions": [
            {
                **{name: getattr(each.contradiction, name) for name in ("key", "about", "words", "sides")},
                "accepted": each.accepted.reason if each.accepted else None,
            }
            for each in titled
        ],
        "open_work": [
            {
                **{name: getattr(piece, name) for name in ("uuid", "words", "team", "may_end", "still")},
                "is_alert": piece.alert is not None,
            }
            for piece in open_work.list_open(session(), person, draft.plan_id, draft)
        ],
    }


@blueprint.post("/<uuid:version_id>/contradictions/<part_key>", edits=True)
@needs("plans:write")
@blueprint.takes(SettlementIn)
@blueprint.answers(VersionWhole)
def settle(given: Given, person_id: UUID, version_id: UUID, part_key: str) -> Any:
    """Let one side of a contradiction hold, or both, with a reason. If-Match is the draft's ETag."""
    person = full_person(person_id)
    draft = draft_of(person, version_id)
    if_match(draft.version)
    if given["keep"] == "both":
        settling.accept(session(), person, draft, part_key, given["reason"], by=me(), now=now())
    else:
        settling.keep(session(), person, draft, part_key, given["keep"], given["reason"], by=me(), now=now())
    return whole_of(person, draft)


@blueprint.post("/<uuid:version_id>/agreement", edits=True)
@needs("plans:write")
@blueprint.takes(AgreementIn)
@blueprint.answers(AgreementOut, 201)
def agree(given: Given, person_id: UUID, version_id: UUID) -> Any:
    """Record who agreed a version as it stands, or why nobody could. If-Match is the version's ETag."""
    person = full_person(person_id)
    version = read.get_version(session(), person, version_id)
    if_match(version.version)
    row = agreeing.agree(session(), person, version, given, by=me(), now=now())
    names = (name for name in AgreementOut._declared_fields if name != "holds")
    return {**{name: getattr(row, name) for name in names}, "holds": True}


@blueprint.get("/<uuid:version_id>/differences")
@needs("plans:read")
@blueprint.takes(Since, location="query")
@blueprint.answers(ChangesOut)
def compare_versions(asked: Given, person_id: UUID, version_id: UUID) -> Any:
    """Show what a version changes against another, part by part."""
    person = full_person(person_id, look=True)
    version = read.get_version(session(), person, version_id)
    number = asked["since"] if asked["since"] is not None else version.number - 1
    rows = read.list_versions(session(), person)
    other = next((row for row in rows if row.number == number), None)
    if other is None:
        if asked["since"] is not None:
            raise Invalid({"since": "There is no such version."})
        return {"items": [], "next": None}
    before = read.whole(session(), person, other, now())
    return {
        "items": compare.differences(before, read.whole(session(), person, version, now())),
        "next": None,
    }


@blueprint.post("/<uuid:version_id>/actions/<part_key>/status")
@needs("plans:write")
@blueprint.takes(StatusIn)
@blueprint.answers(VersionWhole)
def set_action_status(given: Given, person_id: UUID, version_id: UUID, part_key: str) -> Any:
    """Say how an action of the plan in force stands; that moves no goal."""
    person = full_person(person_id)
    _in_force(person, version_id)
    doing.set_status(session(), person, part_key, given["status"], by=me(), now=now())
    return whole_of(person, read.get_version(session(), person, version_id))


@blueprint.post("/<uuid:version_id>/goals/<part_key>/progress")
@needs("plans:write")
@blueprint.takes(ProgressIn)
@blueprint.answers(ProgressKept, 201)
def judge_goal(given: Given, person_id: UUID, version_id: UUID, part_key: str) -> Any:
    """Say how a goal of the plan in force stands, and what shows it."""
    person = full_person(person_id)
    _in_force(person, version_id)
    return doing.judge(session(), person, part_key, given["status"], given["words"], by=me(), now=now())


def _in_force(person: Person, version_id: UUID) -> None:
    version = read.get_version(session(), person, version_id)
    published = drafts.find_published(session(), person)
    if published is None or published.id != version.id:
        raise NotFound("This version is not in force.")


def _known(person: Person, version_id: int) -> Known:
    zone = apply.zone_of(session(), person, now())
    return known.of(session(), person, version_id, now(), zone)


def _sort(part: str) -> Part:
    try:
        return Part(part)
    except ValueError as fault:
        raise NotFound("There is no such sort of part.") from fault
