"""What each measured goal adds to each week: how it last stood there, or that nobody knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from care_plans.models.goals import Goal, GoalProgress, GoalStatus, Need
from outcomes.ground import Ground
from outcomes.reckoning import Part
from outcomes.weeks import Week, place

WELL = (GoalStatus.PROGRESSING, GoalStatus.ACHIEVED)


@dataclass(frozen=True, slots=True)
class GoalAt:
    """A goal in one week; `status` and `seen_at` are None where no progress is on record there."""

    person_id: int
    text: str
    week: Week
    status: GoalStatus | None
    seen_at: datetime | None


def goals_progressing(ground: Ground) -> list[Part]:
    """Measured goals of the versions in force at the end of each week (or now), by their latest progress."""
    goals, latest = _measured(ground), _latest(ground)
    found = []
    for number, week in enumerate(ground.weeks):
        end = min(week.end, ground.now)
        standing = [
            version for version in ground.plans if version.start < end <= version.end and week.start < end
        ]
        for version in standing:
            agency_id = ground.ties.agency_of(version.person_id, end - timedelta(microseconds=1))
            for key, words, pathway in goals.get(version.version_id, ()):
                last = latest.get((number, version.plan_id, key))
                status, seen_at = last or (None, None)
                found.append(
                    Part(
                        week.start,
                        (version.person_id,),
                        (pathway,) if pathway else (),
                        agency_id,
                        met=int(status in WELL),
                        of=1,
                        without=last is None,
                        source=GoalAt(version.person_id, words, week, status, seen_at),
                    )
                )
    return found


def _measured(ground: Ground) -> dict[int, list[tuple[str, str, str | None]]]:
    """Key, text and pathway of the goals that have a measure, by version."""
    found: dict[int, list[tuple[str, str, str | None]]] = {}
    rows = ground.session.execute(
        select(Goal.version_id, Goal.key, Goal.text, Need.pathway)
        .outerjoin(Need, (Need.version_id == Goal.version_id) & (Need.key == Goal.need_key))
        .where(
            Goal.version_id.in_([version.version_id for version in ground.plans]), Goal.measure.is_not(None)
        )
        .order_by(Goal.id)
    )
    for version_id, key, words, pathway in rows:
        found.setdefault(version_id, []).append((key, words, pathway))
    return found


def _latest(ground: Ground) -> dict[tuple[int, int, str], tuple[GoalStatus, datetime]]:
    """The last progress in each week, by the week's number, the plan and the goal."""
    rows = ground.session.execute(
        select(GoalProgress.plan_id, GoalProgress.goal_key, GoalProgress.at, GoalProgress.status)
        .where(
            GoalProgress.plan_id.in_({version.plan_id for version in ground.plans}),
            GoalProgress.at >= ground.since,
            GoalProgress.at < ground.until,
        )
        .order_by(GoalProgress.at, GoalProgress.id)
    )
    found: dict[tuple[int, int, str], tuple[GoalStatus, datetime]] = {}
    for plan_id, key, at, status in rows:
        week = place(ground.weeks, at)
        if week is not None:
            found[week, plan_id, key] = status, at
    return found
