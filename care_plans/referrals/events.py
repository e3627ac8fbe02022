"""Writes down what happened to a referral, and tells the teams on both sides."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.referrals import Referral, ReferralEvent
from care_plans.referral_states import ReferralKind
from care_plans.referrals.moves import Standing
from core import journal
from core.journal import Actor
from people.access import Viewer
from people.visible import actor

MACHINE = Actor("Hearthline")
NAMES = {
    ReferralKind.REFERRAL: "Referral",
    ReferralKind.JOINT_WORK: "Joint work",
    ReferralKind.TRANSFER: "Transfer of the lead",
    ReferralKind.TRANSFER_REQUEST: "Request for the lead",
    ReferralKind.SELF_REFERRAL: "Somebody asks for help",
}


def standing(row: Referral) -> Standing:
    """How it stands, as the table of moves takes it."""
    return Standing(
        kind=row.kind,
        state=row.state,
        delivered=row.delivered_at is not None,
        outside=row.to_team_id is None,
        aware=row.aware_at is not None,
        judged=row.judged_at is not None,
        reviewed=row.reviewed_at is not None,
        named=row.person_id is not None,
    )


def write(
    session: Session,
    row: Referral,
    what: str,
    now: datetime,
    *,
    words: str = "",
    by: Viewer | None = None,
    team_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> ReferralEvent:
    """Add one event, and the same to the journal."""
    event = ReferralEvent(
        referral_id=row.id,
        at=now,
        what=what,
        by_staff_id=by.staff_id if by else None,
        team_id=team_id,
        words=words,
        details=details or {},
    )
    session.add(event)
    journal.write(
        session,
        what,
        actor=actor(by) if by else MACHINE,
        subject="referral",
        subject_uuid=row.uuid,
        person_id=row.person_id,
        details={"words": words, "kind": row.kind.value, **(details or {})},
    )
    session.flush()
    return event


def tell(
    session: Session,
    row: Referral,
    event: ReferralEvent,
    team_id: int | None,
    why: str,
    now: datetime,
    *,
    answer_by: datetime | None = None,
) -> None:
    """Queue words about an event for a team; an agency outside Hearthline is told by whoever asked it."""
    if team_id is None:
        return
    whom = about.find(session, row.person_id, None, now) if row.person_id is not None else None
    outbox.queue(
        session,
        Recipient(team_id=team_id),
        wording.referral(NAMES[row.kind], whom, why=why, answer_by=answer_by),
        key=f"referral event {event.id}",
        now=now,
        person_id=row.person_id,
        referral_id=row.id,
    )
