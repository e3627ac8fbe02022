"""What is wrong with one row."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import apart


def test_what_is_wrong_with_one_is_logged_and_undone_and_stops_no_other(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.execute(text("CREATE TEMPORARY TABLE done (n int)"))

    def do(number: int) -> None:
        session.execute(text("INSERT INTO done VALUES (:n)"), {"n": number})
        if number == 2:
            raise ZeroDivisionError

    well = [apart.attempt(session, lambda n=n: do(n), "counting", n) for n in (1, 2, 3)]  # type: ignore[misc]
    assert well == [True, False, True]
    assert session.scalars(text("SELECT n FROM done ORDER BY n")).all() == [1, 3]
    [said] = caplog.records
    assert (said.work, said.row_id, said.error) == ("counting", 2, "ZeroDivisionError")  # type: ignore[attr-defined]


def test_a_database_that_is_away_is_nothing_of_the_rows(session: Session) -> None:
    def away() -> None:
        raise OperationalError("", {}, Exception())

    with pytest.raises(OperationalError):
        apart.attempt(session, away, "counting", 1)
