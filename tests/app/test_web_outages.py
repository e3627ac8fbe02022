"""The page of homes whose kit runs on its battery or lost a line."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.journal import Actor
from devices import alarm_lines, kit_states
from devices.gather import Spoken
from devices.models import Assignment, Device
from devices.series import SeriesKey
from people.models.homes import Home
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast

HOUR = timedelta(hours=1)
TESS = Actor("Tess")


def unit(session: Session, home: Home, key: str, now: datetime) -> Device:
    made = Device(key=key, name="Care phone", model="P1", life_safety=True)
    session.add(made)
    session.flush()
    session.add(Assignment(device_id=made.id, home_id=home.id, period=Range(now - 720 * HOUR, None)))
    session.flush()
    return made


def says(session: Session, device: Device, kind: str, at: datetime, channel: str = "") -> None:
    kit_states.note(session, [Spoken(SeriesKey(device.id, channel, kind), at, 1.0, 0, None)])


@pytest.fixture
def adas(session: Session, cast: Cast, now: datetime) -> Device:
    return unit(session, cast.ada_home, "adas-phone", now)


def test_it_says_who_is_on_battery_and_until_when(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime, adas: Device
) -> None:
    alarm_lines.set_line(session, cast.ada_home, {"battery_hours": "24"}, now=now, actor=TESS)
    says(session, adas, "mains_failed", now - HOUR)
    answer = client_as(cast.cora).get("/kit/outages")
    assert h1(answer) == "Power and lines"
    assert f"/people/{cast.ada.uuid}" in answer.text
    assert "◆ until" in answer.text
    assert "nobody wrote down" not in answer.text


def test_what_nobody_wrote_down_is_said_and_what_has_ended_comes_first(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime, adas: Device
) -> None:
    says(session, adas, "mains_failed", now - 2 * HOUR)
    text = client_as(cast.cora).get("/kit/outages").text
    assert "▲ was to last until" in text
    assert "nobody wrote down how long it lasts" in text


def test_homes_that_lost_the_same_together_stand_as_one_outage(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime, adas: Device
) -> None:
    says(session, adas, "mains_failed", now)
    for number in (1, 2):
        home = Home(address_line=f"{number} Mill Lane", postcode="WM1 1AA", area=cast.ada_home.area)
        session.add(home)
        session.flush()
        says(session, unit(session, home, f"phone-{number}", now), "mains_failed", now)
    text = client_as(cast.cora).get("/kit/outages").text
    assert "Mains power, Westmere: 3 homes" in text
    assert "One outage, since" in text
    assert "2 Mill Lane" in text


def test_whoever_sees_nobody_there_finds_what_would_appear(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime, adas: Device
) -> None:
    says(session, adas, "line_lost", now, "IP line")
    text = client_as(cast.mallory).get("/kit/outages").text
    assert "All kit has power and lines, as far as it says" in text
    assert "Three homes of one place within minutes" in text


def test_the_kits_own_page_says_what_is_wrong_and_which_test_came_through(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime, adas: Device
) -> None:
    says(session, adas, "line_lost", now, "IP line")
    says(session, adas, "test_call", now, "first line")
    text = client_as(cast.cora).get(f"/kit/{adas.uuid}").text
    assert "Line (IP line): lost since" in text
    assert "by itself, first line" in text
