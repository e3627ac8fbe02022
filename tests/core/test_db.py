"""Sessions, versions and the columns every table shares."""

import socket
from datetime import datetime
from time import monotonic

import pytest
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import db
from core.db import Db
from people.models.agencies import Agency, Sector
from tests.cast import Cast


def test_a_row_is_stamped_with_the_installations_time(session: Session, cast: Cast, now: datetime) -> None:
    assert cast.hub.changed_at == now
    assert cast.hub.version == 1


def test_a_change_counts_the_version_up(session: Session, cast: Cast) -> None:
    cast.hub.telephone = "01632960999"
    session.flush()
    assert cast.hub.version == 2


def test_the_second_of_two_who_change_a_row_at_once_fails(real_db: Db) -> None:
    with real_db.transaction() as session:
        session.add(Agency(name="Westmere Homes", sector=Sector.HOUSING))
    first, second = real_db.session(), real_db.session()
    mine, theirs = first.query(Agency).one(), second.query(Agency).one()
    mine.telephone, theirs.telephone = "1", "2"
    first.commit()
    with pytest.raises(StaleDataError):
        second.flush()
    second.rollback()
    first.close()
    second.close()


def test_an_enum_is_kept_as_its_value_and_held_by_the_database(session: Session, cast: Cast) -> None:
    kept = session.execute(
        text("SELECT sector FROM agencies WHERE id = :id"), {"id": cast.housing.id}
    ).scalar()
    assert kept == "housing"
    with pytest.raises(IntegrityError, match="sector"), session.begin_nested():
        session.execute(text("UPDATE agencies SET sector = 'HOUSING'"))


def test_a_transaction_that_fails_leaves_nothing(real_db: Db) -> None:
    def fail() -> None:
        with real_db.transaction() as session:
            session.add(Agency(name="Nobody", sector=Sector.PRIVATE))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with real_db.transaction() as session:
        assert session.query(Agency).count() == 0


def test_the_database_answers(real_db: Db) -> None:
    assert db.answers(real_db.engine)


def test_a_brief_engine_lets_nothing_take_longer_than_seconds(real_db: Db) -> None:
    engine = db.make_engine(real_db.engine.url, brief=True, durable=False)
    with engine.connect() as connection:
        names = ("statement_timeout", "lock_timeout", "synchronous_commit")
        said = [connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in names]
    assert said == ["5s", "3s", "off"]
    engine.dispose()


def test_what_pages_ask_is_planned_once_and_more_of_it_stays_prepared_than_a_few_pages_send(
    real_db: Db,
) -> None:
    engine = db.make_engine(real_db.engine.url, planned_once=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW plan_cache_mode").scalar_one() == "force_generic_plan"
        driver = connection.connection.driver_connection
        assert isinstance(driver, Connection)
        assert driver.prepared_max == db.PREPARED
    engine.dispose()


def test_the_server_notices_within_seconds_when_whoever_holds_its_locks_has_vanished(real_db: Db) -> None:
    engine = db.make_engine(real_db.engine.url)
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
    asked = text("SELECT reset_val FROM pg_settings WHERE name = :name")
    with engine.connect() as connection:
        said = [connection.scalar(asked, {"name": name}) for name in names]
    assert said == ["5", "2", "3"]
    engine.dispose()


def test_a_brief_engine_gives_up_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        engine = db.make_engine(f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing", brief=True)
        began = monotonic()
        with pytest.raises(OperationalError, match="timeout"):
            engine.connect()
        assert monotonic() - began < 8
