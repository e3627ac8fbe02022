"""Monitoring agreements in the REST API: without one, kit that watches can't be given to anybody."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.named import own_staff
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, now, session, viewer
from care_plans.work import monitoring
from core.errors import Invalid, NotFound
from people import agreements, authority, deciding, sharing, visible
from people.access import Extent, RecordClass
from people.models.authority import AgreedBy, Agreement
from people.watching import RESTRICTIVE, Watched

blueprint = Blueprint(
    "agreements",
    "Agreements to kit that watches somebody: one for each sort of kit and each person who lives there.",
    prefix=f"{PREFIX}/people/<uuid:person_id>/agreements",
)

ONLY = f"Needed for {' and '.join(sorted(RESTRICTIVE))}."
WORDS = ("why", "said", "less_intrusive", "objections", "ended_why")


class MonitoringAgreementIn(Shape):
    """An agreement to one sort of watching."""

    watched = choice(Watched, required=True)
    agreed_by = choice(AgreedBy, required=True)
    best_interests_id = fields.UUID(allow_none=True)
    authority_id = fields.UUID(allow_none=True)
    why = Text(lines=True, required=True, metadata={"description": "What it is for."})
    said = Text(lines=True, required=True, metadata={"description": "What they said of it."})
    less_intrusive = Text(lines=True, required=True)
    objections = Text(lines=True, required=True)
    agreed_on = fields.Date(allow_none=True, metadata={"description": "Today, where left out."})
    review_on = fields.Date(required=True)
    reviewed_by = Text(allow_none=True, metadata={"description": f"In social care. {ONLY}"})
    reviewed_on = fields.Date(allow_none=True, metadata={"description": ONLY})
    expires_on = fields.Date(allow_none=True, metadata={"description": f"Within a year. {ONLY}"})


class MonitoringAgreementOut(Shape):
    """An agreement; its words are null where your agency does not see the plan in full."""

    id = identity()
    version = row_version()
    watched = choice(Watched)
    agreed_by = choice(AgreedBy)
    restrictive = fields.Boolean()
    in_force = fields.Boolean()
    why = Text(lines=True, allow_none=True)
    said = Text(lines=True, allow_none=True)
    less_intrusive = Text(lines=True, allow_none=True)
    objections = Text(lines=True, allow_none=True)
    reviewed_by = Text(allow_none=True)
    reviewed_on = fields.Date(allow_none=True)
    from_ = Moment(data_key="from", attribute="began_at")
    review_on = fields.Date()
    expires_on = fields.Date(allow_none=True)
    ended_at = Moment(allow_none=True)
    ended_by = Text(allow_none=True)
    ended_why = Text(lines=True, allow_none=True)


class MonitoringAgreements(Shape):
    """Every agreement, those in force first."""

    items = fields.List(fields.Nested(MonitoringAgreementOut), required=True)


class StopIn(Shape):
    """Who wants it to stop, and what they said."""

    said_by = Text(required=True)
    why = Text(lines=True, required=True)


class Stopped(Shape):
    """The agreement, and the kit whose readings count no more."""

    agreement = fields.Nested(MonitoringAgreementOut, required=True)
    device_ids = fields.List(fields.UUID(), required=True)


@blueprint.get("")
@needs("authority:read")
@blueprint.answers(MonitoringAgreements)
def list_agreements(person_id: UUID) -> Any:
    """List what may watch a person, and what might before."""
    person = opened_person(person_id, "capacity and agreements")
    full = sharing.sees(session(), viewer(), person.id, now())[RecordClass.PLAN] is Extent.FULL
    return {"items": [_told(row, full=full) for row in agreements.listing(session(), person)]}


@blueprint.post("")
@needs("authority:write")
@blueprint.takes(MonitoringAgreementIn)
@blueprint.answers(MonitoringAgreementOut, 201)
def agree(given: Given, person_id: UUID) -> Any:
    """Record an agreement to one sort of kit that watches."""
    person = visible.get_person(session(), viewer(), person_id, now())
    decision_id, authority_id = given.pop("best_interests_id", None), given.pop("authority_id", None)
    decision = attorney = None
    try:
        if decision_id is not None:
            decision = deciding.get_decision(session(), person, decision_id)
        if authority_id is not None:
            attorney = authority.get(session(), person, authority_id)
    except NotFound as fault:
        field = "authority_id" if decision_id is None or decision is not None else "best_interests_id"
        raise Invalid({field: "There is none of this person with this id."}) from fault
    made = agreements.agree(
        session(), person, given, by=own_staff(), actor=actor(), now=now(), decision=decision,
        authority=attorney,
    )  # fmt: skip
    return _told(made, full=True)


@blueprint.post("/<uuid:agreement_id>/end")
@needs("authority:write")
@blueprint.takes(StopIn)
@blueprint.answers(Stopped)
def stop(given: Given, person_id: UUID, agreement_id: UUID) -> Any:
    """Stop watching in one way, now; what the kit measured until now stays."""
    person = visible.get_person(session(), viewer(), person_id, now())
    row = agreements.get(session(), person, agreement_id)
    ended = monitoring.stop(session(), person, row, **given, actor=actor(), now=now())
    return {"agreement": _told(row, full=True), "device_ids": [each.device.uuid for each in ended]}


def _told(row: Agreement, *, full: bool) -> dict[str, Any]:
    names = [
        name
        for name in MonitoringAgreementOut._declared_fields
        if name not in ("id", "from_", "restrictive", "in_force")
    ]
    told = {name: getattr(row, name) for name in names if full or name not in WORDS}
    today = now().date()
    return {
        **told,
        "uuid": row.uuid,
        "began_at": row.began_at,
        "restrictive": row.watched in RESTRICTIVE,
        "in_force": row.ended_at is None and (row.expires_on is None or row.expires_on >= today),
    }
