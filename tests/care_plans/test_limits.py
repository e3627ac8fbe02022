import pytest

from care_plans.judging.conditions import Any, Threshold
from care_plans.pathways import reading
from care_plans.pathways.limits import has_place, limit_of, with_limit
from care_plans.pathways.shape import Personal, Trigger
from core.errors import Invalid


@pytest.fixture
def oxygen() -> Trigger:
    contingency = next(one for one in reading.get("copd").contingencies if one.key == "oxygen_low")
    return contingency.triggers[0]


def test_a_personal_limit_stands_at_what_the_rule_says(oxygen: Trigger) -> None:
    assert limit_of(oxygen.document, oxygen.personal[0]) == 88


def test_a_personal_limit_moves_with_all_that_hangs_on_it(oxygen: Trigger) -> None:
    rule, document = with_limit(oxygen.document, oxygen.personal[0], 86)
    assert rule.steps[1].when == Threshold("spo2", below=86)
    red = rule.steps[0].when
    assert isinstance(red, Any)
    assert [part.limit for part in red.of if isinstance(part, Threshold)] == [83, 78]
    assert rule.clear == Threshold("spo2", at_or_above=87)
    assert limit_of(document, oxygen.personal[0]) == 86


def test_the_document_it_came_from_is_left_alone(oxygen: Trigger) -> None:
    with_limit(oxygen.document, oxygen.personal[0], 86)
    assert limit_of(oxygen.document, oxygen.personal[0]) == 88


@pytest.mark.parametrize("unsafe", [81.9, 94.1, -1])
def test_a_limit_outside_its_safe_bounds_is_refused(oxygen: Trigger, unsafe: float) -> None:
    with pytest.raises(Invalid) as refused:
        with_limit(oxygen.document, oxygen.personal[0], unsafe)
    assert refused.value.fields == {"oxygen": "Amber when oxygen is below: choose from 82 to 94 %."}


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("steps.1.when.below", True),
        ("steps.9.when.below", False),
        ("steps.x.when.below", False),
        ("name", False),
        ("name.below", False),
        ("steps.1.when.above", False),
    ],
)
def test_a_place_is_there_when_it_holds_a_number(oxygen: Trigger, place: str, *, there: bool) -> None:
    assert has_place(oxygen.document, place) is there


def test_every_personal_limit_can_go_to_both_of_its_bounds() -> None:
    for pathway in reading.all_pathways().values():
        for trigger in (one for each in pathway.contingencies for one in each.triggers):
            for personal in trigger.personal:
                assert_bounds(trigger, personal)


def assert_bounds(trigger: Trigger, personal: Personal) -> None:
    for limit in (personal.lowest, personal.highest):
        rule, document = with_limit(trigger.document, personal, limit)
        assert limit_of(document, personal) == limit
        assert rule.key == trigger.rule.key
