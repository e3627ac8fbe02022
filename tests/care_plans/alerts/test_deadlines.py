"""What an open alert waits for."""

from datetime import UTC, datetime, timedelta

import pytest

from care_plans.alerts import deadlines
from care_plans.alerts.deadlines import Hold
from care_plans.alerts.ladder import Ladder, LadderStep, Way, to_document
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
LADDER = Ladder("one", "One", (LadderStep(1, "Nurses", Way.MESSAGE, 300, team=1),))


def alert(severity: Severity = Severity.AMBER, class_: Class = Class.CLINICAL, **more: datetime) -> Alert:
    return Alert(severity=severity, class_=class_, ladder=to_document(LADDER), step=1, step_at=NOW, **more)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("row", "hold", "deadline"),
    [
        (alert(), None, 5),
        (alert(seen_until=after(30)), Hold.SEEN, 30),
        (alert(shelved_until=after(40)), Hold.SHELVED, 40),
        (alert(cleared_at=NOW), Hold.CLEARED, 240),
        (alert(contact_at=NOW), Hold.DECIDE, 60),
        (alert(emergency_at=NOW), Hold.DECIDE, 60),
        (alert(handed_until=after(3)), None, 3),
        (alert(going_until=after(20)), None, 20),
        (alert(contact_at=NOW, handed_until=after(15)), Hold.DECIDE, 15),
        (alert(Severity.RED, seen_until=after(30)), None, 5),
        (alert(Severity.RED, seen_until=after(2)), None, 2),
        (alert(Severity.RED, cleared_at=NOW), None, 5),
        (alert(Severity.RED, contact_at=NOW), Hold.DECIDE, 60),
        (alert(Severity.WATCH, Class.LIFE_SAFETY, seen_until=after(30)), None, 5),
    ],
)
def test_the_first_thing_that_happens_by_itself_is_the_deadline(
    row: Alert, hold: Hold | None, deadline: int
) -> None:
    deadlines.set_deadline(row, NOW)
    assert deadlines.held(row) is hold
    assert row.escalate_after == after(deadline)


def test_a_closed_alert_waits_for_nothing() -> None:
    row = alert(closed_at=NOW, escalate_after=after(5))
    deadlines.set_deadline(row, NOW)
    assert row.escalate_after is None


@pytest.mark.parametrize(
    ("held_by", "waits"),
    [
        ({"contact_at": NOW}, [1, 1, 2, 4, 8, 8, 8]),
        ({"contact_at": NOW, "emergency_at": NOW + timedelta(hours=1)}, [1, 1, 1, 2, 4, 8, 8]),
        ({"cleared_at": NOW}, [4, 4, 8, 8]),
    ],
)
def test_reminders_come_less_and_less_often_and_once_a_shift_at_least(
    held_by: dict[str, datetime], waits: list[int]
) -> None:
    row = alert(**held_by)
    hold = deadlines.held(row)
    assert hold is not None
    found = []
    for _ in waits:
        at = deadlines.reminder_at(row, hold)
        found.append(round((at - row.step_at).total_seconds() / 3600))
        row.step_at = at
    assert found == waits
