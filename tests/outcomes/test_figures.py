"""The figures equal a slow recomputation from the rows, over weeks, breakdowns and seeds."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from outcomes import figures
from outcomes.figures import Side
from outcomes.measures import Measure
from outcomes.reckoning import Breakdown, Figure
from people.access import Viewer
from tests.cast import Cast
from tests.outcomes import past, slow
from tests.outcomes.slow import Asked

ZONE = "Europe/London"
SINCE = date(2026, 10, 12)


def viewer(cast: Cast, **changes: object) -> Viewer:
    made = Viewer(
        cast.cora.id, cast.cora.uuid, "Cora", cast.hub.id, "coordinator", frozenset(), everyone=True
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def breakdowns(cast: Cast) -> list[Breakdown]:
    return [
        Breakdown(),
        Breakdown(pathway="copd"),
        Breakdown(pathway="warm_dry_home"),
        Breakdown(agency_id=cast.hub.id),
        Breakdown(agency_id=cast.health.id),
        Breakdown(pathway="heart_failure", agency_id=cast.social.id),
    ]


def slowly(session: Session, figure: Figure, breakdown: Breakdown, monday: date, now: datetime) -> Figure:
    """The same figure by plain SQL and loops."""
    asked = Asked(monday, now, breakdown.pathway, breakdown.agency_id, breakdown.class_, breakdown.cause)
    beside: float | None = None
    without: int | None = None
    of: float
    match figure.measure:
        case Measure.TIME_TO_CONTACT:
            met, of, beside, without = slow.time_to_contact(session, asked)
        case Measure.ESCALATIONS:
            met, of, beside = slow.escalations(session, asked)
        case Measure.READINGS:
            met, of = slow.readings_as_expected(session, asked)
        case Measure.GOALS:
            met, of, without = slow.goals_progressing(session, asked)
        case Measure.ALERTS:
            met, of, value = slow.alerts_per_person_month(session, asked)
            return Figure(
                figure.measure, asked.start, asked.end, met, of, value, None, None, partial=figure.partial
            )
    value = 100 * met / of if of else None
    return Figure(
        figure.measure, asked.start, asked.end, met, of, value, beside, without, partial=asked.end > now
    )


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_its_slow_recomputation_from_the_rows(
    session: Session, cast: Cast, now: datetime, measure: Measure, seed: int
) -> None:
    past.make(session, cast, now, seed)
    ground = figures.lay(session, viewer(cast), since=SINCE, now=now, zone=ZONE)
    counted = 0.0
    for breakdown in breakdowns(cast):
        found = figures.by_week(ground, measure, breakdown)
        expected = [
            slowly(session, one, breakdown, SINCE + timedelta(weeks=number), now)
            for number, one in enumerate(found)
        ]
        assert found == expected
        counted += sum(one.denominator or 0 for one in found)
    assert counted > (5 if measure is Measure.ALERTS else 50)


def test_class_and_cause_divide_the_alerts_without_losing_one(
    session: Session, cast: Cast, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    ground = figures.lay(session, viewer(cast), since=SINCE, now=now, zone=ZONE)
    whole = figures.over_all(ground, Measure.ALERTS)
    for side in Side:
        told = figures.side_by_side(ground, side)
        counts = [figure.numerator or 0 for _, figure in told]
        assert sum(counts) == whole.numerator
        assert counts == sorted(counts, reverse=True)
        assert {figure.denominator for _, figure in told} == {whole.denominator}
        kind, most = told[0]
        only = figures.narrowed(Breakdown(), side, kind)
        assert sum(one.numerator or 0 for one in figures.by_week(ground, Measure.ALERTS, only)) == counts[0]
        assert figures.over_all(ground, Measure.ALERTS, only) == most


def test_alerts_of_one_class_and_cause_equal_their_slow_recomputation(
    session: Session, cast: Cast, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    ground = figures.lay(session, viewer(cast), since=SINCE, now=now, zone=ZONE)
    for breakdown in (
        Breakdown(class_="technical"),
        Breakdown(cause="open"),
        Breakdown(cause="false_kit", pathway="copd"),
    ):
        found = figures.by_week(ground, Measure.ALERTS, breakdown)
        assert found == [
            slowly(session, one, breakdown, SINCE + timedelta(weeks=number), now)
            for number, one in enumerate(found)
        ]


def test_a_stranger_has_nothing_to_count(session: Session, cast: Cast, now: datetime) -> None:
    past.make(session, cast, now, seed=1)
    mallory = viewer(cast, everyone=False, team_ids=frozenset({cast.strangers.id}))
    ground = figures.lay(session, mallory, since=SINCE, now=now, zone=ZONE)
    for measure in Measure:
        assert {figure.denominator for figure in figures.by_week(ground, measure)} == {0}


def test_pathways_in_use_and_agencies_are_offered_by_name(
    session: Session, cast: Cast, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    assert [code for code, _ in figures.pathways(session)] == sorted(past.PATHWAYS)
    names = [agency.name for agency in figures.agencies(session)]
    assert names == sorted(names)
    assert cast.hub.name in names
