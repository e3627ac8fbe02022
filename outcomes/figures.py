"""Figures for somebody who looks: each measure by week, in total or side by side, by pathway and agency.

`lay` reads the ground once; all measures and breakdowns are then counted from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.models.plans import PlanPathway
from outcomes import reckoning
from outcomes.alert_parts import alerts_per_person_month, escalations, time_to_contact
from outcomes.goal_parts import goals_progressing
from outcomes.ground import Ground
from outcomes.measures import Measure
from outcomes.reading_parts import readings_as_expected
from outcomes.reckoning import Breakdown, Figure, Part
from outcomes.sight import Sight
from outcomes.weeks import weeks
from people import scoping
from people.access import Viewer
from people.agencies import listing
from people.models.agencies import Agency

PARTS: Mapping[Measure, Callable[[Ground], list[Part]]] = {
    Measure.TIME_TO_CONTACT: time_to_contact,
    Measure.ESCALATIONS: escalations,
    Measure.READINGS: readings_as_expected,
    Measure.ALERTS: alerts_per_person_month,
    Measure.GOALS: goals_progressing,
}
ALL = Breakdown()


class Side(StrEnum):
    """What figures can be laid side by side by."""

    CLASS = "class"
    CAUSE = "cause"


def lay(
    session: Session,
    viewer: Viewer,
    *,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
    zone: str,
) -> Ground:
    """The ground of the weeks from `since` to `until` (local days; the last 13 weeks where left out)."""
    sight = Sight(viewer, now)
    if sight.everybody and not sight.names:
        scoping.count_everybody(session)
    return Ground(session, sight, weeks(since, until, now, zone), zone)


def parts(ground: Ground, measure: Measure) -> list[Part]:
    """What each row adds to the measure in these weeks: read and reckoned once for a ground."""
    if measure not in ground.parts:
        ground.parts[measure] = PARTS[measure](ground)
    return ground.parts[measure]


def by_week(ground: Ground, measure: Measure, breakdown: Breakdown = ALL) -> list[Figure]:
    """The measure week by week, oldest first."""
    return reckoning.figures(
        measure, parts(ground, measure), ground.weeks, breakdown, ground.now, few=ground.sight.few
    )


def over_all(ground: Ground, measure: Measure, breakdown: Breakdown = ALL) -> Figure:
    """The measure over all these weeks together."""
    own = [part for part in parts(ground, measure) if breakdown.takes(part)]
    return reckoning.figure(measure, own, ground.since, ground.until, ground.now, few=ground.sight.few)


def side_by_side(ground: Ground, side: Side, breakdown: Breakdown = ALL) -> list[tuple[str, Figure]]:
    """Alerts per person-month over all these weeks, for each class or each cause there was, most first."""
    every = [part for part in parts(ground, Measure.ALERTS) if breakdown.takes(part)]
    kinds = {part.class_ if side is Side.CLASS else part.cause for part in every} - {None}
    found = []
    for kind in sorted(str(kind) for kind in kinds):
        own = [part for part in every if narrowed(ALL, side, kind).takes(part)]
        found.append(
            (
                kind,
                reckoning.figure(
                    Measure.ALERTS, own, ground.since, ground.until, ground.now, few=ground.sight.few
                ),
            )
        )
    return sorted(found, key=lambda one: -(one[1].numerator or 0))


def narrowed(breakdown: Breakdown, side: Side, kind: str) -> Breakdown:
    """The breakdown for one class or cause alone."""
    return replace(breakdown, class_=kind) if side is Side.CLASS else replace(breakdown, cause=kind)


def pathways(session: Session) -> list[tuple[str, str]]:
    """Code and title of every pathway that a plan follows or followed, by title."""
    rows = session.execute(
        select(PlanPathway.pathway, func.max(PlanPathway.title)).group_by(PlanPathway.pathway)
    )
    return sorted(((code, title) for code, title in rows), key=lambda one: one[1])


def agencies(session: Session) -> list[Agency]:
    """Every agency, by name."""
    return list(session.scalars(listing().order_by(Agency.name)))
