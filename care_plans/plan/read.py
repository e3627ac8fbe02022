"""The plan as people read it: needs with their goals and actions, contingencies, monitoring, versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, Goal, GoalProgress, Need, PlanDocument, StageGoal, Strength
from care_plans.models.plans import Acceptance, Plan, PlanPathway, PlanVersion
from care_plans.models.rules import (
    Advice,
    Contingency,
    Judgement,
    Monitoring,
    PlanLadder,
    PlanRule,
    Schedule,
)
from care_plans.pathways.limits import limit_of
from care_plans.plan import agreeing, drafts
from care_plans.plan.whole import (
    ActionRead,
    ContingencyRead,
    GoalRead,
    LimitRead,
    NeedRead,
    PlanRead,
    RuleRead,
)
from core.errors import NotFound
from devices import subjects
from people.models.agencies import Agency, Staff, Team
from people.models.homes import Residency
from people.models.people import Person

Ordered = TypeVar(
    "Ordered", Strength, Need, Goal, StageGoal, Contingency, PlanRule, Monitoring, Schedule, PlanDocument
)
Part = TypeVar("Part", PlanPathway, PlanLadder, Advice, Acceptance)


def list_versions(session: Session, person: Person) -> list[PlanVersion]:
    """Every version of the person's plan, newest first."""
    return list(
        session.scalars(
            select(PlanVersion)
            .join(Plan, Plan.id == PlanVersion.plan_id)
            .where(Plan.person_id == person.id)
            .order_by(PlanVersion.number.desc())
        )
    )


def get_version(session: Session, person: Person, uuid: UUID) -> PlanVersion:
    """One version of the person's plan, or NotFound."""
    for version in list_versions(session, person):
        if version.uuid == uuid:
            return version
    raise NotFound


def find_published(session: Session, person: Person, now: datetime) -> PlanRead | None:
    """The version in force, whole; None for a person without a plan."""
    version = drafts.find_published(session, person)
    return whole(session, person, version, now) if version else None


def whole(session: Session, person: Person, version: PlanVersion, now: datetime) -> PlanRead:
    """One version with all its parts, in a fixed number of statements."""
    rules = _ordered(session, PlanRule, version)
    schedules = _ordered(session, Schedule, version)
    agreement = agreeing.find(session, version)
    acceptances = _rows(session, Acceptance, version)
    staff = {version.drafted_by_id, version.published_by_id, version.review_by_id}
    staff |= {rule.set_by_id for rule in rules} | {one.by_id for one in acceptances}
    staff |= {agreement.by_id} if agreement else set()
    needs = _needs(session, version)
    seen = [goal.progress for need in needs for goal in need.goals if goal.progress]
    staff |= {one.by_staff_id for one in seen}
    names = _names(session, {one for one in staff if one is not None})
    standing = _judgements(session, person, now)
    ladders = _rows(session, PlanLadder, version)
    by_key = {row.key: row for row in ladders}
    contingencies = _ordered(session, Contingency, version)
    teams = {row.team_id for row in schedules}
    teams |= {row.follow_up["team_id"] for row in contingencies if row.follow_up}
    teams |= {step["team"] for row in ladders for step in row.document["steps"] if step.get("team")}
    return PlanRead(
        version=version,
        pathways=tuple(_rows(session, PlanPathway, version)),
        strengths=tuple(_ordered(session, Strength, version)),
        needs=needs,
        contingencies=tuple(
            ContingencyRead(
                contingency,
                tuple(
                    RuleRead(rule, _limits(rule), names.get(rule.set_by_id or 0), standing.get(rule.key))
                    for rule in rules
                    if rule.contingency_key == contingency.key
                ),
                by_key.get(contingency.ladder_key),
            )
            for contingency in contingencies
        ),
        ladders=tuple(ladders),
        monitoring=tuple(_ordered(session, Monitoring, version)),
        schedules=tuple(schedules),
        documents=tuple(_ordered(session, PlanDocument, version)),
        advice=tuple(_rows(session, Advice, version)),
        acceptances=tuple(acceptances),
        agreement=agreement,
        names=names,
        teams=_team_names(session, teams),
    )


def list_progress(
    session: Session, goal: Goal, plan_id: int, limit: int = 30
) -> list[tuple[GoalProgress, str | None]]:
    """How a goal was seen to stand, the latest first, each with who said so (None: counted from readings)."""
    rows = session.execute(
        select(GoalProgress, Staff.name)
        .outerjoin(Staff, Staff.id == GoalProgress.by_staff_id)
        .where(GoalProgress.plan_id == plan_id, GoalProgress.goal_key == goal.key)
        .order_by(GoalProgress.at.desc(), GoalProgress.id.desc())
        .limit(limit)
    )
    return [(row, name) for row, name in rows]


def _limits(rule: PlanRule) -> tuple[LimitRead, ...]:
    return tuple(
        LimitRead(personal, limit_of(rule.document, personal)) for personal in drafts.personal_limits(rule)
    )


def _rows(session: Session, part: type[Part], version: PlanVersion) -> Sequence[Part]:
    return session.scalars(select(part).where(part.version_id == version.id).order_by(part.id)).all()


def _ordered(session: Session, part: type[Ordered], version: PlanVersion) -> Sequence[Ordered]:
    return session.scalars(
        select(part).where(part.version_id == version.id).order_by(part.position, part.id)
    ).all()


def _needs(session: Session, version: PlanVersion) -> tuple[NeedRead, ...]:
    progress = {
        row.goal_key: row
        for row in session.scalars(
            select(GoalProgress)
            .where(GoalProgress.plan_id == version.plan_id)
            .ext(distinct_on(GoalProgress.goal_key))
            .order_by(GoalProgress.goal_key, GoalProgress.at.desc())
        )
    }
    stages: dict[str, list[StageGoal]] = {}
    for stage in _ordered(session, StageGoal, version):
        stages.setdefault(stage.action_key, []).append(stage)
    actions: dict[str, list[ActionRead]] = {}
    for action, agency, team, staff in session.execute(
        select(Action, Agency.name, Team.name, Staff.name)
        .outerjoin(Agency, Agency.id == Action.agency_id)
        .outerjoin(Team, Team.id == Action.team_id)
        .outerjoin(Staff, Staff.id == Action.staff_id)
        .where(Action.version_id == version.id)
        .order_by(Action.position, Action.id)
    ):
        actions.setdefault(action.goal_key, []).append(
            ActionRead(action, agency, team, staff, tuple(stages.get(action.key, ())))
        )
    goals: dict[str, list[GoalRead]] = {}
    for goal in _ordered(session, Goal, version):
        goals.setdefault(goal.need_key, []).append(
            GoalRead(goal, tuple(actions.get(goal.key, ())), progress.get(goal.key))
        )
    return tuple(NeedRead(need, tuple(goals.get(need.key, ()))) for need in _ordered(session, Need, version))


def _judgements(session: Session, person: Person, now: datetime) -> dict[str, Judgement]:
    numbers = [subjects.person(person.id).number]
    numbers += [
        subjects.home(home_id).number
        for home_id in session.scalars(
            select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
        )
    ]
    return {
        row.rule_key: row for row in session.scalars(select(Judgement).where(Judgement.subject.in_(numbers)))
    }


def _names(session: Session, staff_ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))
    return {row.id: row.name for row in rows}


def _team_names(session: Session, team_ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Team.id, Team.name).where(Team.id.in_(team_ids)))
    return {row.id: row.name for row in rows}
