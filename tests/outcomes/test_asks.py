"""When an alert asks for contact, and what answers it."""

from datetime import UTC, datetime, timedelta

import pytest

from care_plans.severity import Severity
from outcomes.asks import asks

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED


def told(*events: tuple[str, Severity]) -> list[tuple[int, Severity, int | None]]:
    """Each ask by the number of its event, how bad, and the number of its contact; one event a minute."""
    said = [(what, AT + timedelta(minutes=n), severity) for n, (what, severity) in enumerate(events)]
    return [
        (_number(ask.at), ask.severity, _number(ask.contact_at) if ask.contact_at else None)
        for ask in asks(said)
    ]


def _number(at: datetime) -> int:
    return (at - AT) // timedelta(minutes=1)


def test_one_contact_answers_all_that_was_asked_before_it() -> None:
    assert told(("raised", AMBER), ("worse", RED), ("contact", RED), ("contact", RED)) == [
        (0, AMBER, 2),
        (1, RED, 2),
    ]


def test_what_comes_back_asks_again() -> None:
    assert told(("raised", RED), ("contact", RED), ("reopened", RED)) == [(0, RED, 1), (2, RED, None)]


def test_a_watch_asks_nobody_until_it_is_worse() -> None:
    assert told(("raised", WATCH), ("reopened", WATCH), ("worse", AMBER)) == [(2, AMBER, None)]


@pytest.mark.parametrize("ends", ["shelf_ended", "contact", "emergency"])
def test_what_comes_back_on_the_shelf_asks_only_once_that_has_ended_or_it_is_worse(ends: str) -> None:
    shelved = (("raised", AMBER), ("contact", AMBER), ("shelved", AMBER), ("reopened", AMBER))
    assert told(*shelved) == [(0, AMBER, 1)]
    assert told(*shelved, ("reopened", RED), ("reopened", RED))[1:] == [(4, RED, None), (5, RED, None)]
    assert told(*shelved, (ends, AMBER), ("reopened", AMBER))[1:] == [(5, AMBER, None)]
