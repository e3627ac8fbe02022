"""What becomes of each finding of the past under another rule."""

from datetime import UTC, datetime, timedelta

from care_plans.judging.replay import Episode
from care_plans.judging.verdicts import Finding
from care_plans.severity import Severity
from care_plans.trying.comparing import Change, compare

START = datetime(2026, 9, 1, tzinfo=UTC)


def episode(began: float, until: float | None, severity: Severity = Severity.AMBER) -> Episode:
    """From so many hours after the start to so many."""
    at = START + timedelta(hours=began)
    found = Finding(severity, "Oxygen 87 %", at, "spo2", 87.0, "%", (), at)
    ended = None if until is None else START + timedelta(hours=until)
    return Episode(at, severity, at, ended, found)


def changes(before: list[Episode], after: list[Episode]) -> list[Change]:
    return [pair.change for pair in compare(before, after)]


def test_what_overlaps_is_one_finding_and_the_rest_is_missed_or_added() -> None:
    before = [episode(1, 5), episode(10, 12), episode(30, None)]
    after = [episode(1, 3), episode(20, 21), episode(31, None)]
    assert changes(before, after) == [Change.SAME, Change.MISSED, Change.ADDED, Change.MOVED]


def test_another_severity_or_another_time_is_a_move() -> None:
    assert changes([episode(1, 5)], [episode(1, 5, Severity.RED)]) == [Change.MOVED]
    assert changes([episode(1, 5)], [episode(2, 5)]) == [Change.MOVED]
    assert changes([episode(1, 5)], [episode(1, 9)]) == [Change.SAME]


def test_what_falls_apart_is_the_first_and_others_besides() -> None:
    pairs = compare([episode(1, 9)], [episode(1, 3), episode(4, 6)])
    assert [pair.change for pair in pairs] == [Change.SAME, Change.ADDED]
    assert [pair.change for pair in compare([episode(1, 3), episode(4, 6)], [episode(1, 9)])] == [
        Change.SAME,
        Change.MISSED,
    ]
    assert pairs[1].began == START + timedelta(hours=4)


def test_nothing_beside_nothing_is_nothing() -> None:
    assert changes([], []) == []
