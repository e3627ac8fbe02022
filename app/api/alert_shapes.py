"""Alerts as the API tells them, in lists and whole."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Shape, Text, choice, identity, row_version
from app.api.ladders import LadderOut, Named
from app.api.ladders import told as ladder_told
from app.api.people import CardOut
from app.context import now, session, viewer
from care_plans import record_entry
from care_plans.alerts import listing, read
from care_plans.alerts.listing import State
from care_plans.alerts.moves import Move
from care_plans.alerts.on_the_floor import Floor
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.pathways import naming
from care_plans.seen import extents, showing
from care_plans.seen.showing import Shown
from care_plans.severity import Class, Severity
from people import sharing
from people.access import Extent, RecordClass

# What an event's details may tell: times and words of ours, never an inner key.
DETAILS = frozenset(
    {"at", "cause", "clinical_reason", "in_bulk", "kind", "latest", "outcome", "repeats", "until", "way"}
)


# What people may ask for, as addresses call it; the other moves are judging's.
JUDGINGS = {Move.CLEAR, Move.REOPEN, Move.WORSEN}
PEOPLES = {move: move.value.replace("_", "-") for move in Move if move not in JUDGINGS}
ANSWERS = ("accept", "decline")
MOVES = (*PEOPLES.values(), *ANSWERS)


class AlertsAsked(Cut):
    """Which alerts are asked for."""

    state = choice(State, load_default=None)
    person_id = fields.UUID(
        load_default=None, metadata={"description": "About them, or about the home where they live."}
    )
    home_id = fields.UUID(load_default=None)
    severity = choice(Severity, load_default=None)
    class_ = choice(Class, data_key="class", load_default=None)
    since = Moment(load_default=None, metadata={"description": "Raised then or later."})


class Owner(Shape):
    """Who has it; both are null while nobody does."""

    staff = fields.Nested(Named, allow_none=True)
    team = fields.Nested(Named, allow_none=True)


class HandedTo(Shape):
    """The team that is asked to take it over, and until when."""

    team = fields.Nested(Named, allow_none=True)
    until = Moment(allow_none=True)


class Closed(Shape):
    """How it ended; `by` is null where it closed by itself, the rest where it is not shown."""

    at = Moment()
    by = fields.Nested(Named, allow_none=True)
    cause = choice(Cause, allow_none=True)
    action = Text(lines=True, allow_none=True)
    outcome = choice(Outcome, allow_none=True)


class AlertOut(Shape):
    """An alert, as far as it is shared with your agency.

    `shown` is `full` for all of it, `category` for what sort of thing it is, `check` for no more
    than that somebody should check on the person. What is not shown is null. Each move is allowed in all
    of them.
    """

    id = identity()
    version = row_version()
    shown = choice(Extent, metadata={"description": "How much of it is shown."})
    record_class = choice(
        RecordClass, allow_none=True, metadata={"description": "What sharing calls it; null for `check`."}
    )
    state = choice(State)
    severity = choice(Severity)
    class_ = choice(Class, data_key="class", allow_none=True)
    rule_key = Text(allow_none=True)
    name = Text()
    words = Text(lines=True)
    kind = Text(allow_none=True)
    value = fields.Float(allow_none=True)
    unit = Text(allow_none=True)
    began_at = Moment(metadata={"description": "When the reading that raised it was measured."})
    raised_at = Moment()
    late = fields.Boolean(metadata={"description": "It came too late to call somebody for."})
    unconfirmed = fields.Boolean(
        metadata={"description": "Only what was sent again, or comes from unchecked kit, shows it."}
    )
    may_be_test = fields.Boolean(metadata={"description": "Somebody was at work on kit there when it began."})
    copied = fields.Boolean(
        metadata={"description": "It rests on copies alone of a call to an alarm receiving centre."}
    )
    centre = Text(
        allow_none=True, metadata={"description": "The centre that was called, where it is on record."}
    )
    times_raised = fields.Integer()
    person_id = fields.UUID(allow_none=True)
    home_id = fields.UUID(allow_none=True)
    device_id = fields.UUID(allow_none=True)
    pathway = Text(allow_none=True)
    goal = Text(lines=True, allow_none=True)
    goal_key = Text(allow_none=True)
    what_should_happen = Text(lines=True)
    owner = fields.Nested(Owner)
    handed_to = fields.Nested(HandedTo, allow_none=True)
    acknowledged_at = Moment(allow_none=True)
    seen_until = Moment(allow_none=True)
    contact_at = Moment(allow_none=True)
    contact = choice(ContactKind, allow_none=True)
    going_until = Moment(allow_none=True)
    emergency_at = Moment(allow_none=True)
    emergency_reference = Text(allow_none=True)
    cleared_at = Moment(allow_none=True)
    shelved_until = Moment(allow_none=True)
    escalate_after = Moment(
        allow_none=True, metadata={"description": "When the next thing happens by itself."}
    )
    step = fields.Integer(metadata={"description": "The ladder's step it stands on; 0 before the first."})
    step_at = Moment()
    ladder = fields.Nested(LadderOut)
    closed = fields.Nested(Closed, allow_none=True)


class EventOut(Shape):
    """Something that happened to an alert; `by` is null for what Hearthline did by itself."""

    at = Moment()
    what = Text()
    by = Text(allow_none=True)
    team = Text(allow_none=True)
    step = fields.Integer(allow_none=True)
    severity = choice(Severity, allow_none=True)
    words = Text(lines=True)
    details = fields.Dict(keys=fields.String())


class Evidence(Shape):
    """A reading that made it."""

    kind = Text()
    at = Moment()
    value = fields.Float()


class Near(Shape):
    """Family, a friend or a neighbour."""

    name = Text()
    relation = Text(allow_none=True)
    telephone = Text(allow_none=True)
    key_holder = fields.Boolean()
    minutes_away = fields.Integer(allow_none=True)
    remarks = Text(lines=True, allow_none=True)


class AboutOut(Shape):
    """The essentials of somebody it is about, for whoever it is sent to."""

    id = fields.UUID(attribute="person_uuid")
    name = Text()
    date_of_birth = fields.Date()
    telephone = Text(allow_none=True)
    language = Text(allow_none=True)
    interpreter_needed = fields.Boolean()
    communication_needs = Text(lines=True, allow_none=True)
    responder_card = fields.Nested(CardOut, attribute="card", allow_none=True)
    contacts = fields.List(fields.Nested(Near), attribute="near")


class Place(Shape):
    """Where it is."""

    id = identity()
    address_line = Text()
    locality = Text(allow_none=True)
    postcode = Text()
    access_notes = Text(lines=True, allow_none=True)


class WorkerOut(Shape):
    """The worker an alert is about; where they are is told within their own agency alone."""

    name = Text()
    telephone = Text(allow_none=True)
    agency = Text()
    team = Text(allow_none=True)
    leave_by = Moment()
    place = Text(allow_none=True)
    arrived_at = Moment(allow_none=True)


class FloorOut(Shape):
    """From the fall to when somebody was with them; null where nobody said so yet."""

    since = Moment()
    until = Moment(allow_none=True)
    long = fields.Boolean(metadata={"description": "Over an hour: a long lie, tied to serious injury."})


class AlertWhole(AlertOut):
    """An alert with its story, whom it is about and where, and what may be done with it."""

    people = fields.List(fields.Nested(AboutOut), required=True)
    home = fields.Nested(Place, allow_none=True)
    worker = fields.Nested(
        WorkerOut,
        allow_none=True,
        metadata={"description": "Who did not say that they left a visit, where it is about that."},
    )
    on_the_floor = fields.Nested(
        FloorOut,
        allow_none=True,
        metadata={"description": "After a fall, the longest that they can have lain; else null."},
    )
    warnings = fields.List(
        fields.String(), metadata={"description": "What whoever goes must know to be safe."}
    )
    evidence = fields.List(fields.Nested(Evidence), required=True)
    rule = fields.Dict(keys=fields.String(), metadata={"description": "The rule as it was then."})
    plan_version = fields.Integer(allow_none=True)
    may = fields.List(
        fields.String(validate=validate.OneOf(MOVES)),
        required=True,
        metadata={"description": "The moves it allows now, by the last part of their addresses."},
    )
    events = fields.List(fields.Nested(EventOut), required=True)
    record_entry = fields.String(
        allow_none=True,
        metadata={"description": "Plain text for your own system, once it is closed."},
    )


NOT_NAMED = {"pathway": None, "rule_key": None}
SAME = tuple(
    name for name in AlertOut._declared_fields if name not in {"id", "goal"} and hasattr(Alert, name)
)


def told(some: Sequence[Alert]) -> list[dict[str, Any]]:
    """Alerts as they are answered in a list."""
    how = extents.of(session(), viewer(), some, now())
    seen = [showing.as_seen(alert, how[alert.id]) for alert in some]
    parties = listing.parties(session(), seen)
    staff, teams = parties.recipients.staff, parties.recipients.teams
    unnamed = _unnamed(some)
    return [
        {
            **{name: getattr(alert, name) for name in SAME},
            **_shown(alert, how[alert.id]),
            **(NOT_NAMED if alert.id in unnamed else {}),
            "uuid": alert.uuid,
            "state": State.CLOSED if alert.closed_at else State.OPEN,
            "person_id": parties.people.get(alert.person_id),
            "home_id": parties.homes.get(alert.home_id),
            "device_id": parties.devices.get(alert.device_id),
            "goal": alert.goal_text,
            "owner": {"staff": staff.get(alert.owner_staff_id), "team": teams.get(alert.owner_team_id)},
            "handed_to": _handed(alert, teams.get(alert.handed_to_team_id)),
            "ladder": ladder_told(parties.ladders[alert.id], parties.recipients),
            "closed": _closed(alert, staff.get(alert.closed_by_id)),
        }
        for alert in seen
    ]


def whole(alert: Alert) -> dict[str, Any]:
    """An alert as it is answered by itself."""
    seen, _opens = read.whole_for(session(), viewer(), alert, now())
    return {
        **told([alert])[0],
        "people": seen.people,
        "home": seen.home,
        "worker": seen.worker,
        "on_the_floor": _floor(seen.floor),
        "warnings": seen.warnings,
        "evidence": [{"kind": kind, "at": at, "value": value} for kind, at, value in seen.evidence],
        "rule": {
            name: value for name, value in seen.alert.rule.items() if name != "key" or not _unnamed([alert])
        },
        "plan_version": seen.plan_version,
        "may": _may(alert, seen.allowed),
        "events": [
            {
                **{name: getattr(event, name) for name in EventOut._declared_fields},
                "details": {name: value for name, value in event.details.items() if name in DETAILS},
            }
            for event in seen.events
        ],
        "record_entry": record_entry.of_alert(session(), viewer(), alert, now()) if alert.closed_at else None,
    }


def _floor(floor: Floor | None) -> dict[str, Any] | None:
    return {"since": floor.since, "until": floor.until, "long": floor.long(now())} if floor else None


def _shown(alert: Alert, how: Shown) -> dict[str, Any]:
    check = how.extent is Extent.CHECK
    return {
        "shown": how.extent,
        "record_class": None if check else how.record_class,
        "class_": showing.class_shown(alert.class_, how),
        "rule_key": alert.rule_key or None,
    }


def _unnamed(some: Sequence[Alert]) -> frozenset[int]:
    """Those of a pathway whose very name is not shared with the asker."""
    asked = [each for each in some if each.pathway and not naming.is_named(each.pathway, None)]
    if not asked:
        return frozenset()
    people = {each.person_id for each in asked if each.person_id is not None}
    sees = sharing.sees_all(session(), viewer(), people, now())
    return frozenset(
        each.id
        for each in asked
        if not naming.is_named(each.pathway or "", sees.get(each.person_id) if each.person_id else None)
    )


def _may(alert: Alert, allowed: frozenset[Move]) -> list[str]:
    answers = ANSWERS if alert.handed_to_team_id is not None else ()
    return sorted({PEOPLES[move] for move in allowed if move in PEOPLES} | set(answers))


def _handed(alert: Alert, team: Any) -> dict[str, Any] | None:
    return {"team": team, "until": alert.handed_until} if team else None


def _closed(alert: Alert, by: Any) -> dict[str, Any] | None:
    if alert.closed_at is None:
        return None
    return {
        "at": alert.closed_at,
        "by": by,
        "cause": alert.cause,
        "action": alert.action,
        "outcome": alert.outcome,
    }
