"""The relationship that a referral gives, from its acceptance to its end, and what stays readable after."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.referrals import HandOverSummary, Referral
from care_plans.referral_states import OPEN, ReferralState
from care_plans.referrals import extracts
from core.errors import Conflict
from people import care_teams, sharing
from people.access import Viewer
from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.people import Person
from people.visible import actor


def begin(session: Session, row: Referral, by: Viewer, now: datetime) -> None:
    """Put the team that accepted into the care team, with the reason, unless it is there."""
    if row.to_team_id is None or row.person_id is None:
        return
    if care_teams.find(session, row.person_id, row.to_team_id, now) is not None:
        return
    person, team = session.get_one(Person, row.person_id), session.get_one(Team, row.to_team_id)
    reason = f"Referral: {row.reason}"[:200].replace("\n", " ")
    made = care_teams.add(session, person, team, {"from": now, "reason": reason}, actor=actor(by))
    row.care_team_id = made.id
    session.flush()


def end(session: Session, row: Referral, by: Viewer, now: datetime) -> None:
    """End what this referral gave, unless the team has another reason to care for them.

    A team that goes may still read what it saw at this moment, on the referral's page, and nothing later.
    """
    given = session.get(CareTeam, row.care_team_id) if row.care_team_id is not None else None
    if given is None or row.person_id is None or row.to_team_id is None or not _runs(given, now):
        return
    another = _other_reason(session, row)
    if isinstance(another, Referral):
        another.care_team_id, row.care_team_id = row.care_team_id, None
        session.flush()
        return
    if another or given.lead:
        return
    person, team = session.get_one(Person, row.person_id), session.get_one(Team, row.to_team_id)
    freeze(session, row, person, team, now)
    if given.period.lower is not None and given.period.lower >= now:
        session.delete(given)
        session.flush()
        return
    try:
        with session.begin_nested():
            care_teams.end(session, person, team, now, actor=actor(by))
    except Conflict:
        return  # nobody else would care for them: the team stays until somebody does


def freeze(session: Session, row: Referral, person: Person, team: Team, now: datetime) -> HandOverSummary:
    """Keep for `team` what it sees of the person at this moment."""
    before = find_summary(session, row, frozenset({team.id}))
    if before is not None:
        return before
    seen = sharing.team_sees(session, team, person.id, now)
    made = HandOverSummary(
        referral_id=row.id,
        person_id=person.id,
        team_id=team.id,
        at=now,
        document=extracts.make(session, person, seen, now),
    )
    session.add(made)
    session.flush()
    return made


def find_summary(session: Session, row: Referral, team_ids: frozenset[int]) -> HandOverSummary | None:
    """What one of these teams may still read of the person since it went."""
    return session.scalar(
        select(HandOverSummary)
        .where(HandOverSummary.referral_id == row.id, HandOverSummary.team_id.in_(team_ids))
        .order_by(HandOverSummary.id)
        .limit(1)
    )


def _runs(given: CareTeam, now: datetime) -> bool:
    return given.period.upper is None or given.period.upper > now


def _other_reason(session: Session, row: Referral) -> Referral | bool:
    """Another open referral that the team accepted, or that the plan in force names the team."""
    other = session.scalar(
        select(Referral).where(
            Referral.person_id == row.person_id,
            Referral.to_team_id == row.to_team_id,
            Referral.id != row.id,
            Referral.state.in_(OPEN),
            Referral.state != ReferralState.SENT,
        )
    )
    if other is not None:
        return other
    planned = session.scalar(
        select(Action.id)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(
            Plan.person_id == row.person_id,
            PlanVersion.state == VersionState.PUBLISHED,
            Action.team_id == row.to_team_id,
        )
        .limit(1)
    )
    return planned is not None
