"""Each fault in the terms of a pathway at its place."""

from typing import Any

import pytest
import yaml

from care_plans.pathways import reading
from core.errors import Invalid
from tests.care_plans.test_reading import SMALL

CLOCK = {"key": "c", "name": "Visit", "starts": "the alert", "sector": "health", "role": "community_nursing",
         "source": "A book"}  # fmt: skip
STAFFING = {
    "sector": "health",
    "role": "community_nursing",
    "hours": 1,
    "price": "nurse_band_5",
    "what": "Calls",
}


def faults(more: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        reading.from_document(yaml.safe_load(SMALL) | more)
    return refused.value.fields


def test_terms_are_read() -> None:
    pathway = reading.from_yaml(
        SMALL.replace("quiet.noise", "mental_health.noise")
        + """
accountable: Lead nurse
for_whom: Those who want quiet.
not_for: Those who like noise.
record_class: mental_health
in_force: {from: 2026-01-01, until: 2026-12-31}
clocks:
  - {key: visit, name: Visit, starts: the alert, within: 2 h, sector: health, role: community_nursing,
     source: A book}
staffing:
  - {sector: health, role: community_nursing, hours: 0.5, price: nurse_band_5, what: Calls}
advice:
  - {topic: noise, stance: avoid, words: Shut the window.}
"""
    )
    assert (pathway.accountable, pathway.record_class) == ("Lead nurse", "mental_health")
    assert pathway.in_force.until is not None
    assert pathway.clocks[0].within == 7200
    assert pathway.staffing[0].hours == 0.5
    assert pathway.advice[0].stance == "avoid"


def test_an_end_before_the_beginning_and_a_day_in_other_words_are_refused() -> None:
    assert set(faults({"in_force": {"from": "soon", "till": 1}})) == {"in_force.from", "in_force.till"}
    days = yaml.safe_load("{from: 2026-02-01, until: 2026-01-01}")
    assert set(faults({"in_force": days})) == {"in_force.until"}


def test_a_clock_says_a_time_or_working_days_and_not_both() -> None:
    assert set(faults({"clocks": [CLOCK]})) == {"clocks.0"}
    assert set(faults({"clocks": [CLOCK | {"within": "2 h", "working_days": 3}]})) == {"clocks.0"}
    assert set(faults({"clocks": [CLOCK | {"working_days": 3}] * 2})) == {"clocks"}


def test_hours_above_a_week_and_a_price_nobody_knows_are_refused() -> None:
    assert set(faults({"staffing": [STAFFING | {"hours": 169}]})) == {"staffing.0.hours"}
    assert set(faults({"staffing": [STAFFING | {"hours": 0}]})) == {"staffing.0.hours"}
    assert set(faults({"staffing": [STAFFING | {"price": "gold"}]})) == {"staffing.0.price"}


def test_advice_takes_one_stance_on_a_topic() -> None:
    said = {"topic": "noise", "stance": "avoid", "words": "Shut the window."}
    assert set(faults({"advice": [said, said | {"stance": "seek"}]})) == {"advice"}


def test_kit_that_watches_and_does_not_say_so_is_refused() -> None:
    kit = {"key": "k", "name": "Sensor", "about": "home", "kinds": ["motion"], "goal": "sleep"}
    assert set(faults({"kit": [kit]})) == {"kit.0.watches"}


def test_a_class_of_record_that_is_none_is_refused() -> None:
    assert set(faults({"record_class": "secret"})) == {"record_class"}
