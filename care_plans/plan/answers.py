"""Reads what was given for contingencies, triggers, ladders, what is watched and what comes again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from care_plans.alerts import ladder as ladders
from care_plans.alerts.ladder import MOST_TIMES, Ladder, LadderStep, Way
from care_plans.judging.hours import Hours
from care_plans.models.work import FollowUpKind
from care_plans.plan import own_rules, recurring
from care_plans.plan.aims import Given, Values, team
from care_plans.plan.known import Known, TeamKnown
from care_plans.severity import Severity
from care_plans.work import recurrence
from care_plans.work.recurrence import BankHolidays
from core.errors import Invalid
from devices import kinds
from people.faults import LINES, Reader, as_given, clock, number, one_of, read_fields, words

HOUR, MINUTE = 3600, 60
_MOST_STEPS = 8
SCHEDULED = ("kind", "text", "team", "times")
FOLLOW_UP = ("kind", "text", "team", "hours", "from")


def contingency(given: Given, known: Known) -> Values:
    """If this happens: what should happen, who is contacted, what helps; in a draft perhaps not all yet."""
    readers: dict[str, Reader] = {
        "name": words(),
        "what_should_happen": words(LINES),
        "early_signs": words(LINES),
        "coping": words(LINES),
        "anticipatory": words(LINES),
        "goal": _one_of_keys(known.goals, "Choose one of the goals of this plan."),
        "ladder": _one_of_keys(known.ladders, "Choose one of the ladders of this plan."),
        "follow_up_kind": one_of(FollowUpKind),
        "follow_up_text": words(LINES),
        "follow_up_team": team(known),
        "follow_up_hours": number(1, 24 * 28),
        "follow_up_from": one_of(Severity),
    }
    values = read_fields(given, readers, required=("name",), empty={"what_should_happen": "", "ladder": ""})
    values["goal_key"] = values.pop("goal", None)
    values["ladder_key"] = values.pop("ladder", "")
    asked = {
        name: values.pop(f"follow_up_{name}", None) for name in ("kind", "text", "team", "hours", "from")
    }
    values["follow_up"] = _follow_up(asked)
    return values


def trigger(given: Given, known: Known, key: str) -> Values:
    """A person's own trigger and its rule: one kind against one limit, or a rule as text."""
    return own_rules.read(
        given, key, _one_of_keys(known.contingencies, "Choose one of the contingency plans.")
    )


def ladder(given: Given, known: Known, key: str) -> Values:
    """Who is contacted in which order: a list of steps, each a team or a contact, a way and a wait."""
    values = read_fields(given, {"name": words(), "steps": as_given}, required=("name",))
    steps = values.get("steps") or []
    if not isinstance(steps, Sequence) or isinstance(steps, str) or len(steps) > _MOST_STEPS:
        raise Invalid({"steps": f"Give a list of at most {_MOST_STEPS} steps."})
    faults: dict[str, str] = {}
    made = []
    for position, step in enumerate(steps, 1):
        try:
            made.append(_step(step, known, position))
        except Invalid as fault:
            faults |= {f"steps.{position - 1}.{field}": told for field, told in fault.fields.items()}
    if not steps:
        faults["steps"] = "Give at least one step: somebody must be contacted."
    if faults:
        raise Invalid(faults)
    whole = Ladder(key, values["name"], tuple(made))
    return {"name": values["name"], "document": ladders.to_document(whole)}


def monitoring(given: Given, known: Known) -> Values:
    """What is measured, at which times of day or every so many hours, and how late counts as missing."""
    readers: dict[str, Reader] = {
        "kind": words(),
        "times": as_given,
        "weekdays": as_given,
        "every_hours": number(1, 24 * 7),
        "grace_hours": number(1, 24 * 7),
        "goal": _one_of_keys(known.goals, "Choose one of the goals of this plan."),
    }
    values = read_fields(given, readers, required=("kind", "grace_hours"))
    kind = kinds.find_measured(values["kind"])
    if kind is None:
        raise Invalid({"kind": "There is no such kind of reading."})
    document: dict[str, Any] = {"grace": values["grace_hours"] * HOUR}
    every = values.get("every_hours")
    if bool(every) == bool(values.get("times")):
        raise Invalid({"times": "Say at which times of day, or every how many hours: one of them."})
    if every:
        document["every"] = every * HOUR
    else:
        document["by"] = _recurrence(values, known)
    return {
        "kind": kind.code,
        "about": kind.about,
        "document": document,
        "goal_key": values.get("goal"),
    }


def schedule(given: Given, known: Known) -> Values:
    """A follow-up that comes again and again: what, by which team, at which times, on which days."""
    readers: dict[str, Reader] = {
        "kind": one_of(FollowUpKind),
        "text": words(LINES),
        "team": team(known),
        "times": as_given,
        "weekdays": as_given,
        "every_days": number(1, 366),
        "bank_holidays": one_of(BankHolidays),
        "goal": _one_of_keys(known.goals, "Choose one of the goals of this plan."),
        "repeats": one_of(recurring.Repeats),
        "interval": number(1, 104),
        "which": one_of(recurring.Which),
        "month_day": recurring.day_of_month,
        "until": recurring.last_day,
        "rule": words(),
        "opens_hours": number(1, 24 * 14),
        "due_hours": number(1, 24 * 14),
    }
    needed = ("kind", "text", "team") if "BYHOUR" in str(given.get("rule")).upper() else SCHEDULED
    values = read_fields(given, readers, required=needed)
    owner: TeamKnown = values["team"]
    return {
        "kind": values["kind"].value,
        "text": values["text"],
        "team_id": owner.id,
        "recurrence": _recurrence(values, known),
        "goal_key": values.get("goal"),
    }


def _recurrence(values: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """When it falls due, as plans keep it: in the person's time zone, counted from today."""
    every = values.get("every_days") or 1
    weekdays = _listed(values.get("weekdays"))
    rule = recurring.rule_of(values, weekdays)
    document: dict[str, Any] = {
        "times": _listed(values.get("times")) or None,
        "every_days": every,
        "starts": (known.today + timedelta(days=every if every > 1 else 0)).isoformat(),
        "bank_holidays": values.get("bank_holidays") or BankHolidays.KEEP,
        "zone": known.zone,
    }
    if weekdays:
        document["weekdays"] = weekdays
    for field, hours in (("opens_before", "opens_hours"), ("due_within", "due_hours")):
        if values.get(hours):
            document[field] = values[hours] * HOUR
    if rule is not None:
        document |= {"rule": rule, "every_days": 1, "weekdays": None}
    try:
        return recurrence.to_document(recurrence.from_document(document))
    except Invalid as fault:
        faults = {field.partition(".")[0]: told for field, told in fault.fields.items()}
        if "times" in faults:
            faults["times"] = 'Give times of day such as "08:00, 20:00".'
        if "rule" in faults and not values.get("rule"):
            faults["until" if values.get("until") else "interval"] = faults.pop("rule")
        raise Invalid(faults) from fault


def _listed(value: Any) -> list[Any]:
    """A list, from one or from a line with commas between."""
    given = value.replace(";", ",").split(",") if isinstance(value, str) else value
    if not isinstance(given, Sequence):
        return []
    return [str(one).strip().lower() for one in given if str(one).strip()]


def _step(given: Any, known: Known, position: int) -> LadderStep:
    if not isinstance(given, Mapping):
        raise Invalid({"": "Give named fields here."})
    readers: dict[str, Reader] = {
        "words": words(),
        "way": one_of(Way),
        "wait_minutes": number(1, 24 * 60),
        "team": team(known),
        "contact": as_given,
        "only_from": clock,
        "only_until": clock,
        "from_times": number(1, MOST_TIMES),
    }
    unknown = set(given) - set(readers)
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "There is no such field here."))
    values = read_fields(given, readers, required=("way", "wait_minutes"))
    owner: TeamKnown | None = values.get("team")
    contact = _contact(values.get("contact"), known)
    if (owner is None) == (contact is None):
        raise Invalid({"team": "Choose a team or somebody near the person: one of them."})
    name = owner.name if owner else f"{contact.name}" if contact else ""
    begins, ends = values.get("only_from"), values.get("only_until")
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise Invalid({"only_until": "Give two times of day, or leave both empty."})
    return LadderStep(
        position=position,
        words=values.get("words") or name,
        way=values["way"],
        wait=values["wait_minutes"] * MINUTE,
        team=owner.id if owner else None,
        contact=contact.id if contact else None,
        staffed_all_hours=bool(owner and owner.all_hours),
        receiving_centre=bool(owner and owner.centre),
        between=Hours(begins, ends) if begins is not None and ends is not None else None,
        from_times=values.get("from_times") or 1,
    )


def _contact(value: Any, known: Known) -> Any:
    if not value:
        return None
    try:
        return known.contacts[UUID(str(value))]
    except (ValueError, KeyError) as wrong:
        raise Invalid({"contact": "Choose one of the people near them."}) from wrong


def _follow_up(asked: Mapping[str, Any]) -> dict[str, Any] | None:
    if not any(asked[name] for name in ("kind", "text", "team", "hours")):
        return None
    needed = {"kind": "kind", "text": "text", "team": "team", "hours": "hours", "from": "from"}
    faults = {f"follow_up_{name}": "This is needed for a follow-up." for name in needed if not asked[name]}
    if faults:
        raise Invalid(faults)
    return {
        "kind": asked["kind"].value,
        "text": asked["text"],
        "team_id": asked["team"].id,
        "due_in": asked["hours"] * HOUR,
        "from_severity": asked["from"].value,
    }


def _one_of_keys(keys: Collection[str], fault: str) -> Reader:
    def read(value: Any) -> str:
        if value not in keys:
            raise Invalid({"": fault})
        return str(value)

    return read
