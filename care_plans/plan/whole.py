"""One version of a plan as people read it: rows joined with the names that belong to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from care_plans.models.goals import Action, Goal, GoalProgress, Need, PlanDocument, StageGoal, Strength
from care_plans.models.plans import Acceptance, PlanAgreement, PlanPathway, PlanVersion
from care_plans.models.rules import (
    Advice,
    Contingency,
    Judgement,
    Monitoring,
    PlanLadder,
    PlanRule,
    Schedule,
)
from care_plans.pathways import naming
from care_plans.pathways.shape import Personal


@dataclass(frozen=True, slots=True)
class ActionRead:
    """An action with who has taken it on, and the smaller goals on its way."""

    action: Action
    agency: str | None
    team: str | None
    staff: str | None = None
    stages: tuple[StageGoal, ...] = ()


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
    """One version, whole; `names` are of staff by their inner key, `teams` of teams."""

    version: PlanVersion
    pathways: tuple[PlanPathway, ...]
    strengths: tuple[Strength, ...]
    needs: tuple[NeedRead, ...]
    contingencies: tuple[ContingencyRead, ...]
    ladders: tuple[PlanLadder, ...]
    monitoring: tuple[Monitoring, ...]
    schedules: tuple[Schedule, ...]
    documents: tuple[PlanDocument, ...]
    advice: tuple[Advice, ...]
    acceptances: tuple[Acceptance, ...]
    agreement: PlanAgreement | None
    names: Mapping[int, str]
    teams: Mapping[int, str]

    @property
    def goals(self) -> tuple[GoalRead, ...]:
        """Every goal, need by need."""
        return tuple(goal for need in self.needs for goal in need.goals)

    @property
    def published_by(self) -> str | None:
        """Who put it in force."""
        return self.names.get(self.version.published_by_id or 0)

    @property
    def review_by(self) -> str | None:
        """Whose review it is."""
        return self.names.get(self.version.review_by_id or 0)

    @property
    def drafted_by(self) -> str | None:
        """Who began it."""
        return self.names.get(self.version.drafted_by_id)

    def asked_by(self, key: str, pathway: str | None, also_by: list[str] | None) -> tuple[str, ...]:
        """The titles of the pathways that ask for something, the first asker first; () where none does.

        `key` begins with what stands for the pathway that laid it, or with "own".
        """
        titles = {one.pathway: one.title for one in self.pathways}
        codes = [pathway or naming.code_of(key, titles), *(also_by or [])]
        return tuple(titles[code] for code in dict.fromkeys(codes) if code in titles)
