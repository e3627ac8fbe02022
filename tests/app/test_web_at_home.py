"""What is made of readings at home, on pages: the mean by NICE, and how damp walls are."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from people.access import RecordClass
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.judged_home import Home
from tests.care_plans.test_made import DAY, air, press
from tests.cast import Cast
from tests.people.looking import unshare


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/people/{cast.ada.uuid}"


def test_the_mean_stands_with_its_days_and_the_first_is_left_out(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    home = Home(session, cast, now)
    press(home, now - 4 * DAY, 170, 99)
    for day in (3, 2, 1):
        press(home, now - day * DAY, 141, 84)
    dev = client_as(cast.dev)
    assert f'href="{path}/home-pressure"' in dev.get(path).text
    page = dev.get(f"{path}/home-pressure")
    assert h1(page) == "Ada’s home blood pressure"
    assert "Mean 141/84 mmHg" in page.text
    assert "stage 1: 135/85 or more" in page.text
    assert page.text.count("First day: left out") == 1
    assert "170/99, 170/99, 170/99" in page.text
    assert "irregular pulse was noticed" not in page.text


def test_too_few_days_make_no_mean_and_an_irregular_pulse_is_told(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    home = Home(session, cast, now)
    for day in (3, 2, 1):
        press(home, now - day * DAY, 141, 84)
    home.say("irregular_pulse", 1.0, now - DAY, name="cuff")
    text = client_as(cast.dev).get(f"{path}/home-pressure").text
    assert "No mean yet" in text
    assert "1 day of measuring more makes a mean" in text
    assert "irregular pulse was noticed" in text


def test_before_anything_is_measured_it_says_how_it_is_done(
    path: str, client_as: ClientAs, cast: Cast
) -> None:
    dev = client_as(cast.dev)
    assert "Nothing measured in the last week" in dev.get(f"{path}/home-pressure").text
    assert "No room is measured" in dev.get(f"{path}/rooms").text
    assert "Mean blood pressure" not in dev.get(path).text


def test_the_walls_of_a_cold_room_are_damp_and_how_it_is_known_is_said(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    air(Home(session, cast, now), now - 3 * DAY, now - timedelta(minutes=20), 0)
    dev = client_as(cast.dev)
    assert f'href="{path}/rooms"' in dev.get(path).text
    text = dev.get(f"{path}/rooms").text
    assert "87 %" in text
    assert "reckoned from the temperature outside" in text
    assert "18 °C, 65 %" in text
    assert "of 6: could hardly have begun" in text


def test_without_the_weather_no_wall_is_called_dry(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    air(Home(session, cast, now), now - 3 * DAY, now, None)
    text = client_as(cast.dev).get(f"{path}/rooms").text
    assert "Not known: no thermometer outside or on the wall" in text


def test_what_is_not_shared_is_not_told(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    home = Home(session, cast, now)
    for day in (4, 3, 2, 1):
        press(home, now - day * DAY, 141, 84)
    air(home, now - 3 * DAY, now, 0)
    unshare(session, cast.hub.id, RecordClass.VITALS)
    unshare(session, cast.hub.id, RecordClass.HOME_ENVIRONMENT)
    cora = client_as(cast.cora)
    page = cora.get(f"{path}/home-pressure").text
    assert "vital signs are not shared with" in page
    assert "141" not in page
    page = cora.get(f"{path}/rooms").text
    assert "is not shared with" in page
    assert "87 %" not in page
    assert "Mean blood pressure" not in cora.get(path).text
