"""Who of several intake workers holds which seat."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

from core.db import Db
from devices.seats import SAFETY, Seats
from tests.devices.conftest import until
from tests.postgres import Server

Sit = Callable[[], Seats]


@pytest.fixture
def sit(real_db: Db) -> Iterator[Sit]:
    """Lets workers in, of whom there are four ordinary seats."""
    made: list[Seats] = []

    def begin() -> Seats:
        made.append(Seats(real_db.engine, 4))
        return made[-1]

    yield begin
    for seats in made:
        seats.close()


def hold_all(seats: Seats) -> None:
    def taken() -> bool:
        seats.take()
        return seats.held == {SAFETY, 1, 2, 3, 4}

    until(taken)


def test_who_is_alone_holds_everything(sit: Sit) -> None:
    one = sit()
    assert [one.take() for _ in range(5)] == [[SAFETY, 1], [2], [3], [4], []]
    assert one.surplus() == []


def test_who_comes_later_is_given_an_even_share_and_life_safety_stays(sit: Sit) -> None:
    one, two = sit(), sit()
    hold_all(one)
    assert two.take() == []
    assert one.surplus() == [3, 4]
    one.give([3, 4])
    assert (two.take(), two.take(), two.take()) == ([3], [4], [])
    assert (one.held, two.held) == ({SAFETY, 1, 2}, {3, 4})
    assert one.take() == []


def test_workers_that_start_together_share_from_the_start(sit: Sit) -> None:
    one, two = sit(), sit()
    assert (one.take(), two.take(), one.take(), two.take()) == ([SAFETY, 1], [2], [3], [4])


def test_the_seats_of_one_that_is_gone_are_taken_over(sit: Sit) -> None:
    one, two = sit(), sit()
    assert (one.take(), two.take()) == ([SAFETY, 1], [2])
    one.close()
    hold_all(two)


def test_a_worker_that_the_database_let_go_of_knows_that_it_holds_nothing(
    real_db: Db, sit: Sit, server: Server, own_database: str
) -> None:
    one = sit()
    hold_all(one)
    engine = create_engine(server.url("postgres", "owner").replace("hearth_owner", "postgres"))
    with engine.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": own_database},
        )
    engine.dispose()
    assert one.surplus() == []
    assert one.held == frozenset()
    hold_all(one)
