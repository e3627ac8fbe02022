"""The people in sight as a list."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import cared_for, enrol
from care_plans.plan.cared_for import Which
from devices.models import Expectation, HeardState
from people import signing_in
from tests.cast import Cast


def names(session: Session, query: object) -> list[str]:
    return [person.given_name for person in session.scalars(query)]  # type: ignore[call-overload]


def test_it_lists_those_in_sight_by_name_with_home_and_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    cora = signing_in.viewer_of(session, cast.cora, now)
    people = session.scalars(cared_for.listing(cora, now, Which.ALL)).all()
    ada, ben = cared_for.read_all(session, cora, people, now)
    assert (ada.person, ada.home, ada.plans, ada.late) == (
        cast.ada,
        cast.ada_home,
        ("COPD at home v1",),
        False,
    )
    assert (ben.person, ben.plans, ben.open) == (cast.ben, (), ())
    mallory = signing_in.viewer_of(session, cast.mallory, now)
    assert names(session, cared_for.listing(mallory, now, Which.ALL)) == []


def test_whoever_should_have_been_heard_of_is_found(session: Session, cast: Cast, now: datetime) -> None:
    session.add(
        Expectation(
            home_id=cast.ada_home.id, source="x", every_seconds=60, grace_seconds=60, expected_by=now,
            state=HeardState.LATE, state_since=now,
        )
    )  # fmt: skip
    session.flush()
    cora = signing_in.viewer_of(session, cast.cora, now)
    assert names(session, cared_for.listing(cora, now, Which.UNHEARD)) == ["Ada"]
    assert cared_for.count(session, cora, now) == {
        Which.ALL: 2, Which.OPEN_ALERT: 0, Which.UNHEARD: 1, Which.UNWATCHED: 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mar", ["Ada"]),
        ("Mill Court", ["Ben"]),
        ("4/5/1948", ["Ada"]),
        ("31/2/1948", []),
        ("01632960114", ["Ada"]),
        ("%", []),
    ],
)
def test_a_search_finds_by_name_street_birthday_or_number(
    session: Session, cast: Cast, now: datetime, typed: str, found: list[str]
) -> None:
    cora = signing_in.viewer_of(session, cast.cora, now)
    assert names(session, cared_for.searched(session, cora, typed, now)) == found
