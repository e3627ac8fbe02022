"""A part of a plan as it would be given to be what it is: what forms begin with, and changes start from."""

from collections.abc import Callable, Mapping
from typing import Any

from care_plans.documents import seconds_of
from care_plans.models.goals import Action, Goal, PlanDocument, StageGoal
from care_plans.models.rules import Contingency, Monitoring, PlanLadder, PlanRule, Schedule
from care_plans.plan import own_rules, recurring
from care_plans.plan.known import Known
from care_plans.plan.parts import Part

HOUR, MINUTE = 3600, 60


def of(part: Part, row: Any, known: Known) -> dict[str, Any]:
    """The fields of a part with what they hold; empty ones are left out."""
    found = READ[part](row, known)
    return {name: value for name, value in found.items() if value is not None and value not in ("", [])}


def _words(row: Any, _known: Known) -> dict[str, Any]:
    return {"text": row.text}


def _goal(row: Goal, _known: Known) -> dict[str, Any]:
    measure = {f"measure_{name}": value for name, value in (row.measure or {}).items()}
    return {
        "need": row.need_key,
        "text": row.text,
        "importance": row.importance,
        "measure_words": row.measure_words,
        "target_on": row.target_on,
        **measure,
    }


def _action(row: Action, known: Known) -> dict[str, Any]:
    return {
        "goal": row.goal_key,
        "text": row.text,
        "team": _team(row.team_id, known),
        "staff": next((each.uuid for each in known.staff if each.id == row.staff_id), None),
        "when_words": row.when_words,
        "due_on": row.due_on,
        "review_on": row.review_on,
        "strategies": row.strategies,
        "confidence": row.confidence,
        "status": row.status,
    }


def _stage(row: StageGoal, _known: Known) -> dict[str, Any]:
    return {"action": row.action_key, "text": row.text, "status": row.status, "outcome": row.outcome}


def _document(row: PlanDocument, _known: Known) -> dict[str, Any]:
    return {
        "title": row.title,
        "place": row.place,
        "dated_on": row.dated_on,
        "review_on": row.review_on,
    }


def _contingency(row: Contingency, known: Known) -> dict[str, Any]:
    asked = row.follow_up or {}
    return {
        "name": row.name,
        "what_should_happen": row.what_should_happen,
        "early_signs": row.early_signs,
        "coping": row.coping,
        "anticipatory": row.anticipatory,
        "goal": row.goal_key,
        "ladder": row.ladder_key,
        "follow_up_kind": asked.get("kind"),
        "follow_up_text": asked.get("text"),
        "follow_up_team": _team(asked.get("team_id"), known),
        "follow_up_hours": max(1, round(asked["due_in"] / HOUR)) if asked else None,
        "follow_up_from": asked.get("from_severity"),
    }


def _trigger(row: PlanRule, _known: Known) -> dict[str, Any]:
    return {"contingency": row.contingency_key, **own_rules.told(row)}


def _ladder(row: PlanLadder, known: Known) -> dict[str, Any]:
    contacts = {each.id: each.uuid for each in known.contacts.values()}
    return {
        "name": row.name,
        "steps": [
            {
                "words": step["words"],
                "way": step["way"],
                "wait_minutes": _minutes(step["wait"]),
                "team": _team(step.get("team"), known),
                "contact": contacts.get(step.get("contact", 0)),
                "only_from": (step.get("between") or {}).get("from"),
                "only_until": (step.get("between") or {}).get("to"),
                "from_times": step.get("from_times"),
            }
            for step in row.document["steps"]
        ],
    }


def _monitoring(row: Monitoring, _known: Known) -> dict[str, Any]:
    document = row.document
    every = document.get("every")
    return {
        "kind": row.kind,
        **_due(document.get("by") or {}),
        "every_days": None,
        "every_hours": max(1, round(every / HOUR)) if every else None,
        "grace_hours": max(1, round(document["grace"] / HOUR)),
        "goal": row.goal_key,
    }


def _schedule(row: Schedule, known: Known) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "text": row.text,
        "team": _team(row.team_id, known),
        **_due(row.recurrence),
        **(recurring.fields_of(row.recurrence["rule"]) if row.recurrence.get("rule") else {}),
        "opens_hours": _hours(row.recurrence.get("opens_before")),
        "due_hours": _hours(row.recurrence.get("due_within")),
        "bank_holidays": row.recurrence.get("bank_holidays"),
        "goal": row.goal_key,
    }


def _hours(seconds: int | None) -> int | None:
    return max(1, round(seconds / HOUR)) if seconds else None


def _due(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "times": document.get("times"),
        "weekdays": document.get("weekdays"),
        "every_days": document.get("every_days"),
    }


def _team(team_id: int | None, known: Known) -> Any:
    return next((each.uuid for each in known.teams.values() if each.id == team_id), None)


def _minutes(wait: str) -> int:
    return max(1, (seconds_of(wait) or MINUTE) // MINUTE)


READ: Mapping[Part, Callable[[Any, Known], dict[str, Any]]] = {
    Part.STRENGTHS: _words,
    Part.NEEDS: _words,
    Part.GOALS: _goal,
    Part.ACTIONS: _action,
    Part.STAGES: _stage,
    Part.CONTINGENCIES: _contingency,
    Part.TRIGGERS: _trigger,
    Part.LADDERS: _ladder,
    Part.MONITORING: _monitoring,
    Part.SCHEDULES: _schedule,
    Part.DOCUMENTS: _document,
}
