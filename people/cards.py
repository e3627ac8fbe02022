"""The responder card: what whoever goes to somebody must know before the door (H11)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.journal import Actor
from people.changes import apply, in_conflict, note
from people.faults import LINES, day, read_fields, words, yes_no
from people.models.people import Person, ResponderCard

READERS = {
    "home_oxygen": yes_no,
    "mobility": words(LINES),
    "communication": words(LINES),
    "dog": words(LINES),
    "infection": words(LINES),
    "access": words(LINES),
    "end_of_life": yes_no,
    "decision_form": words(),
    "decision_form_date": day,
    "decision_form_place": words(),
}
EMPTY = {"home_oxygen": False, "end_of_life": False}


def find(session: Session, person: Person) -> ResponderCard | None:
    """The person's card, or None before anybody wrote one."""
    return session.scalar(select(ResponderCard).where(ResponderCard.person_id == person.id))


def write(session: Session, person: Person, given: Mapping[str, Any], *, actor: Actor) -> ResponderCard:
    """Put the fields that are given on the card, which is made if there is none."""
    card = find(session, person)
    values = read_fields(given, READERS, empty=EMPTY, adding=card is None)
    taken = ("uq_responder_cards_person_id", "Somebody else wrote this card at the same moment.")
    with in_conflict(session, *taken):
        if card is None:
            card = ResponderCard(person_id=person.id, **values)
            session.add(card)
            changed: dict[str, Any] = {"written": sorted(given)}
        else:
            changed = apply(card, values)
    note(session, "changed", card, "responder card", actor=actor, person_id=person.id, details=changed)
    return card
