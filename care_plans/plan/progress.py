"""How each goal stands, counted from readings once a day; a completed action never moves it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from care_plans.models.goals import Goal, GoalProgress, GoalStatus
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.pathways.shape import Counts, Sense
from care_plans.plan import expecting
from care_plans.work import recurrence
from core.zones import UK
from devices import kinds, subjects
from devices.daily import Asked, Day, daily
from devices.subjects import Subject
from people.models.homes import Home, Residency
from people.models.people import Person

RECKON_AT = time(3, 0)
"""Local time of the daily reckoning, when the day before is complete."""
NOWHERE: tuple[int | None, str] = (None, UK)
"""Where somebody without a home lives: their days are those of the installation's usual zone."""


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
    if not plans:
        return False
    lives_in = _lives_in(session, plans, now)
    counted = []
    for plan_id, person_id, goal, before in _measured(session, plans):
        home_id, zone = lives_in.get(person_id, NOWHERE)
        subject = _whose(goal, person_id, home_id)
        if subject is not None:
            counted.append((plan_id, goal, before, _asked(goal, subject, zone, now)))
    days = daily(session, [asked for *_, asked in counted], now)
    session.add_all(
        _reckoned(plan_id, goal, before, theirs, now)
        for (plan_id, goal, before, _), theirs in zip(counted, days, strict=True)
    )
    astray = expecting.astray(session, plans, now)
    for plan in plans:
        if plan.id in astray:
            expecting.follow(session, session.get_one(Person, plan.person_id), now)
        _home_id, zone = lives_in.get(plan.person_id, NOWHERE)
        tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        plan.reckon_at = recurrence.moment(tomorrow, RECKON_AT, zone)
    session.flush()
    return True


def _lives_in(session: Session, plans: Sequence[Plan], now: datetime) -> dict[int, tuple[int | None, str]]:
    """The home and the time zone of each of the plans' people who has a home."""
    rows = session.execute(
        select(Residency.person_id, Home.id, Home.time_zone)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id.in_([plan.person_id for plan in plans]), Residency.period.contains(now))
    )
    return {person_id: (home_id, zone) for person_id, home_id, zone in rows}


def _measured(session: Session, plans: Sequence[Plan]) -> Sequence[Row[int, int, Goal, float | None]]:
    """Plan, person, goal, and what it last came to, for each measured goal of the published versions."""
    before = (
        select(GoalProgress.done)
        .where(GoalProgress.plan_id == Plan.id, GoalProgress.goal_key == Goal.key)
        .order_by(GoalProgress.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return session.execute(
        select(Plan.id, Plan.person_id, Goal, before)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(Goal, Goal.version_id == PlanVersion.id)
        .where(
            Plan.id.in_([plan.id for plan in plans]),
            PlanVersion.state == VersionState.PUBLISHED,
            Goal.measure.is_not(None),
        )
    ).all()


def _whose(goal: Goal, person_id: int, home_id: int | None) -> Subject | None:
    """Whose readings count towards the goal; None for those of a home where there is none."""
    if kinds.get((goal.measure or {})["kind"]).about != "home":
        return subjects.person(person_id)
    return None if home_id is None else subjects.home(home_id)


def _asked(goal: Goal, subject: Subject, zone: str, now: datetime) -> Asked:
    measure = goal.measure or {}
    return Asked(subject, measure["kind"], now - timedelta(days=measure["days"]), zone)


def _reckoned(
    plan_id: int, goal: Goal, before: float | None, days: Sequence[Day], now: datetime
) -> GoalProgress:
    measure = goal.measure or {}
    met = days_met(measure, days)
    return GoalProgress(
        plan_id=plan_id,
        goal_key=goal.key,
        at=now,
        status=standing(met, measure["enough"], before),
        done=met,
        of=measure["enough"],
        words=f"{met} of {measure['enough']} days",
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
