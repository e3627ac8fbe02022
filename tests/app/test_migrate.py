"""Migrations: one line of them, equal to the models, and what each database role may do after them."""

from datetime import datetime

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app import migrate
from core.db import Base, Db
from tests.care_plans.test_scoring import use
from tests.cast import Cast
from tests.postgres import Server


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migrate.alembic()).get_heads()) == 1


def test_the_migrated_tables_equal_the_models(owner_url: str) -> None:
    command.check(migrate.alembic(owner_url))


def test_an_empty_database_comes_to_the_newest_form(server: Server) -> None:
    server.create("from_nothing")
    migrate.upgrade(server.url("from_nothing", "owner"))
    engine = create_engine(server.url("from_nothing", "owner"))
    try:
        assert migrate.is_current(engine)
        assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
        server.drop("from_nothing")


@pytest.mark.parametrize("role", ["hearth_app", "hearth_web"])
def test_no_role_but_the_owner_is_a_superuser_or_makes_tables(
    server: Server, own_database: str, role: str
) -> None:
    engine = create_engine(server.url(own_database, role))
    try:
        with engine.connect() as connection:
            allowed = connection.execute(
                text(
                    "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles "
                    "WHERE rolname = current_user"
                )
            ).scalar_one()
            assert allowed is False
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text("CREATE TABLE mine (id int)"))
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM readings",
        "UPDATE readings SET value = 0",
        "INSERT INTO reading_hours VALUES (1, '2026-11-22', 1, 0, 1, 1, 1, 0)",
        "DELETE FROM stale_hours",
        "UPDATE summing SET summed_until = '2026-11-22'",
        "DELETE FROM journal",
        "UPDATE journal SET what = ''",
    ],
)
def test_the_web_cannot_change_what_was_measured_or_written_down(
    server: Server, own_database: str, sql: str
) -> None:
    engine = create_engine(server.url(own_database, "hearth_web"))
    try:
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(sql))
    finally:
        engine.dispose()


def test_a_review_of_news2_that_is_still_to_be_done_is_known_again_by_its_setting(
    session: Session, cast: Cast, now: datetime
) -> None:
    before = use(session, cast, now)
    on = use(session, cast, now, within_minutes=240)
    asked, on.review_id, before.review_id = on.review_id, None, None
    session.flush()
    revision = ScriptDirectory.from_config(migrate.alembic()).get_revision("0019_reviews_of_news2")
    session.execute(text(revision.module.KNOWN))
    session.expire_all()
    assert (on.review_id, before.review_id) == (asked, None)
    assert asked is not None


def test_a_database_behind_the_code_is_known(real_db: Db, owner_url: str) -> None:
    assert migrate.is_current(real_db.engine)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_people'"))
    engine.dispose()
    assert not migrate.is_current(real_db.engine)
