"""A plan being changed: a draft beside the published version, until it is published or dropped."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, inspect, select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, Goal, Need, PlanDocument, StageGoal, Strength
from care_plans.models.plans import Acceptance, Plan, PlanPathway, PlanVersion, VersionState
from care_plans.models.rules import Advice, Contingency, Monitoring, PlanLadder, PlanRule, Schedule
from care_plans.pathways import limits, reading
from care_plans.pathways.shape import Personal
from care_plans.plan import edits
from core.db import clock_of
from core.errors import Invalid, NotFound
from people.models.agencies import Staff
from people.models.people import Person

PARTS = (
    PlanPathway, Strength, Need, Goal, Action, StageGoal, PlanLadder, Contingency, PlanRule, Monitoring,
    Schedule, PlanDocument, Advice, Acceptance,
)  # fmt: skip

CARRIED = ("review_on", "review_by_id", "watched", "otherwise", "funding", "funding_words")


def plan_of(session: Session, person: Person) -> Plan:
    """The person's one plan; made, still without a version, when there is none."""
    plan = session.scalar(select(Plan).where(Plan.person_id == person.id))
    if plan is None:
        plan = Plan(person_id=person.id)
        session.add(plan)
        session.flush()
    return plan


def find_published(session: Session, person: Person) -> PlanVersion | None:
    """The version in force, or None."""
    return session.scalar(_version(person, VersionState.PUBLISHED))


def find_draft(session: Session, person: Person) -> PlanVersion | None:
    """The draft, or None."""
    return session.scalar(_version(person, VersionState.DRAFT))


def open_draft(session: Session, person: Person, by: Staff) -> PlanVersion:
    """The draft; a new one starts as a copy of what is published."""
    draft = find_draft(session, person)
    if draft is not None:
        return draft
    plan = plan_of(session, person)
    # Of two who begin at once the second gets the first one's draft.
    session.refresh(plan, with_for_update=True)
    draft = find_draft(session, person)
    if draft is not None:
        return draft
    published = find_published(session, person)
    newest = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    begun_at = clock_of(session).now()
    draft = PlanVersion(plan_id=plan.id, number=(newest or 0) + 1, drafted_by_id=by.id, begun_at=begun_at)
    if published is not None:
        for name in CARRIED:
            setattr(draft, name, getattr(published, name))
    session.add(draft)
    session.flush()
    if published is not None:
        for part in PARTS:
            for row in session.scalars(select(part).where(part.version_id == published.id)):
                session.add(part(**(_content(row) | {"version_id": draft.id})))
        session.flush()
    edits.note(session, draft, person, "reopened" if published is not None else "begun", by)
    return draft


def drop(session: Session, person: Person, by: Staff) -> None:
    """Throw the draft away; NotFound without one."""
    draft = find_draft(session, person)
    if draft is None:
        raise NotFound("There is no draft of this plan.")
    edits.note(session, draft, person, "dropped draft", by)
    session.delete(draft)
    session.flush()


def personal_limits(rule: PlanRule) -> tuple[Personal, ...]:
    """What may be set for one person in this rule, as the rule's pathway says."""
    if rule.pathway is None:
        return ()
    pathway = reading.all_pathways().get(rule.pathway)
    if pathway is None:
        return ()
    return next(
        (
            trigger.personal
            for contingency in pathway.contingencies
            for trigger in contingency.triggers
            if trigger.rule.key == rule.key
        ),
        (),
    )


def set_limit(
    session: Session,
    person: Person,
    rule_key: str,
    name: str,
    limit: float,
    *,
    why: str,
    by: Staff,
    now: datetime,
) -> PlanRule:
    """Set a personal limit in the draft: who, when and why stay with it.

    NotFound for a rule the plan has not; Invalid (`limit`, `why`) outside safe bounds or without a reason.
    """
    if not why.strip():
        raise Invalid({"why": "Say why this limit is right for this person."})
    draft = open_draft(session, person, by)
    rule = session.scalar(select(PlanRule).where(PlanRule.version_id == draft.id, PlanRule.key == rule_key))
    if rule is None:
        raise NotFound("The plan has no such rule.")
    personal = next((one for one in personal_limits(rule) if one.name == name), None)
    if personal is None:
        raise NotFound("This rule has no such limit to set.")
    before = limits.limit_of(rule.document, personal)
    try:
        _rule, document = limits.with_limit(rule.document, personal, limit)
    except Invalid as fault:
        raise Invalid({"limit": next(iter(fault.fields.values()))}) from fault
    rule.document, rule.set_by_id, rule.set_at, rule.set_why = document, by.id, now, why.strip()
    edits.change(
        session, draft, person, "set limit", by,
        {"rule": rule_key, "limit": name, "from": before, "to": limit, "title": personal.label},
    )  # fmt: skip
    return rule


def _version(person: Person, state: VersionState) -> Select[PlanVersion]:
    return (
        select(PlanVersion)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.person_id == person.id, PlanVersion.state == state)
    )


def _content(row: object) -> dict[str, Any]:
    mapper = inspect(type(row))
    return {column.key: getattr(row, column.key) for column in mapper.column_attrs if column.key != "id"}
