"""The rows behind a figure add up to it, and say whose they are only to those who may know."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from outcomes import figures, rows
from outcomes.measures import DEFINITIONS, Measure
from outcomes.reckoning import Breakdown, Part
from tests.cast import Cast
from tests.outcomes import past
from tests.outcomes.counting import alerted, happened, laid, lent, measured, planned, traced

SINCE = date(2026, 10, 12)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("measure", Measure)
def test_the_rows_add_up_to_the_figures_in_every_week_and_breakdown(
    session: Session, cast: Cast, now: datetime, measure: Measure
) -> None:
    past.make(session, cast, now, seed=1)
    ground = laid(session, cast, since=SINCE, everyone=True)
    scale = DEFINITIONS[measure].scale
    for breakdown in (Breakdown(), Breakdown(pathway="copd"), Breakdown(agency_id=cast.health.id)):
        for week, figure in zip(ground.weeks, figures.by_week(ground, measure, breakdown), strict=True):
            found = traced(ground, measure, breakdown, week)
            assert sum(row.met for row in found) == figure.numerator
            assert sum(row.of for row in found) / scale == figure.denominator
            assert all(row.who is not None for row in found)
        whole = figures.over_all(ground, measure, breakdown)
        assert sum(row.met for row in traced(ground, measure, breakdown)) == whole.numerator


def test_an_alert_is_told_with_what_became_of_it(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada, closed_at=now)
    happened(session, alert, "contact", timedelta(minutes=14))
    happened(session, alert, "step", timedelta(minutes=5), step=2)
    never = alerted(session, now - 8 * HOUR, home_id=cast.ada_home.id)
    newer, older = traced(laid(session, cast), Measure.TIME_TO_CONTACT)
    assert older.what == "Oxygen low, red, contact after 14 min, 1 step past the first, closed as true acted"
    assert (older.who, older.person_uuid, older.alert_uuid) == ("Ada Marsh", cast.ada.uuid, alert.uuid)
    assert newer.what == "Oxygen low, red, no contact, still open"
    assert (newer.who, newer.alert_uuid) == ("14 Orchard Row", never.uuid)


def test_readings_and_time_are_told_in_local_time(session: Session, cast: Cast, now: datetime) -> None:
    planned(
        session, cast, cast.ada, now - timedelta(days=1),
        spo2={"grace": 7200, "by": {"times": ["10:00"]}}, room_temperature={"grace": 3600, "every": 7200},
    )  # fmt: skip
    series = lent(session, "room_temperature", now - 90 * HOUR, home_id=cast.ada_home.id)
    measured(session, series, *(now - number * HOUR for number in range(5, 30)))
    ground = laid(session, cast)
    said = [row.what for row in traced(ground, Measure.READINGS)]
    assert said == [
        "Room temperature every 2 h on 22 Nov, 3 of 4 heard, not by 06:00",
        "Room temperature every 2 h on 21 Nov, 6 of 6 heard",
        "Oxygen, not heard by 12:00 on 21 Nov",
    ]
    assert {row.what for row in traced(ground, Measure.ALERTS)} == {"1.00 days under a published plan"}


def test_whoever_may_not_see_people_gets_no_name_no_link_and_no_small_number(
    session: Session, cast: Cast, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    ground = laid(session, cast, since=SINCE, role="commissioner", team_ids=frozenset())
    told = figures.by_week(ground, Measure.ESCALATIONS)
    assert not any(figure.suppressed for figure in told)
    found = traced(ground, Measure.ESCALATIONS)
    assert len(found) == sum(figure.denominator or 0 for figure in told)
    assert {(row.who, row.person_uuid, row.alert_uuid) for row in found} == {(None, None, None)}
    assert not any("An alert" in row.what for row in found)
    small = Breakdown(pathway="copd")
    shown = [one for one in figures.by_week(ground, Measure.ESCALATIONS, small) if not one.suppressed]
    assert len(shown) < len(told)
    counted = traced(ground, Measure.ESCALATIONS, small)
    assert len(counted) == sum(figure.denominator or 0 for figure in shown)


def test_a_goal_is_told_in_its_own_words_only_to_those_who_may_see_whose_it_is(
    session: Session, cast: Cast, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    named = laid(session, cast, since=SINCE, everyone=True)
    assert any("“I want the first.”" in row.what for row in traced(named, Measure.GOALS))
    nameless = laid(session, cast, since=SINCE, role="commissioner")
    assert not any("“" in row.what for row in traced(nameless, Measure.GOALS))


def test_a_row_of_another_kind_is_a_mistake(now: datetime) -> None:
    with pytest.raises(TypeError):
        rows.words(Part(now, (), (), None, 0, 1, source="a row"), "Europe/London", named=True)
