"""Checks and inductions of whoever visits: recorded with an end, and who may not be asked once one lapsed.

Of one name ("DBS check", "Lone-worker induction") the one that was done last counts. What was never recorded
has not lapsed: which checks a role needs is the agency's to say.
"""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from core.errors import Invalid, NotFound
from people import scoping
from people.access import Viewer
from people.changes import note
from people.faults import day, read_fields, words
from people.models.agencies import Staff, TeamMember
from people.models.checks import StaffCheck
from people.visible import actor

AHEAD = timedelta(days=30)
"""How long before its end a check is shown as one that is about to lapse."""
READERS = {"name": words(100), "done_on": day, "valid_until": day}
USUAL = ("DBS check", "Lone-worker induction", "Moving and handling", "Safeguarding training")
"""Names that are offered, so that one check is not written in three ways."""


@dataclass(frozen=True, slots=True)
class Lapsing:
    """A check of somebody that has lapsed by a day, or is about to."""

    staff: Staff
    check: StaffCheck
    lapsed: bool


def record(
    session: Session, staff: Staff, given: Mapping[str, Any], *, by: Viewer, now: datetime
) -> StaffCheck:
    """Record that somebody of the viewer's own agency had a check. Invalid with every field that is wrong.

    NotFound for somebody of another agency, as for nobody.
    """
    _own(staff, by)
    values = read_fields(given, READERS, required=tuple(READERS))
    faults = {}
    if values["done_on"] > now.date():
        faults["done_on"] = "This day is still to come."
    if values["valid_until"] < values["done_on"]:
        faults["valid_until"] = "It can't end before it was done."
    if faults:
        raise Invalid(faults)
    name = " ".join(values.pop("name").split())
    row = StaffCheck(staff_id=staff.id, name=name, recorded_at=now, recorded_by_id=by.staff_id, **values)
    session.add(row)
    session.flush()
    note(session, "recorded", row, "check of staff", actor=actor(by), details=_said(row, staff))
    return row


def remove(session: Session, staff: Staff, check_id: UUID, *, by: Viewer, now: datetime) -> None:
    """Take back one that was recorded in error; NotFound where there is none."""
    _own(staff, by)
    row = session.scalar(
        select(StaffCheck).where(
            StaffCheck.uuid == check_id, StaffCheck.staff_id == staff.id, StaffCheck.deleted_at.is_(None)
        )
    )
    if row is None:
        raise NotFound
    row.deleted_at = now
    note(session, "removed", row, "check of staff", actor=actor(by), details=_said(row, staff))


def list_of(session: Session, staff: Staff) -> list[StaffCheck]:
    """All that is recorded of somebody, what ends first before the rest."""
    query = select(StaffCheck).where(StaffCheck.staff_id == staff.id, StaffCheck.deleted_at.is_(None))
    return list(session.scalars(query.order_by(StaffCheck.valid_until, StaffCheck.id)))


def lapsed(session: Session, staff_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these members of staff who may not be asked, as a check or an induction of theirs lapsed."""
    limited = scoping.lifted(session) if "limits" in session.info else nullcontext()
    with limited:  # a ladder asks people of several agencies; only who may not be asked leaves here
        return frozenset(session.scalars(_lapsed(now).where(StaffCheck.staff_id.in_(staff_ids))))


def may_be_asked(session: Session, staff_id: int, now: datetime) -> bool:
    """Whether a ladder may ask this person, and they may accept a visit (H22)."""
    return not lapsed(session, [staff_id], now)


def not_lapsed(now: datetime) -> ColumnElement[bool]:
    """The condition on `Staff` that none of their checks has lapsed."""
    return Staff.id.not_in(_lapsed(now))


def refuse_lapsed(session: Session, staff_id: int, now: datetime) -> None:
    """Raise Invalid, with what lapsed and when, where this person may not accept a visit."""
    rows = session.scalars(
        select(StaffCheck)
        .where(StaffCheck.staff_id == staff_id, StaffCheck.id.in_(_latest()))
        .where(StaffCheck.valid_until < now.date())
        .order_by(StaffCheck.valid_until)
    ).all()
    if rows:
        said = ", ".join(f"{row.name}, valid until {row.valid_until:%-d %B %Y}" for row in rows)
        raise Invalid({"": f"Somebody else must go: what you need for a visit has lapsed ({said})."})


def list_lapsing(
    session: Session,
    now: datetime,
    *,
    agency_id: int | None = None,
    team_ids: Collection[int] | None = None,
) -> list[Lapsing]:
    """What has lapsed or lapses within thirty days, the first to end first: of an agency, or of teams."""
    today = now.date()
    query = (
        select(Staff, StaffCheck)
        .join(StaffCheck, StaffCheck.staff_id == Staff.id)
        .where(StaffCheck.id.in_(_latest()), StaffCheck.valid_until <= today + AHEAD)
        .where(Staff.left_at.is_(None), Staff.deleted_at.is_(None))
    )
    if agency_id is not None:
        query = query.where(Staff.agency_id == agency_id)
    if team_ids is not None:
        inside = select(TeamMember.staff_id).where(
            TeamMember.team_id.in_(team_ids), TeamMember.period.contains(now)
        )
        query = query.where(Staff.id.in_(inside))
    rows = session.execute(query.order_by(StaffCheck.valid_until, Staff.name, StaffCheck.id))
    return [Lapsing(staff, check, check.valid_until < today) for staff, check in rows]


def _latest() -> Select[int]:
    """Inner keys of what counts: of each name, what was done last."""
    newer = aliased(StaffCheck)
    replaced = exists().where(
        newer.staff_id == StaffCheck.staff_id,
        func.lower(newer.name) == func.lower(StaffCheck.name),
        newer.deleted_at.is_(None),
        tuple_(newer.done_on, newer.id) > tuple_(StaffCheck.done_on, StaffCheck.id),
    )
    return select(StaffCheck.id).where(StaffCheck.deleted_at.is_(None), ~replaced)


def _lapsed(now: datetime) -> Select[int]:
    return select(StaffCheck.staff_id).where(
        StaffCheck.id.in_(_latest()), StaffCheck.valid_until < now.date()
    )


def _own(staff: Staff, by: Viewer) -> None:
    if staff.agency_id != by.agency_id and not by.everyone:
        raise NotFound


def _said(row: StaffCheck, staff: Staff) -> dict[str, str]:
    return {"staff": str(staff.uuid), "name": row.name, "valid_until": row.valid_until.isoformat()}
