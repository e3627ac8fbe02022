"""The form of a ladder: who is asked after whom, step by step."""

from collections.abc import Mapping
from typing import Any

from app.web.plan_fields import NONE, FieldShown, pick, plain
from care_plans.alerts.ladder import Way
from care_plans.plan.known import Known

STEPS = 6
"""Steps of a ladder that a form has room for; more are kept as they are."""
TIMES = "Only once raised so often (optional)"
ONLY = ("only_from", "only_until", "from_times")


def fields(known: Known, steps: int) -> tuple[FieldShown, ...]:
    """What it is called, and the fields of so many steps."""
    who = [
        NONE,
        *((f"team:{team.uuid}", f"{team.name}, {team.agency}") for team in known.teams.values()),
        *(
            (f"contact:{each.uuid}", f"{each.name}, {each.relation or 'near them'}")
            for each in known.contacts.values()
        ),
    ]
    found = [FieldShown("line", "name", "What to call it")]
    for number in range(steps):
        group, at = f"Step {number + 1}", f"steps.{number}"
        found += [
            pick(f"{at}.who", "Who", who, group=group),
            pick(f"{at}.way", "How", plain(Way), group=group),
            FieldShown("number", f"{at}.wait_minutes", "Then wait", suffix="minutes", group=group),
            FieldShown("line", f"{at}.words", "In words (optional)", group=group),
            FieldShown("time", f"{at}.only_from", "Only from (optional)", group=group),
            FieldShown("time", f"{at}.only_until", "Only until (optional)", group=group),
            FieldShown("number", f"{at}.from_times", TIMES, suffix="times", group=group),
        ]
    return tuple(found)


def shown(step: Mapping[str, Any]) -> dict[str, Any]:
    """One step as the form holds it."""
    who = f"team:{step['team']}" if step.get("team") else ""
    if step.get("contact"):
        who = f"contact:{step['contact']}"
    return {
        "who": who,
        **{name: step[name] for name in ("way", "wait_minutes", "words")},
        **{name: step.get(name) or "" for name in ONLY},
    }


def steps(given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was typed as the action takes it; steps that were left empty are passed over."""
    found = []
    for number in range(_count(given)):
        typed = {
            name: given.get(f"steps.{number}.{name}", "") for name in ("words", "way", "wait_minutes", *ONLY)
        }
        kind, _, uuid = given.get(f"steps.{number}.who", "").partition(":")
        if uuid or typed["words"] or typed["wait_minutes"]:
            found.append(typed | ({kind: uuid} if kind in ("team", "contact") else {}))
    return found


def places(given: Mapping[str, str]) -> dict[str, str]:
    """Which field of the form a fault of a step belongs to."""
    found = {"steps": "steps.0.who"}
    for number in range(_count(given)):
        for field in ("team", "contact"):
            found[f"steps.{number}.{field}"] = f"steps.{number}.who"
    return found


def _count(given: Mapping[str, str]) -> int:
    return len({name for name in given if name.startswith("steps.") and name.endswith(".who")})
