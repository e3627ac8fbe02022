"""The second wall for those who are not staff, and around concerns: plain SQL with every filter forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from care_plans.work import safeguarding
from people import proxies as access
from people import scoping, signing_in
from people.models.accounts import Account
from people.models.agencies import Staff
from people.models.people import Person
from people.visitors import Visitor
from tests.app import proxies
from tests.app.conftest import BACK
from tests.app.test_row_security import count, guarded, readings_of_ada
from tests.cast import Cast

KINDS = text("SELECT s.kind FROM readings r JOIN series s ON s.id = r.series_id ORDER BY 1")
SAID = {"worry": "Bruises", "danger": "no", "wishes": "To stay at home", "knows": "no"}


@contextmanager
def as_web(session: Session, who: Visitor | Staff | None, now: datetime) -> Iterator[Connection]:
    """The connection in the web's role, limited to a visitor, to a member of staff, or to nobody."""
    session.flush()
    connection = session.connection()
    connection.exec_driver_sql(BACK)
    viewer = signing_in.viewer_of(session, who, now) if isinstance(who, Staff) else None
    connection.exec_driver_sql("SET LOCAL ROLE hearth_web")
    if isinstance(who, Visitor):
        scoping.limit_to_visitor(session, who, now)
    elif viewer is not None:
        scoping.limit_to(session, viewer, now)
    else:
        scoping.limit_to_nobody(session)
    try:
        yield connection
    finally:
        connection.exec_driver_sql(BACK)
        session.info.pop("limits", None)


def visitor(session: Session, account: Account, now: datetime) -> Visitor:
    found = access.find_visitor(session, account.uuid, account.session_epoch, None, now)
    assert found is not None
    return found


def test_before_it_is_known_who_looks_nothing_is_found(session: Session, cast: Cast, now: datetime) -> None:
    proxies.lay(session, cast, now)
    with as_web(session, None, now) as connection:
        found = {table for table in guarded(connection) if count(connection, table)}
    assert found <= {"journal"}  # what neither a person nor staff did: that a sign-in was made


def test_the_person_reads_themself_and_nobody_else(session: Session, cast: Cast, now: datetime) -> None:
    people = proxies.lay(session, cast, now)
    readings_of_ada(session, cast, now)
    with as_web(session, visitor(session, people.ada, now), now) as connection:
        assert session.scalars(select(Person.id)).all() == [cast.ada.id]
        assert connection.execute(KINDS).scalars().all() == ["motion", "spo2"]


def test_somebody_let_in_reads_the_classes_that_are_shown(
    session: Session, cast: Cast, now: datetime
) -> None:
    people = proxies.lay(session, cast, now)
    readings_of_ada(session, cast, now)
    with as_web(session, visitor(session, people.beth, now), now) as connection:
        assert connection.execute(KINDS).scalars().all() == ["spo2"]
    with as_web(session, visitor(session, people.restricted, now), now) as connection:
        assert connection.execute(KINDS).scalars().all() == []
    with as_web(session, visitor(session, people.mallory, now), now) as connection:
        assert session.scalars(select(Person.id)).all() == [cast.ben.id]
        assert connection.execute(KINDS).scalars().all() == []


def test_a_concern_and_what_it_asks_are_read_by_its_team_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    dev = signing_in.viewer_of(session, cast.dev, now)
    safeguarding.raise_concern(session, cast.ada, SAID, by=dev, now=now)
    people = proxies.lay(session, cast, now)
    tables = ("concerns", "concern_events", "follow_ups", "messages")
    for who, seen in ((cast.sol, [1, 1, 1, 1]), (cast.dev, [1, 1, 0, 0]), (cast.cora, [0, 0, 0, 0])):
        with as_web(session, who, now) as connection:
            assert [count(connection, table) for table in tables] == seen
    with as_web(session, visitor(session, people.ada, now), now) as connection:
        assert [count(connection, table) for table in tables] == [0, 0, 0, 0]


def test_a_team_that_holds_a_concern_reads_the_essentials_of_whom_it_is_about(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(text("DELETE FROM care_teams WHERE team_id = :team"), {"team": cast.social_workers.id})
    dev = signing_in.viewer_of(session, cast.dev, now)
    safeguarding.raise_concern(session, cast.ada, SAID, by=dev, now=now)
    readings_of_ada(session, cast, now)
    with as_web(session, cast.sol, now) as connection:
        assert session.scalars(select(Person.id)).all() == [cast.ada.id]
        assert connection.execute(KINDS).scalars().all() == []
