from tests.people.forms.making import ABOUT, SCORE, SLEEP, WORRIED, form


def test_a_form_tells_its_questions_in_order_and_the_readings_it_becomes() -> None:
    small = form([SLEEP, WORRIED, ABOUT], scores=[SCORE, {**SCORE, "key": "b", "reading": "carer_strain"}])
    assert [each.key for each in small.questions] == ["sleep", "worried", "about"]
    assert small.readings == {"carer_strain"}
