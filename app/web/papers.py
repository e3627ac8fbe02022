"""Whose papers a page shows: the person, their name, and the zone of their home."""

from dataclasses import dataclass
from uuid import UUID

from app import context
from app.web import essentials
from core.zones import UK
from people import households, visible
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Whose:
    """The person that a page is about: see person in the templates."""

    person: Person
    uuid: UUID
    name: str
    first_name: str
    zone: str

    @property
    def path(self) -> str:
        """The address of their page."""
        return f"/people/{self.uuid}"


def whose(person_id: UUID, at_what: str | None = None) -> Whose:
    """The person, or NotFound; with `at_what`, that somebody looked at that is written down."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = visible.get_person(opened, viewer, person_id, now)
    if at_what is not None:
        visible.record_look(opened, viewer, person, at_what=at_what)
    home = households.of(opened, viewer, person.id, now).home
    zone = home.time_zone if home else UK
    return Whose(person, person.uuid, essentials.name_of(person), essentials.first_name(person), zone)
