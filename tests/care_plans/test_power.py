"""Kit that lost its mains or a line: whom it calls, until it is back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating import power, protection
from care_plans.evaluating.lost import list_standing
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.severity import Class, Severity
from core.journal import Actor
from devices import alarm_lines, kit_states, silence, works
from devices.gather import Spoken
from devices.models import Assignment, Device, DeviceWord
from devices.series import SeriesKey
from people.models.homes import Home
from tests.care_plans.judged_home import Home as Kit
from tests.cast import Cast

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TESS = Actor("Tess")


@pytest.fixture
def unit(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's care phone, with a battery of a day."""
    alarm_lines.set_line(
        session, cast.ada_home, {"provider": "Fibre", "battery_hours": "24"}, now=now, actor=TESS
    )
    return Kit(session, cast, now).device("phone", life_safety=True)


def say(session: Session, device: Device, kind: str, value: float, at: datetime, channel: str = "") -> None:
    kit_states.note(session, [Spoken(SeriesKey(device.id, channel, kind), at, value, 0, None)])


def alerts(session: Session, key: str = "power.mains") -> list[Alert]:
    session.expire_all()
    return list(session.scalars(select(Alert).where(Alert.rule_key == key).order_by(Alert.id)))


def close(session: Session, alert: Alert, at: datetime) -> None:
    alert.closed_at, alert.cause, alert.action, alert.outcome = at, Cause.TRUE_ACTED, "Rang", Outcome.NONE
    alert.escalate_after = None
    session.flush()


def test_mains_that_failed_are_a_technical_alert_of_the_home(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "mains_failed", 1, now)
    assert power.step(session, now)
    (alert,) = alerts(session)
    assert (alert.home_id, alert.class_, alert.severity) == (
        cast.ada_home.id,
        Class.TECHNICAL,
        Severity.AMBER,
    )
    assert alert.words.startswith("Mains power failed, Phone; its battery lasts until about ")
    assert (alert.began_at, alert.device_id) == (now, unit.id)
    assert not power.step(session, now + MINUTE)


def test_it_presses_an_hour_before_the_battery_runs_out(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "mains_failed", 1, now)
    power.step(session, now)
    power.step(session, now + 23 * HOUR)
    (alert,) = alerts(session)
    assert alert.severity is Severity.RED
    assert alert.ladder["steps"][0]["team"] == cast.centre.id
    assert {step["wait"] for step in alert.ladder["steps"]} == {"15 min"}


def test_what_was_closed_presses_again_before_the_battery_runs_out(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "mains_failed", 1, now)
    power.step(session, now)
    close(session, alerts(session)[0], now + 22 * HOUR)
    assert not power.step(session, now + 22 * HOUR + 30 * MINUTE)
    assert power.step(session, now + 23 * HOUR)
    assert alerts(session)[-1].severity is Severity.RED


def test_once_the_battery_has_run_out_whoever_lives_there_is_without_protection(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "mains_failed", 1, now)
    assert silence.unprotected(session, now + 23 * HOUR) == []
    (ada,) = silence.unprotected(session, now + 24 * HOUR)
    assert (ada.person_id, ada.device_id, ada.since, ada.why) == (
        cast.ada.id, unit.id, now + 24 * HOUR, "mains",
    )  # fmt: skip
    protection.step(session, now + 24 * HOUR)
    (alert,) = alerts(session, "protection.person")
    assert alert.words == "Without protection: Phone without mains, and its battery must have run out"


def test_kit_that_is_heard_after_its_battery_should_have_ended_still_protects(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "mains_failed", 1, now)
    session.add(DeviceWord(device_id=unit.id, heard_at=now + 25 * HOUR))
    session.flush()
    assert silence.unprotected(session, now + 26 * HOUR) == []


def test_it_clears_when_the_mains_are_back(session: Session, cast: Cast, unit: Device, now: datetime) -> None:
    say(session, unit, "mains_failed", 1, now)
    power.step(session, now)
    say(session, unit, "mains_failed", 0, now + HOUR)
    assert power.step(session, now + HOUR)
    (alert,) = alerts(session)
    assert alert.cleared_at == now + HOUR


def test_a_lost_line_calls_somebody_and_a_lost_backup_is_watched(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "line_lost", 1, now, "IP line")
    say(session, unit, "backup_line_lost", 1, now, "second line")
    power.step(session, now)
    (first,), (second,) = alerts(session, "power.line"), alerts(session, "power.backup_line")
    assert (first.severity, second.severity) == (Severity.AMBER, Severity.WATCH)
    say(session, unit, "backup_line_lost", 0, now + HOUR, "second line")
    power.step(session, now + HOUR)
    assert alerts(session, "power.backup_line")[0].closed_at == now + HOUR


def test_kit_that_is_being_worked_on_calls_nobody(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    works.plan(session, unit, {"ends": now + HOUR, "why": "New socket"}, now=now, actor=TESS)
    say(session, unit, "mains_failed", 1, now)
    assert not power.step(session, now)
    assert power.step(session, now + HOUR)


def test_kit_that_nobody_has_calls_nobody(session: Session, cast: Cast, now: datetime) -> None:
    spare = Device(key="spare", name="Spare", model="test", life_safety=True)
    session.add(spare)
    session.flush()
    say(session, spare, "mains_failed", 1, now)
    assert not power.step(session, now)


def test_a_fault_of_life_safety_kit_leaves_whoever_has_it_without_protection_until_it_is_tried(
    session: Session, cast: Cast, unit: Device, now: datetime
) -> None:
    say(session, unit, "sensor_fault", 1, now)
    (ada,) = silence.unprotected(session, now)
    assert (ada.person_id, ada.why) == (cast.ada.id, "fault")
    alarm_lines.note_test_press(session, unit, now=now + HOUR, actor=TESS)
    assert silence.unprotected(session, now + HOUR) == []


def street(session: Session, cast: Cast, now: datetime) -> list[Device]:
    """Three homes of Westmere with a care phone each; Ada's is the first."""
    made = []
    for number in range(3):
        home = cast.ada_home
        if number:
            home = Home(address_line=f"{number} Mill Lane", postcode="WM1 1AA", area=cast.ada_home.area)
            session.add(home)
        device = Device(key=f"street-{number}", name="Care phone", model="test", life_safety=True)
        session.add(device)
        session.flush()
        session.add(
            Assignment(device_id=device.id, home_id=home.id, period=Range(now - 30 * 24 * HOUR, None))
        )
        made.append(device)
    session.flush()
    return made


def test_homes_of_one_place_are_one_outage_and_each_stands_on_the_board(
    session: Session, cast: Cast, now: datetime
) -> None:
    for number, device in enumerate(street(session, cast, now)):
        say(session, device, "mains_failed", 1, now - number * MINUTE)
    standing = list_standing(session, now)
    assert [each.outage is not None for each in standing] == [True, True, True]
    power.step(session, now)
    found = alerts(session)
    assert all("one of 3 homes, Westmere" in each.words for each in found)
    assert sorted(each.severity.value for each in found) == ["amber", "amber", "watch"]
