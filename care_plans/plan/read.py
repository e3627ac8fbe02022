"""The plan as people read it: needs with their goals and actions, contingencies, monitoring, versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, Goal, GoalProgress, Need
from care_plans.models.plans import Plan, PlanPathway, PlanVersion
from care_plans.models.rules import Contingency, Judgement, Monitoring, PlanLadder, PlanRule, Schedule
from care_plans.pathways.limits import limit_of
from care_plans.pathways.shape import Personal
from care_plans.plan import drafts
from core.errors import NotFound
from devices import subjects
from people.models.agencies import Agency, Staff, Team
from people.models.homes import Residency
from people.models.people import Person

Part = TypeVar("Part", PlanPathway, Need, Goal, PlanLadder, Contingency, PlanRule, Monitoring, Schedule)


@dataclass(frozen=True, slots=True)
class ActionRead:
    """An action with who has taken it on."""

    action: Action
    agency: str
    team: str | None


@dataclass(frozen=True, slots=True)
class GoalRead:
    """A goal with its actions and how it last stood."""

    goal: Goal
    actions: tuple[ActionRead, ...]
    progress: GoalProgress | None


@dataclass(frozen=True, slots=True)
class NeedRead:
    """A need with its goals."""

    need: Need
    goals: tuple[GoalRead, ...]


@dataclass(frozen=True, slots=True)
class LimitRead:
    """A limit that may be set for this person, and what it stands at."""

    personal: Personal
    at: float


@dataclass(frozen=True, slots=True)
class RuleRead:
    """A rule with its limits, who set them, and how it last stood."""

    rule: PlanRule
    limits: tuple[LimitRead, ...]
    set_by: str | None
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class ContingencyRead:
    """A contingency with its rules and its ladder."""

    contingency: Contingency
    rules: tuple[RuleRead, ...]
    ladder: PlanLadder | None


@dataclass(frozen=True, slots=True)
class PlanRead:
    """One version, whole."""

    version: PlanVersion
    pathways: tuple[PlanPathway, ...]
    needs: tuple[NeedRead, ...]
    contingencies: tuple[ContingencyRead, ...]
    monitoring: tuple[Monitoring, ...]
    schedules: tuple[Schedule, ...]
    published_by: str | None

    @property
    def goals(self) -> tuple[GoalRead, ...]:
        """Every goal, need by need."""
        return tuple(goal for need in self.needs for goal in need.goals)


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
    staff = {version.published_by_id}
    rules = _rows(session, PlanRule, version)
    staff |= {rule.set_by_id for rule in rules}
    names = _names(session, {one for one in staff if one is not None})
    standing = _judgements(session, person, now)
    ladders = {row.key: row for row in _rows(session, PlanLadder, version)}
    return PlanRead(
        version=version,
        pathways=tuple(_rows(session, PlanPathway, version)),
        needs=_needs(session, version),
        contingencies=tuple(
            ContingencyRead(
                contingency,
                tuple(
                    RuleRead(rule, _limits(rule), names.get(rule.set_by_id or 0), standing.get(rule.key))
                    for rule in rules
                    if rule.contingency_key == contingency.key
                ),
                ladders.get(contingency.ladder_key),
            )
            for contingency in _rows(session, Contingency, version)
        ),
        monitoring=tuple(_rows(session, Monitoring, version)),
        schedules=tuple(_rows(session, Schedule, version)),
        published_by=names.get(version.published_by_id or 0),
    )


def differences(before: PlanRead, after: PlanRead) -> list[str]:
    """What changed between two versions, a sentence each."""
    said: list[str] = []
    then = dict(_all_limits(before))
    for limit_key, at in _all_limits(after):
        if limit_key in then and then[limit_key] != at:
            said.append(f"{limit_key[1]}: from {then[limit_key]:g} to {at:g}.")
    for words, old, new in (
        ("goal", _texts(before), _texts(after)),
        ("pathway", {one.title for one in before.pathways}, {one.title for one in after.pathways}),
        (
            "contingency plan",
            {one.contingency.name for one in before.contingencies},
            {one.contingency.name for one in after.contingencies},
        ),
    ):
        said += [f"New {words}: {text}" for text in sorted(new - old)]
        said += [f"No longer a {words}: {text}" for text in sorted(old - new)]
    return said


def _texts(plan: PlanRead) -> set[str]:
    return {one.goal.text for one in plan.goals}


def _all_limits(plan: PlanRead) -> list[tuple[tuple[str, str], float]]:
    return [
        ((rule.rule.key, limit.personal.label), limit.at)
        for contingency in plan.contingencies
        for rule in contingency.rules
        for limit in rule.limits
    ]


def _limits(rule: PlanRule) -> tuple[LimitRead, ...]:
    return tuple(
        LimitRead(personal, limit_of(rule.document, personal)) for personal in drafts.personal_limits(rule)
    )


def _rows(session: Session, part: type[Part], version: PlanVersion) -> Sequence[Part]:
    return session.scalars(select(part).where(part.version_id == version.id).order_by(part.id)).all()


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
    actions: dict[str, list[ActionRead]] = {}
    for action, agency, team in session.execute(
        select(Action, Agency.name, Team.name)
        .join(Agency, Agency.id == Action.agency_id)
        .outerjoin(Team, Team.id == Action.team_id)
        .where(Action.version_id == version.id)
        .order_by(Action.id)
    ):
        actions.setdefault(action.goal_key, []).append(ActionRead(action, agency, team))
    goals: dict[str, list[GoalRead]] = {}
    for goal in _rows(session, Goal, version):
        goals.setdefault(goal.need_key, []).append(
            GoalRead(goal, tuple(actions.get(goal.key, ())), progress.get(goal.key))
        )
    return tuple(NeedRead(need, tuple(goals.get(need.key, ()))) for need in _rows(session, Need, version))


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
