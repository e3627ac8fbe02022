"""What a person says of themselves; a new text supersedes the old one, which stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import journal
from core.journal import Actor
from people.changes import in_conflict
from people.faults import LINES, read_fields, words
from people.models.people import AboutMe, Person

HEADINGS = (
    "most_important",
    "people_important",
    "how_i_communicate",
    "my_wellness",
    "please_do_and_dont",
    "how_and_when_to_support",
    "also_worth_knowing",
    "supported_by",
)
READERS = dict.fromkeys(HEADINGS, words(LINES))


def find(session: Session, person: Person) -> AboutMe | None:
    """What holds now, or None before anything was written."""
    current = (AboutMe.person_id == person.id, AboutMe.superseded_at.is_(None))
    return session.scalar(select(AboutMe).where(*current))


def history(session: Session, person: Person) -> list[AboutMe]:
    """What they said before, the newest first."""
    rows = select(AboutMe).where(AboutMe.person_id == person.id, AboutMe.superseded_at.is_not(None))
    return list(session.scalars(rows.order_by(AboutMe.id.desc())))


def write(
    session: Session, person: Person, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> AboutMe:
    """Put the headings that are given in place of what they said; the others stay as they were."""
    values = read_fields(given, READERS)
    before = find(session, person)
    kept = {name: getattr(before, name) for name in HEADINGS} if before else {}
    row = AboutMe(person_id=person.id, written_at=now, **{**kept, **values})
    with in_conflict(session, "uq_about_me_current", "Somebody else wrote this at the same moment."):
        if before is not None:
            before.superseded_at = now
            session.flush()
        session.add(row)
    journal.write(
        session,
        "changed",
        actor=actor,
        subject="about me",
        subject_uuid=person.uuid,
        person_id=person.id,
        details={"headings": sorted(values)},
    )
    return row
