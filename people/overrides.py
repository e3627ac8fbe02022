"""Break-glass: opening the record of somebody one does not care for, with a reason, for a short while (H20).

It opens all but what is restricted, to whoever can say exactly whom they mean. Each use is looked into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from core import journal
from core.db import vault_of
from core.errors import Conflict, Invalid, NotFound
from people import identity, scoping, visible
from people.access import Viewer
from people.changes import note
from people.faults import LINES, day, read_fields, words
from people.models.agencies import Agency, Staff
from people.models.people import Person
from people.models.sharing import Override

LASTS = timedelta(hours=1)
REVIEW_WITHIN = timedelta(days=3)
"""A default for the privacy officer to set: commitment 12 of the Care Record Guarantee names no days."""
LEAST_REASON = 15  # characters
READERS = {
    "nhs_number": identity.nhs_number,
    "given_name": words(100),
    "family_name": words(100),
    "date_of_birth": day,
    "postcode": identity.postcode,
    "reason": words(LINES),
}
WHOM = "Say exactly whom: the NHS number, or first name, last name, date of birth and postcode."
NOBODY = "Nobody here is exactly that. That you asked is written down."
REASON = "Say what has happened and why you need the record now: whoever looks into it has only this."
SEEN = "You see this person already: open their page."


@dataclass(frozen=True, slots=True)
class Used:
    """An override with who used it."""

    override: Override
    staff: str
    agency: str
    reviewed_by: str | None

    @property
    def reference(self) -> str:
        """What stands for it where nothing of the person may be said."""
        return reference(self.override)


def reference(override: Override) -> str:
    """Eight characters that stand for it: 1F3A-09C2."""
    text = override.uuid.hex[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def open_(session: Session, viewer: Viewer, given: Mapping[str, Any], *, now: datetime) -> Override:
    """Open somebody's record to the viewer for an hour.

    Invalid without a reason, or unless it names exactly one person; Conflict where they see them already. A
    try that finds nobody is written down: commit it.
    """
    values = read_fields(given, READERS, required=("reason",))
    if len(values["reason"]) < LEAST_REASON:
        raise Invalid({"reason": REASON})
    person = _exactly(session, values, now)
    if person is None:
        journal.write(
            session, "tried to override", actor=visible.actor(viewer), subject="override",
            details={"reason": values["reason"]},
        )  # fmt: skip
        raise NotFound(NOBODY)
    if visible.find_person(session, viewer, person.uuid, now) is not None:
        raise Conflict(SEEN)
    row = Override(
        person_id=person.id,
        staff_id=viewer.staff_id,
        at=now,
        until=now + LASTS,
        reason=values["reason"],
        review_by=now + REVIEW_WITHIN,
    )
    session.add(row)
    session.flush()
    details = {"reason": row.reason, "until": row.until.isoformat()}
    note(
        session,
        "overrode",
        row,
        "override",
        actor=visible.actor(viewer),
        person_id=person.id,
        details=details,
    )
    return row


def find_running(session: Session, viewer: Viewer, person_id: int, now: datetime) -> Override | None:
    """The viewer's own override of this person that still lasts, or None."""
    return session.scalar(
        select(Override)
        .where(
            Override.staff_id == viewer.staff_id,
            Override.person_id == person_id,
            Override.at <= now,
            Override.until > now,
        )
        .order_by(Override.until.desc())
        .limit(1)
    )


def listing(*, open_only: bool = True) -> Select[*tuple[Any, ...]]:
    """Overrides to look into, the first deadline first; or all, the latest first. See `used`."""
    reviewer = aliased(Staff)
    query = (
        select(Override, Staff.name, Agency.name, reviewer.name)
        .join(Staff, Staff.id == Override.staff_id)
        .join(Agency, Agency.id == Staff.agency_id)
        .outerjoin(reviewer, reviewer.id == Override.reviewed_by_id)
    )
    if open_only:
        return query.where(Override.reviewed_at.is_(None)).order_by(Override.review_by, Override.id)
    return query.order_by(Override.at.desc(), Override.id.desc())


def list_used(session: Session, *, open_only: bool = True, limit: int = 200) -> list[Used]:
    """The same, read."""
    return [Used(*row) for row in session.execute(listing(open_only=open_only).limit(limit))]


def get(session: Session, uuid: UUID) -> Used:
    """One override, or NotFound."""
    row = session.execute(listing(open_only=False).where(Override.uuid == uuid)).first()
    if row is None:
        raise NotFound
    return Used(*row)


def review(session: Session, override: Override, finding: str, *, by: Viewer, now: datetime) -> Override:
    """Say what looking into it found.

    Conflict when somebody has already, Invalid without words or by whoever used it.
    """
    if override.reviewed_at is not None:
        raise Conflict("Somebody has looked into this already.")
    if override.staff_id == by.staff_id:
        raise Invalid({"finding": "Somebody else has to look into what you opened yourself."})
    if not finding.strip():
        raise Invalid({"finding": "Say what you found, and what follows from it."})
    override.reviewed_at, override.reviewed_by_id, override.finding = now, by.staff_id, finding.strip()
    session.flush()
    note(session, "reviewed", override, "override", actor=visible.actor(by), person_id=override.person_id)
    return override


def _exactly(session: Session, values: Mapping[str, Any], now: datetime) -> Person | None:
    with scoping.lifted(session):
        found = session.scalars(select(Person).where(*_named(session, values, now)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _named(session: Session, values: Mapping[str, Any], now: datetime) -> list[ColumnElement[bool]]:
    here = [Person.deleted_at.is_(None)]
    if values.get("nhs_number"):
        return [*here, Person.nhs_number_blind == vault_of(session).blind(values["nhs_number"])]
    if not all(values.get(name) for name in ("given_name", "family_name", "date_of_birth", "postcode")):
        raise Invalid({"nhs_number": WHOM})
    return [
        *here,
        func.lower(Person.given_name) == values["given_name"].lower(),
        func.lower(Person.family_name) == values["family_name"].lower(),
        Person.date_of_birth == values["date_of_birth"],
        visible.lives_in_postcode(values["postcode"], now),
    ]
