"""Plain text for an agency's own system, so that closing work is typed once: who, what, when, outcome, codes.

It says no more than whoever copies it may see.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.referrals import Referral, ReferralEvent
from care_plans.models.work import FollowUp
from care_plans.referrals import extracts, read
from care_plans.referrals.events import NAMES
from care_plans.severity import Class
from core.zones import UK
from devices import kinds
from people import sharing
from people.access import SEES_LITTLE, Extent, RecordClass, Sees, Viewer
from people.models.agencies import Agency, Staff, Team
from people.models.people import Person

CLASS_OF: dict[Class, RecordClass] = {
    Class.LIFE_SAFETY: RecordClass.SAFETY_EVENTS,
    Class.CLINICAL: RecordClass.VITALS,
    Class.HOME_SOCIAL: RecordClass.HOME_ENVIRONMENT,
}
NOT_SHARED = "Not shared with your agency; check on the person"


def of_referral(session: Session, viewer: Viewer, row: Referral, now: datetime) -> str:
    """One referral that has ended, in words for both sides; for others as far as they see the plan."""
    (line,) = read.lines(session, viewer, [row], now)
    party = read.is_party(viewer, row)
    note = session.scalar(
        select(ReferralEvent.words)
        .where(ReferralEvent.referral_id == row.id, ReferralEvent.what.in_(("done", "declined", "withdrawn")))
        .order_by(ReferralEvent.id)
        .limit(1)
    )
    ended_by = session.scalar(select(Staff.name).where(Staff.id == row.ended_by_id))
    outcome = row.result or row.decline_reason or row.state
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    return written(
        (
            ("Person", _who(person) if person else line.who),
            ("What", f"{NAMES[row.kind]}: {line.words}"),
            ("From", f"{line.from_team}, {line.from_agency}"),
            ("To", ", ".join(filter(None, (line.to, line.to_agency)))),
            ("Sent", said(row.sent_at, line.zone)),
            ("Answered", said(row.answered_at, line.zone)),
            ("Ended", said(row.ended_at, line.zone)),
            ("By", ended_by),
            ("Outcome", outcome.value.replace("_", " ")),
            ("Note", note if party else None),
            ("Landlord aware since", said(row.aware_at, line.zone)),
            ("Judged", row.judgement.value.replace("_", " ") if row.judgement and party else None),
            ("Codes", f"hearthline:referral={row.kind.value}; outcome={outcome.value}"),
            ("Reference", f"/referrals/{row.uuid}"),
        )
    )


def of_follow_up(session: Session, viewer: Viewer, row: FollowUp, now: datetime) -> str:
    """One follow-up that is done."""
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    zone, seen = _zone(session, row.person_id, now), _seen(session, viewer, row.person_id, now)
    mine = row.team_id in viewer.team_ids
    full = mine or seen[RecordClass.PLAN] is Extent.FULL
    team = session.execute(
        select(Team.name, Agency.name).join(Agency, Agency.id == Team.agency_id).where(Team.id == row.team_id)
    ).one()
    by = session.scalar(select(Staff.name).where(Staff.id == row.done_by_id))
    outcome = row.outcome.value if row.outcome else "open"
    return written(
        (
            ("Person", _who(person) if person else None),
            ("What", f"{row.kind.value.capitalize()}: {row.text if full else NOT_SHARED}"),
            ("Team", f"{team[0]}, {team[1]}"),
            ("Due", said(row.due_at, zone)),
            ("Done", said(row.done_at, zone)),
            ("By", by),
            ("Outcome", outcome.replace("_", " ")),
            ("Note", row.remarks if full else None),
            ("Codes", f"hearthline:follow-up={row.kind.value}; outcome={outcome}"),
            ("Reference", f"/follow-ups/{row.uuid}"),
        )
    )


def of_alert(session: Session, viewer: Viewer, row: Alert, now: datetime) -> str:
    """One alert that is closed; what it says of the person as far as their sort of record is seen."""
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    zone, seen = _zone(session, row.person_id, now), _seen(session, viewer, row.person_id, now)
    of = _sort(row)
    extent = Extent.FULL if of is None or person is None else seen[of]
    what = {
        Extent.FULL: f"{row.severity.value.capitalize()}, {row.name}: {row.words}",
        Extent.CATEGORY: f"{row.severity.value.capitalize()}, {row.class_.value.replace('_', ' ')}",
        Extent.CHECK: NOT_SHARED,
    }[extent]
    by = session.scalar(select(Staff.name).where(Staff.id == row.closed_by_id))
    full = extent is Extent.FULL
    codes = [f"hearthline:rule={row.rule_key}" if full else None]
    codes += [f"kind={row.kind}" if full and row.kind else None]
    codes += [f"cause={row.cause.value}" if row.cause else None]
    codes += [f"outcome={row.outcome.value}" if row.outcome else None]
    return written(
        (
            ("Person", _who(person) if person else "A worker" if row.worker_id else "A home"),
            ("What", what),
            ("Began", said(row.began_at, zone)),
            ("Contact", row.contact.value.replace("_", " ") if row.contact else None),
            ("Emergency services", row.emergency_reference if full else None),
            ("Closed", said(row.closed_at, zone)),
            ("By", by),
            ("Cause", row.cause.value.replace("_", " ") if row.cause and full else None),
            ("Done", row.action if full else None),
            ("Outcome", row.outcome.value.replace("_", " ") if row.outcome else None),
            ("Codes", "; ".join(filter(None, codes))),
            ("Reference", f"/alerts/{row.uuid}"),
        )
    )


def written(parts: Iterable[tuple[str, str | None]]) -> str:
    """Lines of "Name: words", without those that say nothing; one line each, so that it pastes anywhere."""
    return "\n".join(f"{name}: {' '.join(words.split())}" for name, words in parts if words)


def said(at: datetime | None, zone: str) -> str | None:
    """A time in full, for another system: "22 November 2026, 07:46"."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y, %H:%M}"


def _sort(row: Alert) -> RecordClass | None:
    """What sort of record an alert tells of: that of the kind it was judged on, else of its class."""
    kind = kinds.find(row.kind) if row.kind else None
    return kind.record_class if kind else CLASS_OF.get(row.class_)


def _who(person: Person) -> str:
    born = person.date_of_birth
    return f"{extracts.name_of(person)}, born {born.day} {born:%B %Y}"


def _seen(session: Session, viewer: Viewer, person_id: int | None, now: datetime) -> Sees:
    return sharing.sees(session, viewer, person_id, now) if person_id is not None else SEES_LITTLE


def _zone(session: Session, person_id: int | None, now: datetime) -> str:
    home = extracts.home_of(session, person_id, now) if person_id is not None else None
    return home.time_zone if home else UK
