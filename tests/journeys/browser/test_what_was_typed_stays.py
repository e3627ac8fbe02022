"""A form that is refused says what is wrong beside the field, and what was typed is still there."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.journeys.browser.conftest import Open
from tests.journeys.browser.place import Patient, Place
from tests.journeys.browser.watched import Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def patient(place: Place) -> Patient:
    return place.new_patient("Forms")


@pytest.fixture(scope="module")
def alert(place: Place, patient: Patient) -> str:
    found = place.red_alert(patient)
    place.ask(f"/alerts/{found}/contact", {"kind": "spoke_to", "words": "Talking in sentences."})
    return found


@dataclass(frozen=True)
class Wrong:
    """A form: who fills it in, what with, its button, and where what is wrong is said."""

    path: str
    who: str | None
    typed: dict[str, str]
    button: str
    field: str
    said: str


FORMS = {
    "sign-in": Wrong(
        "/sign-in",
        None,
        {"email": "cora@westmere.example", "password": "not the one"},
        "Sign in",
        "email",
        "do not go together",
    ),
    "new person": Wrong(
        "/people/new",
        "Cora",
        {"given_name": "Ada", "family_name": "Marsh", "born": "1948-05-04", "nhs_number": "999 999 9999"},
        "Add",
        "nhs_number",
        "",
    ),
    "contact": Wrong(
        "/alerts/{alert}/contact",
        "Dev",
        {"who": "Beth, her daughter", "note": "Sounded well."},
        "Record it",
        "how",
        "",
    ),
    "close": Wrong(
        "/alerts/{alert}/close", "Dev", {"note": "All well again."}, "Close the alert", "cause", ""
    ),
    "limit": Wrong(
        "/people/{person}/plan/rules/copd.oxygen_low",
        "Dev",
        {"oxygen": "12", "why": "Her usual is 90 at rest."},
        "Put it in the draft",
        "oxygen",
        "",
    ),
    "kit": Wrong("/kit/enrol", "Cora", {"serial": "O-77", "room": "Bedroom"}, "Enrol", "name", ""),
}


def hold(watched: Watched, page: Page, form: Wrong) -> None:
    """The summary leads to the field, the field says it, and everything typed is where it was."""
    summary = page.locator(".nhsuk-error-summary")
    summary.wait_for()
    link = summary.locator(f"a[href='#{form.field}']")
    assert link.count() == 1, summary.inner_text()
    words = link.inner_text().strip()
    assert form.said in words
    beside = page.locator(f"#{form.field}-error")
    said = beside.inner_text().replace("Error:", "").strip()
    assert words.casefold().endswith(said.casefold())
    assert len(words) > len(said), f"the summary does not name the field: {words}"
    described = page.locator(f"[aria-describedby~='{form.field}-error']")
    assert described.count() >= 1, f"{form.field} does not say what is wrong with it to who cannot see"
    for name, value in form.typed.items():
        kept = "" if name == "password" else value
        assert page.locator(f"#{name}").input_value() == kept, name
    assert watched.faults() == []


@pytest.mark.parametrize("name", FORMS)
def test_it_is_said_beside_the_field(
    name: str, open_as: Open, place: Place, patient: Patient, alert: str
) -> None:
    form = FORMS[name]
    watched = open_as(form.who)
    page = watched.go(form.path.format(alert=alert, person=patient.id))
    for field, value in form.typed.items():
        page.fill(f"#{field}", value)
    watched.expects("422", "409")
    page.locator("main").get_by_role("button", name=form.button, exact=True).click()
    hold(watched, page, form)
    assert page.title().startswith("Error: ")


def test_it_is_said_in_a_form_over_the_page_as_well(open_as: Open, alert: str) -> None:
    watched = open_as("Dev")
    page = watched.go(f"/?alert={alert}")
    page.locator(f"#beside [data-alert='{alert}']").wait_for()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How are they?").fill("Sounded well.")
    watched.expects("422")
    dialog.get_by_role("button", name="Record it").click()
    hold(watched, page, Wrong("", "Dev", {"note": "Sounded well."}, "", "how", ""))
    assert page.evaluate("() => document.activeElement.closest('dialog') !== null")
