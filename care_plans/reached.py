"""Whether somebody counts as reached, or as not answering, after so many calls; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Came(StrEnum):
    """What came of ringing somebody."""

    WELL = "answered_well"
    NOT_WELL = "answered_not_well"
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    MESSAGE = "answerphone_message"
    """An answerphone, and a message was left: nobody has heard it yet."""
    ANSWERPHONE = "answerphone"
    WRONG_NUMBER = "wrong_number"


ANSWERED = frozenset({Came.WELL, Came.NOT_WELL})
"""Only these mean that somebody was spoken to."""


class Found(StrEnum):
    """How it was found out where somebody is who did not answer."""

    SPOKEN_TO = "spoken_to"
    SEEN = "seen"
    HOSPITAL = "hospital"
    AWAY = "away"
    DIED = "died"
    DUPLICATE = "duplicate"
    """Their record was brought together with another, of which the same is asked."""


@dataclass(frozen=True, slots=True)
class Enough:
    """After how many calls without an answer somebody counts as not answering.

    Calls closer together than `apart` count as one; those longer ago than `within` the last do not count.
    """

    attempts: int = 3
    apart: timedelta = timedelta(minutes=10)
    within: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Tried:
    """One call to the person themselves."""

    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How many calls in a row count as without an answer, and from when the next one will count."""

    failed: int
    needed: int
    again_at: datetime | None

    @property
    def enough(self) -> bool:
        """Whether they count as not answering."""
        return self.failed >= self.needed


def standing(tried: Iterable[Tried], enough: Enough, since: datetime | None = None) -> Standing:
    """How it stands after these calls, in whatever order; what is not later than `since` is settled.

    Counted back from the last one, so that two who ring at once count once; any answer begins anew.
    """
    some = sorted(tried, key=lambda each: each.at)
    answers = [each.at for each in some if each.answered]
    settled = max([*answers, *([since] if since else [])], default=None)
    open_ = [each.at for each in some if not each.answered and (settled is None or each.at > settled)]
    if not open_:
        return Standing(0, enough.attempts, None)
    last = counted = open_[-1]
    failed = 1
    for at in reversed(open_[:-1]):
        if last - at > enough.within:
            break
        if counted - at >= enough.apart:
            counted, failed = at, failed + 1
    return Standing(failed, enough.attempts, last + enough.apart)
