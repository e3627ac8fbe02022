"""When an alert asked for contact, and when it got one: each time that it was raised, worse or back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from care_plans.alerts.events import What
from care_plans.severity import Severity

TOLD = (
    What.RAISED,
    What.WORSE,
    What.REOPENED,
    What.CONTACT,
    What.EMERGENCY,
    What.SHELVED,
    What.SHELF_ENDED,
)
"""The events that say so."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One time that contact was asked for, how bad it was then, and the first contact after it."""

    at: datetime
    severity: Severity
    contact_at: datetime | None = None


def asks(events: Iterable[tuple[str, datetime, Severity]]) -> tuple[Ask, ...]:
    """Every time that an alert asked, from its events (what, when, how bad) in the order they happened.

    A watch asks nobody, nor does what comes back while it is shelved and no worse than before.
    """
    found: list[Ask] = []
    resting: Severity | None = None
    for what, at, severity in events:
        match what:
            case What.SHELVED:
                resting = severity
            case What.RAISED | What.WORSE | What.REOPENED:
                if resting is None or severity.rank > resting.rank:
                    found += [Ask(at, severity)] if severity is not Severity.WATCH else []
                    resting = None
            case What.CONTACT:
                found = [ask if ask.contact_at else replace(ask, contact_at=at) for ask in found]
                resting = None
            case _:
                resting = None
    return tuple(found)
