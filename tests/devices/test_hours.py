"""Hours of readings: summed once they are over, and anew where something changes."""

import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Db
from devices import entry, hours, rows, series
from devices.hours import SETTLED
from devices.measurement import Flags, Source
from devices.models_of_hours import ReadingHour, StaleHour, Summing
from devices.rows import Row
from devices.series import SeriesKey
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR, MINUTE

TODAY = NOW.replace(hour=0, minute=0)
NOON = TODAY - DAY + 12 * HOUR
LATER = TODAY + DAY + SETTLED


def line_of(session: Session, kind: str = "spo2") -> int:
    key = SeriesKey(kit.device(session, f"{kind}-1").id, "", kind)
    return series.ensure(session, [key])[key]


def put(session: Session, line: int, *said: tuple[datetime, float] | tuple[datetime, float, int]) -> None:
    rows.put(
        session,
        [Row(line, at, value, *flags) if flags else Row(line, at, value, 0) for at, value, *flags in said],
        NOW,
        NOW,
    )


def start_at(session: Session, at: datetime) -> None:
    """As if all before had been summed."""
    session.execute(update(Summing).values(closed_until=at, summed_until=at))


def figures(
    session: Session,
) -> list[tuple[datetime, int, int, float | None, float | None, float | None, int]]:
    of = ReadingHour
    asked = select(of.hour, of.count, of.left_out, of.total, of.low, of.high, of.flags)
    return [tuple(row) for row in session.execute(asked.order_by(of.series_id, of.hour))]


def stale(session: Session) -> list[datetime]:
    return list(session.scalars(select(StaleHour.hour).order_by(StaleHour.id)))


def walk(db: Db, now: datetime, most: int = 200) -> int:
    """Take steps until there is nothing to do; how many found something."""
    for taken in range(most):
        with db.transaction() as session:
            if not hours.step(session, now):
                return taken
    raise AssertionError("it never ends")


def sum_until(db: Db, until: datetime) -> None:
    """Walk until all is summed: transactions of other tests on this server are waited for as well."""
    deadline = time.monotonic() + 60
    while True:
        walk(db, NOW)
        with db.transaction() as session:
            if session.scalars(select(Summing.summed_until)).one() >= until:
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def line(session: Session) -> int:
    """A series, where all before yesterday has been summed."""
    start_at(session, TODAY - DAY)
    return line_of(session)


def test_an_hour_has_its_readings_number_sum_lowest_highest_and_flags(session: Session, line: int) -> None:
    put(session, line, (NOON, 93), (NOON + MINUTE, 84, int(Flags.LATE)), (NOON + HOUR, 90))
    hours.lay(session, TODAY - DAY, TODAY)
    assert figures(session) == [
        (NOON, 2, 0, 177, 84, 93, Flags.LATE),
        (NOON + HOUR, 1, 0, 90, 90, 90, 0),
    ]


@pytest.mark.parametrize("flag", [Flags.BEYOND_ABSOLUTE, Flags.TEST, Flags.ENTERED_IN_ERROR])
def test_what_is_not_fit_to_be_judged_is_counted_apart_and_in_no_figure(
    session: Session, line: int, flag: Flags
) -> None:
    put(session, line, (NOON, 93), (NOON + MINUTE, 3, int(flag)), (NOON + HOUR, 3, int(flag)))
    hours.lay(session, TODAY - DAY, TODAY)
    assert figures(session) == [(NOON, 1, 1, 93, 93, 93, 0), (NOON + HOUR, 0, 1, None, None, None, 0)]


def test_what_is_stored_live_leaves_no_mark_and_what_comes_after_its_day_was_summed_does(
    session: Session, line: int
) -> None:
    put(session, line, (NOON, 93), (NOW, 93))
    assert stale(session) == []
    hours.lay(session, TODAY - DAY, TODAY)
    put(session, line, (NOON + MINUTE, 91), (NOON + 2 * MINUTE, 90), (NOW - MINUTE, 90))
    assert stale(session) == [NOON]


def test_the_same_again_leaves_no_mark_and_neither_does_another_value_that_does_not_count(
    session: Session, line: int
) -> None:
    put(session, line, (NOON, 93))
    hours.lay(session, TODAY - DAY, TODAY)
    put(session, line, (NOON, 93))
    put(session, line, (NOON, 84))
    assert stale(session) == []


def test_a_stale_hour_is_summed_whole_and_once_however_often_it_was_marked(
    session: Session, line: int
) -> None:
    put(session, line, (NOON, 93))
    hours.lay(session, TODAY - DAY, TODAY)
    for minutes in (1, 2, 3):
        put(session, line, (NOON + minutes * MINUTE, 90))
    assert hours.step(session, NOW)
    assert figures(session) == [(NOON, 4, 0, 363, 90, 93, 0)]
    assert stale(session) == []
    assert not hours.step(session, NOW)


def test_a_danger_that_outvotes_and_a_replay_that_is_confirmed_are_summed_anew(
    session: Session, line: int
) -> None:
    put(session, line, (NOON, 0), (NOON + HOUR, 1, int(Flags.REPLAYED)))
    hours.lay(session, TODAY - DAY, TODAY)
    rows.put(session, [Row(line, NOON, 1, 0, alarms=True), Row(line, NOON + HOUR, 1, 0)], NOW, NOW)
    assert hours.step(session, NOW)
    assert figures(session) == [(NOON, 1, 0, 1, 1, 1, 0), (NOON + HOUR, 1, 0, 1, 1, 1, 0)]


def test_what_was_typed_in_by_mistake_leaves_the_figures(session: Session, cast: Cast) -> None:
    start_at(session, TODAY)
    asked = {"person_id": cast.ada.id, "kind": "spo2", "at": NOON, "now": NOW, "actor": CORA}
    entry.enter(session, value=70, source=Source.STAFF, **asked)
    hours.step(session, NOW)
    assert [row[1:5] for row in figures(session)] == [(1, 0, 70, 70)]
    entry.take_back(session, **asked)
    hours.step(session, NOW)
    assert [row[1:5] for row in figures(session)] == [(0, 1, None, None)]


def test_days_that_are_over_are_summed_whatever_was_stored_before_anybody_summed(real_db: Db) -> None:
    with real_db.transaction() as session:
        start_at(session, TODAY - 20 * DAY)
        line = line_of(session)
        put(session, line, *((NOON - n * DAY, 90 + n % 3) for n in range(19)), (TODAY, 95))
    sum_until(real_db, TODAY)
    with real_db.transaction() as session:
        assert [row[0] for row in figures(session)] == [NOON - n * DAY for n in reversed(range(19))]
        assert session.scalars(select(Summing.summed_until)).one() == TODAY
        assert hours.oldest_waiting(session, NOW) is None
    assert walk(real_db, NOW) == 0


def test_a_day_that_has_just_ended_is_left_to_what_still_comes(real_db: Db) -> None:
    with real_db.transaction() as session:
        start_at(session, TODAY)
    assert walk(real_db, LATER - MINUTE) == 0
    assert walk(real_db, LATER) > 0


def test_many_series_are_summed_piece_by_piece(real_db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "HOURS", 48)
    with real_db.transaction() as session:
        start_at(session, TODAY - DAY)
        for kind in ("spo2", "pulse", "weight", "systolic", "diastolic"):
            put(session, line_of(session, kind), (NOON, 93))
    sum_until(real_db, TODAY)
    with real_db.transaction() as session:
        assert len(figures(session)) == 5


def test_who_stored_without_having_seen_that_a_day_was_closed_is_waited_for(real_db: Db) -> None:
    with real_db.transaction() as session:
        start_at(session, TODAY - DAY)
        line = line_of(session)
    storing = real_db.session()
    put(storing, line, (NOON, 93))
    walk(real_db, NOW)
    with real_db.transaction() as session:
        assert session.scalars(select(Summing.summed_until)).one() == TODAY - DAY
        put(session, line, (NOON + HOUR, 84))
        assert stale(session) == [NOON + HOUR], "the day is closed, so that whoever stores now says so"
    storing.commit()
    storing.close()
    sum_until(real_db, TODAY)
    with real_db.transaction() as session:
        assert [row[:5] for row in figures(session)] == [(NOON, 1, 0, 93, 93), (NOON + HOUR, 1, 0, 84, 84)]


def test_while_one_sums_another_does_nothing(real_db: Db) -> None:
    with real_db.transaction() as session:
        start_at(session, TODAY)
        put(session, line_of(session), (NOON, 93))
    with real_db.transaction() as first, real_db.transaction() as second:
        assert hours.step(first, NOW)
        assert not hours.step(second, NOW)
    with real_db.transaction() as session:
        assert len(figures(session)) == 1


def test_what_waits_longest_is_a_mark_or_a_day_that_should_have_been_summed(
    session: Session, line: int
) -> None:
    assert hours.oldest_waiting(session, NOW) == (NOW - TODAY - SETTLED).total_seconds()
    start_at(session, TODAY)
    assert hours.oldest_waiting(session, NOW) is None
    put(session, line, (NOON, 93))
    assert hours.oldest_waiting(session, NOW + timedelta(seconds=9)) == 9


def test_history_laid_in_bulk_is_summed_in_one_go(session: Session, line: int) -> None:
    put(session, line, (NOON, 93))
    put(session, line, (NOON - 40 * DAY, 93))
    assert stale(session) == [NOON - 40 * DAY]
    hours.lay(session, TODAY - 60 * DAY, TODAY - DAY)
    assert stale(session) == []
    hours.lay(session, TODAY - DAY, TODAY)
    assert [row[0] for row in figures(session)] == [NOON - 40 * DAY, NOON]
    assert session.scalars(select(Summing.summed_until)).one() == TODAY
