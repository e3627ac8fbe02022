"""A form in the browser: questions come up with what is answered, by keyboard, and go again."""

import pytest

from tests.journeys.browser.conftest import PHONE, Open
from tests.journeys.browser.place import Place

pytestmark = pytest.mark.browser


def test_a_question_comes_up_with_what_is_answered_and_goes_again(open_as: Open, place: Place) -> None:
    patient = place.new_patient("Questions")
    watched = open_as("Dev", PHONE)
    page = watched.go(f"/people/{patient.id}/forms/falls_check")
    story = page.locator("#q_story")
    assert not story.is_visible()
    page.locator("#q_fell").focus()
    page.keyboard.press("Space")  # yes
    story.wait_for(state="visible")
    assert watched.faults() == []
    assert watched.loose(390, 320) == []
    page.keyboard.press("ArrowRight")  # no
    story.wait_for(state="hidden")
    page.keyboard.press("ArrowLeft")
    story.fill("On the back step, in the morning.")
    page.get_by_role("button", name="Complete").press("Enter")
    page.get_by_text("On the back step, in the morning.").wait_for()
    assert page.locator("h1").inner_text() == "Falls: what happened and why"


def test_a_scale_is_answered_by_keyboard(open_as: Open, place: Place) -> None:
    patient = place.new_patient("Scale")
    watched = open_as("Dev")
    page = watched.go(f"/people/{patient.id}/forms/ons4")
    page.locator("#q_satisfaction").focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Complete").press("Enter")
    page.get_by_text("7 of 10, high").first.wait_for()
    assert page.get_by_text("No score: 1 not answered").count() == 3
