"""What a safeguarding concern asks of its team, step by step, by follow-ups that tell nothing of it (H19)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import concern_clock, follow_ups
from people import concerns, scoping
from people.access import Viewer
from people.models.concerns import Concern, Enquiry
from people.models.people import Person

READ = "Read what waits for your team under Concerns."
DECIDE = "Decide about what your team read under Concerns."
LOOK_AGAIN = "Look again at what your team holds under Concerns, or close it."


def raise_concern(
    session: Session,
    person: Person,
    given: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
    alert_id: int | None = None,
) -> Concern:
    """Send a worry to the team that takes them where the person lives; Invalid, or Conflict without such.

    The team is told at once that something waits, and asked by a follow-up to read it in time.
    """
    values = concerns.read_raised(given)
    with scoping.lifted(session):  # whoever raises it can't read what its team is asked
        team = concerns.receiving_team(session, person, now)
        zone = about.find(session, person.id, None, now).zone
        row = concerns.raise_(
            session, person, team, values, by=by, now=now, alert_id=alert_id,
            read_by=concern_clock.read_by(now, zone, danger=values["danger"]),
            decide_by=concern_clock.decide_by(now, zone),
        )  # fmt: skip
        _ask(session, row, READ, row.read_by, now)
        words = wording.restricted("new", due_at=row.read_by, zone=zone)
        outbox.queue(session, Recipient(team_id=team.id), words, key=f"concern {row.uuid}", now=now)
    return row


def take(session: Session, row: Concern, *, by: Viewer, now: datetime) -> Concern:
    """`by` has read it; next is the decision about an enquiry."""
    concerns.take(session, row, by=by, now=now)
    _done(session, row, by, now)
    _ask(session, row, DECIDE, max(row.decide_by, now), now)
    return row


def decide(session: Session, row: Concern, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Concern:
    """Decide about an enquiry; one that begins is looked at again after a time."""
    concerns.decide(session, row, given, by=by, now=now)
    _done(session, row, by, now)
    if row.enquiry is Enquiry.BEGUN:
        zone = about.find(session, row.person_id, None, now).zone
        _ask(session, row, LOOK_AGAIN, concern_clock.look_again_by(now, zone), now)
    return row


def close(session: Session, row: Concern, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Concern:
    """Close it; nothing more is asked."""
    concerns.close(session, row, given, by=by, now=now)
    _done(session, row, by, now)
    return row


def _ask(session: Session, row: Concern, text: str, due_at: datetime, now: datetime) -> None:
    made = follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=text,
        team_id=row.team_id,
        person_id=row.person_id,
        due_at=due_at,
        now=now,
        restricted=True,
    )
    row.follow_up_id = made.id
    session.flush()


def _done(session: Session, row: Concern, by: Viewer, now: datetime) -> None:
    if row.follow_up_id is None:
        return
    asked = session.get_one(FollowUp, row.follow_up_id)
    if asked.done_at is None:
        follow_ups.complete(session, asked, outcome=FollowUpOutcome.DONE, remarks="", by=by, now=now)
    row.follow_up_id = None
    session.flush()
