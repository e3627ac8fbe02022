"""The last day of a reading in a few points."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import sparks
from care_plans.alerts.sparks import Want
from devices.measurement import Flags
from devices.models import Assignment, Device, Reading, Series
from tests.cast import Cast

HOUR = timedelta(hours=1)


@pytest.fixture
def oximeter(session: Session, cast: Cast, now: datetime) -> Series:
    """Ada's oximeter: hers until an hour ago, and Ben's since."""
    session.execute(
        text("SELECT ensure_readings_partitions(:first, :last)"),
        {"first": date(2026, 11, 1), "last": date(2026, 12, 1)},
    )
    device = Device(key="oximeter-1", name="Oximeter", model="any")
    session.add(device)
    session.flush()
    for person, period in ((cast.ada, Range(None, now - HOUR)), (cast.ben, Range(now - HOUR, None))):
        session.add(Assignment(device_id=device.id, person_id=person.id, period=period))
    series = Series(device_id=device.id, kind="spo2")
    session.add(series)
    session.flush()
    return series


def read_into(session: Session, series: Series, at: datetime, value: float, flags: int = 0) -> None:
    session.add(Reading(series_id=series.id, measured_at=at, value=value, flags=flags, batch_id=1))
    session.flush()


def test_a_reading_belongs_to_whoever_had_the_device(
    session: Session, cast: Cast, now: datetime, oximeter: Series
) -> None:
    read_into(session, oximeter, now - 2 * HOUR, 91)
    read_into(session, oximeter, now - HOUR / 2, 97)
    wanted = [Want(1, "spo2", cast.ada.id, None), Want(2, "spo2", cast.ben.id, None)]
    assert sparks.read(session, wanted, now) == {
        1: ((now - 2 * HOUR, 91.0),),
        2: ((now - HOUR / 2, 97.0),),
    }


def test_many_readings_become_forty_points_at_most_oldest_first(
    session: Session, cast: Cast, now: datetime, oximeter: Series
) -> None:
    for minutes in range(70, 24 * 60, 10):
        read_into(session, oximeter, now - timedelta(minutes=minutes), 90)
    read_into(session, oximeter, now - timedelta(minutes=61), 84)
    line = sparks.read(session, [Want(1, "spo2", cast.ada.id, None)], now)[1]
    assert 35 <= len(line) <= 40
    assert list(line) == sorted(line)
    assert line[-1] == (now - timedelta(minutes=61), 84.0)


def test_what_cannot_be_believed_and_what_is_older_is_left_out(
    session: Session, cast: Cast, now: datetime, oximeter: Series
) -> None:
    read_into(session, oximeter, now - 2 * HOUR, 3, int(Flags.BEYOND_ABSOLUTE))
    read_into(session, oximeter, now - 3 * HOUR, 90, int(Flags.ENTERED_IN_ERROR))
    read_into(session, oximeter, now - 25 * HOUR, 91)
    assert sparks.read(session, [Want(1, "spo2", cast.ada.id, None)], now) == {}


def test_kit_of_a_home_is_found_by_its_home(
    session: Session, cast: Cast, now: datetime, oximeter: Series
) -> None:
    sensor = Device(key="room-1", name="Bedroom", model="any")
    session.add(sensor)
    session.flush()
    session.add(Assignment(device_id=sensor.id, home_id=cast.ada_home.id, period=Range(None, None)))
    room = Series(device_id=sensor.id, kind="room_temperature")
    session.add(room)
    session.flush()
    read_into(session, room, now - HOUR, 15.2)
    wanted = [
        Want(1, "room_temperature", cast.ada.id, cast.ada_home.id),
        Want(2, "room_temperature", None, cast.ada_home.id),
        Want(3, "room_temperature", cast.ben.id, cast.ben_home.id),
    ]
    assert sorted(sparks.read(session, wanted, now)) == [1, 2]


def test_readings_that_somebody_typed_in_are_shown(
    session: Session, cast: Cast, now: datetime, oximeter: Series
) -> None:
    typed = Series(person_id=cast.ada.id, kind="spo2")
    session.add(typed)
    session.flush()
    read_into(session, typed, now - HOUR, 89)
    assert sparks.read(session, [Want(1, "spo2", cast.ada.id, None)], now) == {1: ((now - HOUR, 89.0),)}


def test_nothing_wanted_asks_nothing(session: Session, now: datetime) -> None:
    assert sparks.read(session, [], now) == {}
