"""What every move begins with."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, moving
from care_plans.alerts.moves import Move
from core.errors import Invalid
from tests.care_plans.alerting import cora, raised
from tests.cast import Cast


def test_it_takes_the_row_as_it_is_now(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    session.connection().exec_driver_sql("UPDATE alerts SET step = 7")
    moving.take_up(session, alert, Move.ACKNOWLEDGE, cora(cast), None)
    assert alert.step == 7


def test_a_move_that_may_not_be_made_says_why(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert moving.why_not(alert, Move.ACKNOWLEDGE) is None
    assert "one by one" in (moving.why_not(alert, Move.ACKNOWLEDGE, in_bulk=True) or "")
    with pytest.raises(Invalid, match="Record who was spoken to"):
        moving.take_up(session, alert, Move.CLOSE, cora(cast), None)


def test_a_time_lies_ahead_and_not_too_far(now: datetime) -> None:
    hour = timedelta(hours=1)
    moving.refuse_unless_between("until", now + hour, now, now + hour, "too far")
    for at, words in ((now, "still to come"), (now + 2 * hour, "too far")):
        with pytest.raises(Invalid, match=words):
            moving.refuse_unless_between("until", at, now, now + hour, "too far")
