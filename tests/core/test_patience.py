"""A database that holds the line and says nothing is given up, and asked again on another."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from core import db
from core.db import Db
from tests.proxy import Proxy

PATIENCE = 0.5


@pytest.fixture
def line(real_db: Db) -> Iterator[Proxy]:
    folder = str(real_db.engine.url.query["host"])
    with Proxy(Path(folder) / ".s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture
def engine(real_db: Db, line: Proxy) -> Iterator[Engine]:
    url = real_db.engine.url.set(host="127.0.0.1", port=line.port).difference_update_query(["host"])
    engine = db.make_engine(url, patience_seconds=PATIENCE)
    yield engine
    engine.dispose()


def test_an_answer_in_time_is_an_answer(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_sleep(0.2) IS NULL")) is False


def test_an_answer_that_does_not_come_ends_the_connection_in_time(engine: Engine, line: Proxy) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        line.silence()
        began = monotonic()
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 2"))
        assert connection.invalidated
        assert monotonic() - began < 5


def test_a_statement_that_takes_too_long_is_not_taken_for_the_answer_to_the_next(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT 1, pg_sleep(3)"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 2")) == 2


def test_connections_that_were_silenced_at_rest_are_replaced_once_the_line_is_well(
    engine: Engine, line: Proxy
) -> None:
    with engine.connect() as one, engine.connect() as another:
        assert one.scalar(text("SELECT 1")) == another.scalar(text("SELECT 1"))
    line.silence()
    line.heal()
    began = monotonic()
    with engine.connect() as one, engine.connect() as another:
        assert one.scalar(text("SELECT 1")) == another.scalar(text("SELECT 1"))
    assert monotonic() - began < 5
