from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import Db
from people import scoping
from people.access import Viewer
from tests.cast import Cast


def said(session: Session, name: str) -> str:
    found = session.execute(text("SELECT current_setting('hearth.' || :name, true)"), {"name": name})
    return found.scalar_one() or ""


def viewer(cast: Cast) -> Viewer:
    return Viewer(cast.dev.id, cast.dev.uuid, "Dev", cast.health.id, "clinician", frozenset())


def test_every_transaction_of_a_session_says_who_looks(real_db: Db, now: datetime) -> None:
    someone = Viewer(7, UUID(int=7), "Somebody", 1, "clinician", frozenset())
    with real_db.session() as session:
        scoping.limit_to(session, someone, now)
        assert said(session, "staff") == "7"
        session.rollback()
        assert said(session, "staff") == "7"
    with real_db.session() as another:
        assert said(another, "staff") == ""


def test_limits_are_lifted_inside_the_block_and_stand_again_after_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    scoping.limit_to(session, viewer(cast), now)
    with scoping.lifted(session):
        assert said(session, "everyone") == "yes"
    assert said(session, "everyone") == "no"


def test_they_stand_again_when_the_block_fails(session: Session, cast: Cast, now: datetime) -> None:
    scoping.limit_to(session, viewer(cast), now)
    with pytest.raises(LookupError), scoping.lifted(session):
        raise LookupError
    assert said(session, "everyone") == "no"
