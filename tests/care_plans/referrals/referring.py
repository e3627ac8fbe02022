"""Referrals for tests, said shortly: who asks whom for what, and somebody as who looks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from care_plans.models.goals import Action, Goal, Need
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.referrals import Referral
from care_plans.referral_states import ReferralKind, Urgency
from care_plans.referrals import sending
from care_plans.referrals.sending import Asked
from people import signing_in
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.people import Person
from tests.cast import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def viewer(session: Session, staff: Staff, now: datetime) -> Viewer:
    """Somebody, with the teams they are in."""
    session.flush()
    return signing_in.viewer_of(session, staff, now)


def stranger_team(session: Session, cast: Cast) -> Team:
    """A team that has nothing to do with Ada yet: Mallory's."""
    session.flush()
    return cast.strangers


def send(
    session: Session,
    cast: Cast,
    now: datetime,
    *,
    to: Team | None = None,
    by: Staff | None = None,
    team: Team | None = None,
    person: Person | None = None,
    kind: ReferralKind = ReferralKind.REFERRAL,
    reason: str = "Look at the bathroom rail, please.",
    urgency: Urgency = Urgency.ROUTINE,
    **more: Any,
) -> Referral:
    """Dev, of the nurses, asks a team (the befrienders) something for Ada."""
    asked = Asked(
        kind=kind,
        reason=reason,
        urgency=urgency,
        from_team=team or cast.nurses,
        to_team=None if more.get("outside_name") else to or cast.befrienders,
        **more,
    )
    return sending.send(session, person or cast.ada, asked, by=viewer(session, by or cast.dev, now), now=now)


def plan(session: Session, cast: Cast, now: datetime) -> Action:
    """Ada's plan in force, with one action that is planned."""
    row = Plan(person_id=cast.ada.id)
    session.add(row)
    session.flush()
    version = PlanVersion(
        plan_id=row.id,
        number=1,
        state=VersionState.PUBLISHED,
        drafted_by_id=cast.cora.id,
        published_at=now,
        published_by_id=cast.cora.id,
    )
    session.add(version)
    session.flush()
    action = Action(
        version_id=version.id,
        goal_key="g",
        key="rail",
        text="Fit a rail in the bathroom",
        agency_id=cast.housing.id,
    )
    session.add_all(
        [
            Need(version_id=version.id, key="n", text="Falls in the bathroom"),
            Goal(version_id=version.id, need_key="n", key="g", text="Have a bath without fear"),
            action,
        ]
    )
    session.flush()
    return action
