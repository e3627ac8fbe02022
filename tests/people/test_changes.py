"""Changes are set, and told to the journal with what was before."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from people.changes import apply, ended, in_conflict, note
from people.models.agencies import Agency, Sector
from people.models.people import Sex
from tests.cast import Cast
from tests.people.looking import BY, details, journal


def test_it_tells_what_was_and_what_is(session: Session, cast: Cast) -> None:
    changed = apply(
        cast.ada,
        {"given_name": "Ada", "sex": Sex.OTHER, "date_of_birth": date(1948, 5, 5), "telephone_sealed": b"x"},
        secret=("telephone_sealed",),
    )
    assert changed == {
        "sex": ["female", "other"],
        "date_of_birth": ["1948-05-04", "1948-05-05"],
        "telephone_sealed": "changed",
    }


def test_it_is_written_down(session: Session, cast: Cast) -> None:
    note(session, "changed", cast.ada, "person", actor=BY, person_id=cast.ada.id, details={"sex": [1, 2]})
    assert journal(session) == [("changed", "person")]
    assert details(session) == {"sex": [1, 2]}


def test_only_the_named_constraint_becomes_a_conflict(session: Session, cast: Cast) -> None:
    def again() -> Agency:
        return Agency(name=cast.hub.name, sector=Sector.HEALTH)

    with pytest.raises(Conflict) as refused, in_conflict(session, "uq_agencies_name", "Taken.", "name"):
        session.add(again())
    assert refused.value.fields == {"name": "Taken."}
    with pytest.raises(IntegrityError), in_conflict(session, "uq_something_else", "Taken."):
        session.add(again())


def test_after_a_conflict_the_rest_goes_on(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict), in_conflict(session, "uq_agencies_name", "Taken."):
        session.add(Agency(name=cast.hub.name, sector=Sector.HEALTH))
    session.add(Agency(name="Another", sector=Sector.HEALTH))
    session.flush()


def test_a_period_ends_after_it_began(now: datetime) -> None:
    period = Range(now, None)
    assert ended(period, now + timedelta(seconds=1)) == Range(now, now + timedelta(seconds=1))
    for at in (now, now - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            ended(period, at)
        assert list(refused.value.fields) == ["at"]
