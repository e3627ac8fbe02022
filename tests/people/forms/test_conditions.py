import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Part
from people.forms.conditions import (
    AllOf,
    Answered,
    AnyOf,
    AtLeast,
    Condition,
    Equals,
    Not,
    holds,
    questions_of,
    read_condition,
    to_document,
)

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.one_of(
    st.builds(Answered, KEYS),
    st.builds(Equals, KEYS, st.one_of(st.booleans(), st.sampled_from(["x", "y"]), st.integers(0, 3))),
    st.builds(AtLeast, KEYS, st.integers(0, 3).map(float)),
)
TREES: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
ANSWERS = st.dictionaries(KEYS, st.one_of(st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y"])))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Answered("a"), True),
        (Answered("z"), False),
        (Equals("a", "x"), True),
        (Equals("a", "y"), False),
        (Equals("many", "two"), True),
        (Equals("yes", value=True), True),
        (Equals("yes", 1), False),
        (AtLeast("n", 3), True),
        (AtLeast("n", 4), False),
        (AtLeast("yes", 1), False),
        (AtLeast("z", 0), False),
        (Not(Answered("z")), True),
        (AllOf((Answered("a"), Answered("z"))), False),
        (AnyOf((Answered("a"), Answered("z"))), True),
    ],
)
def test_it_holds_for_what_was_answered(condition: Condition, expected: bool) -> None:
    answers = {"a": "x", "n": 3, "yes": True, "many": ["one", "two"]}
    assert holds(condition, answers) is expected


@given(TREES)
def test_whatever_the_tree_its_document_reads_back_the_same(tree: Condition) -> None:
    part = Part(to_document(tree))
    assert read_condition(part) == tree
    assert part.faults == {}


@given(TREES, ANSWERS, ANSWERS)
def test_it_looks_at_no_other_questions_than_it_says(tree: Condition, answers: dict, others: dict) -> None:
    looked_at = questions_of(tree)
    same = {key: value for key, value in answers.items() if key in looked_at}
    more = {key: value for key, value in others.items() if key not in looked_at} | same
    assert holds(tree, same) == holds(tree, more)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "when"),
        ({"answered": "a", "not": {"answered": "b"}}, "when"),
        ({"all": []}, "when.all"),
        ({"question": "a", "equals": None}, "when.equals"),
        ({"question": "a", "equals": [1]}, "when.equals"),
        ({"question": "a", "at_least": "3"}, "when.at_least"),
        ({"at_least": 3}, "when.question"),
        ({"answered": "a", "else": 1}, "when.else"),
        ({"any": [{"answered": "A b"}]}, "when.any.0.answered"),
    ],
)
def test_each_fault_is_named_at_its_place(document: dict, place: str) -> None:
    part = Part({"when": document})
    if document:
        read_condition(part.part("when"))
    else:
        read_condition(Part({}, "when", part.faults))
    assert place in part.faults
