"""The ground is read once, for the weeks asked for."""

from datetime import date, datetime, timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.outcomes.counting import alerted, laid, planned


def test_what_is_read_once_is_not_read_again(session: Session, cast: Cast, now: datetime) -> None:
    planned(session, cast, cast.ada, now - timedelta(days=2))
    alerted(session, now - timedelta(hours=1), person=cast.ada)
    ground = laid(session, cast)
    assert len(ground.alerts) == len(ground.plans) == 1
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    assert len(ground.alerts) == len(ground.plans) == 1
    assert ground.ties.agency_of(cast.ada.id, now) == cast.hub.id
    assert asked == []


def test_it_reaches_from_the_first_week_to_the_end_of_the_last(
    session: Session, cast: Cast, now: datetime
) -> None:
    ground = laid(session, cast, since=date(2026, 11, 12))
    assert [week.monday for week in ground.weeks] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert ground.since == ground.weeks[0].start
    assert ground.until == ground.weeks[1].end > ground.now == now
