"""The installation's one row."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, delete, text
from sqlalchemy.orm import Session

from core import installation
from core.db import Db
from core.errors import Unavailable
from core.models import Installation
from core.vault import Vault
from tests.conftest import NOW


def test_every_process_gets_the_clock_that_was_laid_down(real_db: Db) -> None:
    found = installation.open_db(real_db.engine, Vault("test"))
    assert (found.clock.start, found.clock.factor) == (NOW, 1.0)


def test_laying_it_down_again_changes_nothing(real_db: Db) -> None:
    with real_db.transaction() as session:
        clock = installation.found(session, Vault("test"), start=datetime(2030, 1, 1, tzinfo=UTC), factor=9)
    assert (clock.start, clock.factor) == (NOW, 1.0)


def test_another_secret_key_is_refused_at_the_start(real_db: Db) -> None:
    with pytest.raises(Unavailable, match="HEARTH_SECRET_KEY"):
        installation.open_db(real_db.engine, Vault("another"))


def test_an_empty_database_says_what_to_do(real_db: Db, owner_url: str) -> None:
    owner = create_engine(owner_url)
    with Session(owner) as session, session.begin():
        session.execute(delete(Installation))
    owner.dispose()
    with pytest.raises(Unavailable, match="hearthline migrate"):
        installation.open_db(real_db.engine, Vault("test"))


def test_a_database_without_any_table_says_the_same(real_db: Db, owner_url: str) -> None:
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("DROP TABLE installation"))
    owner.dispose()
    with pytest.raises(Unavailable, match="hearthline migrate"):
        installation.open_db(real_db.engine, Vault("test"))


def test_a_change_of_pace_makes_no_jump(real_db: Db) -> None:
    before = installation.open_db(real_db.engine, Vault("test")).clock.now()
    with real_db.transaction() as session:
        clock = installation.set_pace(session, 60)
    assert abs(clock.start - before) < timedelta(seconds=5)
    assert clock.factor == 60
