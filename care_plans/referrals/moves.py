"""What may be done with a referral, by which side, and why not: the table of moves; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from care_plans.referral_states import OPEN, ReferralKind, ReferralState


class Move(StrEnum):
    """What can happen to a referral; the clock does TIME_OUT, delivery is noted where it happens."""

    DELIVER = "deliver"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    FINISH = "finish"
    REVOKE = "revoke"
    TIME_OUT = "time_out"
    REVIEW = "review"
    JUDGE = "judge"
    NAME = "name"
    """Say which person in the record it is who asked for help."""


class Side(StrEnum):
    """Who does it: the team that was asked, the team that asks, or Hearthline."""

    RECEIVER = "receiver"
    SENDER = "sender"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a referral stands when a move is asked for.

    `outside`: it went to an agency that does not work with Hearthline, so the sender records both sides.
    """

    kind: ReferralKind
    state: ReferralState
    delivered: bool = False
    outside: bool = False
    aware: bool = False
    judged: bool = False
    reviewed: bool = False
    named: bool = True


@dataclass(frozen=True, slots=True)
class _Check:
    refuses: Callable[[Standing], bool]
    words: str


_ENDED = _Check(lambda one: one.state not in OPEN, "This has ended.")
_ANSWERED = _Check(lambda one: one.state is not ReferralState.SENT, "This has been answered.")
_DELIVERED = _Check(lambda one: one.delivered, "That it reached them is on the record already.")
_NOT_TAKEN = _Check(lambda one: one.state is ReferralState.SENT, "Nobody has taken it yet: accept it first.")
_BEGUN = _Check(lambda one: one.state is ReferralState.UNDER_WAY, "It is under way already.")
_LEAD_ENDS_AT_ONCE = _Check(
    lambda one: one.kind in (ReferralKind.TRANSFER, ReferralKind.TRANSFER_REQUEST),
    "A transfer is complete with its acceptance.",
)
_GOES_ON = _Check(lambda one: one.state in OPEN, "It has not ended yet, so there is no result to look at.")
_REVOKED = _Check(lambda one: one.state is ReferralState.REVOKED, "It was withdrawn: there is no result.")
_REVIEWED = _Check(lambda one: one.reviewed, "Somebody has looked at the result already.")
_NOTHING_TO_JUDGE = _Check(
    lambda one: not one.aware, "No landlord was told of a home by this: there is nothing to judge."
)
_JUDGED = _Check(lambda one: one.judged, "It has been judged already.")
_NOBODY_TO_NAME = _Check(
    lambda one: one.kind is not ReferralKind.SELF_REFERRAL or one.named,
    "It is about somebody in the record already.",
)

_TABLE: Mapping[Move, tuple[_Check, ...]] = MappingProxyType(
    {
        Move.DELIVER: (_ENDED, _DELIVERED),
        Move.ACCEPT: (_ENDED, _ANSWERED),
        Move.DECLINE: (_ENDED, _ANSWERED),
        Move.START: (_ENDED, _NOT_TAKEN, _LEAD_ENDS_AT_ONCE, _BEGUN),
        Move.FINISH: (_ENDED, _NOT_TAKEN),
        Move.REVOKE: (_ENDED,),
        Move.TIME_OUT: (_ENDED, _ANSWERED),
        Move.REVIEW: (_GOES_ON, _REVOKED, _REVIEWED),
        Move.JUDGE: (_NOTHING_TO_JUDGE, _JUDGED),
        Move.NAME: (_ENDED, _NOBODY_TO_NAME),
    }
)
_BY: Mapping[Move, Side] = MappingProxyType(
    {
        Move.REVOKE: Side.SENDER,
        Move.REVIEW: Side.SENDER,
        Move.TIME_OUT: Side.CLOCK,
        **dict.fromkeys(
            (Move.DELIVER, Move.ACCEPT, Move.DECLINE, Move.START, Move.FINISH, Move.JUDGE, Move.NAME),
            Side.RECEIVER,
        ),
    }
)


def side(move: Move, referral: Standing) -> Side:
    """Which side makes a move; for agencies outside, the sender writes down what they said."""
    return Side.SENDER if referral.outside and _BY[move] is Side.RECEIVER else _BY[move]


def why_not(move: Move, referral: Standing) -> str | None:
    """Why this move is refused, in a sentence for whoever asked; None where it is allowed."""
    return next((check.words for check in _TABLE[move] if check.refuses(referral)), None)


def allowed(referral: Standing, sides: frozenset[Side]) -> frozenset[Move]:
    """Every move that it allows as it stands to somebody on these sides."""
    return frozenset(
        move for move in Move if side(move, referral) in sides and why_not(move, referral) is None
    )


def receiver_state(referral: Standing) -> str:
    """How it stands on the side of those who were asked: delivered is not accepted, accepted is not done."""
    if referral.state is ReferralState.SENT and referral.delivered:
        return "delivered"
    return referral.state.value


def sender_state(referral: Standing) -> str:
    """How it stands on the side of those who asked: waiting, told of the end, or the result seen."""
    if referral.state in OPEN:
        return "waiting"
    return "seen" if referral.reviewed or referral.state is ReferralState.REVOKED else "told"
