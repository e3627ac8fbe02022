"""Attempts as somebody sees them: when, by whom, and what came of them as far as that is shared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.models.work import FollowUp
from care_plans.reached import ANSWERED, Came
from care_plans.ringing.attempts import AFTERWARDS
from care_plans.work import agenda
from core.errors import NotFound
from people import reach, visible
from people.access import Extent, RecordClass, Viewer
from people.models.agencies import Staff
from people.models.people import Contact, Person


@dataclass(frozen=True, slots=True)
class Told:
    """One attempt; `came` and `words` are None where they are not shared with the viewer.

    `whom` is who was rung beside the person: a name where contacts are shared, else "somebody around them".
    """

    uuid: UUID
    person_id: int
    at: datetime
    by: str
    whom: str | None
    came: Came | None
    words: str | None
    undone: bool
    may_undo: bool


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> ContactAttempt:
    """One attempt in sight, or NotFound."""
    row = session.scalar(select(ContactAttempt).where(ContactAttempt.uuid == uuid, in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """One's own, those of follow-ups and alerts in sight, and those to people in sight."""
    follow_ups = select(FollowUp.id).where(agenda.in_sight(viewer, now))
    return ContactAttempt.deleted_at.is_(None) & or_(
        ContactAttempt.by_staff_id == viewer.staff_id,
        ContactAttempt.follow_up_id.in_(follow_ups),
        ContactAttempt.alert_id.in_(visible.alert_ids_by_sight(viewer, now)),
        ContactAttempt.person_id.in_(visible.person_ids(viewer, now)),
    )


def listing(viewer: Viewer, now: datetime, *, person_id: int) -> Select[ContactAttempt]:
    """The attempts to reach a person that are in sight; no order."""
    return select(ContactAttempt).where(in_sight(viewer, now), ContactAttempt.person_id == person_id)


def listing_of_follow_up(viewer: Viewer, now: datetime, *, follow_up_id: int) -> Select[ContactAttempt]:
    """The attempts that were made for a follow-up; no order."""
    return select(ContactAttempt).where(in_sight(viewer, now), ContactAttempt.follow_up_id == follow_up_id)


def list_of_people(
    session: Session, viewer: Viewer, person_ids: Collection[int], now: datetime, *, since: datetime
) -> list[Told]:
    """The attempts to reach these people since then, the latest first, in a fixed number of statements."""
    query = select(ContactAttempt).where(
        in_sight(viewer, now), ContactAttempt.person_id.in_(person_ids), ContactAttempt.at >= since
    )
    rows = session.scalars(query.order_by(ContactAttempt.at.desc(), ContactAttempt.id.desc())).all()
    return told(session, viewer, rows, now)


def told(session: Session, viewer: Viewer, rows: Sequence[ContactAttempt], now: datetime) -> list[Told]:
    """These attempts as the viewer sees them: of other agencies' calls what came is a note (H17)."""
    staff = {
        each.id: each
        for each in session.scalars(select(Staff).where(Staff.id.in_([row.by_staff_id for row in rows])))
    }
    near = {
        each.id: each
        for each in session.scalars(
            select(Contact).where(Contact.id.in_([row.contact_id for row in rows if row.contact_id]))
        )
    }
    seen = reach.read(session, viewer, {row.person_id for row in rows}, (), now)
    return [_told(row, staff[row.by_staff_id], near, seen, viewer, now) for row in rows]


def _told(
    row: ContactAttempt,
    by: Staff,
    near: dict[int, Contact],
    seen: reach.Reach,
    viewer: Viewer,
    now: datetime,
) -> Told:
    sees = seen.sees(row.person_id, None)
    own = by.agency_id == viewer.agency_id or viewer.everyone
    words = own or sees[RecordClass.NOTES] is Extent.FULL
    whom = None
    if row.contact_id is not None:
        contact = near.get(row.contact_id)
        named = contact is not None and sees[RecordClass.CONTACT] is Extent.FULL
        whom = contact.name if contact and named else "somebody around them"
    mine = by.id == viewer.staff_id and row.undone_at is None and row.alert_id is None
    return Told(
        uuid=row.uuid,
        person_id=row.person_id,
        at=row.at,
        by=by.name,
        whom=whom,
        came=row.came if words else None,
        words=row.words if words else None,
        undone=row.undone_at is not None,
        may_undo=mine and now - row.at <= AFTERWARDS,
    )


def list_own(session: Session, viewer: Viewer, now: datetime) -> list[tuple[Told, str]]:
    """What the viewer has recorded lately, the latest first, each with the name of whom it was about."""
    rows = session.execute(
        select(ContactAttempt, Person.given_name, Person.family_name)
        .join(Person, Person.id == ContactAttempt.person_id)
        .where(
            ContactAttempt.by_staff_id == viewer.staff_id,
            ContactAttempt.at > now - AFTERWARDS,
            ContactAttempt.undone_at.is_(None),
        )
        .order_by(ContactAttempt.at.desc(), ContactAttempt.id.desc())
        .limit(5)
    ).all()
    found = told(session, viewer, [row[0] for row in rows], now)
    return [(one, f"{row[1]} {row[2]}") for one, row in zip(found, rows, strict=True)]


def last_spoken(session: Session, viewer: Viewer, person_id: int, now: datetime) -> Told | None:
    """The last time that somebody spoke with the person on a call that is shared with the viewer."""
    rows = session.scalars(
        listing(viewer, now, person_id=person_id)
        .where(
            ContactAttempt.contact_id.is_(None),
            ContactAttempt.came.in_(ANSWERED),
            ContactAttempt.undone_at.is_(None),
        )
        .order_by(ContactAttempt.at.desc())
        .limit(20)
    ).all()
    return next((each for each in told(session, viewer, rows, now) if each.came is not None), None)


def looked_for(session: Session, person_ids: Collection[int]) -> dict[int, NoReply]:
    """Who of these is looked for now."""
    rows = session.scalars(
        select(NoReply).where(NoReply.person_id.in_(person_ids), NoReply.ended_at.is_(None))
    )
    return {row.person_id: row for row in rows}
