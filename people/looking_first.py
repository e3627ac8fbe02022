"""Looks before somebody is taken on: who might be the same, also among those whom nobody here may see.

Of somebody out of sight only that another agency knows one of this description, and which: never a name. That
it was asked is written down for them as for anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Invalid
from people import duplicates, identity, likeness, scoping, visible
from people.access import Viewer
from people.likeness import Match
from people.matching import Described, Likelihood
from people.models.people import Person

READERS = {
    "nhs_number": identity.nhs_number,
    "telephone": identity.telephone,
    "postcode": identity.postcode,
}


@dataclass(frozen=True, slots=True)
class MightBe:
    """Somebody who fits: the person where they are in sight, else the agencies to ask."""

    person: Person | None
    likelihood: Likelihood
    ask: tuple[str, ...]


def find(
    session: Session, viewer: Viewer, given: Mapping[str, Any], now: datetime, limit: int = 5
) -> list[MightBe]:
    """Whoever fits what is known of somebody new, the likeliest first; the looks are written down.

    `given` has given_name, family_name and date_of_birth, and what else is known: preferred_name, sex,
    nhs_number, telephone, postcode, address_line. What can't be read is left out of the comparison.
    """
    described = _described(session, given)
    if described is None:
        return []
    with scoping.lifted(session):  # of whom the viewer may not see, only whom to ask leaves here
        matches = likeness.like(session, described, now)[:limit]
        asks = duplicates.agencies_of(session, [match.person_id for match in matches], now)
    found = [_told(session, viewer, match, asks, now) for match in matches]
    for match, each in zip(matches, found, strict=True):
        if each.person is not None:
            visible.record_look(session, viewer, each.person, at_what="search before adding")
        else:
            journal.write(
                session, "asked after", actor=visible.actor(viewer), subject="person",
                person_id=match.person_id, details={"what": "search before adding"},
            )  # fmt: skip
    return found


def _told(
    session: Session, viewer: Viewer, match: Match, asks: Mapping[int, tuple[str, ...]], now: datetime
) -> MightBe:
    person = session.scalar(
        select(Person).where(Person.id == match.person_id, Person.id.in_(visible.person_ids(viewer, now)))
    )
    return MightBe(person, match.likelihood, () if person else asks.get(match.person_id, ()))


def _described(session: Session, given: Mapping[str, Any]) -> Described | None:
    names = [str(given.get(name) or "").strip() for name in ("given_name", "family_name")]
    born = given.get("date_of_birth")
    if not isinstance(born, date):
        try:
            born = date.fromisoformat(str(born))
        except ValueError:
            return None
    if not all(names):
        return None
    read = {name: _read(name, given.get(name)) for name in READERS}
    sex = str(given.get("sex") or "") or None
    return Described(
        given=names[0],
        family=names[1],
        born=born,
        sex=None if sex == "not_known" else sex,
        preferred=given.get("preferred_name") or None,
        postcode=read["postcode"],
        address_line=given.get("address_line") or None,
        telephone=likeness.blind(session, read["telephone"]),
        nhs_number=likeness.blind(session, read["nhs_number"]),
    )


def _read(name: str, value: Any) -> str | None:
    if not value:
        return None
    try:
        return READERS[name](str(value))
    except Invalid:
        return None
