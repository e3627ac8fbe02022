"""Agreements of those who live in Westmere to the kit in their homes that watches them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.journal import Actor
from devices import agreed
from devices.models import Device
from people import agreements
from people.models.agencies import Staff
from people.models.people import Person
from people.watching import RESTRICTIVE, Watched

WHY = {
    Watched.MOVEMENT: (
        "So that somebody notices a morning that does not begin.",
        "A call at nine: often out.",
    ),
    Watched.BED_AND_CHAIR: (
        "So that a night out of bed is noticed.",
        "A lamp that comes on by itself: kept too.",
    ),
    Watched.DOORS: ("So that a door open at night is noticed.", "A bell on the door: nobody hears it."),
    Watched.LOCATION: ("So that they are found when they are lost.", "A card with a number: kept too."),
    Watched.APPLIANCES: (
        "So that a day without a hot drink is noticed.",
        "A neighbour looking in: away in May.",
    ),
}


def agree_to(
    session: Session,
    kit: Mapping[Device, Collection[Person]],
    *,
    by: Staff,
    actor: Actor,
    now: datetime,
) -> None:
    """Let everybody agree to what their kit watches, where they have not; `kit` names whom each watches."""
    sorts = agreed.watched_by(session, kit)
    everybody = {person.id: person for people in kit.values() for person in people}
    wanting = {key: set[Watched]() for key in everybody}
    for device, people in kit.items():
        for person in people:
            wanting[person.id] |= sorts[device.id]
    in_force = agreements.in_force(session, list(everybody), now)
    for key, person in everybody.items():
        for watched in Watched:
            if watched in wanting[key] - in_force[key]:
                _agree(session, person, watched, by=by, actor=actor, now=now)


def _agree(
    session: Session, person: Person, watched: Watched, *, by: Staff, actor: Actor, now: datetime
) -> None:
    why, less_intrusive = WHY[watched]
    given: dict[str, object] = {
        "watched": watched,
        "agreed_by": "person",
        "why": why,
        "said": "I do not mind, as long as nobody films me.",
        "less_intrusive": less_intrusive,
        "objections": "None",
        "review_on": (now + timedelta(days=120)).date(),
    }
    if watched in RESTRICTIVE:
        given |= {
            "reviewed_by": "Sol, social worker",
            "reviewed_on": now.date(),
            "expires_on": (now + timedelta(days=180)).date(),
        }
    agreements.agree(session, person, given, by=by, actor=actor, now=now)
