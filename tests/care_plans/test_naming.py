"""What a pathway is called to whom."""

from care_plans.pathways import naming
from people.access import SEES_ALL, Extent, RecordClass

LITTLE = {**SEES_ALL, RecordClass.MENTAL_HEALTH: Extent.CATEGORY}


def test_a_pathway_whose_name_gives_something_away_is_named_to_those_who_see_that() -> None:
    assert naming.class_of("dementia") is RecordClass.MENTAL_HEALTH
    assert naming.title("dementia", "Living with dementia", SEES_ALL) == "Living with dementia"
    for sees in (LITTLE, None):
        assert naming.title("dementia", "Living with dementia", sees) == "A pathway about mental health"
        assert naming.title("copd", "COPD at home", sees) == "COPD at home"
    assert naming.title("measles", "As it was called", None) == "As it was called"
