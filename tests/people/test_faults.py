"""Fields are read all together, and every fault is told at once."""

from datetime import date
from typing import Any

import pytest

from core.errors import Invalid
from people.faults import LINES, NEEDED, Reader, as_given, day, number, one_of, read_fields, words, yes_no
from people.models.people import Sex

READERS: dict[str, Reader] = {"name": words(20), "born": day, "sex": one_of(Sex), "dog": yes_no}


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_fields({"name": "x" * 21, "born": "1948-13-01", "dog": "maybe"}, READERS, required=("sex",))
    assert set(refused.value.fields) == {"name", "born", "dog", "sex"}
    assert refused.value.fields["sex"] == NEEDED


def test_what_is_typed_and_what_is_made_already_are_read_alike() -> None:
    typed = read_fields({"name": " Ada ", "born": "1948-05-04", "sex": "female", "dog": "yes"}, READERS)
    made = read_fields({"name": "Ada", "born": date(1948, 5, 4), "sex": Sex.FEMALE, "dog": True}, READERS)
    assert typed == made == {"name": "Ada", "born": date(1948, 5, 4), "sex": Sex.FEMALE, "dog": True}


def test_nothing_is_kept_as_nothing_or_as_what_stands_for_it() -> None:
    found = read_fields({"name": "  ", "dog": None}, READERS, empty={"dog": False})
    assert found == {"name": None, "dog": False}


def test_a_change_reads_only_what_is_given() -> None:
    assert read_fields({"dog": False}, READERS, required=("name",), adding=False) == {"dog": False}


def test_a_change_may_not_empty_what_is_needed() -> None:
    with pytest.raises(Invalid) as refused:
        read_fields({"name": ""}, READERS, required=("name",), adding=False)
    assert refused.value.fields == {"name": NEEDED}


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\ud800b", "a\x1bb", "a\x85b", "a\u2028b", "a\u202eb"])
def test_a_line_holds_no_control_characters(text: str) -> None:
    with pytest.raises(Invalid):
        words()(text)


@pytest.mark.parametrize(
    "text",
    [
        "رضا\u200cزاده",
        "ක්\u200dරිස්ටීන්",
        "Anne\u00a0Marie",
        "Flat\u202f3",
        "co\u00adordinator",
        "\U0001f468\u200d\U0001f467",
        "\U0001fae8",
    ],
)
def test_every_name_can_be_written_as_it_is_spelt_and_text_as_it_is_pasted(text: str) -> None:
    assert words()(text) == text


def test_several_lines_keep_their_breaks() -> None:
    assert words(LINES)("one\r\ntwo\tthree") == "one\ntwo\tthree"


@pytest.mark.parametrize("value", [-1, 61, "x", None, "1.5"])
def test_a_number_stays_within_its_limits(value: Any) -> None:
    with pytest.raises(Invalid):
        number(0, 60)(value)


def test_a_number_may_be_typed() -> None:
    assert number(0, 60)("60") == 60


def test_what_is_given_goes_through_as_it_is() -> None:
    thing = object()
    assert as_given(thing) is thing
