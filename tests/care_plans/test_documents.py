from datetime import time
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.documents import Part, duration_text, seconds_of
from core.errors import Invalid


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("10 min", 600),
        ("5h", 18000),
        ("1 day", 86400),
        ("3 days", 259200),
        ("", None),
        ("5 hours", None),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@given(st.integers(0, 10**9))
def test_a_duration_is_written_so_that_it_reads_the_same(seconds: int) -> None:
    assert seconds_of(duration_text(seconds)) == seconds


def test_a_duration_is_written_in_the_largest_unit_that_fits() -> None:
    assert [duration_text(n) for n in (0, 90, 600, 7200, 86400, 172800)] == [
        "0 s", "90 s", "10 min", "2 h", "1 day", "2 days",
    ]  # fmt: skip


def test_every_reader_gives_what_is_written() -> None:
    part = Part(
        {
            "text": " Oxygen low ",
            "key": "copd.oxygen",
            "number": 88,
            "whole": 3,
            "yes": True,
            "duration": "10 min",
            "seconds": 600,
            "at": "07:30",
            "times": ["07:30", "19:00"],
            "colour": "blue",
            "texts": ["a", "b"],
            "inner": {"number": 1.5},
            "list": [{"number": 2}],
        }
    )
    assert (part.text("text"), part.key("key"), part.number("number")) == ("Oxygen low", "copd.oxygen", 88.0)
    assert (part.whole("whole", 1, 5), part.yes("yes")) == (3, True)
    assert part.duration("duration") == part.duration("seconds") == 600
    assert (part.clock("at"), part.clocks("times")) == (time(7, 30), (time(7, 30), time(19)))
    assert (part.choice("colour", Colour), part.texts("texts")) == (Colour.BLUE, ("a", "b"))
    assert part.part("inner").number("number") == 1.5
    assert [one.number("number") for one in part.parts("list")] == [2.0]
    part.no_more()
    part.refuse_faults("Never raised.")


def test_what_may_be_left_out_has_a_default_or_is_none() -> None:
    part = Part({})
    assert (part.maybe_text("a"), part.maybe_key("b"), part.maybe_number("c"), part.maybe_duration("d")) == (
        None, None, None, None,
    )  # fmt: skip
    assert (part.yes("e"), part.whole("f", 1, 5, default=2), part.parts("g", least=0)) == (False, 2, [])
    assert part.choice("h", Colour, default=Colour.GREEN) is Colour.GREEN
    assert part.faults == {}


def test_every_fault_of_one_reading_is_raised_together_at_its_dotted_place() -> None:
    part = Part({"name": "", "list": [{"number": "x"}, 5], "inner": [], "more": 1})
    part.text("name")
    part.key("key")
    for one in part.parts("list"):
        one.number("number")
    part.part("inner").text("text")
    part.clock("at")
    part.no_more()
    with pytest.raises(Invalid) as refused:
        part.refuse_faults("This is not right.")
    assert refused.value.fields == {
        "name": "Write a text here.",
        "key": "This is missing.",
        "list.0.number": "Give a number.",
        "list.1": "Give named fields here.",
        "list.1.number": "This is missing.",
        "inner.text": "This is missing.",
        "at": "This is missing.",
        "more": "There is no such field here.",
    }


@pytest.mark.parametrize("wrong", [450, "7:30", "24:00", "07:60", None])
def test_a_time_of_day_must_be_written_with_two_digits_each(wrong: object) -> None:
    part = Part({"at": wrong})
    part.clock("at")
    assert "at" in part.faults


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "soon", "0 s"])
def test_a_duration_must_be_more_than_nothing(wrong: object) -> None:
    part = Part({"for": wrong})
    part.duration("for")
    assert "for" in part.faults
