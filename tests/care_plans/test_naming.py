"""What a pathway is called to whom."""

from care_plans.pathways import naming, reading
from people.access import SEES_ALL, Extent, RecordClass

LITTLE = {**SEES_ALL, RecordClass.MENTAL_HEALTH: Extent.CATEGORY}


def test_a_pathway_whose_name_gives_something_away_is_named_to_those_who_see_that() -> None:
    assert naming.class_of("dementia") is RecordClass.MENTAL_HEALTH
    assert naming.title("dementia", "Living with dementia", SEES_ALL) == "Living with dementia"
    for sees in (LITTLE, None):
        assert naming.title("dementia", "Living with dementia", sees) == "A pathway about mental health"
        assert naming.title("copd", "COPD at home", sees) == "COPD at home"
    assert naming.title("measles", "As it was called", None) == "As it was called"


def test_what_a_pathway_lays_is_keyed_by_its_sort_where_its_name_says_more() -> None:
    assert (naming.prefix("copd"), naming.prefix("dementia")) == ("copd", "mental_health")
    follows = ("copd", "dementia")
    assert naming.code_of("mental_health.eat_and_drink", follows) == "dementia"
    assert naming.code_of("dementia.eat_and_drink", follows) == "dementia"
    assert naming.code_of("copd.breathe", follows) == "copd"
    assert naming.code_of("own.garden", follows) == "own"


def test_no_two_pathways_share_what_their_keys_begin_with() -> None:
    codes = list(reading.all_pathways())
    assert len({naming.prefix(code) for code in codes}) == len(codes)


def test_why_a_team_joins_names_no_more_than_anybody_may_know() -> None:
    assert naming.why_joined("copd", "COPD at home") == "COPD at home pathway"
    assert naming.why_joined("dementia", "Dementia at home") == "A pathway about mental health"
