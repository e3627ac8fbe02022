"""Parts of a plan in a few words."""

from care_plans.models.goals import GoalStatus
from care_plans.plan import phrases

DAILY = {"times": ["10:30"], "every_days": 1, "bank_holidays": "keep", "zone": "Europe/London"}


def test_measures_recurrences_and_choices_are_said_in_plain_words() -> None:
    document = {
        "kind": "spo2",
        "counts": "days_met",
        "sense": "at_least",
        "target": 88,
        "days": 30,
        "enough": 25,
    }
    assert phrases.measure(document) == "Oxygen at least 88 % on 25 of 30 days"
    assert phrases.measure({**document, "counts": "days_without_event"}) == "Oxygen: none on 25 of 30 days"
    assert phrases.how_often({"every": 7200}) == "every 2 h"
    assert phrases.how_often({"by": DAILY}) == phrases.recurs(DAILY) == "every day at 10:30"
    assert phrases.recurs({**DAILY, "every_days": 28, "starts": "2026-11-22"}) == "every 28 days at 10:30"
    assert phrases.recurs({**DAILY, "weekdays": ["monday", "friday"]}) == "Mondays and Fridays at 10:30"
    assert phrases.plain(GoalStatus.NOT_PROGRESSING) == "not progressing"
