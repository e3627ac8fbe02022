"""Which homes lost their mains or a line, and who sees that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.evaluating.lost import Standing, list_in_sight, list_standing
from care_plans.judging.outages import What
from core.journal import Actor
from devices import alarm_lines, kit_states, subjects
from devices.gather import Spoken
from devices.models import Device
from devices.series import SeriesKey
from tests.care_plans import alerting
from tests.care_plans.judged_home import Home
from tests.cast import Cast

MINUTE = timedelta(minutes=1)
TESS = Actor("Tess")


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    return Home(session, cast, now)


def say(session: Session, device: Device, kind: str, value: float, at: datetime, channel: str = "") -> None:
    kit_states.note(session, [Spoken(SeriesKey(device.id, channel, kind), at, value, 0, None)])


def one(session: Session, now: datetime) -> Standing:
    (found,) = list_standing(session, now)
    return found


def test_kit_of_a_person_and_of_their_home_are_one_homes(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    say(session, home.device("phone", life_safety=True), "mains_failed", 1, now)
    say(session, home.device("hub", home=True), "mains_failed", 1, now - MINUTE)
    found = one(session, now)
    assert found.home is cast.ada_home
    assert found.lost.subject == subjects.home(cast.ada_home.id).number
    assert (found.lost.kit, found.lost.since, found.lost.protects) == (
        ("Hub", "Phone"), now - MINUTE, True,
    )  # fmt: skip


def test_a_hub_protects_whom_its_sensors_protect(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    hub = home.device("hub", home=True)
    say(session, hub, "mains_failed", 1, now)
    assert not one(session, now).lost.protects
    session.add(Device(hub_id=hub.id, address="0x1", name="Smoke", model="test", life_safety=True))
    session.flush()
    assert one(session, now).lost.protects


def test_its_place_is_the_area_for_the_mains_and_the_provider_for_a_line(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    given = {"provider": "Fibre", "battery_hours": "24"}
    alarm_lines.set_line(session, cast.ada_home, given, now=now, actor=TESS)
    phone = home.device("phone", life_safety=True)
    say(session, phone, "mains_failed", 1, now)
    say(session, phone, "line_lost", 1, now, "IP line")
    found = {each.lost.what: each.lost for each in list_standing(session, now)}
    assert (found[What.MAINS].place, found[What.LINE].place) == ("Westmere", "Fibre")
    assert found[What.MAINS].battery_hours == 24
    assert found[What.MAINS].asked == cast.coordinators.id


def test_only_whoever_sees_the_home_sees_it(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    say(session, home.device("phone", life_safety=True), "mains_failed", 1, now)
    assert len(list_in_sight(session, alerting.cora(cast), now)) == 1
    assert list_in_sight(session, alerting.mallory(cast), now) == []
