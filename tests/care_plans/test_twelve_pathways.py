"""Each pathway from the enrolment to the closed follow-up, on what the simulator's kit says of itself."""

import sys
from datetime import timedelta

import pytest

from care_plans.pathways import reading
from care_plans.severity import Severity
from core.db import Db
from devices.simulator.lent import TRIGGERS
from tests.care_plans.seen_through import Seen, see_through

EXPECTED = {
    "copd": ("copd.oxygen_low", "visit"),
    "heart_failure": ("heart_failure.weight_up", "call"),
    "hypertension": ("hypertension.very_high", "call"),
    "diabetes": ("diabetes.low", "call"),
    "frailty_falls": ("frailty_falls.fall", "visit"),
    "discharge_home": ("discharge_home.fever", "visit"),
    "virtual_ward": ("virtual_ward.breathing_fast", "visit"),
    "dementia": ("mental_health.gone_out", "call"),
    "warm_dry_home": ("warm_dry_home.cold", "visit"),
    "medication": ("medication.missed", "call"),
    "carer": ("carer.too_much", "call"),
    "end_of_life": ("end_of_life.pain", "visit"),
}


def test_no_pathway_is_left_out() -> None:
    assert set(EXPECTED) == set(TRIGGERS) == set(reading.all_pathways())


@pytest.mark.parametrize("pathway", sorted(EXPECTED))
def test_a_pathway_is_applied_published_triggered_and_seen_through_to_a_closed_follow_up(
    real_db: Db, pathway: str
) -> None:
    rule_key, kind = EXPECTED[pathway]
    seen = see_through(real_db, pathway, rule_key)
    sys.stdout.write(f"{seen.row}\n")
    contingency = next(
        one
        for one in reading.get(pathway).contingencies
        if rule_key in {trigger.rule.key for trigger in one.triggers}
    )
    assert seen == Seen(
        pathway=pathway,
        rule_key=rule_key,
        words=seen.words,
        severity=seen.severity,
        what_should_happen=contingency.what_should_happen,
        follow_up=kind,
        team=seen.team,
        late=timedelta(0),
        closed=True,
    )
    assert contingency.follow_up is not None
    assert seen.severity.rank >= contingency.follow_up.from_severity.rank >= Severity.WATCH.rank
