"""Oxygen, of every pathway that watches it: by limits, and against what is usual for one person (H13c)."""

from collections.abc import Iterator

import pytest

from care_plans.judging.rules import Rule
from care_plans.judging.verdicts import Finding, Nothing
from care_plans.pathways import reading
from care_plans.pathways.shape import Pathway, Trigger
from care_plans.severity import Severity
from tests.care_plans.making import DAY, HOUR, track, verdict


def triggers() -> Iterator[tuple[Pathway, Trigger]]:
    for pathway in reading.all_pathways().values():
        for contingency in pathway.contingencies:
            yield from ((pathway, trigger) for trigger in contingency.triggers)


def rule_of(key: str) -> Rule:
    return next(trigger.rule for _, trigger in triggers() if trigger.rule.key == key)


def severity(key: str, *readings: tuple[float, float]) -> Severity | None:
    found = verdict(rule_of(key), track("spo2", *readings))
    return found.severity if isinstance(found, Finding) else None


def daily(*values: float) -> list[tuple[float, float]]:
    """One reading a day before today, yesterday's first."""
    return [(day * DAY, value) for day, value in enumerate(values, 1)]


def test_every_pathway_that_watches_oxygen_watches_it_against_their_own_usual_too() -> None:
    watching = {pathway.code for pathway, one in triggers() if one.rule.key.endswith(".oxygen_low")}
    by_usual = {pathway.code for pathway, one in triggers() if one.rule.key.endswith(".oxygen_below_usual")}
    assert watching == by_usual == {"copd", "heart_failure", "virtual_ward"}
    lent = {each.code for each in reading.all_pathways().values() for kit in each.kit if "spo2" in kit.kinds}
    assert lent == watching


def test_on_copd_a_usual_of_89_is_watched_at_84_and_not_at_88() -> None:
    usual = daily(89, 90, 89, 88, 89, 89, 90)
    for value in (90, 89, 88, 87, 86):
        assert severity("copd.oxygen_below_usual", *usual, (0, value)) is None, value
    assert severity("copd.oxygen_low", *usual, (0, 88)) is None
    for key in ("copd.oxygen_below_usual", "copd.oxygen_low"):
        assert severity(key, *usual, (0, 84)) is Severity.AMBER


@pytest.mark.parametrize(
    ("pathway", "usual", "low", "well"), [("copd", 95, 90, 92), ("heart_failure", 97, 93, 95)]
)
def test_a_fall_from_a_high_usual_is_seen_within_the_limits_and_clears_by_a_fixed_one(
    pathway: str, usual: float, low: float, well: float
) -> None:
    key, before = f"{pathway}.oxygen_below_usual", daily(*[usual] * 7)
    assert severity(f"{pathway}.oxygen_low", *before, (0, low)) is None, "no limit is crossed"
    assert severity(key, *before, (0, low)) is Severity.AMBER
    assert severity(key, *before, (HOUR, low), (0, well - 0.5)) is Severity.AMBER
    cleared = verdict(rule_of(key), track("spo2", *before, (HOUR, low), (0, well)))
    assert cleared == Nothing(cleared=True)


def test_a_new_usual_is_not_raised_again_the_day_after_it_was_dealt_with() -> None:
    for pathway in ("copd", "heart_failure"):
        assert rule_of(f"{pathway}.oxygen_below_usual").again_after == 2 * DAY
