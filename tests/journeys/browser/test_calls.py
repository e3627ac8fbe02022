"""Calls to people by keyboard, and somebody who does not answer until they are found, by real processes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser.conftest import PHONE, Open
from tests.journeys.browser.place import Patient, Place, until

pytestmark = pytest.mark.browser


def call(place: Place, patient: Patient) -> str:
    """The nurses are to ring the patient within the hour; the follow-up's id."""
    asked = {
        "kind": "call",
        "text": "Ring: how was the night?",
        "team_id": place.team("Community nurses"),
        "due_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "person_id": patient.id,
    }
    return str(place.ask("/follow-ups", asked)["id"])


def attempts(place: Place, row: str) -> list[tuple[str, bool]]:
    items: list[dict[str, Any]] = place.ask(f"/follow-ups/{row}/attempts")["items"]
    return [(each["came"], each["undone"]) for each in items]


def recorded(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name="You have just recorded")).to_be_visible()
    expect(page.locator("main")).to_contain_text(words)
    page.wait_for_load_state("load")  # keys act once the script is there


def test_calls_are_worked_through_by_keyboard(open_as: Open, place: Place) -> None:
    patient = place.new_patient("Rings")
    row = call(place, patient)
    watched = open_as("Dev")
    page = watched.go(f"/calls?now={row}")
    expect(page.locator("#now")).to_have_text(patient.name)
    expect(page.locator("[data-act=ring]")).to_have_attribute("href", "tel:01632960114")
    page.fill("#remark", "Long")
    page.press("#remark", "Enter")
    assert attempts(place, row) == [], "Enter after words would record whatever button comes first"
    page.locator("#remark").blur()
    page.keyboard.press("4")
    recorded(page, f"{patient.name}. Engaged. Long.")
    assert attempts(place, row) == [("engaged", False)]
    page.keyboard.press("u")
    expect(page.locator("body")).to_contain_text("Taken back.")
    assert attempts(place, row) == [("engaged", True)]
    watched.go(f"/calls?now={row}")
    page.keyboard.press("2")
    expect(page.locator("#heard")).to_be_focused()
    page.keyboard.type("Dizzy since breakfast, 3 falls")
    assert attempts(place, row) == [("engaged", True)], "figures that are typed are no keys"
    page.get_by_label("Raise an alert: amber").check()
    assert not watched.faults()
    page.get_by_role("button", name="Record it").click()
    recorded(page, "Answered, and is not well. Dizzy since breakfast, 3 falls.")
    [alert] = place.ask(f"/alerts?state=open&person_id={patient.id}")["items"]
    assert alert["severity"] == "amber"
    assert place.ask(f"/follow-ups/{row}")["outcome"] == "done"


def test_somebody_who_does_not_answer_is_looked_for_until_they_are_seen(open_as: Open, place: Place) -> None:
    patient = place.new_patient("Silent")
    row = call(place, patient)
    watched = open_as("Dev")
    page = watched.go(f"/people/{patient.id}/no-reply")
    page.fill("#attempts", "1")
    page.fill("#note_visit", "The back door is never locked")
    page.fill("#agreed_with", f"{patient.name}, at home")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("main")).to_contain_text("After one call without an answer.")

    watched.go(f"/follow-ups/{row}")
    page.keyboard.press("3")
    expect(page.locator("body")).to_contain_text("the no-reply procedure runs")
    page.get_by_role("link", name="they are looked for").click()
    page.wait_for_url("**/alerts/*", wait_until="load")
    expect(page.locator("main")).to_contain_text("The back door is never locked")
    expect(page.locator("main")).to_contain_text("a named person decides and rings")
    assert not watched.faults()
    alert = page.url.rpartition("/")[2]
    page.keyboard.press("3")
    expect(page.locator("main")).to_contain_text("Rang them: No answer.")

    assert until(
        lambda: place.ask(f"/messages?alert_id={alert}&state=sent")["items"], "the first team being told"
    )
    watched.go(f"/alerts/{alert}/contact")
    page.get_by_label("Saw").first.check()
    page.fill("#note", "In the garden, well")
    page.get_by_role("button", name="Record it").click()

    def ended() -> Any:
        found = place.ask(f"/no-replies?person_id={patient.id}&open=false")["items"]
        return found and found[0]

    looked_for = until(ended, "the search being over")
    assert (looked_for["ended"], looked_for["ended_by"]) == ("seen", "Dev")
    phone = open_as("Dev", PHONE)
    phone.go(f"/people/{patient.id}/no-reply")
    expect(phone.page.locator("main")).to_contain_text("Seen")
    assert not phone.faults()
