"""The parts of a plan that can be added, changed, put in order and removed, and which hangs on which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from care_plans.models.goals import Action, Goal, Need, PlanDocument, StageGoal, Strength
from care_plans.models.rules import Contingency, Monitoring, PlanLadder, PlanRule, Schedule


class Part(StrEnum):
    """A sort of part, by the name it has in addresses and in the API."""

    STRENGTHS = "strengths"
    NEEDS = "needs"
    GOALS = "goals"
    ACTIONS = "actions"
    STAGES = "stages"
    CONTINGENCIES = "contingencies"
    TRIGGERS = "triggers"
    LADDERS = "ladders"
    MONITORING = "monitoring"
    SCHEDULES = "schedules"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of part: its table, what one of them is called, what it hangs on, and what says its title."""

    model: type[Any]
    one: str
    title: str = "text"
    parent: Part | None = None
    parent_field: str = ""
    ordered: bool = True


SORTS: Mapping[Part, Sort] = {
    Part.STRENGTHS: Sort(Strength, "strength"),
    Part.NEEDS: Sort(Need, "need"),
    Part.GOALS: Sort(Goal, "goal", parent=Part.NEEDS, parent_field="need_key"),
    Part.ACTIONS: Sort(Action, "action", parent=Part.GOALS, parent_field="goal_key"),
    Part.STAGES: Sort(StageGoal, "stage goal", parent=Part.ACTIONS, parent_field="action_key"),
    Part.CONTINGENCIES: Sort(Contingency, "contingency plan", title="name"),
    Part.TRIGGERS: Sort(
        PlanRule, "trigger", title="key", parent=Part.CONTINGENCIES, parent_field="contingency_key"
    ),
    Part.LADDERS: Sort(PlanLadder, "ladder", title="name", ordered=False),
    Part.MONITORING: Sort(Monitoring, "reading to watch", title="kind"),
    Part.SCHEDULES: Sort(Schedule, "repeating follow-up"),
    Part.DOCUMENTS: Sort(PlanDocument, "document", title="title"),
}

FIELDS: Mapping[Part, frozenset[str]] = {
    Part.STRENGTHS: frozenset({"text"}),
    Part.NEEDS: frozenset({"text"}),
    Part.GOALS: frozenset(
        {
            "need", "text", "importance", "measure_words", "target_on", "measure_kind", "measure_counts",
            "measure_sense", "measure_target", "measure_days", "measure_enough",
        }
    ),
    Part.ACTIONS: frozenset(
        {
            "goal", "text", "team", "staff", "when_words", "due_on", "review_on", "strategies", "confidence",
            "status",
        }
    ),
    Part.STAGES: frozenset({"action", "text", "status", "outcome"}),
    Part.CONTINGENCIES: frozenset(
        {
            "name", "what_should_happen", "early_signs", "coping", "anticipatory", "goal", "ladder",
            "follow_up_kind", "follow_up_text", "follow_up_team", "follow_up_hours", "follow_up_from",
        }
    ),
    Part.TRIGGERS: frozenset(
        {
            "contingency", "name", "kind", "side", "limit", "severity", "times", "within_minutes",
            "for_minutes", "over_hours", "rule", "why",
        }
    ),
    Part.LADDERS: frozenset({"name", "steps"}),
    Part.MONITORING: frozenset(
        {"kind", "times", "weekdays", "every_days", "every_hours", "grace_hours", "goal"}
    ),
    Part.SCHEDULES: frozenset(
        {
            "kind", "text", "team", "times", "weekdays", "every_days", "bank_holidays", "goal",
            "repeats", "interval", "which", "month_day", "until", "rule", "opens_hours", "due_hours",
        }
    ),
    Part.DOCUMENTS: frozenset({"title", "place", "dated_on", "review_on"}),
}  # fmt: skip
"""What may be given of each sort of part."""


def children(part: Part) -> tuple[Part, ...]:
    """The sorts of parts that hang on this one."""
    return tuple(each for each, sort in SORTS.items() if sort.parent is part)


def title_of(part: Part, row: Any) -> str:
    """What a part says, in short."""
    if part is Part.TRIGGERS:
        return str(row.document["name"])
    return str(getattr(row, SORTS[part].title))
