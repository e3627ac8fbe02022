"""How the parts of a form are held against each other."""

import pytest

from core.errors import Invalid
from tests.people.forms.making import ABOUT, SCORE, SLEEP, WORRIED, form

TEXT = {"key": "text", "kind": "text", "text": "Tell us."}
SCALE = {
    "key": "scale",
    "kind": "scale",
    "text": "How much?",
    "lowest": 0,
    "highest": 10,
    "lowest_words": "none",
    "highest_words": "all",
}


def faults(questions: list, **more: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        form(questions, **more)
    return dict(refused.value.fields)


def asked_if(condition: dict) -> dict:
    return {**TEXT, "ask_if": condition}


def test_questions_that_wait_for_each_other_are_refused() -> None:
    first = {**WORRIED, "ask_if": {"answered": "about"}}
    found = faults([first, ABOUT])
    assert found["sections.0.questions.0.ask_if"].startswith("Ask about before this")


def test_a_question_that_waits_for_itself_is_refused() -> None:
    assert "sections.0.questions.0.ask_if" in faults([asked_if({"answered": "text"})])


@pytest.mark.parametrize(
    "condition",
    [
        {"answered": "nobody"},
        {"question": "sleep", "equals": "terrible"},
        {"question": "sleep", "at_least": 1},
        {"question": "worried", "equals": "yes"},
        {"question": "scale", "equals": "5"},
        {"question": "scale", "equals": True},
        {"not": {"all": [{"answered": "sleep"}, {"question": "worried", "equals": 1}]}},
    ],
)
def test_a_condition_that_can_never_be_is_refused(condition: dict) -> None:
    found = faults([SLEEP, WORRIED, SCALE, asked_if(condition)])
    assert list(found) == ["sections.0.questions.3.ask_if"]


def test_a_key_stands_for_one_question_only() -> None:
    assert "sections.0.questions.1.key" in faults([SLEEP, SLEEP])


def test_an_option_stands_for_one_answer_only() -> None:
    options = [{"key": "good", "text": "Good"}, {"key": "good", "text": "Fine"}]
    assert "sections.0.questions.0.options" in faults([{**SLEEP, "options": options}])


def test_a_scale_rises_and_a_heading_is_one_of_about_mes() -> None:
    found = faults([{**SCALE, "highest": 0}, {**TEXT, "about_me": "shoe_size"}])
    assert set(found) == {"sections.0.questions.0.highest", "sections.0.questions.1.about_me"}


def test_a_score_says_what_its_answers_can_add_up_to() -> None:
    assert form([SLEEP, WORRIED], scores=[SCORE]).scores[0].highest == 3
    assert "scores.0.highest" in faults([SLEEP, WORRIED], scores=[{**SCORE, "highest": 4}])


def test_a_scored_question_is_always_asked_and_counts_something() -> None:
    skipped = {**SLEEP, "ask_if": {"answered": "worried"}}
    assert "scores.0.questions.0" in faults([WORRIED, skipped], scores=[SCORE])
    bare = {**SLEEP, "options": [{"key": "good", "text": "Good"}, {"key": "bad", "text": "Bad"}]}
    assert "scores.0.questions.0" in faults([bare, WORRIED], scores=[SCORE])
    for key in ("text", "nobody"):
        assert "scores.0.questions.0" in faults([TEXT], scores=[{**SCORE, "questions": [key]}])


@pytest.mark.parametrize(
    "bands",
    [
        [(0, 1, "low"), (3, 3, "high")],
        [(0, 2, "low"), (2, 3, "high")],
        [(1, 3, "all")],
        [(0, 2, "low")],
        [(0, 3, "all"), (4, 5, "more")],
    ],
)
def test_bands_leave_no_gap_and_do_not_overlap(bands: list) -> None:
    said = [{"lowest": low, "highest": high, "name": name} for low, high, name in bands]
    found = faults([SLEEP, WORRIED], scores=[{**SCORE, "bands": said}])
    assert all(place.startswith("scores.0.bands") for place in found)


def test_two_scores_have_keys_of_their_own() -> None:
    assert "scores" in faults([SLEEP, WORRIED], scores=[SCORE, SCORE])


def test_a_sentence_may_look_at_every_question_and_at_no_other() -> None:
    prompt = {"when": {"answered": "nobody"}, "words": "Look."}
    assert list(faults([SLEEP], prompts=[prompt])) == ["prompts.0.when"]
