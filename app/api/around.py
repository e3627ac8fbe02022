"""What is around a person in the REST API: contacts, the care team, and where they live."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, edit_of, identity, row_version, whole
from app.api.named import team_of
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, now, session, viewer
from care_plans.plan import expecting
from core.errors import NotFound
from people import care_teams, contacts, residencies, sharing, teams, unseen, visible
from people.access import Extent, RecordClass
from people.models.people import Contact, Person

blueprint = Blueprint(
    "people", "Whom we care for.", part="around", prefix=f"{PREFIX}/people/<uuid:person_id>"
)


class ContactIn(Shape):
    """Somebody around a person."""

    name = Text(required=True)
    relation = Text(most=100, allow_none=True)
    telephone = Text(most=40, allow_none=True)
    key_holder = fields.Boolean()
    minutes_away = whole(0, 1440, allow_none=True)
    remarks = Text(lines=True, allow_none=True)


class ContactOut(ContactIn):
    """Somebody around a person."""

    id = identity()
    version = row_version()


class Contacts(Shape):
    """Everybody around a person, where that is shared with your agency: `shown` says so."""

    items = fields.List(fields.Nested(ContactOut), required=True)
    shown = choice(Extent)


class CaringIn(Shape):
    """Which team is to care, and from when (now)."""

    team_id = fields.UUID(required=True)
    from_ = Moment(data_key="from", allow_none=True)
    lead = fields.Boolean()
    reason = Text(allow_none=True)


class CaringOut(Shape):
    """A team that cares."""

    team_id = fields.UUID(attribute="team.uuid")
    team = Text(attribute="team.name")
    agency_id = fields.UUID(attribute="agency.uuid")
    agency = Text(attribute="agency.name")
    telephone = Text(attribute="team.telephone", allow_none=True)
    lead = fields.Boolean()
    reason = Text(allow_none=True)
    from_ = Moment(data_key="from", attribute="since", allow_none=True)
    until = Moment(allow_none=True)


class Around(Shape):
    """Every team that cares for a person now, the lead first."""

    items = fields.List(fields.Nested(CaringOut), required=True)


class MoveIn(Shape):
    """Where somebody moves in, and from when (now)."""

    home_id = fields.UUID(required=True)
    from_ = Moment(data_key="from", load_default=None, allow_none=True)


class At(Shape):
    """When (now)."""

    at = Moment(load_default=None, allow_none=True)


class StayOut(Shape):
    """A time at a home."""

    home_id = fields.UUID(attribute="home.uuid")
    address_line = Text(attribute="home.address_line")
    postcode = Text(attribute="home.postcode")
    from_ = Moment(data_key="from", attribute="since", allow_none=True)
    until = Moment(allow_none=True)


class Stays(Shape):
    """Where a person has lived, the latest first."""

    items = fields.List(fields.Nested(StayOut), required=True)


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _contact(person_id: UUID, contact_id: UUID) -> Contact:
    """One of those around a person, where contact details are shared; NotFound otherwise."""
    person = _person(person_id)
    if not unseen.shown(session(), viewer(), person, RecordClass.CONTACT, now()):
        raise NotFound
    return contacts.get(session(), person, contact_id)


def _told(contact: Contact) -> dict[str, Any]:
    names = ("uuid", "version", *(name for name in contacts.READERS if name != "telephone"))
    said = {name: getattr(contact, name) for name in names}
    return {**said, "telephone": contacts.telephone(session(), contact)}


@blueprint.get("/contacts")
@needs("people:read")
@blueprint.answers(Contacts)
def list_contacts(person_id: UUID) -> Any:
    """List family, friends and neighbours; nobody where contact details are not shared with your agency."""
    person = opened_person(person_id, "contacts")
    how = sharing.sees(session(), viewer(), person.id, now())[RecordClass.CONTACT]
    some = contacts.list_contacts(session(), person) if how is Extent.FULL else []
    return {"items": [_told(contact) for contact in some], "shown": how}


@blueprint.post("/contacts")
@needs("people:write")
@blueprint.takes(ContactIn)
@blueprint.answers(ContactOut, 201)
def add_contact(given: Given, person_id: UUID) -> Any:
    """Write down somebody around a person."""
    return _told(contacts.add(session(), _person(person_id), given, by=viewer(), now=now()))


@blueprint.patch("/contacts/<uuid:contact_id>")
@needs("people:write")
@blueprint.takes(edit_of(ContactIn))
@blueprint.answers(ContactOut)
def change_contact(changes: Given, person_id: UUID, contact_id: UUID) -> Any:
    """Correct what is given of somebody around a person."""
    contact = _contact(person_id, contact_id)
    if_match(contact.version)
    return _told(contacts.change(session(), contact, changes, actor=actor()))


@blueprint.delete("/contacts/<uuid:contact_id>", edits=True)
@needs("people:write")
@blueprint.answers()
def remove_contact(person_id: UUID, contact_id: UUID) -> None:
    """Take somebody off the list. If-Match is the contact's own version."""
    contact = _contact(person_id, contact_id)
    if_match(contact.version)
    contacts.remove(session(), contact, actor=actor(), now=now())


@blueprint.get("/care-team")
@needs("people:read")
@blueprint.answers(Around)
def list_care_team(person_id: UUID) -> Any:
    """List the teams that care for a person now."""
    return {"items": care_teams.around(session(), opened_person(person_id, "care team"), now())}


@blueprint.post("/care-team")
@needs("people:write")
@blueprint.takes(CaringIn)
@blueprint.answers(Around, 201)
def add_to_care_team(given: Given, person_id: UUID) -> Any:
    """Put a team into a person's care team: its members see the person."""
    person = _person(person_id)
    team = team_of("team_id", given.pop("team_id"))
    asked = {"from": given.pop("from_", None) or now(), **given}
    care_teams.add(session(), person, team, asked, actor=actor())
    return {"items": care_teams.around(session(), person, now())}


@blueprint.delete("/care-team/<uuid:team_id>")
@needs("people:write")
@blueprint.answers()
def end_in_care_team(person_id: UUID, team_id: UUID) -> None:
    """End a team's care for a person, now: its members no longer see them."""
    person = _person(person_id)
    team, _agency = teams.get(session(), team_id)
    care_teams.end(session(), person, team, now(), actor=actor())


@blueprint.get("/residencies")
@needs("people:read")
@blueprint.answers(Stays)
def list_stays(person_id: UUID) -> Any:
    """List where a person lives and has lived."""
    return {"items": residencies.stays(session(), opened_person(person_id, "residencies"))}


@blueprint.post("/residencies")
@needs("people:write")
@blueprint.takes(MoveIn)
@blueprint.answers(Stays, 201)
def move_in(given: Given, person_id: UUID) -> Any:
    """Record that a person moves into a home."""
    person = _person(person_id)
    home = visible.get_home(session(), viewer(), given["home_id"], now())
    residencies.move_in(session(), person, home, given["from_"] or now(), actor=actor())
    expecting.follow(session(), person, now())
    return {"items": residencies.stays(session(), person)}


@blueprint.post("/move-out")
@needs("people:write")
@blueprint.takes(At)
@blueprint.answers(Stays)
def move_out(given: Given, person_id: UUID) -> Any:
    """Record that a person moves out of where they live."""
    person = _person(person_id)
    residencies.move_out(session(), person, given["at"] or now(), actor=actor())
    expecting.follow(session(), person, now())
    return {"items": residencies.stays(session(), person)}
