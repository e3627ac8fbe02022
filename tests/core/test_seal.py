"""The chain over the journal."""

import threading
import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from core import journal, seal
from core.db import Db
from core.models import JournalEntry

SOMEBODY = journal.Actor("Cora", 1)


def say(db: Db, *words: str) -> None:
    with db.transaction() as session:
        for word in words:
            journal.write(session, word, actor=SOMEBODY, subject="alert", details={"words": "private"})


def sealed(db: Db, count: int) -> None:
    """Seal until `count` entries are.

    What is running anywhere on the server holds sealing up, and here other tests are.
    """
    deadline = time.monotonic() + 60
    done = 0
    while done < count and time.monotonic() < deadline:
        with db.transaction() as session:
            done += seal.seal(session)
        threading.Event().wait(0.02)
    assert done == count


def test_it_numbers_committed_entries_in_order_and_the_chain_holds(real_db: Db) -> None:
    say(real_db, "raised", "acknowledged")
    say(real_db, "closed")
    sealed(real_db, 3)
    with real_db.transaction() as session:
        assert [entry.what for entry in session.query(JournalEntry).order_by(JournalEntry.number)] == [
            "raised", "acknowledged", "closed",
        ]  # fmt: skip
        assert seal.check(session) == (3, [])


def test_a_late_commit_is_never_skipped(real_db: Db) -> None:
    slow = real_db.session()
    journal.write(slow, "slow", actor=SOMEBODY, subject="alert")
    slow.flush()
    say(real_db, "quick")
    with real_db.transaction() as session:
        assert seal.seal(session) == 0, "an older transaction is still open"
    slow.commit()
    slow.close()
    sealed(real_db, 2)


def test_a_changed_entry_breaks_the_chain(real_db: Db, owner_url: str) -> None:
    say(real_db, "raised", "closed")
    sealed(real_db, 2)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal SET what = 'nothing happened' WHERE number = 1"))
    with Session(engine) as session:
        count, breaks = seal.check(session)
    engine.dispose()
    assert count == 2
    assert [(found.number, found.why) for found in breaks] == [
        (1, "what it says was changed after it was sealed")
    ]


def test_a_missing_entry_breaks_the_chain(real_db: Db, owner_url: str) -> None:
    say(real_db, "raised", "closed", "reopened")
    sealed(real_db, 3)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM journal WHERE number = 2"))
    with Session(engine) as session:
        _, breaks = seal.check(session)
    engine.dispose()
    assert any(found.why == "number 2 is missing" for found in breaks)


def test_personal_text_can_be_erased_and_the_chain_still_holds(real_db: Db, owner_url: str) -> None:
    say(real_db, "raised", "closed")
    sealed(real_db, 2)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal SET details = '{}', by = '', salt = '' WHERE number = 1"))
    with Session(engine) as session:
        assert seal.check(session) == (2, [])
    engine.dispose()


@pytest.mark.parametrize("sql", ["UPDATE journal SET what = 'x'", "DELETE FROM journal"])
def test_the_workers_role_cannot_rewrite_what_was_said(real_db: Db, sql: str) -> None:
    say(real_db, "raised")
    with real_db.session() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(sql))
