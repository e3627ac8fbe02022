"""Follow-ups that a plan asks for again and again, made a day ahead of when they are due."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import Schedule
from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups, recurrence, windows
from core.errors import HearthlineError
from people.models.people import Person

log = logging.getLogger(__name__)

AHEAD = timedelta(days=1)


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Make the follow-ups that fall due within a day, each once; whether there were any to look at.

    `schedules.next_at` is the due time of the next one to make. Schedules of versions that are no longer in
    force, or of somebody who has died, stop. One that can't be read is left as it is and holds up no other.
    """
    rows = session.execute(
        select(Schedule, PlanVersion.state, Plan.person_id, Person.died_on)
        .join(PlanVersion, PlanVersion.id == Schedule.version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .join(Person, Person.id == Plan.person_id)
        .where(_is_near(now), PlanVersion.state != VersionState.DRAFT)
        .order_by(Schedule.next_at)
        .limit(limit)
        .with_for_update(of=Schedule, skip_locked=True)
    ).all()
    seen_to = 0
    for schedule, state, person_id, died_on in rows:
        try:
            with session.begin_nested():
                in_force = state is VersionState.PUBLISHED and died_on is None
                _see_to(session, schedule, person_id, now, in_force=in_force)
            seen_to += 1
        except (HearthlineError, ValueError) as fault:
            log.exception(
                "schedule could not be seen to",
                extra={"schedule_id": schedule.id, "error": type(fault).__name__},
            )
    return seen_to > 0


def _is_near(now: datetime) -> ColumnElement[bool]:
    """Due within a day, or, where it may be done before that, open within a day."""
    before = func.coalesce(Schedule.recurrence["opens_before"].as_integer(), 0)
    opens = Schedule.next_at - func.make_interval(0, 0, 0, 0, 0, 0, before)
    return and_(Schedule.next_at <= now + AHEAD + recurrence.MOST_WINDOW, opens <= now + AHEAD)


def _see_to(session: Session, schedule: Schedule, person_id: int, now: datetime, *, in_force: bool) -> None:
    if schedule.next_at is None or not in_force:
        schedule.next_at = None
        return
    read = recurrence.from_document(schedule.recurrence)
    opens_at, due_at = windows.around(read, schedule.next_at)
    follow_ups.make_from_schedule(
        session,
        schedule_key=schedule.key,
        kind=FollowUpKind(schedule.kind),
        text=schedule.text,
        team_id=schedule.team_id,
        person_id=person_id,
        opens_at=opens_at,
        due_at=due_at,
        goal_key=schedule.goal_key,
        now=now,
    )
    schedule.next_at = recurrence.find_next(read, schedule.next_at)
    session.flush()
