"""The tuning of a simulated week: personal limits, moved as far as a replay asks and their bounds let."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import trial
from bench.week_homes import RUN_IN, Place, run_in
from bench.week_laying import AGREED, Laid
from care_plans.judging import home_pressure
from care_plans.judging.conditions import About
from care_plans.judging.replay import replay
from care_plans.judging.rules import from_document
from care_plans.judging.track import Track
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import PlanRule
from care_plans.pathways import limits
from care_plans.pathways.shape import Personal
from care_plans.plan import drafts, publish
from care_plans.severity import Severity
from core.db import Db
from core.zones import UK
from people.models.agencies import Staff
from people.models.people import Person

FINE, COARSE = 0.1, 1.0
LOWER = (".below", ".at_or_below")
SHARES = 10
NARROW = 4.5
"""Bounds that lie no further apart than this are gone through in tenths, others in ones."""
WHY = "Nothing is raised in their own last week at this limit"


@dataclass
class Tuned:
    """Which limits were moved, of how many people, as (limit, from, to)."""

    people: int = 0
    moved: list[tuple[str, float, float]] = field(default_factory=list)


def tune(db: Db, laid: Sequence[Laid], now: datetime) -> Tuned:
    """Set each person's limits by what their plan's rules would have raised of their own last week."""
    tuned = Tuned()
    for one in laid:
        with db.transaction() as session:
            moved = _tune(session, one, now)
        tuned.moved += moved
        tuned.people += bool(moved)
    return tuned


def _tune(session: Session, one: Laid, now: datetime) -> list[tuple[str, float, float]]:
    by = session.scalars(select(Staff).where(Staff.name == trial.CLINICIAN)).one()
    person = session.get_one(Person, one.person_id)
    tracks = tracks_of(one.place, now)
    rules = session.scalars(
        select(PlanRule)
        .join(PlanVersion, PlanVersion.id == PlanRule.version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.person_id == one.person_id, PlanVersion.state == VersionState.PUBLISHED)
        .order_by(PlanRule.id)
    ).all()
    moved = []
    for rule in rules:
        if from_document(rule.document).about is not About.PERSON:
            continue
        may_move = [each for each in drafts.personal_limits(rule) if _may_move(each, rule.document)]
        before = {each.name: limits.limit_of(rule.document, each) for each in may_move}
        wanted = quietest(rule.document, may_move, tracks, now)
        for personal in may_move:
            name, limit = personal.name, wanted[personal.name]
            if limit != before[name]:
                drafts.set_limit(session, person, rule.key, name, limit, why=WHY, by=by, now=now)
                moved.append((f"{rule.key}: {personal.label}", before[name], limit))
    if moved:
        publish.publish(session, person, by=by, now=now, reason="Limits of their own", agreed_with=AGREED)
    return moved


def _may_move(personal: Personal, document: Mapping[str, Any]) -> bool:
    """Not what would have to be worse before it is red: no quiet week is a reason for that."""
    reds = {n for n, step in enumerate(document["steps"]) if step["severity"] == Severity.RED}
    return not personal.moves[0].startswith("clear.") and not any(
        move.startswith(f"steps.{n}.") for move in personal.moves for n in reds
    )


def quietest(
    document: Mapping[str, Any], may_move: Sequence[Personal], tracks: Mapping[str, Track], now: datetime
) -> dict[str, float]:
    """The limits, all moved by the same share to where less is raised, at which a replay raises least.

    They move no further than that needs, and not at all where nothing is raised.
    """
    present = {each.name: limits.limit_of(document, each) for each in may_move}
    best, fewest = present, _raised(document, may_move, present, tracks, now)
    for share in range(1, SHARES + 1):
        if not fewest or not may_move:
            break
        tried = {each.name: _moved(each, present[each.name], share / SHARES) for each in may_move}
        raised = _raised(document, may_move, tried, tracks, now)
        if raised < fewest:
            best, fewest = tried, raised
    return best


def _moved(personal: Personal, present: float, share: float) -> float:
    """A limit that lies a share of the way to its laxer bound: the lower one where it is a lower limit."""
    bound = personal.lowest if personal.moves[0].endswith(LOWER) else personal.highest
    step = FINE if personal.highest - personal.lowest <= NARROW else COARSE
    moved = round(round((present + share * (bound - present)) / step) * step, 1)
    return min(max(moved, personal.lowest), personal.highest)


def _raised(
    document: Mapping[str, Any],
    may_move: Sequence[Personal],
    wanted: Mapping[str, float],
    tracks: Mapping[str, Track],
    now: datetime,
) -> int:
    for personal in may_move:
        if wanted[personal.name] != limits.limit_of(document, personal):
            _, document = limits.with_limit(document, personal, wanted[personal.name])
    began = now - RUN_IN
    return len(replay(from_document(document), tracks, began, now, since=began))


def tracks_of(place: Place, now: datetime) -> dict[str, Track]:
    """The person's own readings before the week, as rules judge them, with the means made of them."""
    points: dict[str, list[tuple[float, float]]] = {}
    for each in run_in(place, now):
        points.setdefault(each.kind, []).append((each.at.timestamp(), each.value))
    tracks = {
        kind: Track(kind, [at for at, _ in of_one], [value for _, value in of_one], [0] * len(of_one))
        for kind, of_one in points.items()
    }
    return tracks | home_pressure.over_time(tracks, UK)
