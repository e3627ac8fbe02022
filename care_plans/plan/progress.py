"""How each goal stands, counted from readings once a day; a completed action never moves it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Goal, GoalProgress, GoalStatus, Plan, PlanVersion, VersionState
from care_plans.pathways.shape import Counts, Sense
from care_plans.plan import apply, expecting
from care_plans.work import recurrence
from devices import kinds, subjects
from devices.daily import Day, daily
from people.models import Person, Residency

RECKON_AT = time(3, 0)
"""Local time of the daily reckoning, when the day before is complete."""


def step(session: Session, now: datetime, limit: int = 20) -> bool:
    """Reckon the goals of plans that are due; whether there were any.

    What a plan expects follows on this occasion too whoever moved on a day set before.
    """
    plans = session.scalars(
        select(Plan)
        .where(Plan.reckon_at <= now)
        .order_by(Plan.reckon_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    astray = expecting.astray(session, plans, now)
    for plan in plans:
        person = session.get_one(Person, plan.person_id)
        zone = apply.zone_of(session, person, now)
        reckon(session, plan, person, zone, now)
        if plan.id in astray:
            expecting.follow(session, person, now)
        tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        plan.reckon_at = recurrence.moment(tomorrow, RECKON_AT, zone)
    session.flush()
    return bool(plans)


def reckon(session: Session, plan: Plan, person: Person, zone: str, now: datetime) -> None:
    """Write down how each measured goal of the published version stands."""
    goals = session.scalars(
        select(Goal)
        .join(PlanVersion, PlanVersion.id == Goal.version_id)
        .where(
            PlanVersion.plan_id == plan.id,
            PlanVersion.state == VersionState.PUBLISHED,
            Goal.measure.is_not(None),
        )
    ).all()
    home_id = session.scalar(
        select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    for goal in goals:
        measure = goal.measure or {}
        about_home = kinds.get(measure["kind"]).about == "home"
        if about_home and home_id is None:
            continue
        subject = subjects.home(home_id or 0) if about_home else subjects.person(person.id)
        since = now - timedelta(days=measure["days"])
        met = days_met(measure, daily(session, subject, measure["kind"], since, now, zone))
        before = session.scalar(
            select(GoalProgress)
            .where(GoalProgress.plan_id == plan.id, GoalProgress.goal_key == goal.key)
            .order_by(GoalProgress.at.desc())
            .limit(1)
        )
        session.add(
            GoalProgress(
                plan_id=plan.id,
                goal_key=goal.key,
                at=now,
                status=standing(met, measure["enough"], before.done if before else None),
                done=met,
                of=measure["enough"],
                words=f"{met} of {measure['enough']} days",
            )
        )


def days_met(measure: dict[str, object], days: Sequence[Day]) -> int:
    """How many of the days count towards the goal."""
    target = float(str(measure["target"]))
    if measure["counts"] == Counts.DAYS_WITHOUT_EVENT:
        return int(str(measure["days"])) - sum(day.highest > target for day in days)
    if measure["sense"] == Sense.AT_LEAST:
        return sum(day.mean >= target for day in days)
    return sum(day.mean <= target for day in days)


def standing(met: int, enough: int, before: float | None) -> GoalStatus:
    """Achieved at `enough`; progressing while it grows, or holds at half or more; otherwise not."""
    if met >= enough:
        return GoalStatus.ACHIEVED
    if (before is not None and met > before) or met * 2 >= enough:
        return GoalStatus.PROGRESSING
    return GoalStatus.PROPOSED if before is None else GoalStatus.NOT_PROGRESSING
