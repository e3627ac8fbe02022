"""Whom a member of staff may see, as subqueries and as lookups that say "not found" for everybody else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SelectBase, and_, exists, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import NotFound
from core.journal import Actor
from core.models import JournalEntry
from people import merged
from people.access import Viewer
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Home, Residency
from people.models.people import Person
from people.models.sharing import Override

LOOKED = ("looked at", "looked at the key safe")
STILL_LOOKING = timedelta(minutes=15)


def actor(viewer: Viewer) -> Actor:
    """The viewer as the journal names them."""
    return Actor(by=viewer.name, staff_id=viewer.staff_id)


def person_ids(viewer: Viewer, now: datetime) -> SelectBase:
    """Inner keys of the people in sight: those with one of the viewer's teams in their care team at `now`.

    And those whose record the viewer has broken the glass of, while that lasts (H20).
    """
    if viewer.everyone:
        return select(Person.id)
    cared_for = select(CareTeam.person_id).where(
        CareTeam.team_id.in_(viewer.team_ids), CareTeam.period.contains(now)
    )
    opened = select(Override.person_id).where(
        Override.staff_id == viewer.staff_id, Override.at <= now, Override.until > now
    )
    return cared_for.union_all(opened)


def home_ids(viewer: Viewer, now: datetime) -> Select[int]:
    """Inner keys of the homes in sight: where somebody in sight lives at `now`.

    An empty home stays in sight of those who see somebody who lived there; one that nobody was ever
    recorded in tells of nobody, and everyone whose role works with homes sees it. A landlord has no other
    way to a home than the care teams of those who live there.
    """
    if viewer.everyone:
        return select(Home.id)
    there = Residency.home_id == Home.id
    seen = and_(there, Residency.person_id.in_(person_ids(viewer, now)))
    occupied = exists().where(there, Residency.period.contains(now))
    return select(Home.id).where(
        or_(
            exists().where(seen, Residency.period.contains(now)),
            and_(~occupied, exists().where(seen)),
            ~exists().where(there),
        )
    )


def lives_in_postcode(postcode: str, now: datetime) -> ColumnElement[bool]:
    """Whether a person lives in a home of this postcode at `now`."""
    return exists(
        select(Residency.id)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id == Person.id, Residency.period.contains(now), Home.postcode == postcode)
    )


def alert_ids_by_sight(viewer: Viewer, now: datetime) -> Select[int]:
    """Inner keys of the alerts that a ladder step or dispatch opens to the viewer at `now` (H10).

    It gives the alert, its person's essentials and the responder card; never the person's page.
    """
    mine = or_(AlertSight.team_id.in_(viewer.team_ids), AlertSight.staff_id == viewer.staff_id)
    return select(AlertSight.alert_id).where(mine, AlertSight.period.contains(now))


def get_person(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Person:
    """The person, or NotFound: for a stranger nobody is here.

    An old id of somebody whose records were brought together leads to the record that stays.
    """
    uuid = merged.uuid_of(session, uuid)
    person = session.scalar(
        select(Person).where(
            Person.uuid == uuid, Person.deleted_at.is_(None), Person.id.in_(person_ids(viewer, now))
        )
    )
    if person is None:
        raise NotFound
    return person


def find_person(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Person | None:
    """The person, or None where the viewer may not see them, as with an alert that was only sent to them."""
    try:
        return get_person(session, viewer, uuid, now)
    except NotFound:
        return None


def get_home(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Home:
    """The home, or NotFound."""
    home = session.scalar(
        select(Home).where(Home.uuid == uuid, Home.deleted_at.is_(None), Home.id.in_(home_ids(viewer, now)))
    )
    if home is None:
        raise NotFound
    return home


def record_look(session: Session, viewer: Viewer, person: Person, *, at_what: str = "record") -> None:
    """Write down that the viewer opened the person's record (or one named part of it)."""
    journal.write(
        session,
        "looked at",
        actor=actor(viewer),
        subject="person",
        subject_uuid=person.uuid,
        person_id=person.id,
        details={"what": at_what},
    )


def record_part(session: Session, viewer: Viewer, person: Person, now: datetime, *, at_what: str) -> None:
    """The same for a part that a page fetches again by itself: not while the viewer is still looking."""
    if not still_looking(session, viewer, person.id, now):
        record_look(session, viewer, person, at_what=at_what)


def still_looking(session: Session, viewer: Viewer, person_id: int, now: datetime) -> bool:
    """Whether it is written down that the viewer looked at anything of the person's a short while ago."""
    last = session.scalar(
        select(JournalEntry.at)
        .where(
            JournalEntry.person_id == person_id,
            JournalEntry.staff_id == viewer.staff_id,
            JournalEntry.what.in_(LOOKED),
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return last is not None and last > now - STILL_LOOKING
