"""Judging of no more than is looked back to says nothing that all of it would not have said."""

from datetime import timedelta

from care_plans.judging.rules import Finding, Nothing, Rule, Track, Unknown, Verdict, judge, needed
from devices.measurement import Flags
from tests.care_plans.making import HOUR, NOW, ago, rule, track, verdict


def as_given(by: Rule, *tracks: Track) -> Verdict:
    """What the rule says of what it is given live: no more than it asks for."""
    back = {kind: NOW.timestamp() - span for kind, span in needed(by).items()}
    return verdict(by, *(one.between(back[one.kind], NOW.timestamp()) for one in tracks))


def test_a_mean_is_never_taken_from_a_part_of_its_readings() -> None:
    mean = rule(("amber", {"kind": "spo2", "below": 89, "mean_over": "1 day", "readings": 4}))
    values = track("spo2", *((hours * HOUR, value) for hours, value in
                             [(49, 90), (47.9, 80), (47.5, 81), (47.3, 97), (47, 97)]))  # fmt: skip
    assert as_given(mean, values) == Nothing(cleared=True)
    older = track("spo2", *((hours * HOUR, 80) for hours in (51, 50, 49, 48)))
    assert isinstance(as_given(mean, older), Unknown)


def test_a_change_is_not_cleared_by_what_is_no_longer_looked_back_to() -> None:
    gained = rule(("amber", {"kind": "weight", "rises_by": 2, "over": "3 days"}))
    assert isinstance(as_given(gained, track("weight", (101 * HOUR, 80), (30 * HOUR, 83))), Finding)
    assert isinstance(as_given(gained, track("weight", (120 * HOUR, 80), (49 * HOUR, 83))), Unknown)


def test_what_another_kind_helped_to_clear_is_not_found_again_when_that_turns_old() -> None:
    either = rule(("red", {"any": [{"kind": "spo2", "below": 85}, {"kind": "pulse", "above": 120}]}))
    spo2, pulse = track("spo2", (23 * HOUR, 80), (22 * HOUR, 95)), track("pulse", (48.5 * HOUR, 70))
    assert not isinstance(as_given(either, spo2, pulse), Finding)


def test_what_is_no_breach_clears_although_a_change_is_asked_of_every_reading() -> None:
    fell = rule(("amber", {"kind": "spo2", "falls_by": 4, "over": "1 day"}))
    rows = [(26, 90, 0), (20, 85, 0), (1.9, 85, 0), (1, 85, int(Flags.REPLAYED))]
    values = Track(
        "spo2",
        [NOW.timestamp() - hours * HOUR for hours, _, _ in rows],
        [value for _, value, _ in rows],
        [flag for _, _, flag in rows],
    )
    assert isinstance(as_given(fell, values.between(0, NOW.timestamp() - 2 * HOUR)), Finding)
    assert as_given(fell, values) == Nothing(cleared=True)


def test_judging_is_due_again_when_what_is_only_doubtful_may_stand_otherwise() -> None:
    both = rule(("amber", {"all": [{"kind": "spo2", "below": 90}, {"kind": "pulse", "missing_for": "10 h"}]}))
    again = int(Flags.REPLAYED)
    tracks = {
        "spo2": track("spo2", (HOUR, 85), flags=again),
        "pulse": track("pulse", (4 * HOUR, 70), flags=again),
    }
    assert judge(both, tracks, NOW, since=ago(12 * HOUR)).judge_at == NOW + timedelta(hours=6)
