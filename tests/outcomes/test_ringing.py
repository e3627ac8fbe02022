"""How calls to people go."""

from datetime import timedelta

from care_plans.models.work import FollowUpOutcome
from care_plans.reached import Came, Found
from outcomes.ringing import CallDue, LookedFor, calls, searches
from tests.care_plans.making import NOW

MINUTE = timedelta(minutes=1)


def due(*came: Came, done: float | None = None, missed: bool = False, moved: int = 0) -> CallDue:
    """A call that was due an hour ago, completed `done` minutes after that."""
    at = NOW - 60 * MINUTE
    ended = at + done * MINUTE if done is not None else None
    outcome = FollowUpOutcome.DONE if done is not None else None
    return CallDue(at, ended, outcome, missed, moved, came)


def test_a_call_is_made_once_somebody_rang_or_said_how_it_ended() -> None:
    found = calls([due(), due(Came.NO_ANSWER), due(done=-5)])
    assert (found.due, found.made, found.in_time) == (3, 2, 1)
    assert found.outcomes == {FollowUpOutcome.DONE: 1}


def test_who_was_reached_at_the_first_attempt_is_told_of_those_that_were_tried() -> None:
    found = calls(
        [due(Came.WELL, done=-1), due(Came.NO_ANSWER, Came.NOT_WELL, done=5), due(Came.ENGAGED), due(done=0)]
    )
    assert (found.tried, found.at_once, found.answered, found.attempts) == (3, 1, 2, 4)
    assert found.came == {Came.WELL: 1, Came.NO_ANSWER: 1, Came.NOT_WELL: 1, Came.ENGAGED: 1}


def test_what_was_missed_and_what_was_put_off_is_told() -> None:
    found = calls([due(missed=True), due(moved=2, done=-1), due(missed=True, done=30)])
    assert (found.missed, found.moved) == (2, 1)


def test_without_calls_there_is_nothing_to_divide_by() -> None:
    assert (calls([]).due, calls([]).tried) == (0, 0)
    assert searches([]).half_within is None


def test_searches_are_told_by_how_they_ended_and_doubles_count_once() -> None:
    some = [
        LookedFor(NOW, NOW + 10 * MINUTE, Found.SEEN),
        LookedFor(NOW, NOW + 40 * MINUTE, Found.HOSPITAL),
        LookedFor(NOW, NOW + 5 * MINUTE, Found.DUPLICATE),
        LookedFor(NOW, None, None),
    ]
    found = searches(some)
    assert (found.begun, found.open, found.half_within) == (3, 1, 10)
    assert found.ended == {Found.SEEN: 1, Found.HOSPITAL: 1}
