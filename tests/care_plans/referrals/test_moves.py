from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.referral_states import OPEN, ReferralKind, ReferralState
from care_plans.referrals import moves
from care_plans.referrals.moves import Move, Side, Standing

SENT = Standing(ReferralKind.REFERRAL, ReferralState.SENT)
ENDED = [state for state in ReferralState if state not in OPEN]
standings = st.builds(
    Standing,
    kind=st.sampled_from(ReferralKind),
    state=st.sampled_from(ReferralState),
    delivered=st.booleans(),
    outside=st.booleans(),
    aware=st.booleans(),
    judged=st.booleans(),
    reviewed=st.booleans(),
    named=st.booleans(),
)


@given(standings, st.sampled_from(Move))
def test_a_move_is_allowed_or_a_sentence_says_why_not(standing: Standing, move: Move) -> None:
    why = moves.why_not(move, standing)
    assert why is None or why.endswith(".")
    for side in Side:
        allowed = move in moves.allowed(standing, frozenset({side}))
        assert allowed == (why is None and moves.side(move, standing) is side)


@given(standings)
def test_what_is_open_can_always_go_on(standing: Standing) -> None:
    everybody = moves.allowed(standing, frozenset(Side))
    if standing.state in OPEN:
        assert everybody & {Move.ACCEPT, Move.FINISH}
        assert Move.REVOKE in everybody
    else:
        assert everybody <= {Move.REVIEW, Move.JUDGE}


@pytest.mark.parametrize("move", [Move.START, Move.FINISH])
def test_delivery_is_not_acceptance(move: Move) -> None:
    delivered = replace(SENT, delivered=True)
    assert moves.receiver_state(delivered) == "delivered"
    assert moves.why_not(move, delivered) == "Nobody has taken it yet: accept it first."


@pytest.mark.parametrize("state", ENDED)
def test_nothing_that_has_ended_is_answered(state: ReferralState) -> None:
    over = replace(SENT, state=state)
    assert moves.why_not(Move.ACCEPT, over) == "This has ended."
    assert moves.why_not(Move.DECLINE, over) == "This has ended."


def test_each_side_has_its_own_state() -> None:
    accepted = replace(SENT, state=ReferralState.ACCEPTED, delivered=True)
    assert (moves.receiver_state(accepted), moves.sender_state(accepted)) == ("accepted", "waiting")
    done = replace(accepted, state=ReferralState.DONE)
    assert (moves.receiver_state(done), moves.sender_state(done)) == ("done", "told")
    assert moves.sender_state(replace(done, reviewed=True)) == "seen"


def test_only_the_side_that_is_asked_answers_and_only_the_one_that_asks_withdraws() -> None:
    assert Move.ACCEPT not in moves.allowed(SENT, frozenset({Side.SENDER}))
    assert Move.REVOKE not in moves.allowed(SENT, frozenset({Side.RECEIVER}))


def test_of_an_agency_outside_whoever_asked_writes_down_the_answer() -> None:
    outside = replace(SENT, outside=True)
    assert {Move.DELIVER, Move.ACCEPT, Move.DECLINE, Move.REVOKE} == moves.allowed(
        outside, frozenset({Side.SENDER})
    )


def test_a_prompt_to_a_landlord_is_judged_even_after_it_was_declined() -> None:
    declined = replace(SENT, state=ReferralState.DECLINED, aware=True)
    assert moves.why_not(Move.JUDGE, declined) is None
    assert moves.why_not(Move.JUDGE, replace(declined, judged=True)) == "It has been judged already."
