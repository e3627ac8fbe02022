"""Each override is looked into: a follow-up for the privacy team, by reference and with a deadline (H20)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from care_plans.messages import outbox
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import follow_ups
from core.errors import Invalid
from people import overrides, scoping
from people.access import Viewer
from people.models.agencies import Team, TeamRole
from people.models.caring import CareTeam
from people.models.sharing import Override

NOBODY = "Nobody here would look into it: there is no privacy team, and no team leads this person's care."


def open_(session: Session, viewer: Viewer, given: Mapping[str, Any], *, now: datetime) -> Override:
    """Open somebody's record to the viewer and have that looked into; raises like `overrides.open_`."""
    row = overrides.open_(session, viewer, given, now=now)
    with scoping.lifted(session):
        team = _who_looks(session, viewer, row.person_id, now)
        if team is None:
            raise Invalid({"reason": NOBODY})
        said = f"Look into an override, reference {overrides.reference(row)}: why was this record opened?"
        follow_up = follow_ups.make(
            session,
            kind=FollowUpKind.REVIEW,
            text=said,
            team_id=team.id,
            due_at=row.review_by,
            now=now,
            override_id=row.id,
        )
        words = Words(
            f"Override {overrides.reference(row)} to look into", f"{said} Open Hearthline to see it."
        )
        outbox.queue(
            session,
            Recipient(team_id=team.id),
            words,
            key=f"override {row.uuid}",
            now=now,
            follow_up_id=follow_up.id,
        )
    return row


def review(session: Session, override: Override, finding: str, *, by: Viewer, now: datetime) -> Override:
    """Say what was found, which completes the follow-up; raises like `overrides.review`."""
    row = overrides.review(session, override, finding, by=by, now=now)
    with scoping.lifted(session):
        follow_up = session.scalar(
            select(FollowUp).where(FollowUp.override_id == row.id, FollowUp.done_at.is_(None))
        )
        if follow_up is not None:
            follow_ups.complete(
                session, follow_up, outcome=FollowUpOutcome.DONE, remarks=finding, by=by, now=now
            )
    return row


def _who_looks(session: Session, viewer: Viewer, person_id: int, now: datetime) -> Team | None:
    """The privacy team of the viewer's agency, else another agency's, else who leads the person's care."""
    of_privacy = (
        select(Team)
        .where(Team.role == TeamRole.PRIVACY, Team.deleted_at.is_(None))
        .order_by(case((Team.agency_id == viewer.agency_id, 0), else_=1), Team.id)
        .limit(1)
    )
    leads = (
        select(Team)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .where(CareTeam.person_id == person_id, CareTeam.period.contains(now), Team.deleted_at.is_(None))
        .order_by(CareTeam.lead.desc(), CareTeam.id)
        .limit(1)
    )
    return session.scalar(of_privacy) or session.scalar(leads)
