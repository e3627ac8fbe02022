"""People in the REST API: who they are, what they say of themselves, what a responder must know."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Shape, Text, choice, edit_of, identity, page_of, row_version
from app.api.named import team_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.versions import if_match
from app.auth import needs
from app.context import actor, keep, now, session, viewer
from core.errors import Conflict, Invalid
from people import about_me, cards, looking_first, merged, people, sharing, teams, unseen, visible
from people.access import Extent, RecordClass, Sees
from people.faults import LINES
from people.models.agencies import Team
from people.models.people import Person, Sex

blueprint = Blueprint("people", "Whom we care for.")

KNOWN = (
    "Somebody of this description is known: ask /people/matches who, or say in `anyway` why this is "
    "somebody else."
)


class PersonIn(Shape):
    """What is said of a person."""

    given_name = Text(most=100, required=True)
    family_name = Text(most=100, required=True)
    preferred_name = Text(most=100, allow_none=True)
    title = Text(most=40, allow_none=True)
    date_of_birth = fields.Date(required=True)
    sex = choice(Sex)
    ethnicity = Text(most=100, allow_none=True)
    nhs_number = Text(most=20, allow_none=True)
    telephone = Text(most=40, allow_none=True)
    gp_practice_code = Text(most=10, allow_none=True)
    gp_practice_name = Text(allow_none=True)
    language = Text(most=100, allow_none=True)
    interpreter_needed = fields.Boolean()
    communication_needs = Text(lines=True, allow_none=True)
    disability = Text(lines=True, allow_none=True)
    digital_exclusion = Text(lines=True, allow_none=True)


class PersonNew(PersonIn):
    """Somebody to be taken on."""

    team_id = fields.UUID(
        load_default=None,
        metadata={"description": "Which of your teams leads; needed if you are in several."},
    )
    anyway = Text(
        most=LINES,
        load_default=None,
        allow_none=True,
        metadata={"description": "Why this is nobody of those who are almost certainly the same."},
    )


class PersonOut(PersonIn):
    """A person; their numbers are null where contact details are not shared with your agency."""

    id = identity()
    version = row_version()
    died_on = fields.Date(allow_none=True)
    old_ids = fields.List(
        fields.UUID(), metadata={"description": "Ids of records brought into this one: they still lead here."}
    )


class Search(Shape):
    """One of name, NHS number and telephone number; they are never part of an address."""

    name = Text(most=200)
    nhs_number = Text(most=20)
    telephone = Text(most=40)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=1000))


class AboutMeIn(Shape):
    """What a person says of themselves (PRSB About Me 2.0)."""

    most_important = Text(lines=True, allow_none=True)
    people_important = Text(lines=True, allow_none=True)
    how_i_communicate = Text(lines=True, allow_none=True)
    my_wellness = Text(lines=True, allow_none=True)
    please_do_and_dont = Text(lines=True, allow_none=True)
    how_and_when_to_support = Text(lines=True, allow_none=True)
    also_worth_knowing = Text(lines=True, allow_none=True)
    supported_by = Text(lines=True, allow_none=True)


class AboutMeOut(AboutMeIn):
    """What a person says of themselves; its version is 0 before anything was written.

    Nothing of it is told where contact details are not shared with your agency (`shown` says so).
    """

    shown = choice(Extent)

    version = fields.Integer()
    written_at = Moment(allow_none=True)


class CardIn(Shape):
    """What whoever goes must know."""

    home_oxygen = fields.Boolean()
    mobility = Text(most=LINES, allow_none=True)
    communication = Text(lines=True, allow_none=True)
    dog = Text(lines=True, allow_none=True)
    infection = Text(lines=True, allow_none=True)
    access = Text(lines=True, allow_none=True)
    end_of_life = fields.Boolean()
    decision_form = Text(allow_none=True, metadata={"description": "ReSPECT, DNACPR or ADRT."})
    decision_form_date = fields.Date(allow_none=True)
    decision_form_place = Text(allow_none=True, metadata={"description": "Where the original is: verify it."})


class CardOut(CardIn):
    """What whoever goes must know; its version is 0 before anything was written."""

    version = fields.Integer()


def told(some: Sequence[Person]) -> list[dict[str, Any]]:
    """People as they are answered."""
    old = merged.old_uuids(session(), [person.id for person in some])
    names = ("uuid", "version", "died_on", *(name for name in people.READERS if name not in people.SEALED))
    sees = sharing.sees_all(session(), viewer(), [person.id for person in some], now())
    return [
        {
            **{name: getattr(person, name) for name in names},
            **_numbers(person, sees[person.id]),
            "old_ids": old.get(person.id, []),
        }
        for person in some
    ]


def _numbers(person: Person, sees: Sees) -> dict[str, str | None]:
    if sees[RecordClass.CONTACT] is not Extent.FULL:
        return {"nhs_number": None, "telephone": None}
    opened = people.numbers(session(), person)
    return {"nhs_number": opened.nhs_number, "telephone": opened.telephone}


def opened_person(person_id: UUID, at_what: str = "record") -> Person:
    """The person, and a line in the journal that their record was looked at."""
    person = visible.get_person(session(), viewer(), person_id, now())
    visible.record_look(session(), viewer(), person, at_what=at_what)
    return person


@blueprint.get("")
@needs("people:read")
@blueprint.takes(Cut, location="query")
@blueprint.answers(page_of(PersonOut))
def list_people(asked: Given) -> Page[Any]:
    """List the people in sight, by name; that you looked at each is written down."""
    return _by_name(people.listing(viewer(), now()), asked)


@blueprint.post("/search")
@needs("people:read")
@blueprint.takes(Search)
@blueprint.answers(page_of(PersonOut))
def search_people(asked: Given) -> Page[Any]:
    """Find people in sight by the beginning of their names, or by a number; the look is written down."""
    given = {name: asked[name] for name in ("name", "nhs_number", "telephone") if name in asked}
    if len(given) != 1:
        raise Invalid({"": "Give one of name, nhs_number and telephone."})
    if "name" in given:
        query = people.listing(viewer(), now(), given["name"])
    elif "nhs_number" in given:
        query = people.by_nhs_number(session(), viewer(), given["nhs_number"], now())
    else:
        query = people.by_telephone(session(), viewer(), given["telephone"], now())
    return _by_name(query, asked)


@blueprint.post("")
@needs("people:write")
@blueprint.takes(PersonNew)
@blueprint.answers(PersonOut, 201)
def add_person(given: Given) -> Any:
    """Take somebody on; 409 when somebody is known who is almost certainly the same (see /people/matches)."""
    team, anyway = _own_team(given.pop("team_id")), given.pop("anyway")
    if not anyway and any(
        each.likelihood.sure for each in looking_first.find(session(), viewer(), given, now())
    ):
        keep()  # that it was asked is written down
        raise Conflict(KNOWN, {"anyway": KNOWN})
    return told([people.add(session(), given, actor=actor(), now=now(), team=team, anyway=anyway)])[0]


@blueprint.get("/<uuid:person_id>")
@needs("people:read")
@blueprint.answers(PersonOut)
def get_person(person_id: UUID) -> Any:
    """Show a person; that you looked is written down."""
    return told([opened_person(person_id)])[0]


@blueprint.patch("/<uuid:person_id>")
@needs("people:write")
@blueprint.takes(edit_of(PersonIn))
@blueprint.answers(PersonOut)
def change_person(changes: Given, person_id: UUID) -> Any:
    """Correct what is given of a person."""
    person = visible.get_person(session(), viewer(), person_id, now())
    if_match(person.version)
    if changes.keys() & people.SEALED:
        unseen.refuse(session(), viewer(), person, RecordClass.CONTACT, now())
    return told([people.change(session(), person, changes, actor=actor(), now=now())])[0]


@blueprint.get("/<uuid:person_id>/about-me")
@needs("people:read")
@blueprint.answers(AboutMeOut)
def get_about_me(person_id: UUID) -> Any:
    """Show what a person says of themselves."""
    return _about_me(opened_person(person_id, "about me"))


@blueprint.put("/<uuid:person_id>/about-me")
@needs("people:write")
@blueprint.takes(AboutMeIn)
@blueprint.answers(AboutMeOut)
def write_about_me(given: Given, person_id: UUID) -> Any:
    """Write what a person says of themselves; headings left out stay as they are."""
    person = _held_person(person_id)
    if_match(_about_me(person)["version"])
    unseen.refuse(session(), viewer(), person, RecordClass.CONTACT, now())
    about_me.write(session(), person, given, actor=actor(), now=now())
    return _about_me(person)


@blueprint.get("/<uuid:person_id>/responder-card")
@needs("people:read")
@blueprint.answers(CardOut)
def get_card(person_id: UUID) -> Any:
    """Show what whoever goes to a person must know."""
    person = opened_person(person_id, "responder card")
    return cards.find(session(), person) or {"version": 0}


@blueprint.put("/<uuid:person_id>/responder-card")
@needs("people:write")
@blueprint.takes(CardIn)
@blueprint.answers(CardOut)
def write_card(given: Given, person_id: UUID) -> Any:
    """Write what whoever goes must know; fields left out stay as they are."""
    person = _held_person(person_id)
    card = cards.find(session(), person)
    if_match(card.version if card else 0)
    return cards.write(session(), person, given, actor=actor())


def _held_person(person_id: UUID) -> Person:
    person = visible.get_person(session(), viewer(), person_id, now())
    people.hold(session(), person)
    return person


def _by_name(query: Any, asked: Given) -> Page[Any]:
    return page(session(), query, [Person.family_name, Person.given_name, Person.id], asked).turned(_listed)


def _listed(some: Sequence[Person]) -> list[dict[str, Any]]:
    """People in a list, which tells as much of each as their record by itself."""
    for person in some:
        visible.record_look(session(), viewer(), person, at_what="list")
    return told(some)


def _about_me(person: Person) -> dict[str, Any]:
    row = about_me.find(session(), person)
    how = sharing.sees(session(), viewer(), person.id, now())[RecordClass.CONTACT]
    if row is None:
        return {"version": 0, "written_at": None, "shown": how}
    said = {name: getattr(row, name) for name in about_me.HEADINGS if how is Extent.FULL}
    return {**said, "version": row.id, "written_at": row.written_at, "shown": how}


def _own_team(team_id: UUID | None) -> Team | None:
    """The team to lead: the one named, or the viewer's only one; an operator's token may have none."""
    mine = teams.list_of(session(), viewer().staff_id, now())
    if team_id is not None and viewer().everyone:
        return team_of("team_id", team_id)
    chosen = [team for team in mine if team_id in (None, team.uuid)]
    if len(chosen) == 1:
        return chosen[0]
    if viewer().everyone:
        return None
    raise Invalid({"team_id": "Give one of your own teams."})
