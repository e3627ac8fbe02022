"""Alerts in the REST API: listed, looked at, and every move that a person can make with one.

A move may carry the ETag of the alert as it was seen (If-Match). What judging and ladders did since stops
nobody; what a colleague did since does (409), and says who came first.
"""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.alert_shapes import AlertOut, AlertsAsked, AlertWhole, told, whole
from app.api.fields import Moment, Shape, Text, choice, page_of
from app.api.named import fields_as, recipient_of, team_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import seen
from app.auth import needs
from app.context import now, session, viewer
from care_plans.alerts import alerts, listing, read
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from people import visible

blueprint = Blueprint("alerts", "What matters about a person or a home, somebody's by a deadline.")


class Until(Shape):
    """Until when."""

    until = Moment(load_default=None, allow_none=True)


class Going(Shape):
    """When you will be there, and by when you will have left: an hour later if left out."""

    until = Moment(required=True)
    leave_by = Moment(load_default=None, allow_none=True)


class Words(Shape):
    """Words for the record."""

    words = Text(lines=True, required=True)


class Contacted(Shape):
    """Who was heard or seen, and how they are."""

    kind = choice(ContactKind, required=True)
    words = Text(lines=True, required=True)


class Emergency(Shape):
    """When emergency services were called, and the reference that they gave."""

    at = Moment(required=True)
    reference = Text(required=True)


class ToWhom(Shape):
    """A member of staff or a team: one of them."""

    staff_id = fields.UUID(load_default=None, allow_none=True)
    team_id = fields.UUID(load_default=None, allow_none=True)


class Shelving(Shape):
    """Until when it may rest, and why."""

    until = Moment(required=True)
    reason = Text(lines=True, required=True)


class HandOver(Shape):
    """Which team is to take it over, why, and by when they answer (15 minutes)."""

    team_id = fields.UUID(required=True)
    reason = Text(lines=True, required=True)
    accept_by = Moment(load_default=None, allow_none=True)


class Reason(Shape):
    """Why."""

    reason = Text(lines=True, required=True)


class Closing(Shape):
    """What was behind it, what was done and what came of it."""

    cause = choice(Cause, required=True)
    action = Text(lines=True, required=True)
    outcome = choice(Outcome, required=True)
    clinical_reason = Text(
        lines=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "A clinician's, in place of a contact with somebody."},
    )


@blueprint.get("")
@needs("alerts:read")
@blueprint.takes(AlertsAsked, location="query")
@blueprint.answers(page_of(AlertOut))
def list_alerts(asked: Given) -> Page[Any]:
    """List the alerts in sight, the newest first."""
    person_id, home_id = asked["person_id"], asked["home_id"]
    wanted = listing.Wanted(
        state=asked["state"],
        person_id=visible.get_person(session(), viewer(), person_id, now()).id if person_id else None,
        home_id=visible.get_home(session(), viewer(), home_id, now()).id if home_id else None,
        severity=asked["severity"],
        class_=asked["class_"],
        since=asked["since"],
    )
    query = listing.listing(session(), viewer(), wanted, now())
    return page(session(), query, [Alert.raised_at, Alert.id], asked, newest_first=True).turned(told)


@blueprint.get("/<uuid:alert_id>")
@needs("alerts:read")
@blueprint.answers(AlertWhole)
def get_alert(alert_id: UUID) -> Any:
    """Show an alert with its story; that you looked is written down."""
    alert = _alert(alert_id)
    read.record_look(session(), viewer(), alert, now())
    return whole(alert)


@blueprint.post("/<uuid:alert_id>/acknowledge", seen=True)
@needs("alerts:act")
@blueprint.takes(Until)
@blueprint.answers(AlertWhole)
def acknowledge(given: Given, alert_id: UUID) -> Any:
    """Say that you have it (for half an hour); the ladder of a red or life-safety alert goes on."""
    alert = _alert(alert_id)
    return whole(alerts.acknowledge(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/contact", seen=True)
@needs("alerts:act")
@blueprint.takes(Contacted)
@blueprint.answers(AlertWhole)
def contact(given: Given, alert_id: UUID) -> Any:
    """Record that somebody was spoken to or seen: this stops the ladder."""
    alert = _alert(alert_id)
    return whole(alerts.contact(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/going", seen=True)
@needs("alerts:act")
@blueprint.takes(Going)
@blueprint.answers(AlertWhole)
def going(given: Given, alert_id: UUID) -> Any:
    """Say that you are on the way and when you will be there; the ladder waits for that, an hour at most."""
    alert = _alert(alert_id)
    return whole(alerts.going(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/emergency", seen=True)
@needs("alerts:act")
@blueprint.takes(Emergency)
@blueprint.answers(AlertWhole)
def emergency(given: Given, alert_id: UUID) -> Any:
    """Record that emergency services were called: this stops the ladder."""
    alert = _alert(alert_id)
    return whole(alerts.emergency(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/assign", seen=True)
@needs("alerts:act")
@blueprint.takes(ToWhom)
@blueprint.answers(AlertWhole)
def assign(given: Given, alert_id: UUID) -> Any:
    """Give it to a member of staff or a team; the ladder goes on meanwhile."""
    alert = _alert(alert_id)
    to = recipient_of(given["staff_id"], given["team_id"])
    return whole(alerts.assign(session(), alert, to=to, by=viewer(), now=now(), seen=seen()))


@blueprint.post("/<uuid:alert_id>/comment")
@needs("alerts:act")
@blueprint.takes(Words)
@blueprint.answers(AlertWhole)
def comment(given: Given, alert_id: UUID) -> Any:
    """Add words to the record, of a closed alert too; it resets no clock."""
    return whole(alerts.comment(session(), _alert(alert_id), by=viewer(), now=now(), **given))


@blueprint.post("/<uuid:alert_id>/shelve", seen=True)
@needs("alerts:act")
@blueprint.takes(Shelving)
@blueprint.answers(AlertWhole)
def shelve(given: Given, alert_id: UUID) -> Any:
    """Let it rest until then; never a red or life-safety alert, and something worse ends it at once."""
    alert = _alert(alert_id)
    return whole(alerts.shelve(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/hand-over", seen=True)
@needs("alerts:act")
@blueprint.takes(HandOver)
@blueprint.answers(AlertWhole)
def hand_over(given: Given, alert_id: UUID) -> Any:
    """Ask another team to take it over; it stays with you until they accept."""
    alert = _alert(alert_id)
    given["team_id"] = team_of("team_id", given["team_id"]).id
    with fields_as(team="team_id"):
        alerts.hand_over(session(), alert, by=viewer(), now=now(), seen=seen(), **given)
    return whole(alert)


@blueprint.post("/<uuid:alert_id>/accept", seen=True)
@needs("alerts:act")
@blueprint.answers(AlertWhole)
def accept(alert_id: UUID) -> Any:
    """Take it over for your team, to which it was handed."""
    return whole(alerts.accept(session(), _alert(alert_id), by=viewer(), now=now(), seen=seen()))


@blueprint.post("/<uuid:alert_id>/decline", seen=True)
@needs("alerts:act")
@blueprint.takes(Reason)
@blueprint.answers(AlertWhole)
def decline(given: Given, alert_id: UUID) -> Any:
    """Say that your team does not take it over, and why; it stays with whoever has it."""
    alert = _alert(alert_id)
    return whole(alerts.decline(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


@blueprint.post("/<uuid:alert_id>/close", seen=True)
@needs("alerts:act")
@blueprint.takes(Closing)
@blueprint.answers(AlertWhole)
def close(given: Given, alert_id: UUID) -> Any:
    """End it; a red or life-safety alert needs a contact or a call to emergency services first."""
    alert = _alert(alert_id)
    given["clinical_reason"] = given["clinical_reason"] or ""
    return whole(alerts.close(session(), alert, by=viewer(), now=now(), seen=seen(), **given))


def _alert(alert_id: UUID) -> Alert:
    return read.get(session(), viewer(), alert_id, now())
