"""What answers add up to, and that nothing is made up for one that is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.forms import reading
from people.forms.scoring import prompts, score
from people.forms.shape import Form, QuestionKind
from tests.people.forms.making import SCORE, SLEEP, WORRIED, form

ONS4 = reading.get("ons4")
CARER = reading.get("carer_check")
SCORED = [each for each in reading.in_use().values() if each.scores]


def best(of: Form, pick: type) -> dict:
    """Every scored question answered with what counts most (max) or least (min)."""
    found = {}
    for question in of.questions:
        if question.kind is QuestionKind.CHOICE:
            found[question.key] = pick(question.options, key=lambda option: option.score or 0).key
        elif question.kind is QuestionKind.SCALE:
            found[question.key] = pick((question.lowest, question.highest))
    return found


@pytest.mark.parametrize(
    ("value", "satisfied", "anxious"),
    [(0, "Low", "Very low"), (1, "Low", "Very low"), (2, "Low", "Low"), (3, "Low", "Low"),
     (4, "Low", "Medium"), (5, "Medium", "Medium"), (6, "Medium", "High"), (7, "High", "High"),
     (8, "High", "High"), (9, "Very high", "High"), (10, "Very high", "High")],
)  # fmt: skip
def test_the_ons_bands_hold_and_anxiety_is_the_other_way_round(
    value: int, satisfied: str, anxious: str
) -> None:
    found = {each.key: each for each in score(ONS4, {"satisfaction": value, "anxiety": value})}
    assert (found["satisfaction"].band, found["anxiety"].band) == (satisfied, anxious)
    assert (found["satisfaction"].better, found["anxiety"].better) == ("higher", "lower")


def test_the_four_are_never_added_up_and_one_that_is_missing_has_no_value() -> None:
    found = score(ONS4, {"satisfaction": 7, "worthwhile": 8, "anxiety": 0})
    assert [each.value for each in found] == [7, 8, None, 0]
    assert found[2].missing == 1
    assert len({each.reading for each in found}) == 4


@pytest.mark.parametrize("of", SCORED, ids=lambda of: of.code)
def test_a_score_reaches_both_its_ends(of: Form) -> None:
    for pick, name in ((max, "highest"), (min, "lowest")):
        for each in score(of, best(of, pick)):
            assert each.value == getattr(each, name)


@given(st.sampled_from(SCORED), st.data())
def test_without_any_one_of_its_answers_there_is_no_score(of: Form, data: st.DataObject) -> None:
    answers = best(of, max)
    for one in of.scores:
        gone = data.draw(st.sampled_from(one.questions))
        fewer = {key: value for key, value in answers.items() if key != gone}
        found = next(each for each in score(of, fewer) if each.key == one.key)
        assert (found.value, found.band, found.missing) == (None, None, 1)


def test_yes_counts_one_and_an_option_what_its_form_says() -> None:
    small = form([SLEEP, WORRIED], scores=[SCORE])
    assert score(small, {"sleep": "bad", "worried": True})[0].value == 3
    assert score(small, {"sleep": "good", "worried": False})[0].value == 0


def test_the_carers_sum_is_ours_and_has_no_bands() -> None:
    (strain,) = score(CARER, best(CARER, max))
    assert (strain.value, strain.band, strain.reading) == (24, None, "carer_strain")
    assert "our" in strain.name


def test_answers_ask_for_sentences_and_for_no_others() -> None:
    assert prompts(CARER, {"coping": "sometimes"}) == ()
    (words,) = prompts(CARER, {"coping": "often"})
    assert "today" in words
    assert prompts(reading.get("heart_failure_symptoms"), {"chest_pain": True})[0].startswith("Ring 999")
