"""What kit says of itself that is wrong: batteries and faults."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.evaluating import kit_troubles, noticed
from care_plans.evaluating.noticed import Noticed
from care_plans.severity import Class, Severity
from devices import kit_states, subjects
from devices.gather import Spoken
from devices.measurement import Flags
from devices.models import Device, DeviceWord
from devices.series import SeriesKey
from tests.care_plans.judged_home import Home
from tests.cast import Cast

HOUR = timedelta(hours=1)


def say(session: Session, device: Device, kind: str, value: float, at: datetime, flags: int = 0) -> None:
    kit_states.note(session, [Spoken(SeriesKey(device.id, "", kind), at, value, flags, None)])


def found(session: Session, cast: Cast, now: datetime) -> list[Noticed]:
    whose = noticed.whose_kit(session, [subjects.person(cast.ada.id)], now)
    return [*kit_troubles.batteries(session, whose, now), *kit_troubles.faults(session, whose, now)]


def test_a_battery_that_is_low_by_its_own_word_is_watched_until_it_is_well(
    session: Session, cast: Cast, now: datetime
) -> None:
    cuff = Home(session, cast, now).device("cuff")
    say(session, cuff, "battery_low", 1, now - HOUR)
    (told,) = found(session, cast, now)
    assert (told.rule_key, told.class_, told.began) == (
        f"kit.battery.{cuff.uuid}", Class.TECHNICAL, now - HOUR,
    )  # fmt: skip
    assert (told.finding.severity, told.finding.words) == (
        Severity.WATCH, "Cuff: battery low, by its own word",
    )  # fmt: skip
    say(session, cuff, "battery_low", 0, now)
    assert found(session, cast, now) == []


def test_one_that_failed_or_is_of_life_safety_kit_calls_somebody(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    say(session, home.device("pendant", life_safety=True), "battery_low", 1, now)
    say(session, home.device("cuff"), "battery_failed", 1, now)
    assert [each.finding.severity for each in found(session, cast, now)] == [Severity.AMBER, Severity.AMBER]


def test_one_battery_is_told_of_once_as_failed_before_low_and_low_before_its_percent(
    session: Session, cast: Cast, now: datetime
) -> None:
    cuff = Home(session, cast, now).device("cuff")
    session.add(DeviceWord(device_id=cuff.id, battery=3, heard_at=now))
    session.flush()
    say(session, cuff, "battery_low", 1, now)
    assert [each.finding.words for each in found(session, cast, now)] == ["Cuff: battery 3%"]
    say(session, cuff, "battery_failed", 1, now)
    assert [each.finding.words for each in found(session, cast, now)] == [
        "Cuff: battery failed, by its own word"
    ]


def test_a_fault_is_watched_and_that_of_life_safety_kit_is_left_to_protection(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    say(session, home.device("cuff"), "sensor_fault", 1, now)
    say(session, home.device("pendant", life_safety=True), "sensor_fault", 1, now)
    (told,) = found(session, cast, now)
    assert (told.name, told.finding.words) == ("Kit reports a fault", "Cuff reports a fault")
    assert noticed.words_of_end(told.rule_key) == "It reports no fault any more."


def test_what_only_a_state_that_was_sent_again_shows_is_not_confirmed(
    session: Session, cast: Cast, now: datetime
) -> None:
    say(session, Home(session, cast, now).device("cuff"), "battery_low", 1, now, int(Flags.REPLAYED))
    (told,) = found(session, cast, now)
    assert told.finding.unconfirmed


def test_it_is_raised_and_ends_with_the_next_word(session: Session, cast: Cast, now: datetime) -> None:
    home = Home(session, cast, now)
    say(session, home.device("cuff"), "sensor_fault", 1, now)
    home.judge(now)
    (alert,) = home.alerts()
    say(session, home.device("cuff"), "sensor_fault", 0, now + HOUR)
    home.judge(now + HOUR)
    assert alert.closed_at == now + HOUR
