"""What is understood of answers, typed in or already made."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from people.forms import reading
from people.forms.answering import asked, read
from people.forms.conditions import holds
from tests.people.forms.making import ABOUT, SLEEP, WORRIED, form

MANY = {
    "key": "many",
    "kind": "choices",
    "text": "Which?",
    "options": [{"key": "one", "text": "One"}, {"key": "two", "text": "Two"}],
}
NUMBER = {"key": "number", "kind": "number", "text": "How many?", "unit": "puffs", "lowest": 0, "highest": 20}
DATE = {"key": "date", "kind": "date", "text": "When?"}
TEXT = {"key": "text", "kind": "text", "text": "Tell us."}
SCALE = {
    "key": "scale", "kind": "scale", "text": "How much?", "lowest": 0, "highest": 10,
    "lowest_words": "none", "highest_words": "all",
}  # fmt: skip
FORM = form([SLEEP, {**WORRIED, "needed": False}, MANY, NUMBER, DATE, TEXT, SCALE])


@pytest.mark.parametrize(
    ("key", "given_", "stored"),
    [
        ("sleep", "bad", "bad"),
        ("sleep", " bad ", "bad"),
        ("worried", "yes", True),
        ("worried", False, False),
        ("many", ["two", "one", "two"], ["one", "two"]),
        ("many", "two", ["two"]),
        ("number", "7", 7),
        ("number", "7,5", 7.5),
        ("number", 0, 0),
        ("date", "2026-11-22", "2026-11-22"),
        ("text", "A\r\nB ", "A\nB"),
        ("scale", "10", 10),
        ("scale", 3.0, 3),
    ],
)
def test_an_answer_is_understood(key: str, given_: object, stored: object) -> None:
    found = read(FORM, {key: given_}, complete=True)
    assert (found.answers, found.faults) == ({key: stored}, {})


@pytest.mark.parametrize("nothing", [None, "", "  ", []])
def test_nothing_is_no_answer_and_never_a_zero(nothing: object) -> None:
    found = read(FORM, dict.fromkeys((each.key for each in FORM.questions), nothing), complete=True)
    assert (found.answers, found.faults) == ({}, {})


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("sleep", "dreadful"),
        ("sleep", ["bad"]),
        ("worried", "perhaps"),
        ("worried", 2),
        ("many", ["one", "three"]),
        ("many", [{"one": 1}]),
        ("number", "seven"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", True),
        ("number", 21),
        ("number", -1),
        ("number", [1]),
        ("number", "1" * 400),
        ("date", "yesterday"),
        ("date", "2026-02-30"),
        ("text", 7),
        ("text", "a\x07b"),
        ("text", "x" * 5000),
        ("scale", "5.5"),
        ("scale", 11),
        ("nobody", "x"),
    ],
)
def test_what_can_not_be_an_answer_is_said_at_its_question(key: str, wrong: object) -> None:
    for complete in (True, False):
        found = read(FORM, {key: wrong}, complete=complete)
        assert list(found.faults) == [key]
        assert key not in found.answers


def test_what_is_needed_is_asked_for_only_when_the_form_is_completed() -> None:
    needed = form([SLEEP, WORRIED, {**ABOUT, "needed": True}])
    assert read(needed, {"sleep": "bad"}, complete=False).faults == {}
    assert set(read(needed, {"sleep": "bad"}, complete=True).faults) == {"worried"}
    assert set(read(needed, {"worried": "yes"}, complete=True).faults) == {"about"}
    assert read(needed, {"worried": "no"}, complete=True).faults == {}


def test_an_answer_under_a_question_that_is_not_asked_is_kept_in_a_draft_and_counts_for_nothing() -> None:
    small = form([SLEEP, WORRIED, ABOUT])
    given_ = {"worried": "no", "about": "The stairs"}
    assert read(small, given_, complete=False).answers == {"worried": False, "about": "The stairs"}
    assert read(small, given_, complete=True).answers == {"worried": False}


def test_a_question_behind_a_skipped_one_is_skipped_too() -> None:
    deeper = {**ABOUT, "key": "deeper", "ask_if": {"answered": "about"}}
    small = form([WORRIED, ABOUT, deeper])
    answers = {"worried": False, "about": "The stairs"}
    assert [each.key for each in asked(small, answers)] == ["worried"]


FORMS = st.sampled_from(list(reading.in_use().values()))
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("yes"),
    st.lists(st.text(max_size=5), max_size=3), st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)  # fmt: skip


@settings(deadline=None)
@given(FORMS, st.data())
def test_whatever_is_given_to_a_form_what_is_stored_was_asked_and_reads_the_same_again(
    of: Any, data: st.DataObject
) -> None:
    keys = [each.key for each in of.questions]
    given_ = data.draw(st.dictionaries(st.sampled_from([*keys, "nobody"]), ANYTHING, max_size=6))
    found = read(of, given_, complete=True)
    put = asked(of, found.answers)
    assert found.answers.keys() <= {each.key for each in put}
    assert not found.answers.keys() & found.faults.keys()
    assert read(of, found.answers, complete=False).answers == found.answers
    for each in put:
        assert each.ask_if is None or holds(each.ask_if, found.answers)
