"""Where things stand in a message, and when a value is the one that was meant."""

import pytest

from devices.formats.mapping import UNSAID, Condition, Path, same

BODY = {"a": {"b": [10, {"c": None}]}, "0": "zero"}


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (("a", "b", 0), 10),
        (("a", "b", 1, "c"), None),
        (("0",), "zero"),
        (("a", "x"), UNSAID),
        (("a", 0), UNSAID),
        (("a", "b", 2), UNSAID),
        (("a", "b", "0"), UNSAID),
    ],
)
def test_a_path_finds_what_stands_there(steps: tuple[str | int, ...], found: object) -> None:
    assert Path(steps).find(BODY, None, []) == found


def test_a_path_may_lead_into_the_item_or_the_topic() -> None:
    assert Path(("v",), "item").find(BODY, {"v": 3}, []) == 3
    assert Path((), "item").find(BODY, 7, []) == 7
    assert Path((1,), "topic").find(BODY, None, ["box7", "vitals"]) == "vitals"


@pytest.mark.parametrize(
    ("found", "wanted", "is_same"),
    [
        ("Online", "online", True),
        (" on ", "ON", True),
        (1, 1, True),
        ("1", 1, True),
        (1.0, 1, False),
        (True, True, True),
        (True, 1, False),
        ("on", True, True),
        ("no", False, True),
        ("odd", True, False),
        (None, None, True),
        (None, "", False),
        ([1], [1], False),
        ({}, "x", False),
    ],
)
def test_values_are_the_same_whatever_their_case_and_form(
    found: object, wanted: object, is_same: bool
) -> None:
    assert same(found, wanted) is is_same


def test_a_condition_holds_of_one_of_several_or_of_being_there() -> None:
    path = Path(("a",))

    assert Condition(path, ("x", "y")).holds("Y")
    assert Condition(path, ("x",), turned=True).holds("z")
    assert Condition(path, None).holds(0)
    assert not Condition(path, None).holds(None)
    assert not Condition(path, None).holds(UNSAID)
