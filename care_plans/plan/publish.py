"""From draft to published: refused with each fault at its place, then in force for rules and work."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.evaluating import judgements
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import Contingency, PlanLadder, PlanRule, Schedule
from care_plans.plan import drafts, expecting, teams
from care_plans.severity import Class
from care_plans.work import recurrence
from core import journal
from core.errors import Invalid, NotFound
from core.journal import Actor
from devices import subjects
from devices.subjects import Subject
from devices.unread import wake
from people.models.agencies import Staff
from people.models.homes import Residency
from people.models.people import Person

REVIEW_AFTER = timedelta(days=90)
RECKON_FIRST = timedelta(minutes=1)


def publish(
    session: Session,
    person: Person,
    *,
    by: Staff,
    now: datetime,
    reason: str,
    agreed_with: str | None = None,
    review_on: date | None = None,
) -> PlanVersion:
    """Put the draft in force. NotFound without a draft; Invalid with each fault at its place."""
    draft = drafts.find_draft(session, person)
    if draft is None:
        raise NotFound("There is no draft of this plan.")
    found = faults(session, person, draft, now)
    if found:
        raise Invalid(found, "This plan cannot be published yet.")
    before = drafts.find_published(session, person)
    if before is not None:
        before.state, before.superseded_at = VersionState.SUPERSEDED, now
        session.flush()
    draft.state = VersionState.PUBLISHED
    draft.published_at, draft.published_by_id = now, by.id
    draft.reason, draft.agreed_with = reason, agreed_with
    draft.review_on = review_on or draft.review_on or (now + REVIEW_AFTER).date()
    draft.review_by_id = draft.review_by_id or by.id
    session.get_one(Plan, draft.plan_id).reckon_at = now + RECKON_FIRST
    _start_schedules(session, draft, before, now)
    expecting.expect(session, person, draft, now)
    _wake(session, person, draft, now)
    journal.write(
        session,
        "published",
        actor=Actor(by.name, by.id),
        subject="plan",
        subject_uuid=draft.uuid,
        person_id=person.id,
        details={"number": draft.number, "reason": reason},
    )
    session.flush()
    return draft


def faults(session: Session, person: Person, draft: PlanVersion, now: datetime) -> dict[str, str]:
    """Why the draft can't be published: what is wrong, by the place where it is (H8, H9)."""
    found: dict[str, str] = {}
    documents = {
        row.key: row.document
        for row in session.scalars(select(PlanLadder).where(PlanLadder.version_id == draft.id))
    }
    for contingency, classes in _contingencies(session, draft):
        document = documents.get(contingency.ladder_key)
        place = f"contingencies.{contingency.key}"
        if not classes:
            found[f"{place}.triggers"] = "Nothing triggers this: give it a rule, or leave it out."
        if document is None:
            found[f"{place}.ladder"] = "Say who is contacted: there is no such ladder in the plan."
            continue
        ladder = ladders.from_document(document)
        unfit = [fault for class_ in classes for fault in ladders.faults(ladder, class_)]
        if unfit:
            found[f"ladders.{contingency.ladder_key}"] = " ".join(dict.fromkeys(unfit))
        named = [step.team for step in ladder.steps if step.team is not None]
        blind = teams.who_cannot_see(session, person.id, named, now)
        for step in ladder.steps:
            if step.team in blind:
                found[f"ladders.{contingency.ladder_key}.steps.{step.position}"] = (
                    "This team can't see the person: add it to the care team, or choose another."
                )
    return found


def _contingencies(session: Session, draft: PlanVersion) -> list[tuple[Contingency, list[Class]]]:
    classes: dict[str, list[Class]] = {}
    for rule in session.scalars(select(PlanRule).where(PlanRule.version_id == draft.id)):
        classes.setdefault(rule.contingency_key, []).append(rule.class_)
    rows = session.scalars(select(Contingency).where(Contingency.version_id == draft.id))
    return [(row, classes.get(row.key, [])) for row in rows]


def _start_schedules(session: Session, draft: PlanVersion, before: PlanVersion | None, now: datetime) -> None:
    running: dict[str, Schedule] = {}
    if before is not None:
        old = session.scalars(select(Schedule).where(Schedule.version_id == before.id))
        running = {row.key: row for row in old}
    for row in session.scalars(select(Schedule).where(Schedule.version_id == draft.id)):
        same = running.get(row.key)
        if same is not None and same.recurrence == row.recurrence and same.next_at is not None:
            row.next_at = same.next_at
        else:
            row.next_at = recurrence.next_after(recurrence.from_document(row.recurrence), now)
    for row in running.values():
        row.next_at = None


def _wake(session: Session, person: Person, draft: PlanVersion, now: datetime) -> None:
    keys: Sequence[str] = session.scalars(select(PlanRule.key).where(PlanRule.version_id == draft.id)).all()
    subject = subjects.person(person.id)
    judgements.forget_others(session, subject, keys)
    woken: list[Subject] = [subject]
    woken += [
        subjects.home(home_id)
        for home_id in session.scalars(
            select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
        )
    ]
    wake(session, woken, now)
