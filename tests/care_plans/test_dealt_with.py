"""What was dealt with as something lesser settles nothing worse."""

from datetime import timedelta

from care_plans.judging.rules import Finding, Judged, Nothing, Severity, judge
from tests.care_plans.making import DAY, HOUR, MINUTE, NOW, ago, oxygen, rule, track, verdict


def found(said: object) -> Finding:
    assert isinstance(said, Finding), said
    return said


def test_what_was_dealt_with_as_an_amber_still_counts_for_a_red_beside_what_is_new() -> None:
    low = track("spo2", (5 * MINUTE, 84), (MINUTE, 84))
    as_amber = {Severity.WATCH: ago(2 * MINUTE), Severity.AMBER: ago(2 * MINUTE)}
    assert (
        found(verdict(oxygen(), low, settled=ago(2 * MINUTE), dealt_with=as_amber)).severity is Severity.RED
    )
    as_red = {**as_amber, Severity.RED: ago(2 * MINUTE)}
    assert (
        found(verdict(oxygen(), low, settled=ago(2 * MINUTE), dealt_with=as_red)).severity is Severity.AMBER
    )


def test_nothing_is_found_of_what_was_dealt_with_as_an_amber_alone() -> None:
    low = track("spo2", (5 * MINUTE, 84), (3 * MINUTE, 84))
    as_amber = {Severity.AMBER: ago(2 * MINUTE)}
    assert isinstance(verdict(oxygen(), low, settled=ago(2 * MINUTE), dealt_with=as_amber), Nothing)


def test_a_silence_that_was_dealt_with_as_an_amber_gets_red_when_it_would_have() -> None:
    silent = rule(
        ("red", {"kind": "medication_taken", "missing_for": "50 h", "at_or_above": 1}),
        ("amber", {"kind": "medication_taken", "missing_for": "26 h", "at_or_above": 1}),
    )
    as_amber = {Severity.AMBER: ago(22 * HOUR)}

    def judged(hours: int) -> Judged:
        last = track("medication_taken", (hours * HOUR, 1))
        tracks = {"medication_taken": last}
        return judge(silent, tracks, NOW, since=ago(9 * DAY), settled=ago(22 * HOUR), dealt_with=as_amber)

    assert isinstance(judged(48).verdict, Nothing)
    assert judged(48).judge_at == NOW + timedelta(hours=2)
    assert found(judged(51).verdict).severity is Severity.RED
