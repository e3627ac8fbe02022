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
    for alert in alerts(session).values():
        alert.closed_at, alert.cause, alert.action, alert.outcome = (
            now,
            Cause.TRUE_ACTED,
            "Rang",
            Outcome.NONE,
        )
        alert.escalate_after = None
    session.flush()
    assert not protection.step(session, now + timedelta(hours=3))
    assert protection.step(session, now + timedelta(hours=5))
