"""What is read of how desks cope."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.alerts.events import What
from core.db import clock_of
from outcomes import desk, desk_events
from tests.cast import Cast
from tests.outcomes.counting import alerted, happened, laid

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_the_events_of_those_in_sight_are_read_in_order(session: Session, cast: Cast) -> None:
    alert = alerted(session, MONDAY + HOUR, person=cast.ada)
    happened(session, alert, What.STEP, MINUTE)
    happened(session, alert, What.STEP, 2 * MINUTE, repeats=True)
    happened(session, alert, What.COMMENTED, 3 * MINUTE)
    alerted(session, MONDAY - 90 * 24 * HOUR, person=cast.ada)
    found = desk_events.read(laid(session, cast, since=MONDAY.date()))
    assert [(one.what, one.repeats) for one in found] == [
        (What.RAISED, False), (What.STEP, False), (What.STEP, True),
    ]  # fmt: skip
    assert {one.thing for one in found} == {f"{cast.ada.id} {alert.rule_key}"}
    nobody = laid(session, cast, since=MONDAY.date(), team_ids=frozenset())
    assert desk_events.read(nobody) == []


def test_only_what_is_open_for_a_day_stands(session: Session, cast: Cast) -> None:
    now = clock_of(session).now()
    alerted(session, now - desk.STANDING - MINUTE, person=cast.ada)
    alerted(session, now - desk.STANDING + MINUTE, person=cast.ada)
    alerted(session, now - 3 * desk.STANDING, person=cast.ada, closed_at=now)
    assert desk_events.count_standing(session, laid(session, cast).sight, now) == 1


def test_teams_are_told_with_their_agency(session: Session, cast: Cast) -> None:
    assert desk_events.teams(session)[cast.nurses.id] == (cast.nurses, cast.health.name)
