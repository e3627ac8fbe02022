"""An open board hears of what happens, and does not move what somebody is reading."""

import pytest

from tests.journeys.browser.conftest import Open
from tests.journeys.browser.place import Place

pytestmark = pytest.mark.browser

REMEMBER = "() => { window.sinceOpened = true; }"
FOCUSED = """() => ({
  id: document.activeElement.id,
  top: Math.round(document.activeElement.getBoundingClientRect().top),
})"""


def test_a_red_alert_appears_without_a_reload_and_nothing_moves(open_as: Open, place: Place) -> None:
    already = place.red_alert(place.new_patient("Before"))
    patient = place.new_patient("Live")
    watched = open_as("Dev", (1280, 620))
    page = watched.go("/")
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    page.evaluate(REMEMBER)

    row = page.locator("#rows .row__open").last  # far down, so that what is new comes in above it
    row.focus()
    before = page.evaluate(FOCUSED)
    assert page.evaluate("() => scrollY") > 0
    assert before["id"] != f"open-{already}"

    alert = place.red_alert(patient)
    fresh = page.locator(f"#alert-{alert}")
    fresh.wait_for(state="attached", timeout=10_000)
    assert fresh.get_attribute("data-severity") == "red"
    assert patient.name in fresh.inner_text()
    assert "Oxygen 84 %" in fresh.inner_text()

    now = page.evaluate(FOCUSED)
    assert now["id"] == before["id"]
    assert abs(now["top"] - before["top"]) <= 2
    assert f"red {patient.name}" in page.locator("#said").inner_text()
    assert page.title().startswith("▲")
    assert "new above" in page.locator("#above").inner_text()
    assert page.evaluate("() => window.sinceOpened") is True
    assert went == []


def test_what_is_being_typed_over_the_board_stays(open_as: Open, place: Place) -> None:
    alert = place.red_alert(place.new_patient("Typing"))
    patient = place.new_patient("Meanwhile")
    page = open_as("Dev").go(f"/?alert={alert}")
    page.keyboard.press("m")
    note = page.get_by_role("dialog").get_by_label("How are they?")
    note.fill("She says that")
    other = place.red_alert(patient)
    page.locator(f"#alert-{other}").wait_for(state="attached", timeout=10_000)
    assert note.input_value() == "She says that"
    assert page.evaluate("() => document.activeElement.id") == "note"


def test_losing_touch_shows(open_as: Open) -> None:
    watched = open_as("Dev")
    page = watched.go("/")
    watched.expects("ERR_INTERNET_DISCONNECTED", "htmx:")
    page.context.set_offline(True)
    lost = page.get_by_role("alert").filter(has_text="Out of touch with Hearthline")
    lost.wait_for(timeout=15_000)
    page.context.set_offline(False)
    lost.wait_for(state="hidden", timeout=15_000)
