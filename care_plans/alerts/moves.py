"""What may be done with an alert, and why not: the table of moves; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from care_plans.severity import Class, Severity


class Move(StrEnum):
    """What can happen to an alert; people do the first nine, judging does the rest."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    GOING = "going"
    ASSIGN = "assign"
    COMMENT = "comment"
    SHELVE = "shelve"
    HAND_OVER = "hand_over"
    EMERGENCY = "emergency"
    CLOSE = "close"
    CLEAR = "clear"
    REOPEN = "reopen"
    WORSEN = "worsen"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands when a move is asked for.

    `clinical_reason`: a clinician gives a reason in writing with this move. `in_bulk`: the move is asked for
    several alerts together. `until_found`: it says that nobody knows how the person is.
    """

    open: bool
    severity: Severity
    class_: Class
    contact_made: bool = False
    emergency_called: bool = False
    cleared: bool = False
    clinical_reason: bool = False
    in_bulk: bool = False
    until_found: bool = False

    @property
    def pressing(self) -> bool:
        """Whether somebody must be heard or seen before it may rest: every red, and all life-safety."""
        return self.severity is Severity.RED or self.class_ is Class.LIFE_SAFETY


@dataclass(frozen=True, slots=True)
class _Check:
    refuses: Callable[[Standing], bool]
    words: str


_CLOSED = _Check(lambda alert: not alert.open, "This alert is closed.")
_RED_IN_BULK = _Check(
    lambda alert: alert.in_bulk and alert.pressing,
    "Red and life-safety alerts are seen and closed one by one, never in bulk.",
)
_RED_SHELVED = _Check(
    lambda alert: alert.pressing,
    "Red and life-safety alerts are never shelved: make contact, or hand it over.",
)
_UNSEEN_RED_CLOSED = _Check(
    lambda alert: (
        alert.pressing and not (alert.contact_made or alert.emergency_called or alert.clinical_reason)
    ),
    "Record who was spoken to or seen, or that emergency services were called; "
    "a clinician may give a reason instead.",
)
_NOT_FOUND_CLOSED = _Check(
    lambda alert: alert.until_found and not alert.contact_made,
    "Nobody has been spoken to or seen yet. Record the contact; or, on their page, that they are in hospital "
    "or elsewhere: then it ends by itself.",
)
_LIFE_SAFETY_CLEARED = _Check(
    lambda alert: alert.class_ is Class.LIFE_SAFETY,
    "A life-safety alert never clears by itself: somebody must find out.",
)
_ALREADY_CLEARED = _Check(lambda alert: alert.cleared, "It has cleared already.")
_NOTHING_TO_REOPEN = _Check(lambda alert: alert.open and not alert.cleared, "This alert is open already.")

_TABLE: Mapping[Move, tuple[_Check, ...]] = MappingProxyType(
    {
        Move.ACKNOWLEDGE: (_CLOSED, _RED_IN_BULK),
        Move.CONTACT: (_CLOSED,),
        Move.GOING: (_CLOSED,),
        Move.ASSIGN: (_CLOSED,),
        Move.COMMENT: (),
        Move.SHELVE: (_CLOSED, _RED_SHELVED),
        Move.HAND_OVER: (_CLOSED,),
        Move.EMERGENCY: (_CLOSED,),
        Move.CLOSE: (_CLOSED, _RED_IN_BULK, _NOT_FOUND_CLOSED, _UNSEEN_RED_CLOSED),
        Move.CLEAR: (_CLOSED, _LIFE_SAFETY_CLEARED, _ALREADY_CLEARED),
        Move.REOPEN: (_NOTHING_TO_REOPEN,),
        Move.WORSEN: (_CLOSED,),
    }
)


def why_not(move: Move, alert: Standing) -> str | None:
    """Why this move is refused, in a sentence for whoever asked; None where it is allowed."""
    return next((check.words for check in _TABLE[move] if check.refuses(alert)), None)


def allowed(alert: Standing) -> frozenset[Move]:
    """Every move that this alert allows as it stands."""
    return frozenset(move for move in Move if why_not(move, alert) is None)
