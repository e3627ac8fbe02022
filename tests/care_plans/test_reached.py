"""Whether somebody counts as reached, or as not answering."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from care_plans.reached import Enough, Standing, Tried, standing
from tests.care_plans.making import NOW

MINUTE = timedelta(minutes=1)
ENOUGH = Enough(attempts=3, apart=10 * MINUTE, within=120 * MINUTE)


def tried(*minutes_ago: float, answered: tuple[float, ...] = ()) -> list[Tried]:
    no = [Tried(NOW - ago * MINUTE, answered=False) for ago in minutes_ago]
    return [*no, *(Tried(NOW - ago * MINUTE, answered=True) for ago in answered)]


def test_before_any_call_nothing_counts_and_one_can_be_made_at_once() -> None:
    assert standing([], ENOUGH) == Standing(0, 3, None)


def test_three_calls_ten_minutes_apart_within_two_hours_are_enough() -> None:
    how = standing(tried(60, 30, 0), ENOUGH)
    assert how.enough
    assert how.failed == 3


def test_two_are_not_and_it_says_from_when_the_next_one_counts() -> None:
    how = standing(tried(30, 0), ENOUGH)
    assert not how.enough
    assert how.again_at == NOW + 10 * MINUTE


def test_calls_closer_together_count_as_one() -> None:
    assert standing(tried(9, 5, 1, 0), ENOUGH).failed == 1
    assert standing(tried(20, 10, 9, 0), ENOUGH).failed == 3


def test_what_is_longer_ago_than_that_does_not_count() -> None:
    assert standing(tried(121, 60, 0), ENOUGH).failed == 2


def test_any_answer_begins_anew() -> None:
    assert standing(tried(60, 30, 0, answered=(20,)), ENOUGH).failed == 1
    assert standing(tried(60, 30, answered=(20,)), ENOUGH) == Standing(0, 3, None)


def test_what_was_settled_by_finding_them_does_not_count_again() -> None:
    assert standing(tried(60, 30, 0), ENOUGH, since=NOW - 10 * MINUTE).failed == 1


def test_one_call_can_be_enough() -> None:
    assert standing(tried(0), Enough(attempts=1)).enough


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=12), st.randoms())
def test_it_does_not_matter_in_which_order_they_are_told(
    calls: list[tuple[int, bool]], chance: object
) -> None:
    some = [Tried(NOW - ago * MINUTE, answered=answered) for ago, answered in calls]
    other = list(some)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert standing(some, ENOUGH) == standing(other, ENOUGH)


@given(st.lists(st.integers(0, 400), max_size=8))
def test_one_more_call_without_an_answer_never_makes_it_fewer(minutes: list[int]) -> None:
    before = standing(tried(*[each + 10 for each in minutes]), ENOUGH)
    after = standing(tried(*[each + 10 for each in minutes], 10), ENOUGH)
    recent = standing(tried(*[each + 10 for each in minutes if each <= 120]), ENOUGH)
    assert after.failed >= min(before.failed, recent.failed)
