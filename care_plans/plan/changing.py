"""The draft changed part by part: added, changed, put in another order, removed; each is written down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.models.plans import FundingSource, PlanVersion
from care_plans.models.rules import Contingency, PlanLadder, PlanRule
from care_plans.pathways import limits
from care_plans.plan import aims, answers, drafts, edits, given, own_rules, recurring
from care_plans.plan.known import Known
from care_plans.plan.parts import FIELDS, SORTS, Part, children, title_of
from care_plans.severity import Class
from core.errors import Invalid, NotFound
from people.faults import LINES, Reader, as_given, day, one_of, read_fields, words
from people.models.agencies import Role, Staff
from people.models.people import Person

READ: Mapping[Part, Callable[[Mapping[str, Any], Known], dict[str, Any]]] = {
    Part.STRENGTHS: aims.strength,
    Part.NEEDS: aims.need,
    Part.GOALS: aims.goal,
    Part.ACTIONS: aims.action,
    Part.STAGES: aims.stage,
    Part.CONTINGENCIES: answers.contingency,
    Part.MONITORING: answers.monitoring,
    Part.SCHEDULES: answers.schedule,
    Part.DOCUMENTS: aims.document,
}
PERSONAL = "A pathway's own trigger is adjusted by its limits, or removed: it can't be written anew."
NOT_A_CLINICIAN = "Only a clinician can set a limit on this kind of reading."


def list_rows(session: Session, draft: PlanVersion, part: Part) -> list[Any]:
    """Every row of a sort, in order."""
    model = SORTS[part].model
    order = (model.position, model.id) if SORTS[part].ordered else (model.id,)
    return list(session.scalars(select(model).where(model.version_id == draft.id).order_by(*order)))


def get(session: Session, draft: PlanVersion, part: Part, key: str) -> Any:
    """One part of the draft, or NotFound."""
    model = SORTS[part].model
    if not key.isprintable():  # the database can't even look for a zero byte
        raise NotFound
    row = session.scalar(select(model).where(model.version_id == draft.id, model.key == key))
    if row is None:
        raise NotFound(f"The draft has no such {SORTS[part].one}.")
    return row


def add(
    session: Session,
    person: Person,
    draft: PlanVersion,
    part: Part,
    values: Mapping[str, Any],
    known: Known,
    *,
    by: Staff,
    now: datetime,
) -> Any:
    """Add a part at the end of its list; Invalid with each fault at its field."""
    key = f"own.{SORTS[part].model.__tablename__.rstrip('s')}_{uuid4().hex[:8]}"
    content = _read(part, values, known, key, by, now)
    if SORTS[part].ordered:
        content["position"] = _last(session, draft, part) + 1
    row = SORTS[part].model(version_id=draft.id, key=key, **content)
    session.add(row)
    session.flush()
    _note(session, person, draft, "added", part, row, by, {})
    return row


def change(
    session: Session,
    person: Person,
    draft: PlanVersion,
    part: Part,
    key: str,
    values: Mapping[str, Any],
    known: Known,
    *,
    by: Staff,
    now: datetime,
) -> Any:
    """Change what is given of a part; the rest stays. Invalid with each fault at its field."""
    row = get(session, draft, part, key)
    if part is Part.TRIGGERS and row.pathway is not None:
        raise Invalid({"kind": PERSONAL})
    before = given.of(part, row, known)
    content = _read(part, {**_still(before, values), **values}, known, key, by, now)
    _keep_begun(content, row)
    for name, value in content.items():
        setattr(row, name, value)
    session.flush()
    after = given.of(part, row, known)
    changed = {
        name: [_plain(before.get(name)), _plain(after.get(name))]
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    }
    if changed:
        _note(session, person, draft, "changed", part, row, by, {"changed": changed})
    return row


def meant(part: Part, values: Mapping[str, Any], known: Known, row: Any) -> dict[str, Any]:
    """When a repeating follow-up would fall due as it is given; nothing is written."""
    content = READ[part](values, known)
    if row is not None:
        _keep_begun(content, row)
    document: dict[str, Any] = content["recurrence"]
    return document


def remove(session: Session, person: Person, draft: PlanVersion, part: Part, key: str, *, by: Staff) -> None:
    """Take a part out, with all that hangs on it; Invalid for a ladder that is still used."""
    row = get(session, draft, part, key)
    if part is Part.LADDERS:
        users = session.scalars(
            select(Contingency.name).where(Contingency.version_id == draft.id, Contingency.ladder_key == key)
        ).all()
        if users:
            raise Invalid(
                {"ladder": f"This ladder is used by: {', '.join(users)}. Choose another there first."}
            )
    _note(session, person, draft, "removed", part, row, by, {"was": _plain(title_of(part, row))})
    _delete(session, draft, part, row)
    session.flush()


def move(
    session: Session, person: Person, draft: PlanVersion, part: Part, key: str, *, up: bool, by: Staff
) -> None:
    """Put a part before (or behind) its neighbour of the same parent; at an end nothing happens."""
    row = get(session, draft, part, key)
    sort = SORTS[part]
    if not sort.ordered:
        raise Invalid({"up": "These have no order."})
    beside = [
        each
        for each in list_rows(session, draft, part)
        if not sort.parent_field or getattr(each, sort.parent_field) == getattr(row, sort.parent_field)
    ]
    at = beside.index(row)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(beside):
        return
    beside.insert(to, beside.pop(at))
    for position, each in enumerate(beside):
        each.position = position
    _note(session, person, draft, "moved", part, row, by, {})


def set_whole(
    session: Session,
    person: Person,
    draft: PlanVersion,
    values: Mapping[str, Any],
    staff: Sequence[Staff],
    *,
    by: Staff,
    now: datetime,
) -> None:
    """Set what belongs to the plan as a whole: when somebody looks, what to do otherwise, review, funding."""
    readers: dict[str, Reader] = {
        "watched": words(LINES),
        "otherwise": words(LINES),
        "review_on": day,
        "review_by": as_given,
        "funding": one_of(FundingSource),
        "funding_words": words(LINES),
    }
    content = read_fields(values, readers, adding=False)
    faults = {}
    if content.get("review_on") is not None and content["review_on"] <= now.date():
        faults["review_on"] = "Choose a day that is still to come."
    if content.get("review_by"):
        owner = next((each for each in staff if str(each.uuid) == str(content["review_by"])), None)
        if owner is None:
            faults["review_by"] = "Choose somebody in a team around the person."
        else:
            content["review_by"] = owner.id
    if faults:
        raise Invalid(faults)
    if "review_by" in content:
        content["review_by_id"] = content.pop("review_by") or None
    changed = {
        name: [_plain(getattr(draft, name)), _plain(value)]
        for name, value in content.items()
        if getattr(draft, name) != value
    }
    for name, value in content.items():
        setattr(draft, name, value)
    if changed:
        details = {"changed": changed, "title": "the plan itself"}
        edits.change(session, draft, person, "changed", by, details)


def _read(
    part: Part, values: Mapping[str, Any], known: Known, key: str, by: Staff, now: datetime
) -> dict[str, Any]:
    unknown = set(values) - FIELDS[part]
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "There is no such field here."))
    if part is Part.LADDERS:
        return answers.ladder(values, known, key)
    if part is Part.TRIGGERS:
        content = answers.trigger(values, known, key)
        if content["class_"] is Class.CLINICAL and by.role is not Role.CLINICIAN:
            raise Invalid({"kind": NOT_A_CLINICIAN})
        return {**content, "set_by_id": by.id, "set_at": now}
    return READ[part](values, known)


def _still(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a part held, what still stands beside what is given now: some fields stand for each other."""
    gone: set[str] = set()
    if values.get("rule"):
        gone |= set(own_rules.LIMIT_FIELDS)
    elif values.get("kind") and "rule" in before:
        gone |= {"rule"}
    if "measure_kind" in values and not values["measure_kind"]:
        gone |= set(aims.MEASURE)
    if values.get("every_hours"):
        gone |= {"times", "weekdays"}
    if values.get("times"):
        gone.add("every_hours")
    if values.get("rule"):
        gone |= (recurring.FIELDS | recurring.DAYS) - {"rule"}
    elif values.get("repeats"):
        gone |= {"rule", "every_days"}
    elif values.get("every_days"):
        gone |= recurring.FIELDS | {"weekdays"}
    return {name: value for name, value in before.items() if name not in gone}


def _keep_begun(content: dict[str, Any], row: Any) -> None:
    """A recurrence that is otherwise the same counts from the day it was begun."""
    for field, inside in (("recurrence", None), ("document", "by")):
        after = content.get(field) or {}
        before = getattr(row, field, None) or {}
        after, before = (after.get(inside), before.get(inside)) if inside else (after, before)
        if not after or not before or "times" not in after:
            continue
        if {**after, "starts": None} == {**before, "starts": None}:
            after["starts"] = before.get("starts")


def _delete(session: Session, draft: PlanVersion, part: Part, row: Any) -> None:
    for child in children(part):
        for each in list_rows(session, draft, child):
            if getattr(each, SORTS[child].parent_field) == row.key:
                _delete(session, draft, child, each)
    if part is Part.GOALS:
        _unbind(session, draft, row.key)
    session.delete(row)


def _unbind(session: Session, draft: PlanVersion, goal_key: str) -> None:
    """What served a goal that is no more stays, and serves none."""
    for part in (Part.CONTINGENCIES, Part.MONITORING, Part.SCHEDULES):
        for each in list_rows(session, draft, part):
            if each.goal_key == goal_key:
                each.goal_key = None


def rebind(session: Session, draft: PlanVersion, goal_key: str, to: str) -> None:
    """Let all that serves one goal serve another, which says the same."""
    for part in (Part.ACTIONS, Part.CONTINGENCIES, Part.MONITORING, Part.SCHEDULES):
        for each in list_rows(session, draft, part):
            if each.goal_key == goal_key:
                each.goal_key = to
    session.flush()


def unused_ladders(session: Session, draft: PlanVersion) -> list[PlanLadder]:
    """Ladders of the draft that no contingency names."""
    used = select(Contingency.ladder_key).where(Contingency.version_id == draft.id)
    return list(
        session.scalars(
            select(PlanLadder).where(PlanLadder.version_id == draft.id, PlanLadder.key.not_in(used))
        )
    )


def unsafe_limit(rule: PlanRule) -> str | None:
    """What is wrong with the limits of a rule, if one lies outside its safe bounds."""
    for personal in drafts.personal_limits(rule):
        at = limits.limit_of(rule.document, personal)
        if not personal.lowest <= at <= personal.highest:
            bounds = f"{personal.lowest:g} to {personal.highest:g} {personal.unit}"
            return f"{personal.label} stands at {at:g}, which is not safe: choose from {bounds}."
    threshold = own_rules.threshold_of(rule)
    if threshold is not None:
        low, high = own_rules.safe_bounds(threshold.kind)
        if not low <= threshold.limit <= high:
            return f"{threshold.limit:g} is not a safe limit: choose from {low:g} to {high:g}."
    return None


def _last(session: Session, draft: PlanVersion, part: Part) -> int:
    model = SORTS[part].model
    return session.scalar(select(func.max(model.position)).where(model.version_id == draft.id)) or 0


def _note(
    session: Session,
    person: Person,
    draft: PlanVersion,
    what: str,
    part: Part,
    row: Any,
    by: Staff,
    details: Mapping[str, Any],
) -> None:
    told = {"part": part.value, "key": row.key, "title": f"{SORTS[part].one} “{title_of(part, row)}”"}
    edits.change(session, draft, person, what, by, {**told, **details})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | list):
        return value
    return str(value)
