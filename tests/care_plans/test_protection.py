"""Who is without protection, and which hub answers for its sensors."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating import protection
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.models.work import FollowUp
from care_plans.severity import Severity
from devices.models import Assignment, Device, DeviceWord
from tests.cast import Cast

LONG_AGO = timedelta(minutes=25)
MINUTE = timedelta(minutes=1)


def stand_in_the_home(session: Session, cast: Cast, now: datetime) -> tuple[Device, Device]:
    """A hub in Ada's home that has been offline for a while, with her pendant's base behind it."""
    since = Range(now - timedelta(days=30), None)
    hub = Device(key="ada-hub", name="Hub", model="hub")
    session.add(hub)
    session.flush()
    smoke = Device(hub_id=hub.id, address="0x1", name="Smoke alarm", model="HS1SA", life_safety=True)
    session.add(smoke)
    session.flush()
    session.add_all(
        Assignment(device_id=each.id, home_id=cast.ada_home.id, period=since) for each in (hub, smoke)
    )
    session.add(
        DeviceWord(device_id=hub.id, heard_at=now - LONG_AGO, online=False, online_changed_at=now - LONG_AGO)
    )
    session.flush()
    return hub, smoke


def alerts(session: Session) -> dict[str, Alert]:
    return {
        alert.rule_key.split(":")[0]: alert for alert in session.scalars(select(Alert).order_by(Alert.id))
    }


def test_a_hub_that_is_down_makes_one_alert_for_the_home_and_one_for_each_person_without_protection(
    session: Session, cast: Cast, now: datetime
) -> None:
    hub, smoke = stand_in_the_home(session, cast, now)
    assert protection.step(session, now)
    found = alerts(session)
    of_hub, of_person = found[f"protection.hub.{hub.uuid}"], found["protection.person"]
    assert (of_hub.home_id, of_hub.words) == (
        cast.ada_home.id,
        "Hub offline: 1 person without protection; 1 sensor unheard",
    )
    assert (of_person.person_id, of_person.device_id, of_person.severity) == (
        cast.ada.id,
        smoke.id,
        Severity.AMBER,
    )
    assert "the hub it speaks through is down" in of_person.words


def test_somebody_without_protection_is_called_within_the_hour(
    session: Session, cast: Cast, now: datetime
) -> None:
    stand_in_the_home(session, cast, now)
    protection.step(session, now)
    call = session.scalars(select(FollowUp).where(FollowUp.person_id == cast.ada.id)).one()
    assert (call.kind.value, call.due_at) == ("call", now + timedelta(hours=1))


def test_it_raises_once_and_clears_when_the_hub_is_back(session: Session, cast: Cast, now: datetime) -> None:
    hub, _ = stand_in_the_home(session, cast, now)
    protection.step(session, now)
    assert not protection.step(session, now)
    session.query(DeviceWord).filter_by(device_id=hub.id).update({"online": True, "online_changed_at": now})
    assert protection.step(session, now)
    assert all(alert.cleared_at == now for alert in alerts(session).values())


def test_an_alert_closed_while_the_kit_is_still_down_comes_back_after_four_hours(
    session: Session, cast: Cast, now: datetime
) -> None:
    stand_in_the_home(session, cast, now)
    protection.step(session, now)
    close_all(session, now)
    assert not protection.step(session, now + timedelta(hours=3))
    assert protection.step(session, now + timedelta(hours=5))


def close_all(session: Session, at: datetime) -> None:
    for alert in alerts(session).values():
        alert.closed_at, alert.cause, alert.action, alert.outcome = at, Cause.TRUE_ACTED, "Rang", Outcome.NONE
        alert.escalate_after = None
    session.flush()


def say(session: Session, hub: Device, *, online: bool, at: datetime) -> None:
    of_hub = session.query(DeviceWord).filter_by(device_id=hub.id)
    of_hub.update({"online": online, "online_changed_at": at})


def test_what_goes_down_again_is_open_again_though_nobody_closed_it_meanwhile(
    session: Session, cast: Cast, now: datetime
) -> None:
    hub, _ = stand_in_the_home(session, cast, now)
    protection.step(session, now)
    say(session, hub, online=True, at=now)
    protection.step(session, now)
    say(session, hub, online=False, at=now + MINUTE)
    assert protection.step(session, now + 10 * MINUTE)
    assert {(alert.cleared_at, alert.times_raised) for alert in alerts(session).values()} == {(None, 2)}


def test_what_goes_down_anew_after_it_was_closed_is_raised_at_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    hub, _ = stand_in_the_home(session, cast, now)
    protection.step(session, now)
    close_all(session, now + MINUTE)
    say(session, hub, online=False, at=now + 5 * MINUTE)
    assert protection.step(session, now + 15 * MINUTE)
    assert all(alert.closed_at is None for alert in alerts(session).values())


def test_an_open_alert_says_what_else_has_gone_down_since(
    session: Session, cast: Cast, now: datetime
) -> None:
    stand_in_the_home(session, cast, now)
    protection.step(session, now)
    pendant = Device(key="ada-pendant", name="Pendant", model="HL-P1", life_safety=True, revoked_at=now)
    session.add(pendant)
    session.flush()
    since = Range(now - timedelta(days=30), None)
    session.add(Assignment(device_id=pendant.id, person_id=cast.ada.id, period=since))
    session.flush()
    assert protection.step(session, now + MINUTE)
    assert "Smoke alarm, Pendant" in alerts(session)["protection.person"].words
    assert not protection.step(session, now + 2 * MINUTE)


def test_when_everything_is_down_a_step_locks_only_some_and_the_next_goes_on(
    session: Session, cast: Cast, now: datetime
) -> None:
    stand_in_the_home(session, cast, now)
    assert protection.step(session, now, limit=1)
    assert len(alerts(session)) == 1
    assert protection.step(session, now, limit=1)
    assert len(alerts(session)) == 2
