"""What pathways lend, and homes on one pathway."""

from datetime import timedelta

import pytest

from devices.simulator.homes import history
from devices.simulator.lent import TRIGGERS, for_person, home_on
from tests.devices.simulator.made import NOW

DAY = timedelta(days=1)


@pytest.mark.parametrize("pathway", sorted(TRIGGERS))
def test_what_a_pathway_is_there_to_notice_is_measured_by_the_kit_it_lends(pathway: str) -> None:
    home = home_on(pathway, "t001", NOW - 5 * DAY)
    (truth, *_) = home.scenario.truths
    measured = {taken.kind for taken in history(home, NOW - 6 * DAY, NOW)}
    assert measured & set(truth.kinds)


def test_two_pathways_share_what_both_ask_for() -> None:
    suffixes = [spec.key_suffix for spec in for_person(["copd", "heart_failure", "virtual_ward"])]
    assert len(suffixes) == len(set(suffixes))
    assert for_person(["warm_dry_home"]) == []
    assert for_person(["end_of_life", "carer"])[-1].kinds == ("pain", "breathlessness", "caring_load")
