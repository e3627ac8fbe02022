"""Days and hours of a rule are those of the home somebody lives in, live and on the past."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from care_plans.evaluating import past
from care_plans.evaluating.zones import zones_of
from care_plans.plan import enrol
from devices import subjects
from tests.care_plans.judged_home import Home
from tests.cast import Cast

KEY = "frailty_falls.no_morning"


def week(home: Home, last: date, zone: ZoneInfo) -> None:
    """Up from 07:50 to 22:00, the week before `last`."""
    for back in range(1, 8):
        for clock in (time(7, 50), time(22)):
            at = datetime.combine(last - timedelta(days=back), clock, zone)
            home.say("motion", 1.0, at, home=True, name="hall")


@pytest.mark.parametrize("place", ["Europe/London", "Europe/Warsaw"])
def test_somebody_is_missed_by_the_clock_of_their_home(
    session: Session, cast: Cast, now: datetime, place: str
) -> None:
    cast.ada_home.time_zone = place
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now - timedelta(days=14))
    home, zone = Home(session, cast, now), ZoneInfo(place)
    week(home, now.date(), zone)
    due = datetime.combine(now.date(), time(9, 20), zone)
    home.judge(due - timedelta(minutes=1))
    assert KEY not in {each.rule_key for each in home.alerts()}
    home.judge(due)
    (alert,) = [each for each in home.alerts() if each.rule_key == KEY]
    assert alert.words.startswith("No sign of the morning by 09:20, usually about by 07:50: movement last")
    home.say("motion", 1.0, due + timedelta(minutes=5), home=True, name="hall")
    home.judge(due + timedelta(minutes=6))
    session.refresh(alert)
    assert alert.cleared_at is not None


def test_whoever_lives_nowhere_we_know_is_judged_by_our_own_clock(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ada_home.time_zone = "Europe/Warsaw"
    session.flush()
    ada, ben = subjects.person(cast.ada.id), subjects.person(cast.ben.id)
    ada_home = subjects.home(cast.ada_home.id)
    assert zones_of(session, [ada, ada_home, ben], {ada: ada_home}) == dict.fromkeys(
        (ada, ada_home), "Europe/Warsaw"
    )
    assert zones_of(session, [ben], {}) == {}
    assert past.zones(session, [ada], now) == {ada: "Europe/Warsaw"}
