"""Why a draft can't be published: what is wrong with it, by the place where it is."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.models.goals import Action, Goal
from care_plans.models.plans import PlanVersion
from care_plans.models.rules import Contingency, PlanLadder, PlanRule, Schedule
from care_plans.pathways import reading
from care_plans.plan import changing, settling, teams
from care_plans.plan.parts import Part
from care_plans.severity import Class
from people.models.agencies import Staff
from people.models.people import Person

BLIND = "This team can't see the person: add it to the care team, or choose another."
NOBODY = "Nobody owns this: say which agency and team has taken it on."
NO_MEASURE = "Say how anybody would see that it is reached: in words, or from readings."
NO_TRIGGER = "Nothing triggers this: give it a rule, or leave it out."
NO_ANSWER = "Say what should happen: a trigger without a response helps nobody."
NO_LADDER = "Say who is contacted: there is no such ladder in the plan."
NO_REVIEWER = "Say whose review it is: a date that nobody owns is passed over."


def faults(session: Session, person: Person, draft: PlanVersion, now: datetime) -> dict[str, str]:
    """What is wrong, by place ("actions.<key>.team"); empty when it can be published (H8, H9)."""
    found = dict(_of_goals(session, draft))
    found |= dict(_of_actions(session, person, draft, now))
    found |= dict(_of_answers(session, person, draft, now))
    found |= dict(_of_schedules(session, person, draft, now))
    found |= dict(_of_review(session, draft))
    known = reading.all_pathways()
    for each in settling.unsettled(session, draft):
        sides = " or ".join(
            f"{side.words} ({known[side.pathway].title if side.pathway in known else side.pathway})"
            for side in each.sides
        )
        told = f"{each.words}. Settle which holds, {sides}, or say why both do."
        found[f"contradictions.{each.key}"] = told
    return found


def _of_goals(session: Session, draft: PlanVersion) -> Iterator[tuple[str, str]]:
    goals: list[Goal] = changing.list_rows(session, draft, Part.GOALS)
    for goal in goals:
        if goal.measure is None and not (goal.measure_words or "").strip():
            yield f"goals.{goal.key}.measure", NO_MEASURE


def _of_actions(
    session: Session, person: Person, draft: PlanVersion, now: datetime
) -> Iterator[tuple[str, str]]:
    actions: list[Action] = changing.list_rows(session, draft, Part.ACTIONS)
    named = [row.team_id for row in actions if row.team_id is not None]
    blind = teams.who_cannot_see(session, person.id, named, now)
    for action in actions:
        if action.status in ("done", "cancelled"):
            continue
        if action.agency_id is None or action.team_id is None:
            yield f"actions.{action.key}.team", NOBODY
        elif action.team_id in blind:
            yield f"actions.{action.key}.team", BLIND


def _of_answers(
    session: Session, person: Person, draft: PlanVersion, now: datetime
) -> Iterator[tuple[str, str]]:
    laid: list[PlanLadder] = changing.list_rows(session, draft, Part.LADDERS)
    documents = {row.key: row.document for row in laid}
    rules: list[PlanRule] = changing.list_rows(session, draft, Part.TRIGGERS)
    answers: list[Contingency] = changing.list_rows(session, draft, Part.CONTINGENCIES)
    for row in answers:
        classes = [rule.class_ for rule in rules if rule.contingency_key == row.key]
        place = f"contingencies.{row.key}"
        if not classes:
            yield f"{place}.triggers", NO_TRIGGER
        if not row.what_should_happen.strip():
            yield f"{place}.what_should_happen", NO_ANSWER
        if row.ladder_key not in documents:
            yield f"{place}.ladder", NO_LADDER
            continue
        document = documents[row.ladder_key]
        yield from _of_ladder(session, person, row.ladder_key, ladders.from_document(document), classes, now)
    there = {row.key for row in answers}
    for rule in rules:
        if rule.contingency_key not in there:
            yield f"triggers.{rule.key}.contingency", NO_ANSWER
        unsafe = changing.unsafe_limit(rule)
        if unsafe is not None:
            yield f"triggers.{rule.key}.limit", unsafe


def _of_ladder(
    session: Session,
    person: Person,
    key: str,
    ladder: ladders.Ladder,
    classes: list[Class],
    now: datetime,
) -> Iterator[tuple[str, str]]:
    unfit = [fault for class_ in classes for fault in ladders.faults(ladder, class_)]
    if unfit:
        yield f"ladders.{key}", " ".join(dict.fromkeys(unfit))
    named = [step.team for step in ladder.steps if step.team is not None]
    blind = teams.who_cannot_see(session, person.id, named, now)
    for step in ladder.steps:
        if step.team in blind:
            yield f"ladders.{key}.steps.{step.position}", BLIND


def _of_schedules(
    session: Session, person: Person, draft: PlanVersion, now: datetime
) -> Iterator[tuple[str, str]]:
    rows: list[Schedule] = changing.list_rows(session, draft, Part.SCHEDULES)
    blind = teams.who_cannot_see(session, person.id, [row.team_id for row in rows], now)
    for row in rows:
        if row.team_id in blind:
            yield f"schedules.{row.key}.team", BLIND


def _of_review(session: Session, draft: PlanVersion) -> Iterator[tuple[str, str]]:
    if draft.review_on is not None and draft.review_by_id is None:
        yield "review_by", NO_REVIEWER
    if draft.review_by_id is not None:
        gone = session.scalar(select(Staff.left_at).where(Staff.id == draft.review_by_id))
        if gone is not None:
            yield "review_by", "Whoever was to review it has left: say whose review it is."
