"""Rows by many keys at once."""

from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from devices import subjects
from devices.models import Unread
from devices.unread import wake
from tests.conftest import NOW


def test_it_finds_those_rows_and_no_others(session: Session) -> None:
    wake(session, [subjects.person(number) for number in (1, 2, 3)], NOW)
    found = session.query(Unread.subject).filter(among(Unread.subject, [2, 6, 8]))
    assert sorted(number for (number,) in found) == [2, 6]
    assert session.query(Unread).filter(among(Unread.subject, [])).all() == []


def test_the_statement_is_the_same_however_many_there_are() -> None:
    assert str(among(Unread.subject, [1])) == str(among(Unread.subject, range(200)))
