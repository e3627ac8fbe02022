"""How the staff of the demo place work: they answer, they close, and they keep an eye on what lasts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.demo import agencies
from app.demo.agencies import Westmere
from app.demo.shift import Shift
from care_plans.alerts import alerts
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from devices import subjects
from tests.app.raising import what
from tests.care_plans.alerting import times
from tests.cast import Cast

DAY = timedelta(days=1)

Shifts = Callable[[timedelta], Shift]


@pytest.fixture
def shift(cast: Cast, now: datetime) -> Shifts:
    """A shift that ends so long after now; Cora does everybody's work."""
    westmere = Westmere({}, {}, {name: cast.cora for name, *_ in agencies.STAFF})
    return lambda lasts: Shift(westmere, now + lasts)


def work(session: Session, shift: Shift, until: datetime) -> None:
    """Let them do all that they mean to by then."""
    while (at := shift.next_at()) is not None and at <= until:
        shift.act(session)


def cold(session: Session, cast: Cast, now: datetime, severity: Severity = Severity.AMBER) -> Alert:
    about = subjects.home(cast.ada_home.id)
    raised = what(cast, now, severity, Class.HOME_SOCIAL, subject=about, key="warm.cold")
    return alerts.raise_(session, replace(raised, name="Cold home"), now)


def test_what_has_lasted_for_days_rests_and_is_closed_only_once_it_has_cleared(
    session: Session, cast: Cast, now: datetime, shift: Shifts
) -> None:
    alert, staff = cold(session, cast, now), shift(9 * DAY)
    staff.look_at_the_board(session, now)
    work(session, staff, now + 4 * DAY)
    assert alert.closed_at is None
    assert times(session, alert, What.CONTACT) == 1
    assert 3 <= times(session, alert, What.SHELVED) <= 5
    alerts.clear(session, alert, "Warm again.", now + 4 * DAY)
    work(session, staff, now + 6 * DAY)
    assert alert.closed_at is not None


def test_what_got_worse_is_answered_anew(session: Session, cast: Cast, now: datetime, shift: Shifts) -> None:
    alert, staff = cold(session, cast, now, Severity.WATCH), shift(9 * DAY)
    staff.look_at_the_board(session, now)
    work(session, staff, now + DAY)
    assert cold(session, cast, now + DAY) is alert
    staff.look_at_the_board(session, now + DAY)
    work(session, staff, now + 2 * DAY)
    assert times(session, alert, What.CONTACT) == 2


def test_what_passes_is_closed_the_same_day_and_somebody_ill_stays_on_the_board_at_the_end(
    session: Session, cast: Cast, now: datetime, shift: Shifts
) -> None:
    ill = alerts.raise_(session, what(cast, now, Severity.AMBER), now)
    for lasts, closed in ((10 * timedelta(hours=1), False), (3 * DAY, True)):
        staff = shift(lasts)
        staff.look_at_the_board(session, now)
        work(session, staff, now + DAY)
        assert (ill.closed_at is not None) is closed
        assert times(session, ill, What.CONTACT) > 0
