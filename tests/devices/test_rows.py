"""Readings into their table, each once."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from devices import rows, series
from devices.measurement import Flags
from devices.models import Batch, Reading, ReadingConflict, ReadingOriginalTime
from devices.rows import Row
from devices.series import SeriesKey
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import HOUR, MINUTE

REPLAYED = int(Flags.REPLAYED)


@pytest.fixture
def line(session: Session) -> int:
    """A series to store into."""
    key = SeriesKey(kit.device(session).id, "", "spo2")
    return series.ensure(session, [key])[key]


def flags(session: Session) -> list[int]:
    return list(session.scalars(select(Reading.flags).order_by(Reading.measured_at)))


def test_it_stores_rows_in_one_batch_that_says_when_they_came(session: Session, line: int) -> None:
    put = rows.put(session, [Row(line, NOW - MINUTE, 93, 0), Row(line, NOW, 94, 1)], NOW, NOW + MINUTE)
    assert (put.stored, put.duplicates, put.conflicts) == (2, 0, 0)
    batch = session.get_one(Batch, put.batch_id)
    assert (batch.received_at, batch.stored_at) == (NOW, NOW + MINUTE)
    assert [row[1:] for row in kit.stored(session)] == [(NOW - MINUTE, 93, 0), (NOW, 94, 1)]


def test_nothing_makes_no_batch(session: Session) -> None:
    assert rows.put(session, [], NOW, NOW).batch_id is None
    assert session.scalars(select(Batch)).all() == []


def test_the_same_again_is_dropped(session: Session, line: int) -> None:
    row = Row(line, NOW, 93, 0)
    rows.put(session, [row], NOW, NOW)
    put = rows.put(session, [row, row], NOW, NOW)
    assert (put.stored, put.duplicates, put.conflicts) == (0, 2, 0)
    assert put.unchanged == {line}
    assert len(kit.stored(session)) == 1


@pytest.mark.parametrize("together", [True, False])
def test_another_value_at_the_same_time_is_a_conflict_and_the_first_stays(
    session: Session, line: int, together: bool
) -> None:
    first, second = Row(line, NOW, 93, 0), Row(line, NOW, 84, 1)
    if together:
        put = rows.put(session, [first, second], NOW, NOW)
    else:
        rows.put(session, [first], NOW, NOW)
        put = rows.put(session, [second], NOW, NOW)
    assert put.conflicts == 1
    assert [row[2] for row in kit.stored(session)] == [93]
    conflict = session.scalars(select(ReadingConflict)).one()
    assert (conflict.value, conflict.flags, conflict.measured_at) == (84, 1, NOW)


def test_a_conflict_that_comes_again_is_kept_once(session: Session, line: int) -> None:
    rows.put(session, [Row(line, NOW, 93, 0)], NOW, NOW)
    for _ in range(3):
        rows.put(session, [Row(line, NOW, 84, 0)], NOW, NOW)
    assert len(session.scalars(select(ReadingConflict)).all()) == 1


def test_new_ones_among_old_ones_are_stored_and_told_apart(session: Session, line: int) -> None:
    key = SeriesKey(kit.device(session, "thermometer-1").id, "", "body_temperature")
    other = series.ensure(session, [key])[key]
    rows.put(session, [Row(line, NOW, 93, 0)], NOW, NOW)
    put = rows.put(session, [Row(line, NOW, 93, 0), Row(other, NOW, 37, 0)], NOW, NOW)
    assert (put.stored, put.duplicates, put.unchanged) == (1, 1, {line})


@pytest.mark.parametrize("together", [True, False])
def test_a_replayed_reading_that_comes_fresh_is_confirmed(
    session: Session, line: int, together: bool
) -> None:
    replayed, fresh = Row(line, NOW, 1, REPLAYED), Row(line, NOW, 1, 0)
    if together:
        rows.put(session, [replayed, fresh], NOW, NOW)
    else:
        rows.put(session, [replayed], NOW, NOW)
        put = rows.put(session, [fresh], NOW, NOW)
        assert put.unchanged == set(), "somebody must look at it again"
    assert flags(session) == [0]


def test_a_fresh_reading_is_not_unconfirmed_by_its_replay(session: Session, line: int) -> None:
    rows.put(session, [Row(line, NOW, 1, 0)], NOW, NOW)
    rows.put(session, [Row(line, NOW, 1, REPLAYED)], NOW, NOW)
    assert flags(session) == [0]


def test_the_time_a_device_gave_is_kept_where_it_was_set_aside(session: Session, line: int) -> None:
    odd = datetime.fromisoformat("1970-01-01T00:00:07Z")
    rows.put(session, [Row(line, NOW, 93, 4, odd), Row(line, NOW - HOUR, 93, 0)], NOW, NOW)
    kept = session.scalars(select(ReadingOriginalTime)).one()
    assert (kept.series_id, kept.measured_at, kept.original) == (line, NOW, odd)


def test_two_workers_with_the_same_rows_in_another_order_store_each_once(real_db: Db) -> None:
    with real_db.transaction() as session:
        key = SeriesKey(kit.device(session).id, "", "spo2")
    with real_db.transaction() as session:
        line = series.ensure(session, [key])[key]
    many = [Row(line, NOW - MINUTE * n, 90, 0) for n in range(50)]
    first, second = real_db.session(), real_db.session()
    assert rows.put(first, many, NOW, NOW).stored == 50
    first.commit()
    assert rows.put(second, reversed(many), NOW, NOW).duplicates == 50
    second.commit()
    first.close()
    second.close()


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("first", [0, 1])
def test_a_danger_is_not_outvoted_by_another_value_of_its_moment(
    session: Session, line: int, first: int, together: bool
) -> None:
    both = [Row(line, NOW, value, 0, alarms=value == 1) for value in (first, 1 - first)]
    puts = [rows.put(session, part, NOW, NOW) for part in ([both] if together else [both[:1], both[1:]])]
    assert [value for _, _, value, _ in kit.stored(session)] == [1]
    assert session.scalars(select(ReadingConflict.value)).all() == [0]
    assert sum(put.conflicts for put in puts) == 1
    assert (puts[-1].unchanged == set()) is (together or first == 0), "a danger wakes whoever judges"
    assert rows.put(session, both, NOW, NOW).unchanged == {line}, "and once only"
    assert session.scalars(select(ReadingConflict.value)).all() == [0]


def test_a_replayed_danger_beside_an_all_clear_is_stored_as_replayed_until_it_comes_fresh(
    session: Session, line: int
) -> None:
    rows.put(session, [Row(line, NOW, 0, 0)], NOW, NOW)
    rows.put(session, [Row(line, NOW, 1, REPLAYED, alarms=True)], NOW, NOW)
    assert flags(session) == [REPLAYED]
    rows.put(session, [Row(line, NOW, 1, 0, alarms=True)], NOW, NOW)
    assert flags(session) == [0]
