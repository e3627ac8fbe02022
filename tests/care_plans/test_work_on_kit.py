"""While kit is being worked on its silence calls nobody; what it measures is judged as ever (H5)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating import kit_troubles, noticed, protection
from care_plans.models.messages import Message
from core.journal import Actor
from devices import silence, subjects, works
from devices.models import Device, DeviceWord, Expectation, HeardState
from tests.care_plans.judged_home import Home
from tests.cast import Cast

HOUR = timedelta(hours=1)
TESS = Actor("Tess")


def silent(session: Session, device: Device, since: datetime) -> None:
    session.add(
        Expectation(
            device_id=device.id, every_seconds=3600, grace_seconds=600, state=HeardState.MISSING,
            state_since=since, expected_by=since, source=silence.KIT,
        )
    )  # fmt: skip
    session.flush()


def of_kit(session: Session, cast: Cast, now: datetime) -> list[str]:
    whose = noticed.whose_kit(session, [subjects.person(cast.ada.id)], now)
    told = [*noticed.silence(session, whose, now), *kit_troubles.batteries(session, whose, now)]
    return sorted(each.name for each in told)


def test_silence_and_battery_wait_until_it_is_over(session: Session, cast: Cast, now: datetime) -> None:
    cuff = Home(session, cast, now).device("cuff")
    silent(session, cuff, now - HOUR)
    session.add(DeviceWord(device_id=cuff.id, battery=3, heard_at=now - HOUR))
    session.flush()
    assert of_kit(session, cast, now) == ["Battery low", "Kit not heard"]
    works.plan(session, cuff, {"ends": now + HOUR, "why": "New battery"}, now=now, actor=TESS)
    assert of_kit(session, cast, now) == []
    assert of_kit(session, cast, now + HOUR) == ["Battery low", "Kit not heard"]


def test_whoever_is_without_protection_stays_listed_and_calls_somebody_once_it_is_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    pendant = Home(session, cast, now).device("pendant", life_safety=True)
    silent(session, pendant, now - HOUR)
    works.plan(session, pendant, {"ends": now + HOUR, "why": "New strap"}, now=now, actor=TESS)
    assert protection.step(session, now) is False
    assert [each.person_id for each in silence.unprotected(session, now)] == [cast.ada.id]
    assert protection.step(session, now + HOUR) is True


def test_a_press_meanwhile_calls_as_ever(session: Session, cast: Cast, now: datetime) -> None:
    home = Home(session, cast, now)
    pendant = home.device("pendant", life_safety=True)
    works.plan(session, pendant, {"ends": now + HOUR, "why": "Test press"}, now=now, actor=TESS)
    home.say("pendant", 1.0, now, name="pendant")
    home.judge(now)
    (alert,) = home.alerts()
    assert alert.severity.value == "red"
    assert session.scalar(select(Device.work_why).where(Device.id == pendant.id)) == "Test press"
    assert alert.may_be_test
    asked = session.scalars(select(Message)).all()
    assert asked
    assert all("It may be a test" in each.body and "Take it as real" in each.body for each in asked)


def test_what_began_before_or_after_is_no_test(session: Session, cast: Cast, now: datetime) -> None:
    home = Home(session, cast, now)
    pendant = home.device("pendant", life_safety=True)
    works.plan(session, pendant, {"ends": now + HOUR, "why": "Test press"}, now=now, actor=TESS)
    home.say("pendant", 1.0, now - timedelta(minutes=1), name="pendant")
    home.judge(now)
    (alert,) = home.alerts()
    assert not alert.may_be_test
    assert not any("test" in each.body for each in session.scalars(select(Message)))
