"""The package's own forms, and what a form that is not right is told."""

from importlib import resources
from pathlib import Path

import pytest

import people.forms
from core.errors import Invalid, NotFound
from people.access import RecordClass
from people.forms import reading
from people.forms.shape import QuestionKind
from tests.people.forms.making import document, form

FOLDER = Path(people.forms.__file__).parent


def test_every_form_of_the_package_can_be_read() -> None:
    forms = reading.in_use()
    assert len(forms) == 13
    assert [each.title for each in forms.values()] == sorted(each.title for each in forms.values())
    assert len(reading.all_versions()) == len(list(FOLDER.glob("*.json")))


@pytest.mark.parametrize("code", sorted(reading.in_use()))
def test_every_form_says_its_source_its_licence_and_what_a_missing_answer_does(code: str) -> None:
    found = reading.get(code)
    for words in (found.licence, found.scoring, found.missing, *(source.title for source in found.sources)):
        assert words.endswith((".", ")")) or len(words) > 10, words
    assert found.record_class is not RecordClass.RESTRICTED


def test_the_ons4_is_asked_and_banded_as_the_office_for_national_statistics_does() -> None:
    ons4 = reading.get("ons4")
    assert "Open Government Licence v3.0" in ons4.licence
    assert ons4.questions[0].text == "Overall, how satisfied are you with your life nowadays?"
    assert {(each.lowest, each.highest) for each in ons4.questions} == {(0, 10)}
    bands = {
        score.key: [(band.lowest, band.highest, band.name) for band in score.bands] for score in ons4.scores
    }
    good = [(0, 4, "Low"), (5, 6, "Medium"), (7, 8, "High"), (9, 10, "Very high")]
    assert bands["satisfaction"] == bands["worthwhile"] == bands["happiness"] == good
    assert bands["anxiety"] == [(0, 1, "Very low"), (2, 3, "Low"), (4, 5, "Medium"), (6, 10, "High")]


def test_what_happened_in_a_fall_is_asked_and_never_scored() -> None:
    assert reading.get("falls_check").scores == ()
    assert [each.code for each in reading.in_use().values() if each.scores and "fall" in each.code] == []


def test_every_heading_of_about_me_is_asked_once() -> None:
    headings = [each.about_me for each in reading.get("what_matters").questions]
    assert len(set(headings)) == len(headings) == 8


def test_money_is_asked_in_a_form_that_whoever_sees_the_home_need_not_see() -> None:
    assert reading.get("home_warmth").record_class is RecordClass.HOME_ENVIRONMENT
    assert reading.get("energy_worries").record_class is RecordClass.FINANCE


def test_a_form_that_is_not_there_is_not_found() -> None:
    for code, version in (("zarit", None), ("ons4", 99)):
        with pytest.raises(NotFound):
            reading.get(code, version)


def test_an_old_version_is_there_for_what_was_answered_to_it() -> None:
    assert reading.get("ons4", 1).version == 1


def test_what_is_no_json_is_said_with_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        reading.from_json('{\n"code": }')
    assert refused.value.fields == {"line 2": "Write this line as JSON."}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"code": "Not a key"}, "code"),
        ({"version": 0}, "version"),
        ({"record_class": "secret"}, "record_class"),
        ({"record_class": "restricted"}, "record_class"),
        ({"sources": []}, "sources"),
        ({"licence": None}, "licence"),
        ({"sections": [{"title": "One", "questions": []}]}, "sections.0.questions"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_every_fault_of_a_form_is_named_at_its_place(change: dict, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        reading.from_document(document() | change)
    assert place in refused.value.fields


@pytest.mark.parametrize(
    "kind", [kind for kind in QuestionKind if kind not in (QuestionKind.CHOICE, QuestionKind.CHOICES)]
)
def test_a_question_without_choices_takes_no_options(kind: QuestionKind) -> None:
    bounds = {"lowest": 0, "highest": 10, "lowest_words": "no", "highest_words": "yes"}
    question = {"key": "a", "kind": kind.value, "text": "A?"} | (bounds if kind is QuestionKind.SCALE else {})
    assert form([question]).questions[0].kind is kind
    with pytest.raises(Invalid) as refused:
        form([question | {"options": [{"key": "x", "text": "X"}, {"key": "y", "text": "Y"}]}])
    assert "sections.0.questions.0.options" in refused.value.fields


def test_a_published_version_is_refused_once_anything_of_it_changes() -> None:
    folder = resources.files("people.forms")
    published = reading.read_published((folder / reading.PUBLISHED).read_text("utf-8"))
    assert len(published) == len(reading.all_versions())
    name = "ons4_v1.json"
    text = (folder / name).read_text("utf-8")
    reading.refuse_changed(name, text, published)
    for changed in (text.replace("life", "work", 1), text + " "):
        with pytest.raises(Invalid) as refused:
            reading.refuse_changed(name, changed, published)
        assert "new version" in refused.value.fields[name]
    with pytest.raises(Invalid):
        reading.refuse_changed("ons4_v2.json", text, published)
