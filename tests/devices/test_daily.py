"""Readings day by local day."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import rows, series, subjects
from devices.daily import Asked, daily
from devices.measurement import Flags
from devices.models import Assignment, Device
from devices.rows import Row
from devices.series import SeriesKey
from tests.cast import Cast

LONDON = "Europe/London"


def say(
    session: Session, cast: Cast, readings: list[tuple[datetime, float, int]], until: datetime | None = None
) -> None:
    device = Device(key=f"kit-{cast.ada.id}", name="Oximeter", model="test")
    session.add(device)
    session.flush()
    session.add(
        Assignment(
            device_id=device.id, person_id=cast.ada.id, period=Range(datetime(2026, 1, 1, tzinfo=UTC), until)
        )
    )
    key = SeriesKey(device.id, "", "spo2")
    ids = series.ensure(session, {key})
    rows.put(
        session,
        [Row(ids[key], at, value, flags) for at, value, flags in readings],
        readings[0][0],
        readings[0][0],
    )
    session.flush()


def test_a_day_is_a_local_day_also_in_summer(session: Session, cast: Cast) -> None:
    session.connection().exec_driver_sql("SELECT 1")
    late = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 00:30 on Sunday 25th in London, still summer time
    say(session, cast, [(late, 90.0, 0), (late - timedelta(hours=1), 94.0, 0)])
    asked = Asked(subjects.person(cast.ada.id), "spo2", late - timedelta(days=2), LONDON)
    (found,) = daily(session, [asked], late + timedelta(days=1))
    assert [(day.day, day.mean) for day in found] == [(date(2026, 10, 24), 94.0), (date(2026, 10, 25), 90.0)]


def test_what_cannot_be_judged_and_what_was_somebody_elses_is_left_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    say(
        session,
        cast,
        [
            (now - timedelta(hours=5), 92.0, 0),
            (now - timedelta(hours=4), 3.0, int(Flags.BEYOND_ABSOLUTE)),
            (now - timedelta(hours=1), 70.0, 0),
        ],
        until=now - timedelta(hours=2),
    )
    asked = Asked(subjects.person(cast.ada.id), "spo2", now - timedelta(days=1), LONDON)
    ((day,),) = daily(session, [asked], now)
    assert (day.mean, day.lowest, day.highest, day.count) == (92.0, 92.0, 92.0, 1)


def test_a_day_of_kit_that_was_given_by_mistake_is_nobodys(
    session: Session, cast: Cast, now: datetime
) -> None:
    say(session, cast, [(now - timedelta(hours=2), 90.0, 0)])
    session.query(Assignment).update({"deleted_at": now})
    asked = Asked(subjects.person(cast.ada.id), "spo2", now - timedelta(days=1), LONDON)
    assert daily(session, [asked], now) == [[]]


def test_each_gets_the_days_of_its_own_kind_and_time_in_the_order_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    say(session, cast, [(now - timedelta(days=3), 88.0, 0), (now - timedelta(hours=2), 94.0, 0)])
    ada, ben = subjects.person(cast.ada.id), subjects.person(cast.ben.id)
    found = daily(
        session,
        [
            Asked(ada, "pulse", now - timedelta(days=7), LONDON),
            Asked(ada, "spo2", now - timedelta(days=7), LONDON),
            Asked(ben, "spo2", now - timedelta(days=7), LONDON),
            Asked(ada, "spo2", now - timedelta(days=1), LONDON),
        ],
        now,
    )
    assert [[day.mean for day in days] for days in found] == [[], [88.0, 94.0], [], [94.0]]


def test_nothing_asked_is_nothing_found(session: Session, now: datetime) -> None:
    assert daily(session, [], now) == []
