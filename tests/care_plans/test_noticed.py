"""What is noticed without any pathway."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating import kit_troubles, noticed
from care_plans.severity import Class, Severity
from devices import kinds, rows, series, subjects
from devices.measurement import Flags
from devices.models import Assignment, Device, DeviceWord, Expectation, HeardState
from devices.rows import Row
from devices.series import SeriesKey
from tests.cast import Cast


def device(session: Session, cast: Cast, now: datetime, name: str, **more: object) -> Device:
    row = Device(key=f"ada-{name}", name=name, model="test", **more)
    session.add(row)
    session.flush()
    session.add(
        Assignment(device_id=row.id, person_id=cast.ada.id, period=Range(now - timedelta(days=9), None))
    )
    session.flush()
    return row


def missing(now: datetime, **of: object) -> Expectation:
    return Expectation(
        source="x",
        every_seconds=60,
        grace_seconds=60,
        expected_by=now,
        state=HeardState.MISSING,
        state_since=now,
        **of,
    )


def of_ada(session: Session, cast: Cast, now: datetime) -> noticed.Whose:
    return noticed.whose_kit(session, [subjects.person(cast.ada.id)], now)


def test_every_life_safety_kind_pages_without_a_plan() -> None:
    assert set(noticed.SAFETY) == {kind.code for kind in kinds.all_kinds() if kind.life_safety}
    assert {rule.class_ for rule in noticed.SAFETY.values()} == {Class.LIFE_SAFETY}
    assert {step.severity for rule in noticed.SAFETY.values() for step in rule.steps} == {Severity.RED}


def test_a_kind_that_is_missing_takes_the_class_of_its_kind(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.add_all(
        [
            missing(now, person_id=cast.ada.id, kind="spo2"),
            missing(now, home_id=cast.ada_home.id, kind="room_temperature"),
        ]
    )
    session.flush()
    both = [subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)]
    found = {
        each.rule_key: each.class_
        for each in noticed.silence(session, noticed.whose_kit(session, both, now), now)
    }
    assert found == {"heard.spo2": Class.CLINICAL, "heard.room_temperature": Class.HOME_SOCIAL}


def test_life_safety_kit_is_left_to_protection(session: Session, cast: Cast, now: datetime) -> None:
    pendant = device(session, cast, now, "pendant", life_safety=True)
    scale = device(session, cast, now, "scale")
    session.add_all([missing(now, device_id=pendant.id), missing(now, device_id=scale.id)])
    session.flush()
    found = noticed.silence(session, of_ada(session, cast, now), now)
    assert [each.device_id for each in found] == [scale.id]


def test_a_sensor_that_fell_silent_by_itself_is_noticed_and_one_whose_hub_is_down_is_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    hub = device(session, cast, now, "hub")
    climate = device(session, cast, now, "climate")
    climate.key, climate.hub_id, climate.address = None, hub.id, "0x1"
    word = DeviceWord(device_id=hub.id, heard_at=now, online=True, online_changed_at=now - timedelta(days=3))
    session.add_all([missing(now, device_id=climate.id), word])
    session.flush()
    (found,) = noticed.silence(session, of_ada(session, cast, now), now)
    assert found.device_id == climate.id
    word.online, word.online_changed_at = False, now - timedelta(hours=1)
    session.flush()
    assert noticed.silence(session, of_ada(session, cast, now), now) == [], "the hub answers for it"
    word.online, word.online_changed_at = True, now - timedelta(seconds=30)
    session.flush()
    assert noticed.silence(session, of_ada(session, cast, now), now) == [], "it has had no time to speak"


def test_silence_that_goes_on_is_never_late(session: Session, cast: Cast, now: datetime) -> None:
    session.add(missing(now - timedelta(hours=30), person_id=cast.ada.id, kind="spo2"))
    session.flush()
    (found,) = noticed.silence(session, of_ada(session, cast, now), now)
    assert (found.finding.at, found.finding.latest) == (now - timedelta(hours=30), now)


def test_a_low_battery_of_life_safety_kit_is_amber(session: Session, cast: Cast, now: datetime) -> None:
    pendant = device(session, cast, now, "pendant", life_safety=True)
    full = device(session, cast, now, "scale")
    session.add_all([DeviceWord(device_id=pendant.id, battery=15), DeviceWord(device_id=full.id, battery=16)])
    session.flush()
    (found,) = kit_troubles.batteries(session, of_ada(session, cast, now), now)
    assert (found.device_id, found.finding.severity) == (pendant.id, Severity.AMBER)


def test_only_readings_of_the_last_day_are_doubted(session: Session, cast: Cast, now: datetime) -> None:
    oximeter = device(session, cast, now, "oximeter")
    keys = {kind: SeriesKey(oximeter.id, "", kind) for kind in ("spo2", "pulse")}
    ids = series.ensure(session, set(keys.values()))
    doubt = int(Flags.BEYOND_ABSOLUTE)
    rows.put(
        session,
        [
            Row(ids[keys["spo2"]], now - timedelta(hours=2), 3.0, doubt),
            Row(ids[keys["pulse"]], now - timedelta(hours=30), 900.0, doubt),
        ],
        now,
        now,
    )
    ada = subjects.person(cast.ada.id)
    assert noticed.doubted(session, of_ada(session, cast, now), now) == {(ada, "spo2")}


def test_a_doubted_reading_is_about_whoever_had_the_kit_when_it_was_measured(
    session: Session, cast: Cast, now: datetime
) -> None:
    oximeter = device(session, cast, now, "oximeter")
    handed_on = now - timedelta(hours=1)
    session.query(Assignment).update({"period": Range(now - timedelta(days=9), handed_on)})
    session.add(Assignment(device_id=oximeter.id, person_id=cast.ben.id, period=Range(handed_on, None)))
    key = SeriesKey(oximeter.id, "", "spo2")
    ids = series.ensure(session, {key})
    row = Row(ids[key], now - timedelta(hours=2), 3.0, int(Flags.BEYOND_ABSOLUTE))
    rows.put(session, [row], now, now)
    ada, ben = subjects.person(cast.ada.id), subjects.person(cast.ben.id)
    whose = noticed.whose_kit(session, [ada, ben], now)
    assert noticed.doubted(session, whose, now) == {(ada, "spo2")}


def test_kit_that_was_given_by_mistake_is_nobodys(session: Session, cast: Cast, now: datetime) -> None:
    device(session, cast, now, "scale")
    session.query(Assignment).update({"deleted_at": now})
    assert of_ada(session, cast, now).kit == {}
