"""The life of kit as a table: every state leads on, none is chosen that an assignment makes."""

import pytest

from devices import life
from devices.models import DeviceState as S


def test_every_state_has_its_moves_and_only_what_is_retired_has_none() -> None:
    assert set(life.MOVES) == set(S)
    assert {state for state in S if not life.MOVES[state]} == {S.RETIRED}


def test_every_state_can_be_reached_from_stock() -> None:
    reached, fresh = {S.IN_STOCK}, {S.IN_STOCK}
    while fresh:
        fresh = set().union(*(life.MOVES[state] for state in fresh)) - reached
        reached |= fresh

    assert reached == set(S)


def test_what_came_back_is_cleaned_before_it_is_in_stock_again() -> None:
    assert S.IN_STOCK not in life.MOVES[S.RECOVERED]
    assert life.may_follow(S.CLEANED, held=False)[0] is S.IN_STOCK


@pytest.mark.parametrize("state", list(S))
def test_to_be_out_is_never_chosen_and_what_somebody_has_stays_theirs(state: S) -> None:
    assert S.INSTALLED not in life.may_follow(state, held=False)
    assert set(life.may_follow(state, held=True)) <= life.WITH_SOMEBODY
