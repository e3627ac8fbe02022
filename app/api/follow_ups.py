"""Follow-ups in the REST API: listed, made by hand, taken, done, moved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, identity, page_of, row_version
from app.api.ladders import Named
from app.api.named import fields_as, staff_of, team_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import seen
from app.auth import needs
from app.context import now, session, viewer
from care_plans import record_entry
from care_plans.alerts import read
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.ringing import ending
from care_plans.visits import visits
from care_plans.work import agenda, follow_ups, listing
from care_plans.work.agenda import State, Wanted, Whose
from core.errors import Invalid
from people import residencies, visible, visit_warnings

blueprint = Blueprint("follow-ups", "What somebody is to do for a person or a home, by when.")


class FollowUpsAsked(Cut):
    """Which follow-ups are asked for."""

    whose = choice(Whose, load_default=Whose.ALL)
    state = choice(State, load_default=None, metadata={"description": "What is due or overdue if left out."})
    person_id = fields.UUID(load_default=None)
    team_id = fields.UUID(load_default=None)
    alert_id = fields.UUID(load_default=None)
    calls = fields.Boolean(
        load_default=False, metadata={"description": "Only what is done by ringing a person."}
    )
    from_ = Moment(data_key="from", load_default=None, metadata={"description": "Due then or later."})
    to = Moment(load_default=None, metadata={"description": "Due before then."})


class FollowUpNew(Shape):
    """What is to be done, by whom and when; for a person or a home, or for whom an alert is about."""

    kind = choice(FollowUpKind, required=True)
    text = Text(lines=True, required=True)
    team_id = fields.UUID(required=True)
    due_at = Moment(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    home_id = fields.UUID(load_default=None, allow_none=True)
    alert_id = fields.UUID(load_default=None, allow_none=True)
    staff_id = fields.UUID(load_default=None, allow_none=True)


class FollowUpOut(Shape):
    """A follow-up."""

    id = identity()
    version = row_version()
    kind = choice(FollowUpKind)
    text = Text(lines=True)
    state = choice(State)
    opens_at = Moment(allow_none=True, metadata={"description": "From when it may be done; null: any time."})
    due_at = Moment()
    missed_at = Moment(allow_none=True, metadata={"description": "When it was found not done in time."})
    done_at = Moment(allow_none=True)
    done_by = fields.Nested(Named, allow_none=True)
    outcome = choice(FollowUpOutcome, allow_none=True)
    remarks = Text(lines=True, allow_none=True)
    team = fields.Nested(Named)
    staff = fields.Nested(Named, allow_none=True)
    person_id = fields.UUID(allow_none=True)
    home_id = fields.UUID(allow_none=True)
    alert_id = fields.UUID(allow_none=True)
    goal_key = Text(allow_none=True)
    scheduled = fields.Boolean(metadata={"description": "A plan's schedule asked for it."})


class StepTaken(Shape):
    """Something that happened to a follow-up; `by` is null for what Hearthline did by itself."""

    at = Moment()
    what = Text()
    by = Text(allow_none=True)
    words = Text(lines=True)


class FollowUpWhole(FollowUpOut):
    """A follow-up with its story, and what whoever goes must know to be safe."""

    warnings = fields.List(fields.String(), required=True)

    events = fields.List(fields.Nested(StepTaken), required=True)
    record_entry = fields.String(
        allow_none=True,
        metadata={"description": "Plain text for your own system, once it is done."},
    )


class Completion(Shape):
    """What became of it; all but `done` need a remark."""

    outcome = choice(FollowUpOutcome, load_default=FollowUpOutcome.DONE)
    remarks = Text(lines=True, load_default=None, allow_none=True)


class Taking(Shape):
    """Of a visit, by when you will have left: an hour after it is due if left out."""

    leave_by = Moment(load_default=None, allow_none=True)


class Rescheduling(Shape):
    """When it is to be done instead, and why."""

    due_at = Moment(required=True)
    reason = Text(lines=True, required=True)


PLAIN = (
    "uuid",
    "version",
    "kind",
    "text",
    "due_at",
    "missed_at",
    "done_at",
    "outcome",
    "remarks",
    "goal_key",
)


def _told(rows: Sequence[FollowUp]) -> list[dict[str, Any]]:
    parties = listing.parties(session(), rows)
    seen = listing.seen(session(), viewer(), rows, now())
    return [
        {
            **{name: getattr(row, name) for name in PLAIN},
            "text": seen[row.id].text,
            "remarks": row.remarks if seen[row.id].words else None,
            "goal_key": row.goal_key if seen[row.id].words else None,
            "state": listing.state_of(row, now()),
            "team": parties.teams.get(row.team_id),
            "staff": parties.staff.get(row.staff_id),
            "done_by": parties.staff.get(row.done_by_id),
            "person_id": parties.people.get(row.person_id),
            "home_id": parties.homes.get(row.home_id),
            "alert_id": parties.alerts.get(row.alert_id),
            "scheduled": row.schedule_key is not None,
        }
        for row in rows
    ]


def _whole(row: FollowUp) -> dict[str, Any]:
    told = listing.seen(session(), viewer(), [row], now())[row.id]
    events = agenda.list_events(session(), row)
    return {
        **_told([row])[0],
        "warnings": visit_warnings.before_going(
            session(), now(), person_id=row.person_id, home_id=row.home_id
        ),
        "events": events if told.words else [replace(each, words="") for each in events],
        "record_entry": record_entry.of_follow_up(session(), viewer(), row, now())
        if row.done_at and viewer().role != visits.VOLUNTEER
        else None,
    }


@blueprint.get("")
@needs("follow-ups:read")
@blueprint.takes(FollowUpsAsked, location="query")
@blueprint.answers(page_of(FollowUpOut))
def list_follow_ups(asked: Given) -> Page[Any]:
    """List the follow-ups in sight, first due first; those that are done, last due first."""
    state = asked["state"]
    wanted = Wanted(
        whose=asked["whose"],
        due_from=asked["from_"],
        due_to=asked["to"],
        person_id=_person(asked["person_id"]),
        team_id=team_of("team_id", asked["team_id"]).id if asked["team_id"] else None,
        alert_id=_alert(asked["alert_id"])["alert_id"] if asked["alert_id"] else None,
        states=frozenset({state}) if state else Wanted().states,
        calls=asked["calls"],
    )
    keys = [FollowUp.due_at, FollowUp.id]
    query = listing.listing(viewer(), wanted, now())
    return page(session(), query, keys, asked, newest_first=state is State.DONE).turned(_told)


@blueprint.post("")
@needs("follow-ups:act")
@blueprint.takes(FollowUpNew)
@blueprint.answers(FollowUpWhole, 201)
def make_follow_up(given: Given) -> Any:
    """Make a follow-up by hand."""
    about = _about(given)
    team = team_of("team_id", given["team_id"])
    staff = staff_of("staff_id", given["staff_id"]) if given["staff_id"] else None
    with fields_as(team="team_id", staff="staff_id"):
        row = follow_ups.make(
            session(),
            kind=given["kind"],
            text=given["text"],
            team_id=team.id,
            staff_id=staff.id if staff else None,
            due_at=given["due_at"],
            by=viewer(),
            now=now(),
            person_id=about.get("person_id"),
            home_id=about.get("home_id"),
            alert_id=about.get("alert_id"),
        )
    return _whole(row)


@blueprint.get("/<uuid:follow_up_id>")
@needs("follow-ups:read")
@blueprint.answers(FollowUpWhole)
def get_follow_up(follow_up_id: UUID) -> Any:
    """Show a follow-up with its story; that you looked is written down."""
    row = _follow_up(follow_up_id)
    agenda.record_look(session(), viewer(), row)
    return _whole(row)


@blueprint.post("/<uuid:follow_up_id>/take", seen=True)
@needs("follow-ups:act")
@blueprint.takes(Taking)
@blueprint.answers(FollowUpWhole)
def take(given: Given, follow_up_id: UUID) -> Any:
    """Say that you will do it; of a visit, also by when you will have left."""
    row = _follow_up(follow_up_id)
    return _whole(follow_ups.take(session(), row, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:follow_up_id>/complete", seen=True)
@needs("follow-ups:act")
@blueprint.takes(Completion)
@blueprint.answers(FollowUpWhole)
def complete(given: Given, follow_up_id: UUID) -> Any:
    """Say what became of it."""
    row = _follow_up(follow_up_id)
    given["remarks"] = given["remarks"] or ""
    ending.complete(session(), row, by=viewer(), now=now(), seen=seen(), **given)
    return _whole(row)


@blueprint.post("/<uuid:follow_up_id>/reschedule", seen=True)
@needs("follow-ups:act")
@blueprint.takes(Rescheduling)
@blueprint.answers(FollowUpWhole)
def reschedule(given: Given, follow_up_id: UUID) -> Any:
    """Move it to another time, with a reason."""
    row = _follow_up(follow_up_id)
    return _whole(follow_ups.reschedule(session(), row, by=viewer(), now=now(), seen=seen(), **given))


def _follow_up(follow_up_id: UUID) -> FollowUp:
    return agenda.get(session(), viewer(), follow_up_id, now())


def _person(person_id: UUID | None) -> int | None:
    return visible.get_person(session(), viewer(), person_id, now()).id if person_id else None


def _about(given: Given) -> dict[str, int | None]:
    """Whom it is for, by inner key: those named, or whom the alert is about."""
    alert = _alert(given["alert_id"]) if given["alert_id"] else {}
    home_id = given["home_id"]
    about = {
        "person_id": _person(given["person_id"]),
        "home_id": visible.get_home(session(), viewer(), home_id, now()).id if home_id else None,
    }
    faults = {
        name: "The alert is about somebody else."
        for name, key in about.items()
        if key is not None and alert.get(name) not in (None, key)
    }
    person_id, home_id = about["person_id"], about["home_id"] or alert.get("home_id")
    if person_id and home_id and not residencies.lives_at(session(), person_id, home_id, now()):
        faults.setdefault("person_id", "They do not live in that home.")
    if faults:
        raise Invalid(faults)
    found = {**alert, **{name: key for name, key in about.items() if key is not None}}
    if not (found.get("person_id") or found.get("home_id")):
        raise Invalid({"person_id": "Say whom it is for: a person, a home, or an alert about them."})
    return found


def _alert(alert_id: UUID) -> dict[str, int | None]:
    alert = read.get(session(), viewer(), alert_id, now())
    return {"alert_id": alert.id, "person_id": alert.person_id, "home_id": alert.home_id}
