"""Visits in the REST API: who is on one and until when, and the card of whoever is asked to go."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.models.alerts import Alert
from care_plans.models.visits import Visit, VisitEnd
from care_plans.models.work import FollowUp
from care_plans.visits import visits
from care_plans.work import visit_cards
from care_plans.work.visit_cards import CardState
from people.models.agencies import Staff
from people.models.people import ResponderCard

blueprint = Blueprint("visits", "Who goes to a home, by when they leave it, and that they are safe.")
cards = Blueprint("visit-cards", "What whoever is asked to go sees: more once they accept, and once there.")


class VisitOut(Shape):
    """A visit; `overdue_at` is when an alert about whoever went was raised."""

    id = identity()
    version = row_version()
    staff_id = fields.UUID()
    staff = Text()
    place = Text(
        allow_none=True, metadata={"description": "Null for a volunteer, whose card alone tells it."}
    )
    follow_up_id = fields.UUID(allow_none=True)
    alert_id = fields.UUID(allow_none=True)
    accepted_at = Moment()
    arrived_at = Moment(allow_none=True)
    leave_by = Moment()
    overdue_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    how = choice(VisitEnd, allow_none=True)


class Visits(Shape):
    """The visits under way, the first to leave first."""

    items = fields.List(fields.Nested(VisitOut), required=True)


class Safe(Shape):
    """What somebody adds to saying that they are safe."""

    words = Text(lines=True, load_default="")


class Accepting(Shape):
    """By when they will have left: an hour after it is due if left out."""

    leave_by = Moment(load_default=None, allow_none=True)


class CardShown(Shape):
    """A card. The address is null before it is accepted, how to get in before they arrive; all when ended."""

    follow_up_id = fields.UUID(attribute="uuid")
    state = choice(CardState)
    visit_id = fields.UUID(allow_none=True)
    first_name = Text(allow_none=True)
    text = Text(lines=True, allow_none=True)
    due_at = Moment(allow_none=True)
    ends_at = Moment(allow_none=True)
    leave_by = Moment(allow_none=True)
    warnings = fields.List(fields.String(), required=True)
    address = Text(allow_none=True)
    dog = Text(lines=True, allow_none=True)
    infection = Text(lines=True, allow_none=True)
    home_oxygen = fields.Boolean(allow_none=True)
    mobility = Text(lines=True, allow_none=True)
    access_notes = Text(lines=True, allow_none=True)
    key_safe = Text(allow_none=True)


@blueprint.get("")
@needs("follow-ups:read")
@blueprint.answers(Visits)
def list_visits() -> Any:
    """List who of your teams is on a visit; a volunteer sees their own."""
    return {"items": [_told(each.row) for each in visits.list_going(session(), viewer())]}


@blueprint.get("/<uuid:visit_id>")
@needs("follow-ups:read")
@blueprint.answers(VisitOut)
def get_visit(visit_id: UUID) -> Any:
    """Show one of your own or of your teams."""
    return _told(visits.get(session(), viewer(), visit_id))


@blueprint.post("/<uuid:visit_id>/arrive")
@needs("follow-ups:act")
@blueprint.answers(VisitOut)
def arrive(visit_id: UUID) -> Any:
    """Say that you are there."""
    return _told(visits.arrive(session(), _own(visit_id), by=viewer(), now=now()))


@blueprint.post("/<uuid:visit_id>/extend")
@needs("follow-ups:act")
@blueprint.answers(VisitOut)
def extend(visit_id: UUID) -> Any:
    """Stay half an hour longer; a conflict once your team is asked to look for you."""
    return _told(visits.extend(session(), _own(visit_id), by=viewer(), now=now()))


@blueprint.post("/<uuid:visit_id>/safe")
@needs("follow-ups:act")
@blueprint.takes(Safe)
@blueprint.answers(VisitOut)
def say_safe(given: Given, visit_id: UUID) -> Any:
    """Say that you have left and are safe."""
    return _told(visits.end(session(), _own(visit_id), by=viewer(), now=now(), words=given["words"]))


@blueprint.post("/<uuid:visit_id>/call-off")
@needs("follow-ups:act")
@blueprint.answers(VisitOut)
def call_off(visit_id: UUID) -> Any:
    """Say that you are not going: what it was for is your team's again."""
    row = _own(visit_id)
    visit_cards.call_off(session(), viewer(), row, now())
    return _told(row)


@cards.get("/<uuid:follow_up_id>")
@needs("follow-ups:read")
@cards.answers(CardShown)
def get_card(follow_up_id: UUID) -> Any:
    """Show the card of a visit; that you looked at whom it is for is written down."""
    return _card(follow_up_id)


@cards.post("/<uuid:follow_up_id>/accept")
@needs("follow-ups:act")
@cards.takes(Accepting)
@cards.answers(CardShown)
def accept(given: Given, follow_up_id: UUID) -> Any:
    """Say that you go: the address is shown from now on."""
    visit_cards.accept(session(), viewer(), follow_up_id, now(), leave_by=given["leave_by"])
    return _card(follow_up_id)


@cards.post("/<uuid:follow_up_id>/arrive")
@needs("follow-ups:act")
@cards.answers(CardShown)
def arrive_by_card(follow_up_id: UUID) -> Any:
    """Say that you are at the door: how to get in is shown from now on."""
    visit_cards.arrive(session(), viewer(), follow_up_id, now())
    return _card(follow_up_id)


def _own(visit_id: UUID) -> Visit:
    return visits.get_own(session(), viewer(), visit_id)


def _told(row: Visit) -> dict[str, Any]:
    opened = session()
    who = opened.get_one(Staff, row.staff_id)
    follow_up = opened.get(FollowUp, row.follow_up_id) if row.follow_up_id is not None else None
    alert = opened.get(Alert, row.alert_id) if row.alert_id is not None else None
    names = (
        "uuid",
        "version",
        "accepted_at",
        "arrived_at",
        "leave_by",
        "overdue_at",
        "ended_at",
        "how",
    )
    return {name: getattr(row, name) for name in names} | {
        "place": visits.place_shown(viewer(), row),
        "staff_id": who.uuid,
        "staff": who.name,
        "follow_up_id": follow_up.uuid if follow_up else None,
        "alert_id": alert.uuid if alert else None,
    }


def _card(follow_up_id: UUID) -> dict[str, Any]:
    found = visit_cards.get(session(), viewer(), follow_up_id, now())
    names = ("uuid", "state", "first_name", "text", "due_at", "ends_at", "warnings", "address")
    return {name: getattr(found, name) for name in names} | {
        "visit_id": found.visit.uuid if found.visit else None,
        "leave_by": found.visit.leave_by if found.visit else None,
        "access_notes": found.access,
        "key_safe": found.code,
        **_dangers(found.card),
    }


def _dangers(card: ResponderCard | None) -> dict[str, Any]:
    names = ("dog", "infection", "home_oxygen", "mobility")
    return {name: getattr(card, name) if card is not None else None for name in names}
