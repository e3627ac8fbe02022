"""Reads what was given for strengths, needs, goals and who does what, each fault at its field."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.pathways.shape import Counts, Sense
from care_plans.plan.known import Known, TeamKnown
from core.errors import Invalid
from devices import kinds
from people.faults import LINES, Reader, day, number, one_of, read_fields, words

Given = Mapping[str, Any]
Values = dict[str, Any]

MEASURE = (
    "measure_kind",
    "measure_counts",
    "measure_sense",
    "measure_target",
    "measure_days",
    "measure_enough",
)
_YEAR = 366


def strength(given: Given, known: Known) -> Values:
    """What the person can do, in words."""
    return read_fields(given, {"text": words(LINES)}, required=("text",))


def need(given: Given, known: Known) -> Values:
    """A need, in words."""
    return read_fields(given, {"text": words(LINES)}, required=("text",))


def goal(given: Given, known: Known) -> Values:
    """A goal with what would show it, in words or from readings; in a draft perhaps nothing yet."""
    readers: dict[str, Reader] = {
        "need": _key(known.needs, "Choose one of the needs of this plan."),
        "text": words(LINES),
        "importance": number(1, 5),
        "measure_words": words(LINES),
        "target_on": day,
        "measure_kind": _kind,
        "measure_counts": one_of(Counts),
        "measure_sense": one_of(Sense),
        "measure_target": decimal,
        "measure_days": number(1, _YEAR),
        "measure_enough": number(1, _YEAR),
    }
    values = read_fields(given, readers, required=("need", "text"))
    measure = {name: values.pop(name, None) for name in MEASURE}
    values["need_key"] = values.pop("need")
    values["measure"] = _measure(measure)
    return values


def action(given: Given, known: Known) -> Values:
    """What is to be done, by which agency and team and perhaps whom, when; how sure the person is of it."""
    readers: dict[str, Reader] = {
        "goal": _key(known.goals, "Choose one of the goals of this plan."),
        "text": words(LINES),
        "team": team(known),
        "staff": _uuid("Choose one of these people."),
        "when_words": words(),
        "due_on": day,
        "review_on": day,
        "strategies": words(LINES),
        "confidence": number(0, 10),
        "status": one_of(ActionStatus),
    }
    values = read_fields(given, readers, required=("goal", "text"), empty={"status": ActionStatus.PLANNED})
    owner: TeamKnown | None = values.pop("team", None)
    who = values.pop("staff", None)
    member = next(
        (each for each in known.staff if each.uuid == who and owner is not None and each.team_id == owner.id),
        None,
    )
    if who is not None and member is None:
        raise Invalid({"staff": "Choose somebody who works in that team."})
    values["goal_key"] = values.pop("goal")
    values["team_id"] = owner.id if owner else None
    values["agency_id"] = owner.agency_id if owner else None
    values["staff_id"] = member.id if member else None
    return values


def stage(given: Given, known: Known) -> Values:
    """A smaller goal on the way, for one action."""
    readers: dict[str, Reader] = {
        "action": _key(known.actions, "Choose one of the actions of this plan."),
        "text": words(LINES),
        "status": one_of(GoalStatus),
        "outcome": words(LINES),
    }
    empty = {"status": GoalStatus.PROPOSED}
    values = read_fields(given, readers, required=("action", "text"), empty=empty)
    values["action_key"] = values.pop("action")
    return values


def document(given: Given, known: Known) -> Values:
    """Another document: what it is and where to find it."""
    readers: dict[str, Reader] = {"title": words(), "place": words(), "dated_on": day, "review_on": day}
    return read_fields(given, readers, required=("title", "place"))


def team(known: Known) -> Callable[[Any], TeamKnown]:
    """Reads the outer id of a team that sees the person."""
    read = _uuid("Choose one of the teams around the person.")

    def find(value: Any) -> TeamKnown:
        found = known.teams.get(read(value))
        if found is None:
            raise Invalid({"": "This team can't see the person: add it to the care team, or choose another."})
        return found

    return find


def decimal(value: Any) -> float:
    """A number as people write it, with a point or a comma."""
    try:
        found = float(str(value).replace(",", "."))
    except ValueError as fault:
        raise Invalid({"": "Give a number."}) from fault
    if not abs(found) < float("inf"):
        raise Invalid({"": "Give a number."})
    return found


def _key(keys: Collection[str], fault: str) -> Reader:
    def read(value: Any) -> str:
        if value not in keys:
            raise Invalid({"": fault})
        return str(value)

    return read


def _uuid(fault: str) -> Reader:
    def read(value: Any) -> UUID:
        try:
            return UUID(str(value))
        except ValueError as wrong:
            raise Invalid({"": fault}) from wrong

    return read


def _kind(value: Any) -> str:
    if kinds.find_measured(str(value)) is None:
        raise Invalid({"": "There is no such kind of reading."})
    return str(value)


def _measure(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """A measure from readings, whole; None where no kind is named."""
    kind = given["measure_kind"]
    if kind is None:
        stray = next((name for name in MEASURE[3:] if given[name] is not None), None)
        if stray is not None:
            raise Invalid({"measure_kind": "Choose the reading that shows it, or leave the numbers out."})
        return None
    counts = given["measure_counts"] or Counts.DAYS_MET
    needed = ["measure_days", "measure_enough"]
    if counts is Counts.DAYS_MET:
        needed += ["measure_sense", "measure_target"]
    faults = {name: "This is needed to count readings." for name in needed if given[name] is None}
    if not faults and given["measure_enough"] > given["measure_days"]:
        faults["measure_enough"] = "Ask for no more days than are looked at."
    low, high = kinds.get(kind).absolute
    if not faults and counts is Counts.DAYS_MET and not low <= given["measure_target"] <= high:
        faults["measure_target"] = f"Choose from {low:g} to {high:g} {kinds.get(kind).unit_words}."
    if faults:
        raise Invalid(faults)
    return {
        "kind": kind,
        "counts": counts.value,
        "sense": (given["measure_sense"] or Sense.AT_MOST).value,
        "target": given["measure_target"] or 0.0,
        "days": given["measure_days"],
        "enough": given["measure_enough"],
    }
