"""One box finds people in sight by names, dates, streets and numbers."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from people import finding, people
from tests.cast import Cast
from tests.people.looking import BY, as_viewer


def found(session: Session, cast: Cast, who: str, text: str, now: datetime) -> list[str]:
    viewer = as_viewer(session, getattr(cast, who), now)
    return sorted(person.given_name for person in session.scalars(finding.search(session, viewer, text, now)))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["Ada", "Ben"]),
        ("ada", ["Ada"]),
        ("Marsh Ada", ["Ada"]),
        ("04/05/1948", ["Ada"]),
        ("1948-05-04", ["Ada"]),
        ("4 May 1948", ["Ada"]),
        ("orchard", ["Ada"]),
        ("14 Orchard Row", ["Ada"]),
        ("WM1 1AA", ["Ada", "Ben"]),
        ("okafor mill", ["Ben"]),
        ("01632 960114", ["Ada"]),
        ("943 476 5919", ["Ben"]),
        ("999 000 0018", []),
        ("100%", []),
        ("nobody", []),
    ],
)
def test_it_is_found_by_what_it_looks_like(
    session: Session, cast: Cast, now: datetime, typed: str, names: list[str]
) -> None:
    people.change(session, cast.ben, {"nhs_number": "9434765919"}, actor=BY, now=now)
    assert found(session, cast, "cora", typed, now) == names
    assert found(session, cast, "mallory", typed, now) == []


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_nothing_that_can_be_typed_breaks_it(session: Session, cast: Cast, now: datetime, typed: str) -> None:
    assert set(found(session, cast, "cora", typed, now)) <= {"Ada", "Ben"}
