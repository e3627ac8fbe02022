"""What a pathway says: a service model as data, from needs to who looks when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from care_plans.alerts.ladder import Way
from care_plans.judging.conditions import About, Rule
from care_plans.judging.hours import Hours
from care_plans.pathways.roles import Role as Role
from care_plans.pathways.roles import Sector as Sector
from care_plans.pathways.roles import Team as Team
from care_plans.pathways.terms import Advice, Clock, InForce, Staffing
from care_plans.severity import Severity
from care_plans.work.recurrence import Recurrence
from people.access import RecordClass


class FollowUpKind(StrEnum):
    """What sort of thing is to be done; the same words as a follow-up's own kind."""

    CALL = "call"
    VISIT = "visit"
    REVIEW = "review"
    CHECK = "check"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from."""

    title: str
    url: str | None


class Sense(StrEnum):
    """Which way a goal's target is met."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Counts(StrEnum):
    """Which days count towards a goal."""

    DAYS_MET = "days_met"
    """Days whose mean meets the target; a day without readings does not count."""
    DAYS_WITHOUT_EVENT = "days_without_event"
    """Days without an event of the kind."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How readings show a goal: `enough` of the last `days` count. `target` is in the kind's own unit."""

    kind: str
    counts: Counts
    sense: Sense
    target: float
    days: int
    enough: int


@dataclass(frozen=True, slots=True)
class Action:
    """What an agency takes on for a goal."""

    key: str
    text: str
    team: Team
    due_in_days: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in the person's own voice; `importance` from 1 to 5 is a first guess to be asked about."""

    key: str
    text: str
    importance: int
    measure: Measure | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A need and the goals that answer it."""

    key: str
    text: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Kit:
    """Kit that is lent for a goal; `watches` means it needs a monitoring agreement first (H18)."""

    key: str
    name: str
    about: About
    kinds: tuple[str, ...]
    goal: str
    watches: bool


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What we expect to hear: by local times of day, or every so many seconds; missing after `grace`."""

    key: str
    kind: str
    about: About
    by: Recurrence | None
    every: int | None
    grace: int
    goal: str


@dataclass(frozen=True, slots=True)
class Personal:
    """A limit that may be set for one person, within safe bounds.

    `moves` are dotted places in the rule's document ("steps.0.when.below"): the first is the limit people
    see, and all move by the same amount, so that steps keep their distance.
    """

    name: str
    label: str
    unit: str
    lowest: float
    highest: float
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule of a contingency with its personal limits; `document` is the rule as plans keep it."""

    rule: Rule
    personal: tuple[Personal, ...]
    document: Mapping[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class AlertFollowUp:
    """The follow-up that an alert of at least this severity makes."""

    kind: FollowUpKind
    text: str
    team: Team
    due_in: int
    from_severity: Severity


@dataclass(frozen=True, slots=True)
class Contingency:
    """If this happens: what should happen, who is contacted, and which goal it protects.

    One that `answers_first` answers its triggers whoever else asks for them, as at the end of life (H11).
    """

    key: str
    name: str
    triggers: tuple[Trigger, ...]
    what_should_happen: str
    ladder: str
    goal: str
    follow_up: AlertFollowUp | None
    answers_first: bool = False


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of a ladder by sector and role; `wait` in seconds until the next."""

    team: Team
    words: str
    way: Way
    wait: int
    staffed_all_hours: bool
    receiving_centre: bool
    between: Hours | None = None
    from_times: int = 1


@dataclass(frozen=True, slots=True)
class PathwayLadder:
    """Who is contacted in which order, before real teams are named."""

    key: str
    name: str
    steps: tuple[LadderStep, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A follow-up that comes again and again."""

    key: str
    kind: FollowUpKind
    text: str
    team: Team
    recurrence: Recurrence
    goal: str


@dataclass(frozen=True, slots=True)
class Watch:
    """When somebody looks and who, and what to do otherwise (H12), in plain words."""

    team: Team
    watched: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Pathway:
    """A service model: whom it is for, what it wants, what it lends, watches and answers, and with whom.

    `accountable` is who answers for it, by what they do; `record_class` is what its very name gives away.
    """

    code: str
    version: int
    title: str
    owner: Sector
    accountable: str | None
    summary: str
    for_whom: str | None
    not_for: str | None
    in_force: InForce
    record_class: RecordClass
    sources: tuple[Source, ...]
    needs: tuple[Need, ...]
    kit: tuple[Kit, ...]
    monitoring: tuple[Monitoring, ...]
    ladders: tuple[PathwayLadder, ...]
    contingencies: tuple[Contingency, ...]
    schedules: tuple[Schedule, ...]
    clocks: tuple[Clock, ...]
    staffing: tuple[Staffing, ...]
    advice: tuple[Advice, ...]
    watch: Watch

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Every goal, need by need."""
        return tuple(goal for need in self.needs for goal in need.goals)

    @property
    def teams(self) -> frozenset[Team]:
        """Every team that enrolment has to name; the family is who the person says."""
        named = {action.team for goal in self.goals for action in goal.actions}
        named |= {step.team for ladder in self.ladders for step in ladder.steps}
        named |= {schedule.team for schedule in self.schedules} | {self.watch.team}
        named |= {one.follow_up.team for one in self.contingencies if one.follow_up is not None}
        named |= {clock.team for clock in self.clocks}
        return frozenset(team for team in named if team.role is not Role.FAMILY)
