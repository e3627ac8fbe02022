"""From draft to published: refused with each fault at its place, then in force for rules and work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating import judgements
from care_plans.models.plans import Plan, PlanAgreement, PlanVersion, VersionState
from care_plans.models.rules import PlanRule, Schedule
from care_plans.plan import agreeing, checks, drafts, edits, expecting, open_work
from care_plans.plan.open_work import Decided
from care_plans.work import recurrence
from core.errors import Invalid, NotFound
from devices import subjects
from devices.subjects import Subject
from devices.unread import wake
from people.access import Viewer
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
    decided: Mapping[UUID, Decided] | None = None,
    viewer: Viewer | None = None,
) -> PlanVersion:
    """Put the draft in force. NotFound without a draft; Invalid with each fault at its place.

    `agreed_with` is who agreed it, where that was not recorded by itself. `decided` (by `viewer`) is what
    becomes of open work that earlier versions caused; the rest is kept, and stays to be looked at.
    """
    draft = drafts.find_draft(session, person)
    if draft is None:
        raise NotFound("There is no draft of this plan.")
    found = checks.faults(session, person, draft, now)
    if found:
        raise Invalid(found, "This plan cannot be published yet.")
    agreement = _agreement(session, person, draft, agreed_with, by, now)
    before = drafts.find_published(session, person)
    work = open_work.list_open(session, person, draft.plan_id, draft) if before is not None else []
    if before is not None:
        before.state, before.superseded_at = VersionState.SUPERSEDED, now
        session.flush()
    draft.state = VersionState.PUBLISHED
    draft.published_at, draft.published_by_id = now, by.id
    draft.reason, draft.agreed_with = reason, agreeing.said(agreement) if agreement else None
    draft.review_on = review_on or draft.review_on or (now + REVIEW_AFTER).date()
    draft.review_by_id = draft.review_by_id or by.id
    session.get_one(Plan, draft.plan_id).reckon_at = now + RECKON_FIRST
    _start_schedules(session, draft, before, now)
    expecting.expect(session, person, draft, now)
    _wake(session, person, draft, now)
    open_work.review(session, person, draft, work, decided or {}, by=by, viewer=viewer, now=now)
    details = {"reason": reason, "open_work": len(work)}
    edits.note(session, draft, person, "published", by, details)
    session.flush()
    return draft


def _agreement(
    session: Session, person: Person, draft: PlanVersion, said: str | None, by: Staff, now: datetime
) -> PlanAgreement | None:
    """Who agreed the draft as it stands, by an act of its own or as said with the publishing."""
    known = agreeing.find(session, draft)
    if agreeing.holds(draft, known) or not (said or "").strip():
        return known if agreeing.holds(draft, known) else None
    given = agreeing.told(session, person, (said or "").strip(), now)
    return agreeing.agree(session, person, draft, given, by=by, now=now)


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
            row.next_at = recurrence.find_next(recurrence.from_document(row.recurrence), now)
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
