from dataclasses import replace

import pytest

from care_plans.alerts.moves import Move, Standing, allowed, why_not
from care_plans.judging.conditions import Class, Severity

AMBER = Standing(open=True, severity=Severity.AMBER, class_=Class.CLINICAL)
RED = replace(AMBER, severity=Severity.RED)
PENDANT = replace(RED, class_=Class.LIFE_SAFETY)
QUIET_ALARM = replace(PENDANT, severity=Severity.WATCH)


def test_an_open_amber_alert_allows_everything_but_reopening() -> None:
    assert allowed(AMBER) == set(Move) - {Move.REOPEN}


def test_a_closed_alert_allows_only_comments_and_reopening() -> None:
    for alert in (AMBER, RED, PENDANT):
        assert allowed(replace(alert, open=False)) == {Move.COMMENT, Move.REOPEN}


@pytest.mark.parametrize("alert", [RED, PENDANT, QUIET_ALARM])
def test_a_red_or_life_safety_alert_is_never_shelved(alert: Standing) -> None:
    assert "never shelved" in (why_not(Move.SHELVE, alert) or "")
    assert why_not(Move.SHELVE, replace(alert, contact_made=True)) is not None


@pytest.mark.parametrize("alert", [RED, PENDANT, QUIET_ALARM])
def test_a_red_or_life_safety_alert_is_closed_only_when_somebody_was_reached(alert: Standing) -> None:
    assert "Record who was spoken to" in (why_not(Move.CLOSE, alert) or "")
    for reached in ("contact_made", "emergency_called", "clinical_reason"):
        assert why_not(Move.CLOSE, replace(alert, **{reached: True})) is None


@pytest.mark.parametrize("move", [Move.ACKNOWLEDGE, Move.CLOSE])
def test_red_alerts_are_never_dealt_with_in_bulk(move: Move) -> None:
    assert "in bulk" in (why_not(move, replace(RED, in_bulk=True, contact_made=True)) or "")
    assert why_not(move, replace(AMBER, in_bulk=True)) is None


def test_a_life_safety_alert_never_clears_by_itself() -> None:
    assert "never clears by itself" in (why_not(Move.CLEAR, PENDANT) or "")
    assert why_not(Move.CLEAR, RED) is None


def test_a_cleared_alert_can_reopen_and_does_not_clear_again() -> None:
    cleared = replace(AMBER, cleared=True)
    assert why_not(Move.REOPEN, cleared) is None
    assert why_not(Move.CLEAR, cleared) == "It has cleared already."
    assert why_not(Move.REOPEN, AMBER) == "This alert is open already."


@pytest.mark.parametrize(
    "move", [Move.CONTACT, Move.GOING, Move.ASSIGN, Move.HAND_OVER, Move.EMERGENCY, Move.WORSEN]
)
def test_what_helps_the_person_is_always_allowed_on_an_open_alert(move: Move) -> None:
    for alert in (AMBER, RED, PENDANT):
        assert why_not(move, alert) is None
        assert why_not(move, replace(alert, open=False)) == "This alert is closed."
