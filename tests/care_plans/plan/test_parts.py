"""The sorts of parts of a plan."""

from care_plans.models.goals import Strength
from care_plans.plan.parts import FIELDS, SORTS, Part, children, title_of


def test_every_sort_is_described_and_hangs_on_one_that_is_there() -> None:
    assert set(SORTS) == set(FIELDS) == set(Part)
    for part, sort in SORTS.items():
        assert hasattr(sort.model, "key"), part
        assert hasattr(sort.model, "position") is sort.ordered, part
        assert sort.parent is None or hasattr(sort.model, sort.parent_field), part
    assert children(Part.GOALS) == (Part.ACTIONS,)
    assert children(Part.STRENGTHS) == ()


def test_a_part_is_called_by_what_it_says() -> None:
    assert title_of(Part.STRENGTHS, Strength(text="Cooks")) == "Cooks"
