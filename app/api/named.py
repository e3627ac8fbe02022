"""Agencies, teams and staff that a request names by id: found, or said to be wrong at their field."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from app.context import session, viewer
from care_plans.messages.outbox import Recipient
from core.errors import HearthlineError, Invalid, NotFound
from people import agencies, staff, teams
from people.models.agencies import Agency, Staff, Team


def agency_of(field: str, agency_id: UUID) -> Agency:
    """The agency; Invalid on `field` when there is none."""
    try:
        return agencies.get(session(), agency_id)
    except NotFound as fault:
        raise Invalid({field: "There is no such agency."}) from fault


def team_of(field: str, team_id: UUID) -> Team:
    """The team; Invalid on `field` when there is none."""
    try:
        return teams.get(session(), team_id)[0]
    except NotFound as fault:
        raise Invalid({field: "There is no such team."}) from fault


def staff_of(field: str, staff_id: UUID) -> Staff:
    """The member of staff; Invalid on `field` when nobody who works here is meant."""
    try:
        return staff.get(session(), staff_id)[0]
    except NotFound as fault:
        raise Invalid({field: "Nobody who works here has this id."}) from fault


def own_staff() -> Staff:
    """Whoever asks, as a member of staff."""
    return session().scalars(select(Staff).where(Staff.id == viewer().staff_id)).one()


def recipient_of(staff_id: UUID | None, team_id: UUID | None) -> Recipient:
    """The one of both that is given."""
    if (staff_id is None) == (team_id is None):
        raise Invalid({"staff_id": "Give either a member of staff or a team."})
    if staff_id is not None:
        return Recipient(staff_id=staff_of("staff_id", staff_id).id)
    assert team_id is not None  # noqa: S101 - narrows the type: one of both is given
    return Recipient(team_id=team_of("team_id", team_id).id)


@contextmanager
def fields_as(**names: str) -> Iterator[None]:
    """Let what is wrong with `team` be said of the field that the request calls `team_id`, and so on."""
    try:
        yield
    except Invalid as fault:
        fields = {names.get(name, name): words for name, words in fault.fields.items()}
        raise Invalid(fields, HearthlineError.__str__(fault)) from fault
