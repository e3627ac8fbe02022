"""Parts of a plan in words: how often, by when, who is told in turn, how a rule stands now."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.web.words import date_only, initial_capital, length, listed, to_the_minute
from care_plans.alerts import ladder as ladders
from care_plans.models.goals import Action, Goal, StageGoal
from care_plans.models.rules import Judgement, PlanLadder, Schedule
from care_plans.plan import phrases
from care_plans.work import calendar_words, recurrence
from care_plans.work.recurrence import Recurrence

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
WORKING_DAYS = (0, 1, 2, 3, 4)
DATES = 5
NOT_JUDGED = "Not judged yet"
STANDS: Mapping[str, tuple[str, str]] = {
    "finding": ("▲ Found", "bad"),
    "unknown": ("◆ Not known", "warn"),
    "nothing": ("✓ Nothing found", "soft"),
    "off": ("◆ Nobody is watching this now", "warn"),
}


def how_often(document: Mapping[str, Any]) -> str:
    """How often something is measured: "Every day", "Every 2 h"."""
    calendar = document.get("by")
    if calendar is None:
        return f"Every {length(document['every'])}"
    read = recurrence.from_document(calendar)
    return f"{len(read.times)} times a day" if len(read.times) > 1 else days(read)


def expected(document: Mapping[str, Any]) -> str:
    """By when it is expected, and when it counts as missing."""
    grace = length(document["grace"])
    calendar = document.get("by")
    if calendar is None:
        return f"Missing after {length(document['every'] + document['grace'])}"
    times = listed(f"{time:%H:%M}" for time in recurrence.from_document(calendar).times)
    return f"By {times}, missing {grace} later"


def days(read: Recurrence) -> str:
    """On which days: "Every day", "Working days", "Mondays and Thursdays", "Every 30 days"."""
    if read.rule is not None:
        return initial_capital(calendar_words.said(read.rule, read.starts))
    if read.every_days > 1:
        return f"Every {length(timedelta(days=read.every_days).total_seconds())}"
    if len(read.weekdays) == len(DAYS):
        return "Every day"
    if tuple(sorted(read.weekdays)) == WORKING_DAYS:
        return "Working days"
    return listed(DAYS[each] for each in sorted(read.weekdays))


def next_dates(read: Recurrence, now: datetime) -> tuple[str, ...]:
    """When it falls due next, five times: "Tuesday 8 December 2026, 10:00 GMT"."""
    return tuple(to_the_minute(at, read.zone) for at in recurrence.coming(read, now, DATES))


def told_in_turn(row: PlanLadder | None) -> tuple[str, ...]:
    """Who is told, each with how long they have before the next."""
    if row is None:
        return ()
    steps = ladders.from_document(row.document).steps
    return tuple(
        f"{step.words}{_only(step)} ({length(step.wait)})" if number < len(steps) else step.words
        for number, step in enumerate(steps, 1)
    )


def _only(step: ladders.LadderStep) -> str:
    words = ladders.when_words(step)
    return f", {words}," if words else ""


def stands(judgement: Judgement | None, *, off: bool) -> tuple[str, str, str]:
    """How a rule stands now: shape and word, how it looks, and what judging said."""
    if off:
        shape, look = STANDS["off"]
        return shape, look, "no clinician has switched this pathway's clinical rules on"
    if judgement is None:
        return NOT_JUDGED, "soft", ""
    shape, look = STANDS[judgement.verdict]
    return shape, look, judgement.words


def about_goal(goal: Goal) -> str:
    """What is known of a goal in one line: how it is measured, how much it matters, by when."""
    said = [phrases.measure(goal.measure)] if goal.measure else []
    said += [goal.measure_words] if goal.measure_words else []
    said += [f"importance {goal.importance} of 5"] if goal.importance else []
    said += [f"by {date_only(goal.target_on)}"] if goal.target_on else []
    return " · ".join(said)


def about_action(action: Action) -> tuple[str, ...]:
    """What more is known of an action: when, how sure they are, what may help, when it is looked at."""
    sure = f"How sure they are that they can do it: {action.confidence} of 10"
    return tuple(
        words
        for given, words in (
            (action.when_words, action.when_words or ""),
            (action.confidence is not None, sure),
            (action.strategies, f"What may help: {action.strategies}"),
            (action.review_on, f"Looked at again {date_only(action.review_on)}" if action.review_on else ""),
        )
        if given
    )


def stage(row: StageGoal) -> str:
    """A stage goal with how it stands and what came of it."""
    came = f" ({row.outcome})" if row.outcome else ""
    return f"{row.text}: {phrases.plain(row.status)}{came}"


def schedule(row: Schedule, teams: Mapping[int, str]) -> str:
    """What comes again and again: "Call every 28 days at 10:30, Community nurses: …"."""
    when = phrases.recurs(row.recurrence)
    return f"{row.kind.capitalize()} {when}, {teams.get(row.team_id, 'no team')}: {row.text}"


def runs(
    seen: Iterable[tuple[datetime, str, str, str | None]],
) -> list[tuple[datetime, datetime, str, str, str | None]]:
    """What was seen of a goal, newest first: what was the same time after time as one, first to last."""
    found: list[tuple[datetime, datetime, str, str, str | None]] = []
    for at, status, words, by in seen:
        if found and found[-1][2:] == (status, words, by):
            found[-1] = (at, *found[-1][1:])
        else:
            found.append((at, at, status, words, by))
    return found
