import pytest

from core.documents import Part
from core.errors import Invalid


def test_what_stands_inside_is_read_with_its_place() -> None:
    part = Part({"inner": {"name": " Ada "}, "list": [{"number": 2}, {"number": "x"}]})
    assert part.part("inner").text("name") == "Ada"
    assert [one.number("number") for one in part.parts("list")] == [2.0, 0.0]
    with pytest.raises(Invalid) as refused:
        part.refuse_faults("This is not right.")
    assert refused.value.fields == {"list.1.number": "Give a number."}


def test_a_field_that_nobody_asks_for_is_a_fault() -> None:
    part = Part({"name": "x", "nmae": "y"})
    part.key("name")
    part.no_more()
    assert part.faults == {"nmae": "There is no such field here."}


def test_yes_is_only_true_and_a_list_is_only_a_list() -> None:
    part = Part({"yes": "true", "list": "abc", "texts": ["a", ""]})
    assert part.yes("yes") is False
    assert part.listed("list") == []
    part.texts("texts")
    assert set(part.faults) == {"yes", "list", "texts.1"}
