"""Alerts as marks on a chart."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, history
from care_plans.severity import Class, Severity
from devices import subjects
from tests.care_plans.alerting import cora, mallory, raised
from tests.cast import Cast

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_alerts_of_that_time_are_marked_oldest_first_whether_open_or_closed(
    session: Session, cast: Cast, now: datetime
) -> None:
    kit = raised(cast, now, Severity.WATCH, Class.TECHNICAL, key="a.kit", ago=3 * HOUR)
    alerts.clear(session, alerts.raise_(session, kit, now), "Heard again", now)
    alerts.raise_(session, raised(cast, now, key="a.red", ago=HOUR), now)
    alerts.raise_(session, raised(cast, now, key="a.old", ago=2 * DAY), now)
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id), ago=2 * HOUR)
    alerts.raise_(session, cold, now)
    ada = [subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)]
    found = history.list_marks(session, cora(cast), ada, now - DAY, now, now)
    assert [mark.at for mark in found] == [now - 3 * HOUR, now - 2 * HOUR, now - HOUR]
    assert (found[2].kind, found[2].value, found[2].severity) == ("spo2", 84.0, Severity.RED)
    newest = history.list_marks(session, cora(cast), ada, now - DAY, now, now, limit=1)
    assert newest == found[2:]


def test_a_stranger_finds_no_mark(session: Session, cast: Cast, now: datetime) -> None:
    alerts.raise_(session, raised(cast, now), now)
    ada = [subjects.person(cast.ada.id)]
    assert history.list_marks(session, mallory(cast), ada, now - DAY, now, now) == []
    ben = [subjects.person(cast.ben.id)]
    assert history.list_marks(session, cora(cast), ben, now - DAY, now, now) == []


def test_what_was_of_the_home_before_somebody_came_is_no_mark_of_theirs(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = subjects.home(cast.ada_home.id)
    alerts.raise_(session, raised(cast, now, class_=Class.HOME_SOCIAL, subject=home, ago=2 * HOUR), now)
    for since, number in ((now - 3 * HOUR, 1), (now - HOUR, 0)):
        found = history.list_marks(session, cora(cast), [home], now - DAY, now, now, home_since=since)
        assert len(found) == number
