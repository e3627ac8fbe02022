"""What happened around a person, whoever did it: alerts, follow-ups, the plan, kit, and who joined in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import read
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.work import FollowUp, FollowUpEvent
from care_plans.seen import asked, extents, showing
from care_plans.seen.showing import Shown
from care_plans.severity import Class, Severity
from core.models import JournalEntry
from people import merged, sharing
from people.access import Extent, RecordClass, Sees, Viewer
from people.households import Household
from people.models.agencies import Agency, Staff, Team
from people.models.people import Person

# Of what happens to an alert: what people who come later want to know. Steps and reminders stand on its page.
TOLD_OF_ALERTS = (
    What.RAISED, What.WORSE, What.REOPENED, What.CLEARED, What.CONTACT, What.EMERGENCY, What.HANDED_OVER,
    What.ACCEPTED, What.DECLINED, What.CLOSED,
)  # fmt: skip
TOLD_OF_FOLLOW_UPS = ("completed", "missed", "rescheduled", "tried")
# Of the journal, by what is written about: changes to the person, their plan, their home, their kit.
TOLD_OF_JOURNAL = {
    "person": ("added", "changed"),
    "merge": ("brought together", "parted"),
    "plan": ("enrolled", "published", "set limit"),
    "home": ("moved in", "moved out"),
    "team": ("added to the care team", "ended in the care team"),
    "about me": ("changed",),
    "responder card": ("changed",),
    "contact": ("added", "changed", "removed"),
    "assignment": ("assigned", "ended"),
    "referral": ("sent", "accepted", "declined", "done", "withdrawn", "not answered", "lead moved"),
}
CLASS_OF_JOURNAL = {
    "person": RecordClass.CONTACT,
    "plan": RecordClass.PLAN,
    "home": RecordClass.CONTACT,
    "team": RecordClass.CONTACT,
    "about me": RecordClass.CONTACT,
    "responder card": RecordClass.CONTACT,
    "contact": RecordClass.CONTACT,
    "assignment": RecordClass.SAFETY_EVENTS,
    "merge": RecordClass.CONTACT,
    "referral": RecordClass.PLAN,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: `about` is alert, follow-up, or what the journal wrote of; `what` is what."""

    at: datetime
    about: str
    what: str
    words: str
    by: str | None
    agency: str | None
    severity: Severity | None = None
    class_: Class | None = None
    uuid: UUID | None = None
    details: dict[str, Any] | None = None


def list_story(
    session: Session,
    viewer: Viewer,
    person: Person,
    household: Household,
    now: datetime,
    *,
    before: datetime | None = None,
    limit: int = 20,
) -> list[Told]:
    """The latest first, from before `before`, in a fixed number of statements; of alerts those in sight.

    Each is told as far as it is shared with the viewer.
    """
    sees = sharing.sees(session, viewer, person.id, now)
    rows = [
        *_alerts(session, viewer, person, household, now, before, limit),
        *_follow_ups(session, viewer, person, sees, before, limit, now),
        *_journal(session, person, sees, before, limit),
    ]
    return sorted(rows, key=lambda told: told.at, reverse=True)[:limit]


def _alerts(
    session: Session,
    viewer: Viewer,
    person: Person,
    household: Household,
    now: datetime,
    before: datetime | None,
    limit: int,
) -> list[Told]:
    whose = Alert.person_id == person.id
    if household.home is not None:  # what happened there before they came is of those who lived there then
        of_home = Alert.home_id == household.home.id
        whose |= of_home & (AlertEvent.at >= household.since) if household.since else of_home
    query = (
        select(AlertEvent, Alert, Staff.name, Agency.name, Agency.id, Team.name)
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .outerjoin(Staff, Staff.id == AlertEvent.by_staff_id)
        .outerjoin(Agency, Agency.id == Staff.agency_id)
        .outerjoin(Team, Team.id == AlertEvent.team_id)
        .where(whose, read.in_sight(viewer, now), AlertEvent.what.in_(TOLD_OF_ALERTS))
        .order_by(AlertEvent.at.desc(), AlertEvent.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AlertEvent.at < before)
    rows = session.execute(query).all()
    how = extents.of(session, viewer, {row[1].id: row[1] for row in rows}.values(), now)
    return [_of_alert(row, how[row[1].id], viewer) for row in rows]


def _of_alert(row: Row[*tuple[Any, ...]], how: Shown, viewer: Viewer) -> Told:
    event, alert, by, agency, agency_id, team = row
    own = agency_id == viewer.agency_id or event.team_id in viewer.team_ids
    words = showing.words_shown(event.what, how, own=own)
    seen = showing.as_seen(alert, how)
    told = (event.words or seen.words) if words else seen.words if event.what in showing.FOUND else ""
    details = showing.details_shown(event.details, words=words and (how.full or own))
    return Told(
        event.at, "alert", event.what, told, by, agency,
        severity=event.severity or alert.severity, class_=alert.class_ if how.full else None,
        uuid=alert.uuid, details={**details, "team": team, "name": seen.name},
    )  # fmt: skip


def _follow_ups(
    session: Session,
    viewer: Viewer,
    person: Person,
    sees: Sees,
    before: datetime | None,
    limit: int,
    now: datetime,
) -> list[Told]:
    query: Select[*tuple[Any, ...]] = (
        select(FollowUpEvent, FollowUp, Alert, Staff.name, Agency.name, Team)
        .join(FollowUp, FollowUp.id == FollowUpEvent.follow_up_id)
        .join(Team, Team.id == FollowUp.team_id)
        .outerjoin(Alert, Alert.id == FollowUp.alert_id)
        .outerjoin(Staff, Staff.id == FollowUpEvent.by_staff_id)
        .outerjoin(Agency, Agency.id == Staff.agency_id)
        .where(
            FollowUp.person_id == person.id,
            FollowUp.deleted_at.is_(None),
            ~FollowUp.restricted,
            FollowUpEvent.what.in_(TOLD_OF_FOLLOW_UPS),
        )
        .order_by(FollowUpEvent.at.desc(), FollowUpEvent.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(FollowUpEvent.at < before)
    rows = session.execute(query).all()
    how = extents.of(session, viewer, [row[2] for row in rows if row[2] is not None], now)
    found = []
    for event, follow_up, alert, by, agency, team in rows:
        own = team.agency_id == viewer.agency_id
        seen = asked.as_seen(
            follow_up, alert, how[alert.id] if alert else None, sees, own=own, team=team.name
        )
        remarks = event.words if seen.words else ""
        outcome = follow_up.outcome if seen.words else None
        found.append(
            Told(
                event.at, "follow-up", event.what, seen.text, by, agency, uuid=follow_up.uuid,
                details={"remarks": remarks, "outcome": outcome, "kind": follow_up.kind},
            )
        )  # fmt: skip
    return found


def _journal(session: Session, person: Person, sees: Sees, before: datetime | None, limit: int) -> list[Told]:
    wanted = [
        and_(JournalEntry.subject == subject, JournalEntry.what.in_(what))
        for subject, what in TOLD_OF_JOURNAL.items()
    ]
    query = (
        select(JournalEntry, Agency.name)
        .outerjoin(Staff, Staff.id == JournalEntry.staff_id)
        .outerjoin(Agency, Agency.id == Staff.agency_id)
        .where(JournalEntry.person_id.in_(merged.ids(person.id)), or_(*wanted))
        .order_by(JournalEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(JournalEntry.at < before)
    return [_of_journal(row, agency, sees) for row, agency in session.execute(query)]


def _of_journal(row: JournalEntry, agency: str | None, sees: Sees) -> Told:
    how = sees[CLASS_OF_JOURNAL[row.subject]]
    if how is Extent.FULL:
        return Told(
            row.at, row.subject, row.what, "", row.by, agency, uuid=row.subject_uuid, details=row.details
        )
    about = row.subject if how is Extent.CATEGORY else "not shared"
    return Told(row.at, about, "changed", "", row.by, agency)
