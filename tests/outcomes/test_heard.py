"""Which readings did not come, by all the lines they could have come by."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from devices import subjects
from devices.models import Series
from outcomes.heard import lines, missed
from outcomes.occasions import Expected, Watch
from outcomes.ties import NEVER
from tests.cast import Cast
from tests.outcomes.counting import lent, measured

HOUR = timedelta(hours=1)


def hourly(start: datetime, times: int, *, kind: str = "spo2") -> Expected:
    watch = Watch(1, 1, "key", kind, "person", None, None, HOUR, timedelta(0), start, NEVER)
    return Expected(watch, start, start, HOUR, times)


def test_a_reading_at_the_very_end_of_its_time_is_heard_and_one_at_its_beginning_is_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    series = lent(session, "spo2", now - 90 * HOUR, person=cast.ada)
    measured(session, series, now)
    of_ada = lines(session, ["spo2"])["spo2", subjects.person(cast.ada.id)]
    assert missed(session, [(hourly(now, 2), of_ada)]) == [{now + HOUR}]


def test_what_two_lines_bring_between_them_is_not_missed(session: Session, cast: Cast, now: datetime) -> None:
    first = lent(session, "spo2", now - 90 * HOUR, person=cast.ada)
    typed = Series(person_id=cast.ada.id, kind="spo2")
    session.add(typed)
    session.flush()
    measured(session, first, now)
    measured(session, typed, now + HOUR)
    of_ada = lines(session, ["spo2"])["spo2", subjects.person(cast.ada.id)]
    assert len(of_ada) == 2
    found = missed(session, [(hourly(now, 3), of_ada), (hourly(now, 2), of_ada), (hourly(now, 3), [])])
    assert found == [{now + 2 * HOUR}, frozenset(), {now, now + HOUR, now + 2 * HOUR}]


def test_a_reading_is_whose_the_kit_was_when_it_was_measured(
    session: Session, cast: Cast, now: datetime
) -> None:
    series = lent(session, "spo2", now - 90 * HOUR, end=now, person=cast.ada)
    measured(session, series, now - timedelta(seconds=1), now, now + HOUR)
    of_ada = lines(session, ["spo2"])["spo2", subjects.person(cast.ada.id)]
    assert missed(session, [(hourly(now, 2), of_ada)]) == [{now + HOUR}]


def test_a_reading_that_cannot_be_judged_is_not_heard(session: Session, cast: Cast, now: datetime) -> None:
    series = lent(session, "spo2", now - 90 * HOUR, person=cast.ada)
    for hours, flags in enumerate((2, 16, 512, 1024, 1)):
        measured(session, series, now + hours * HOUR, flags=flags)
    of_ada = lines(session, ["spo2"])["spo2", subjects.person(cast.ada.id)]
    assert missed(session, [(hourly(now, 5), of_ada)]) == [{now + hours * HOUR for hours in range(4)}]


def test_with_nothing_expected_the_readings_are_not_asked(session: Session) -> None:
    assert missed(session, []) == []
    assert lines(session, []) == {}
