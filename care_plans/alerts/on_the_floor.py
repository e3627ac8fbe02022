"""How long somebody may have lain after a fall: until it is on record that somebody was with them; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from care_plans.models.alerts import Cause, ContactKind

FALL = "fall"
LONG_LIE = timedelta(hours=1)
"""Longer than this on the floor is strongly tied to serious injury and admission: NHS England, Going further
for winter: community-based falls response."""
WITH_THEM = frozenset({ContactKind.SAW, ContactKind.WITH_THEM_NOW})
"""To have spoken to somebody is not to know them up."""
_NO_FALL = frozenset({Cause.FALSE_KIT, Cause.FALSE_THRESHOLD, Cause.FALSE_USER, Cause.DUPLICATE, Cause.TEST})


@dataclass(frozen=True, slots=True)
class Floor:
    """From the fall, by its own time, to when somebody was with them; None where nobody said so.

    They may have got up before: it is the longest that it can have been.
    """

    since: datetime
    until: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        """How long it was, or has been so far."""
        return max((self.until or now) - self.since, timedelta(0))

    def long(self, now: datetime) -> bool:
        """Whether that is a long lie."""
        return self.lasted(now) > LONG_LIE


def time_of(
    kind: str | None, fell_at: datetime, contacts: Iterable[tuple[datetime, str | None]], cause: Cause | None
) -> Floor | None:
    """The time on the floor that an alert speaks of; None where it speaks of no fall, or there was none.

    `contacts` are (time, kind) of what was recorded of it, by time.
    """
    if kind != FALL or cause in _NO_FALL:
        return None
    return Floor(fell_at, next((at for at, how in contacts if how in WITH_THEM), None))
