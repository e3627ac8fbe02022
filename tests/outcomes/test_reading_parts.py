"""What expected readings add to figures."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from outcomes.reading_parts import Heard, readings_as_expected, watches
from people.models.absences import Absence, Away
from people.models.homes import Residency
from tests.cast import Cast
from tests.outcomes.counting import laid, lent, measured, planned

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BY_TEN = {"grace": 7200, "by": {"times": ["10:00"]}}
EVERY_TWO = {"grace": 3600, "every": 7200}
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def test_each_day_by_the_clock_is_a_row_and_late_is_not_in_time(session: Session, cast: Cast) -> None:
    planned(session, cast, cast.ada, MONDAY - DAY, spo2=BY_TEN)
    series = lent(session, "spo2", MONDAY - 9 * DAY, person=cast.ada)
    measured(session, series, MONDAY + 12 * HOUR, MONDAY + DAY + 12.1 * HOUR, MONDAY + 3 * DAY + 9 * HOUR)
    parts = readings_as_expected(laid(session, cast, since=MONDAY.date()))
    # Tuesday's came after its grace and is early for nothing but Wednesday's.
    assert [part.met for part in parts] == [1, 0, 1, 1, 0, 0]
    assert {(part.of, part.agency_id, part.pathways) for part in parts} == {(1, cast.hub.id, ("copd",))}


def test_readings_at_intervals_are_counted_day_by_day(session: Session, cast: Cast) -> None:
    planned(session, cast, cast.ada, MONDAY, room_temperature=EVERY_TWO)
    series = lent(session, "room_temperature", MONDAY - DAY, home_id=cast.ada_home.id)
    measured(session, series, *(MONDAY + number * HOUR for number in range(24)))
    first, second = readings_as_expected(laid(session, cast, since=MONDAY.date()))[:2]
    # Four o'clock is the first that could have been missed; after 23:00 nothing came, 02:00 still reaches it.
    assert (first.met, first.of) == (10, 10)
    assert (second.met, second.of) == (1, 12)
    assert isinstance(second.source, Heard)
    assert len(second.source.missed) == 11


def test_of_somebody_who_is_away_nothing_was_expected(session: Session, cast: Cast) -> None:
    planned(session, cast, cast.ada, MONDAY - DAY, spo2=BY_TEN)
    start, end = MONDAY + DAY, MONDAY + 3 * DAY + 9 * HOUR
    session.add(
        Absence(
            person_id=cast.ada.id, why=Away.HOSPITAL, known_from="The ward", began_at=start, ends_at=end,
            recorded_at=start, recorded_by_id=cast.dev.id, confirmed_at=start, confirmed_by_id=cast.dev.id,
            begun_at=start,
        )
    )  # fmt: skip
    session.flush()
    parts = readings_as_expected(laid(session, cast, since=MONDAY.date()))
    assert [part.at for part in parts] == [MONDAY + (24 * day + 10) * HOUR for day in (0, 3, 4, 5)]


def test_the_home_that_counts_is_the_one_they_lived_in_then(session: Session, cast: Cast) -> None:
    planned(session, cast, cast.ada, MONDAY - DAY, room_temperature=EVERY_TWO)
    residency = session.query(Residency).filter_by(person_id=cast.ada.id).one()
    residency.period = Range(MONDAY - 90 * DAY, MONDAY + DAY)
    session.flush()
    moved = Range(MONDAY + 2 * DAY, None)
    session.add(Residency(person_id=cast.ada.id, home_id=cast.ben_home.id, period=moved))
    series = lent(session, "room_temperature", MONDAY - DAY, home_id=cast.ben_home.id)
    measured(session, series, *(MONDAY + number * HOUR for number in range(5 * 24)))
    parts = readings_as_expected(laid(session, cast, since=MONDAY.date()))
    assert [(part.met, part.of) for part in parts][:3] == [(0, 12), (12, 12), (12, 12)]
    assert parts[1].at == MONDAY + 2 * DAY


def test_monitoring_that_goes_on_in_the_next_version_is_one(session: Session, cast: Cast) -> None:
    planned(session, cast, cast.ada, MONDAY - 3 * DAY, MONDAY, spo2=BY_TEN, room_temperature=EVERY_TWO)
    planned(
        session, cast, cast.ada, MONDAY, number=2, spo2={**BY_TEN, "grace": 60}, room_temperature=EVERY_TWO
    )
    found = watches(laid(session, cast, since=date(2026, 11, 9)))
    assert sorted(watch.kind for watch in found) == ["room_temperature", "spo2", "spo2"]
