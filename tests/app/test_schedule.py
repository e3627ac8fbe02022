"""The timetable: one process ticks, the others stand by."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from app.schedule import MOST_AT_ONCE, Tick, Timetable
from core import heartbeats
from core.db import Db
from core.models import Heartbeat

PATIENCE = 20.0


@contextmanager
def running(db: Db, *ticks: Tick) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Timetable(db, list(ticks), lambda: 7.0).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def noting(times: int = 1) -> tuple[threading.Event, Callable[[], bool]]:
    """An event that is set once the step was taken so many times."""
    done, left = threading.Event(), [times]

    def step() -> bool:
        left[0] -= 1
        if left[0] <= 0:
            done.set()
        return False

    return done, step


def test_it_takes_each_tick_again_and_again(real_db: Db) -> None:
    thrice, step = noting(3)
    with running(real_db, Tick("count", 0.05, step)):
        assert thrice.wait(PATIENCE)


def test_a_second_timetable_stands_by_and_takes_over(real_db: Db) -> None:
    first, first_step = noting()
    second, second_step = noting()
    with running(real_db, Tick("second", 0.05, lambda: False)):
        pass  # the lock is free again once this one has stopped
    with running(real_db, Tick("first", 0.05, first_step)):
        assert first.wait(PATIENCE)
        waiting = running(real_db, Tick("second", 0.05, second_step))
        waiting.__enter__()
        assert not second.wait(2.5), "only one holds the timetable"
    assert second.wait(PATIENCE), "the other takes over"
    waiting.__exit__(None, None, None)


def test_a_tick_that_fails_is_counted_and_stops_nobody(real_db: Db) -> None:
    well, step = noting(3)

    def fail() -> bool:
        raise ZeroDivisionError

    with running(real_db, Tick("bad", 0.05, fail), Tick("good", 0.05, step)):
        assert well.wait(PATIENCE)
        threading.Event().wait(1.5)
    with real_db.transaction() as session:
        beat = session.get_one(Heartbeat, "schedule")
    assert beat.oldest_waiting_seconds == 7.0
    assert beat.counts["failed"] >= 1
    assert beat.counts["good"] >= 3


def test_it_goes_on_after_the_database_was_away(real_db: Db, owner_url: str) -> None:
    before, after = threading.Event(), threading.Event()
    cut = threading.Event()

    def step() -> bool:
        (after if cut.is_set() else before).set()
        return False

    with running(real_db, Tick("count", 0.05, step)):
        assert before.wait(PATIENCE)
        owner = create_engine(owner_url.replace("hearth_owner", "postgres"), isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        owner.dispose()
        cut.set()
        after.clear()
        assert after.wait(PATIENCE)


def test_ticks_that_do_not_come_back_keep_no_other_from_its_turn(real_db: Db) -> None:
    over, (well, step) = threading.Event(), noting(3)
    stuck = [Tick(f"stuck {number}", 0.05, over.wait) for number in range(7)]
    with running(real_db, *stuck, Tick("good", 0.05, step)):
        try:
            assert well.wait(5)
        finally:
            over.set()


def test_a_tick_with_work_for_hours_ends_when_it_is_told_to_stop(real_db: Db) -> None:
    begun, taken = threading.Event(), []

    def step() -> bool:
        begun.set()
        taken.append(0)
        return threading.Event().wait(0.5) or True

    with running(real_db, Tick("busy", 0.05, step)):
        assert begun.wait(PATIENCE)
    assert len(taken) < MOST_AT_ONCE / 2


def test_it_says_of_each_tick_how_long_ago_it_went_well(real_db: Db) -> None:
    over, (well, step) = threading.Event(), noting(3)

    def fail() -> bool:
        raise ZeroDivisionError

    ticks = [
        Tick("fails", 0.05, fail),
        Tick("hangs", 0.05, over.wait),
        Tick("good", 0.05, step, waiting=lambda: 9.0),
    ]
    with running(real_db, *ticks):
        try:
            assert well.wait(PATIENCE)
            threading.Event().wait(2.5)
        finally:
            over.set()
        with real_db.transaction() as session:
            said = session.get_one(Heartbeat, "schedule").counts[heartbeats.TICKS]
    assert {tick["late"] for tick in said.values()} == {60 + 3 * 0.05}
    assert [name for name, tick in said.items() if heartbeats.WAITS in tick] == ["good"]
    assert said["good"][heartbeats.WAITS] == 9.0
    assert said["good"]["well"] < 1
    assert said["fails"]["well"] > 1
    assert said["hangs"]["well"] > 1
