from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.evaluating import at_home
from core.zones import UK
from tests.care_plans.judged_home import Home
from tests.care_plans.test_made import DAY, air, press
from tests.cast import Cast


def test_the_mean_is_that_of_these_days_and_an_irregular_pulse_of_before_is_none_of_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    home.say("irregular_pulse", 1.0, now - 12 * DAY, name="cuff")
    for day in (4, 3, 2, 1):
        press(home, now - day * DAY, 141, 84)
    stands = at_home.pressure_of(session, cast.ada.id, UK, now)
    assert (stands.home.systolic, stands.home.diastolic, stands.irregular_at) == (141, 84, None)
    home.say("irregular_pulse", 1.0, now - 2 * DAY, name="cuff")
    home.say("irregular_pulse", 0.0, now - DAY, name="cuff")
    assert at_home.pressure_of(session, cast.ada.id, UK, now).irregular_at == now - 2 * DAY


def test_what_was_measured_before_they_moved_in_is_left_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    air(Home(session, cast, now), now - 5 * DAY, now - DAY, 0)
    (room,) = at_home.rooms_of(session, cast.ada_home.id, None, now)
    assert room.wall == pytest.approx(86.69, abs=0.01)
    assert (room.temperature, room.humidity) == (None, None), "too old to be called the air of now"
    assert room.at == now - DAY
    assert at_home.rooms_of(session, cast.ada_home.id, now - timedelta(hours=2), now) == ()


def test_a_sensor_on_the_wall_is_said_to_be_there(session: Session, cast: Cast, now: datetime) -> None:
    home = Home(session, cast, now)
    air(home, now - DAY, now, None)
    home.say("surface_temperature", 12.0, now - timedelta(minutes=5), home=True, name="climate")
    (room,) = at_home.rooms_of(session, cast.ada_home.id, None, now)
    assert room.measured
    assert room.wall is not None
